import assert from "node:assert/strict";
import { test } from "node:test";
import {
  appendLeaves,
  edgeTiles,
  entriesPath,
  hashesOf,
  nodesOfTiles,
  parseTilePath,
  tileKey,
  tilePath,
  tilesFor,
  tileWidth,
  TILE_WIDTH,
} from "../../src/domain/log/tile.ts";
import { consistencyProof, inclusionProof, treeRoot } from "../../src/domain/log/tree.ts";
import { Fault } from "../../src/domain/problem.ts";
import fc, { values } from "../support/drawn.ts";
import { leaves, naiveTree } from "../support/log-trees.ts";

/** Tiles as a table keeps them: only what appending says has changed is written. */
function table() {
  const rows = new Map<string, Uint8Array>();
  let size = 0;
  const readTile = (level: number, index: number): Uint8Array => {
    const found = rows.get(tileKey(level, index));
    if (!found) throw new Fault("LOG_DIVERGED", tileKey(level, index));
    return found;
  };
  return {
    rows,
    readTile,
    size: () => size,
    append(more: readonly Uint8Array[]) {
      for (const tile of appendLeaves(size, more, readTile)) rows.set(tileKey(tile.level, tile.index), tile.hashes);
      size += more.length;
    },
  };
}

test("paths are those of the specification", () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067 }), "tile/0/x001/x234/067");
  assert.equal(tilePath({ level: 63, index: 0 }, 1), "tile/63/000.p/1");
  assert.equal(tilePath({ level: 1, index: 999 }, 255), "tile/1/999.p/255");
  assert.equal(tilePath({ level: 1, index: 1000 }), "tile/1/x001/000");
  assert.equal(entriesPath(1_234_067, 8), "tile/entries/x001/x234/067.p/8");
});

test("a path is read back, and no other spelling of it is", () => {
  fc.assert(
    fc.property(fc.nat(63), fc.nat({ max: 1e12 }), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      assert.deepEqual(parseTilePath(tilePath({ level, index }, width)), { level, index, width });
    }),
  );
  const bad = [
    "tile/00/000",
    "tile/64/000",
    "tile/0/x000/001",
    "tile/0/1",
    "tile/0/001/002",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000/",
    "/tile/0/000",
    "tile/-1/000",
    "tile/0/x999/x999/x999/x999/x999/x999/999",
  ];
  for (const path of bad) assert.throws(() => parseTilePath(path), Fault, path);
});

test("widths are those of the specification's examples", () => {
  const widths = (size: number): string[] =>
    edgeTiles(size).map((id) => `${id.level}/${id.index}:${tileWidth(id, size)}`);
  assert.deepEqual(widths(70_000), ["0/273:112", "1/1:17", "2/0:1"]);
  assert.deepEqual(widths(256), ["1/0:1"]);
  assert.deepEqual(widths(0), []);
});

test("tiles written by any sequence of appends are the tree: same hashes, same root, same proofs", () => {
  const total = 70_000;
  const d = leaves(total);
  const plain = naiveTree(d);
  const kept = table();
  // One by one over the first edges, then in pieces that begin and end anywhere.
  const pieces = [...Array<number>(600).fill(1), 0, 255, 256, 257, 1, 4096, 3, 60_000];
  for (const piece of [...pieces, total]) kept.append(d.slice(kept.size(), kept.size() + piece));
  assert.equal(kept.size(), total);
  assert.deepEqual([...kept.rows.keys()].filter((key) => key.startsWith("1/")).sort(), ["1/0", "1/1"]);
  assert.equal(kept.rows.get("2/0")!.length, 32);
  assert.deepEqual(hashesOf(kept.readTile(0, 3)), d.slice(3 * TILE_WIDTH, 4 * TILE_WIDTH));
  const read = nodesOfTiles(kept.readTile);
  for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 69_999, total]) {
    assert.deepEqual(treeRoot(size, read), plain.root(size), `root at ${size}`);
    for (const index of [0, 1, size >> 1, size - 1])
      if (index < size)
        assert.deepEqual(inclusionProof(index, size, read), plain.path(index, size), `leaf ${index} of ${size}`);
    assert.deepEqual(consistencyProof(size, total, read), plain.proof(size, total), `from ${size}`);
  }
});

test("a plan names exactly the tiles that the computation then reads", () => {
  const d = leaves(2_000);
  const kept = table();
  kept.append(d);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(), (size, at) => {
      const index = at % size;
      const read = new Set<string>();
      inclusionProof(
        index,
        size,
        nodesOfTiles((level, tile) => (read.add(tileKey(level, tile)), kept.readTile(level, tile))),
      );
      const plan = tilesFor((node) => inclusionProof(index, size, node)).map((id) => tileKey(id.level, id.index));
      assert.deepEqual(plan.sort(), [...read].sort());
    }),
    { numRuns: values(300) },
  );
});

test("a missing or shortened tile is a fault, never a wrong root", () => {
  const kept = table();
  kept.append(leaves(300));
  const read = nodesOfTiles((level, index) => kept.readTile(level, index).subarray(0, 32 * 10));
  assert.throws(() => treeRoot(300, read), { code: "LOG_DIVERGED" });
  assert.throws(() => treeRoot(600, nodesOfTiles(kept.readTile)), { code: "LOG_DIVERGED" });
  for (const width of [0, 43, 45, 256])
    assert.throws(() => appendLeaves(300, leaves(1), () => new Uint8Array(32 * width)), { code: "LOG_DIVERGED" });
});
