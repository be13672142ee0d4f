/**
 * For the tests of the log: RFC 6962 §2.1 written down word for word, slow and plain, to hold the real code against.
 */
import { createHash } from "node:crypto";
import type { ReadNode } from "../../src/domain/log/tree.ts";

const sha = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export const naiveLeaf = (entry: Uint8Array): Uint8Array => sha(Uint8Array.of(0), entry);
export const naiveNode = (left: Uint8Array, right: Uint8Array): Uint8Array => sha(Uint8Array.of(1), left, right);

/** Leaf hashes of entries that are the numbers 0 … n - 1 as text. */
export const leaves = (n: number): Uint8Array[] =>
  Array.from({ length: n }, (_, i) => naiveLeaf(new TextEncoder().encode(`entry ${i}`)));

/** MTH, PATH and PROOF over D[from:to], remembering what it has computed. */
export function naiveTree(d: readonly Uint8Array[]) {
  const known = new Map<number, Uint8Array>();
  const split = (n: number): number => {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  };
  const mth = (from: number, to: number): Uint8Array => {
    const key = from * 1_000_000 + to;
    const found = known.get(key);
    if (found) return found;
    const n = to - from;
    const k = split(n);
    const hash = n === 0 ? sha() : n === 1 ? d[from]! : naiveNode(mth(from, from + k), mth(from + k, to));
    known.set(key, hash);
    return hash;
  };
  const path = (m: number, from: number, to: number): Uint8Array[] => {
    const n = to - from;
    if (n === 1) return [];
    const k = split(n);
    return m < k
      ? [...path(m, from, from + k), mth(from + k, to)]
      : [...path(m - k, from + k, to), mth(from, from + k)];
  };
  const subproof = (m: number, from: number, to: number, b: boolean): Uint8Array[] => {
    const n = to - from;
    if (m === n) return b ? [] : [mth(from, to)];
    const k = split(n);
    return m <= k
      ? [...subproof(m, from, from + k, b), mth(from + k, to)]
      : [...subproof(m - k, from + k, to, false), mth(from, from + k)];
  };
  return {
    root: (size: number) => mth(0, size),
    path: (index: number, size: number) => path(index, 0, size),
    proof: (first: number, second: number) => subproof(first, 0, second, true),
    read: ((level, index) => mth(index * 2 ** level, (index + 1) * 2 ** level)) as ReadNode,
  };
}
