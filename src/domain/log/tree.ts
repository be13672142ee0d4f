/**
 * The Merkle tree: hashes, roots, and the proofs that a log makes. Source: RFC 6962 §2.1.
 * A tree is read through `ReadNode`, so the same lines serve leaves in memory and tiles in a table.
 * Checking stands apart, in tree-verify.ts.
 */
import { concat, sha256, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

/** The hash over leaves `index * 2**level` up to `(index + 1) * 2**level`, all of them present. */
export type ReadNode = (level: number, index: number) => Bytes;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array());

/** SHA-256(0x00 || entry). */
export const leafHash = (entry: Bytes): Bytes => sha256(concat(LEAF, entry));

/** SHA-256(0x01 || left || right). */
export const nodeHash = (left: Bytes, right: Bytes): Bytes => sha256(concat(NODE, left, right));

/** The root over hashes whose number is a power of two. */
export function fullRoot(hashes: readonly Bytes[]): Bytes {
  let row = hashes;
  while (row.length > 1) row = row.flatMap((hash, i) => (i % 2 === 0 ? [nodeHash(hash, row[i + 1]!)] : []));
  return row[0]!;
}

/** Reads nodes of a tree whose leaf hashes are all at hand. */
export function nodesOf(leaves: readonly Bytes[]): ReadNode {
  return (level, index) => {
    const width = 2 ** level;
    const row = leaves.slice(index * width, (index + 1) * width);
    if (row.length !== width) throw new Fault("MALFORMED", "the tree does not hold this node");
    return fullRoot(row);
  };
}

/** The largest power of two below `n`, as its exponent; `n` is at least 2. */
function splitLevel(n: number): number {
  let level = 0;
  while (2 ** (level + 1) < n) level++;
  return level;
}

/** The hash over leaves [from, to); `from` is a multiple of the power of two that the range fits in. */
function rangeHash(from: number, to: number, read: ReadNode): Bytes {
  const width = to - from;
  if (width === 1) return read(0, from);
  const level = splitLevel(width);
  if (2 ** (level + 1) === width) return read(level + 1, from / width);
  const middle = from + 2 ** level;
  return nodeHash(rangeHash(from, middle, read), rangeHash(middle, to, read));
}

/** MTH(D[size]). */
export const treeRoot = (size: number, read: ReadNode): Bytes => (size === 0 ? EMPTY_ROOT : rangeHash(0, size, read));

/** PATH(index, D[size]): from the leaf's sibling up to the root's child. */
export function inclusionProof(index: number, size: number, read: ReadNode): Bytes[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new Fault("MALFORMED", "the tree does not hold this leaf");
  const proof: Bytes[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + 2 ** splitLevel(to - from);
    if (index < middle) {
      proof.push(rangeHash(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeHash(from, middle, read));
      from = middle;
    }
  }
  return proof.reverse();
}

/** PROOF(first, D[second]); empty when both are the same size. There is none from an empty tree. */
export function consistencyProof(first: number, second: number, read: ReadNode): Bytes[] {
  if (!Number.isSafeInteger(first) || first < 1 || first > second)
    throw new Fault("MALFORMED", "there is no such consistency proof");
  const proof: Bytes[] = [];
  let [from, to] = [0, second];
  while (first !== to) {
    const middle = from + 2 ** splitLevel(to - from);
    if (first <= middle) {
      proof.push(rangeHash(middle, to, read));
      to = middle;
    } else {
      proof.push(rangeHash(from, middle, read));
      from = middle;
    }
  }
  // The old tree is a whole subtree of the new one only when it begins at its first leaf: then its root is known
  // already.
  if (from !== 0) proof.push(rangeHash(from, to, read));
  return proof.reverse();
}
