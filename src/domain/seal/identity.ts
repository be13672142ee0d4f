/** Key pairs in age's words: an identity opens, a recipient seals. */
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { Fault } from "../problem.ts";
import type { KeyKind } from "./age.ts";

export type KeyPair = { readonly identity: string; readonly recipient: string };

/** A new key pair; its randomness is the library's own. */
export async function newIdentity(kind: KeyKind): Promise<KeyPair> {
  const identity = kind === "hybrid" ? await generateHybridIdentity() : await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The recipient that an identity belongs to; `MALFORMED` when it is none. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch {
    throw new Fault("MALFORMED", "not an age identity");
  }
}
