/**
 * Checking proofs. Source: RFC 9162 §2.1.3.2 and §2.1.4.2 (the algorithms; the tree is that of RFC 6962). Answers are
 * plain yes or no: whoever asks says what a no means.
 */
import { equalBytes, type Bytes } from "../bytes.ts";
import { nodeHash } from "./tree.ts";

const isEven = (n: number): boolean => n % 2 === 0;
// Not `>> 1`: bit operators cut numbers to 32 bits, and a tree may be larger.
const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const areHashes = (hashes: readonly Bytes[]): boolean => hashes.every((hash) => hash.length === 32);

export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly leaf: Bytes;
  readonly proof: readonly Bytes[];
  readonly root: Bytes;
};

/** Whether the leaf hash stands at `index` in the tree of that size and root. */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (!isEven(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (isEven(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(hash, root);
}

export type Consistency = {
  readonly first: number;
  readonly firstRoot: Bytes;
  readonly second: number;
  readonly secondRoot: Bytes;
  readonly proof: readonly Bytes[];
};

/**
 * Whether the tree of size `second` only appends to the tree of size `first`. From an empty tree nothing can be shown,
 * so that is a no.
 */
export function verifyConsistency({ first, firstRoot, second, secondRoot, proof }: Consistency): boolean {
  if (!isSize(first) || !isSize(second) || first < 1 || first > second) return false;
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
  if (proof.length === 0 || !areHashes([firstRoot, secondRoot, ...proof])) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (!isEven(fn)) [fn, sn] = [half(fn), half(sn)];
  // What is left is 0 when `first` is a power of two: then the old root itself is where the path begins.
  const path = fn === 0 ? [firstRoot, ...proof] : proof;
  let [old, now] = [path[0]!, path[0]!];
  for (const sibling of path.slice(1)) {
    if (sn === 0) return false;
    if (!isEven(fn) || fn === sn) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (isEven(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      now = nodeHash(now, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(old, firstRoot) && equalBytes(now, secondRoot);
}
