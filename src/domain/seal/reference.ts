/**
 * The reference that a person keeps. It is derived from the submission id, so that every party computes the same one
 * and none stores it.
 */
import { fromHex, taggedHash } from "../bytes.ts";

/**
 * A reference however it was typed: without its hyphens, O for 0, I or L for 1. Two that are equal so are meant to be
 * the same.
 */
export const plainReference = (typed: string): string =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replace(/^PB/, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");

// Crockford's base 32: no I, L, O or U, so that it survives the telephone.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** For example `PB-7K3M-9QXT-2D`: 50 bits of a hash, which tells nothing about the id. */
export function referenceOf(submission: string): string {
  const hash = taggedHash("reference", fromHex(submission));
  let bits = 0n;
  for (const byte of hash.subarray(0, 8)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 14n;
  let text = "";
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[Number(bits & 31n)]! + text;
    bits >>= 5n;
  }
  return `PB-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
