/**
 * Commitments: what an entry says about erasable things, so that the entry outlives them and tells nothing. Each is an
 * HMAC under a 32-byte salt that lives only in the row and dies with it (docs/LOG.md, Entries; T39, T43).
 */
import { concat, equalBytes, fromHex, hmacSha256, toHex, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { appendLeaves, nodesOfTiles, rowWidth, TILE_WIDTH, tileWidth } from "./tile.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "./tree.ts";
import { verifyInclusion } from "./tree-verify.ts";

const SALT_BYTES = 32;
const HASH = 32;

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

/**
 * The tree of `idsRoot` as its tiles, level by level, each level's hashes side by side: what a proof for one of many
 * ids is made from without the others.
 */
export function idsTree(salt: Bytes, ids: readonly string[]): Bytes {
  const leaves = ids.toSorted((a, b) => (a < b ? -1 : 1)).map((id) => leafHash(saltedHash(salt, id)));
  const levels: Bytes[][] = [];
  for (const { level, hashes } of appendLeaves(0, leaves, none)) (levels[level] ??= []).push(hashes);
  return concat(...levels.flat());
}

const none = (): never => {
  throw new Fault("MALFORMED", "a new tree has no tiles yet");
};

/** That one id is among those of an entry: where its leaf stands, and the hashes beside the way up. */
export type IdPlace = { readonly index: number; readonly hashes: readonly Bytes[] };

/** @param tree as `idsTree` made it @returns null for an id that is none of them */
export function placeOfId(tree: Bytes, count: number, salt: Bytes, id: string): IdPlace | null {
  const leaf = leafHash(saltedHash(salt, id));
  const hash = (at: number): Bytes => tree.subarray(at * HASH, (at + 1) * HASH);
  let index = 0;
  while (index < count && !equalBytes(hash(index), leaf)) index++;
  if (index >= count) return null;
  const from = (level: number): number => (level === 0 ? 0 : from(level - 1) + rowWidth(level - 1, count));
  const tile = (level: number, at: number): Bytes => {
    const begin = from(level) + at * TILE_WIDTH;
    return tree.subarray(begin * HASH, (begin + tileWidth({ level, index: at }, count)) * HASH);
  };
  return { index, hashes: inclusionProof(index, count, nodesOfTiles(tile)) };
}

/** Whether an entry that commits to `count` ids by this root commits to this one among them. */
export const hasId = (root: string, count: number, salt: Bytes, id: string, { index, hashes }: IdPlace): boolean =>
  verifyInclusion({
    index,
    size: count,
    leaf: leafHash(saltedHash(salt, id)),
    proof: hashes,
    root: fromHex(root),
  });

function saltedHash(salt: Bytes, text: string): Bytes {
  // A short salt could be guessed, and with it every commitment under it.
  if (salt.length !== SALT_BYTES) throw new Fault("MALFORMED", "a salt has 32 bytes");
  return hmacSha256(salt, toUtf8(text));
}
