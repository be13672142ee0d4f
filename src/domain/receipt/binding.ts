/**
 * What a submission carries of its receipt words, and the key pair that replies are sealed to. Apart from `keys.ts`,
 * because pages that only ask for a status do without the sealing library.
 */
import { bech32 } from "@scure/base";
import type { Bytes } from "../bytes.ts";
import type { KeyKind } from "../seal/age.ts";
import { recipientOf, type KeyPair } from "../seal/identity.ts";
import type { Binding } from "../seal/seal.ts";
import { answersNonce, derive, receiptHash, receiptSignIn } from "./keys.ts";

const PREFIX: { readonly [kind in KeyKind]: string } = { hybrid: "AGE-SECRET-KEY-PQ-", x25519: "AGE-SECRET-KEY-" };

/**
 * The key pair of whoever has the words: 32 bytes as an age identity of the installation's kind. Its recipient stands
 * inside the sealed letter; its identity is derived again by whoever brings the words, and kept nowhere.
 */
export async function replyKeys(entropy: Bytes, kind: KeyKind): Promise<KeyPair> {
  const identity = bech32.encodeFromBytes(PREFIX[kind], derive(entropy, "reply")).toUpperCase();
  return { identity, recipient: await recipientOf(identity) };
}

/** What a submission carries of these words. @param kind that of the inbox's key */
export const bindingOf = async (entropy: Bytes, submission: string, kind: KeyKind): Promise<Binding> => ({
  receipt: receiptHash(receiptSignIn(entropy)),
  nonce: answersNonce(entropy, submission),
  reply: (await replyKeys(entropy, kind)).recipient,
});
