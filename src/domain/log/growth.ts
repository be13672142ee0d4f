/**
 * The whole tree out of its lowest tiles, one after the other, holding only its right edge: how a verifier recomputes a
 * log of any size.
 */
import { concat, sha256, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { nodesOfTiles, TILE_WIDTH, type Tile } from "./tile.ts";
import { treeRoot } from "./tree.ts";

const HASH = 32;

/** SHA-256. Given from outside where the machine has a faster one: a million entries are as many hashes again. */
export type Sha256 = (bytes: Bytes) => Bytes;

export type Growth = {
  /** The next tile of level 0. Only the last may be partial. Returns the tiles that it completes, itself first. */
  readonly add: (hashes: Bytes) => Tile[];
  /** The partial tiles above level 0, once no more is added. */
  readonly rest: () => Tile[];
  readonly size: () => number;
  readonly root: () => Bytes;
  /** The root with a partial tile of level 0 behind the full ones, which is not added: it may still grow. */
  readonly rootWith: (partial: Bytes) => Bytes;
  /** The root of an earlier size that was asked for at the start. */
  readonly rootAt: (size: number) => Bytes | undefined;
};

/** @param marks sizes whose roots are wanted, too */
export function newGrowth(marks: readonly number[] = [], sha: Sha256 = sha256): Growth {
  const edge: Bytes[][] = [];
  const full: number[] = [];
  const roots = new Map<number, Bytes>();
  let size = 0;
  let last: Bytes = new Uint8Array();

  const rootOf = (at: number, lowest: Bytes): Bytes =>
    treeRoot(
      at,
      nodesOfTiles((level) => (level === 0 ? lowest : concat(...(edge[level] ?? [])))),
    );

  function complete(level: number, hash: Bytes): Tile[] {
    const row = (edge[level] ??= []);
    row.push(hash);
    if (row.length < TILE_WIDTH) return [];
    const hashes = concat(...row);
    edge[level] = [];
    const index = full[level] ?? 0;
    full[level] = index + 1;
    return [{ level, index, hashes }, ...complete(level + 1, tileRoot(hashes, sha))];
  }

  function mark(lowest: Bytes): void {
    for (const wanted of marks) {
      const width = wanted - size;
      if (width >= 0 && width * HASH <= lowest.length && width < TILE_WIDTH)
        roots.set(wanted, rootOf(wanted, lowest.subarray(0, width * HASH)));
    }
  }

  return {
    add(hashes) {
      if (
        size % TILE_WIDTH !== 0 ||
        hashes.length === 0 ||
        hashes.length % HASH !== 0 ||
        hashes.length > TILE_WIDTH * HASH
      )
        throw new Fault("MALFORMED", "not the next tile");
      mark(hashes);
      const tile: Tile = { level: 0, index: Math.floor(size / TILE_WIDTH), hashes };
      size += hashes.length / HASH;
      if (hashes.length < TILE_WIDTH * HASH) {
        last = hashes;
        return [tile];
      }
      return [tile, ...complete(1, tileRoot(hashes, sha))];
    },
    rest: () =>
      edge.flatMap((row, level) =>
        row.length > 0 ? [{ level, index: full[level] ?? 0, hashes: concat(...row) }] : [],
      ),
    size: () => size,
    root: () => rootOf(size, last),
    rootWith: (partial) => rootOf(size + partial.length / HASH, partial),
    rootAt: (wanted) => (wanted === size ? rootOf(size, last) : roots.get(wanted)),
  };
}

/** The root over a full tile, reusing one buffer. */
function tileRoot(hashes: Bytes, sha: Sha256): Bytes {
  const row = hashes.slice();
  const pair = new Uint8Array(1 + 2 * HASH);
  pair[0] = 1;
  for (let width = TILE_WIDTH; width > 1; width /= 2) {
    for (let i = 0; i < width / 2; i++) {
      pair.set(row.subarray(i * 2 * HASH, (i + 1) * 2 * HASH), 1);
      row.set(sha(pair), i * HASH);
    }
  }
  return row.slice(0, HASH);
}
