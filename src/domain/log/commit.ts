/**
 * Commitments: what an entry says about erasable things, so that the entry outlives them and tells nothing. Each is an
 * HMAC under a 32-byte salt that lives only in the row and dies with it (docs/LOG.md, Entries; T39, T43).
 */
import { hmacSha256, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { leafHash, nodesOf, treeRoot } from "./tree.ts";

const SALT_BYTES = 32;

/** Hex HMAC-SHA-256(salt, utf8(text)): for a purpose, a reason, an account. */
export const commitment = (salt: Bytes, text: string): string => toHex(saltedHash(salt, text));

/** The same for a person id: how a reader is named in the log. */
export const personCommitment = (salt: Bytes, person: string): string => commitment(salt, person);

/**
 * Hex RFC 6962 root over leaves HMAC(salt, utf8(id)), the ids in ascending order: which submissions a release is about.
 * An empty list has the root of the empty tree. `MALFORMED` when an id stands twice.
 */
export function idsRoot(salt: Bytes, ids: readonly string[]): string {
  const sorted = ids.toSorted((a, b) => (a < b ? -1 : 1));
  if (sorted.some((id, i) => id === sorted[i + 1])) throw new Fault("MALFORMED", "an id stands twice");
  return toHex(treeRoot(sorted.length, nodesOf(sorted.map((id) => leafHash(saltedHash(salt, id))))));
}

function saltedHash(salt: Bytes, text: string): Bytes {
  // A short salt could be guessed, and with it every commitment under it.
  if (salt.length !== SALT_BYTES) throw new Fault("MALFORMED", "a salt has 32 bytes");
  return hmacSha256(salt, toUtf8(text));
}
