/**
 * The six words that two people compare when somebody joins: whoever joins reads them, computed from the key that they
 * have unlocked; an owner types them, and the owner's browser compares them with what the server says of that person.
 * 66 bits over everything that is signed next, and over 32 bytes that the owner's browser makes after it was told the
 * rest: who answers in between has the fifteen minutes to find a second key for the same words, and one guess in 2^66
 * (T2, T17). docs/FORMAT.md, Six words.
 */
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { fromHex, taggedHash, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { recipientHash } from "../seal/age.ts";
import type { PersonRow } from "./confirmed.ts";

const COUNT = 6;

/** What of a person the words are made of. */
export type ComparedRow = Omit<PersonRow, "detailsSalt">;

/** @param nonce 32 bytes of the owner's browser @param body where somebody joins */
export function sixWords(nonce: Bytes, body: string, row: ComparedRow): string {
  if (nonce.length !== 32) throw new Fault("MALFORMED", "a nonce has 32 bytes");
  const { person, role, name, email, recipient, signingKey } = row;
  const hash = taggedHash(
    "six-words",
    nonce,
    fromHex(person),
    body,
    role,
    name,
    email,
    recipientHash(recipient),
    signingKey,
  );
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  // 2,048 words divide 2^16, so the remainder is not biased.
  return Array.from({ length: COUNT }, (_, i) => wordlist[view.getUint16(i * 2) % wordlist.length]).join(" ");
}

/** The one spelling of six typed words; `WORDS_INVALID` when they are not six words of the list. */
export function normaliseSixWords(typed: string): string {
  const words = typed
    .normalize("NFKD")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  if (words.length !== COUNT || words.some((word) => !wordlist.includes(word))) throw new Fault("WORDS_INVALID");
  return words.join(" ");
}
