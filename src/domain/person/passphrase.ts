/**
 * Passphrases: seven BIP39 words, generated, never chosen (77 bits); what is derived from them (docs/FORMAT.md,
 * Passphrase). The stretching itself (scrypt) is brought by the zone: a worker in the browser, the engine's own in
 * Node.
 */
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { fromHex, taggedHash, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { randomBytes } from "../seal/random.ts";
import { unlockerPart, unlockerIdentity } from "./unlocker.ts";

const PASSPHRASE_WORDS = 7;

/** Constants of the code, never read from a file (T10). RFC 7914. */
export const KDF = { N: 131072, r: 8, p: 1, dkLen: 32 } as const;

export type Stretch = (passphrase: Bytes, salt: Bytes) => Promise<Bytes>;

/** Seven words, 11 bits each: 2,048 words divide 2^16, so the remainder is not biased. */
export function newPassphrase(): string {
  const random = randomBytes(PASSPHRASE_WORDS * 2);
  const view = new DataView(random.buffer, random.byteOffset, random.byteLength);
  return Array.from({ length: PASSPHRASE_WORDS }, (_, i) => wordlist[view.getUint16(i * 2) % wordlist.length]).join(
    " ",
  );
}

/** The one spelling of a typed passphrase; `PASSPHRASE_INVALID` when it is not seven words of the list. */
export function normalisePassphrase(typed: string): string {
  const words = typed
    .normalize("NFKD")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  if (words.length !== PASSPHRASE_WORDS || words.some((word) => !wordlist.includes(word)))
    throw new Fault("PASSPHRASE_INVALID");
  return words.join(" ");
}

/** An account is an e-mail address; the same address however it is typed. */
export const normaliseAccount = (account: string): string => account.trim().normalize("NFKC").toLowerCase();

/**
 * Salt from the installation's id and the account. No address of the staff pages is in it, so that moving to another
 * host name or to https locks nobody out (docs/decisions/0060-the-salt-is-the-installations.md).
 * @param installation 32 hex @throws `MALFORMED` for what is no id
 */
export const passphraseSalt = (installation: string, account: string): Bytes =>
  taggedHash("passphrase", fromHex(installation), normaliseAccount(account));

export type PassphraseKeys = {
  /** sent to sign in; the server keeps only its hash */
  readonly signIn: Bytes;
  /** an age identity; never leaves the browser */
  readonly unlock: string;
};

/** Two keys that tell nothing about each other, from the stretched passphrase (HKDF, RFC 5869). */
export function passphraseKeys(stretched: Bytes): PassphraseKeys {
  return { signIn: unlockerPart(stretched, "sign-in"), unlock: unlockerIdentity(unlockerPart(stretched, "unlock")) };
}
