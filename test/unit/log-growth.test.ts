import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { concat, toHex } from "../../src/domain/bytes.ts";
import { newGrowth } from "../../src/domain/log/growth.ts";
import { appendLeaves, tileKey } from "../../src/domain/log/tile.ts";
import { leaves, naiveTree } from "../support/log-trees.ts";

const MOST = 65_794;
const all = leaves(MOST);

// A tree grown from its lowest tiles has the root and the tiles of the naive one, at its size and at any size before.
test("a tree grown from its lowest tiles has the naive one's root and tiles, at every size", () => {
  const plain = naiveTree(all);
  for (const size of [1, 2, 255, 256, 257, 512, 700, MOST]) {
    const marks = [0, 1, 100, 255, 256, 257, 511, 512, 65_536, size - 1].filter((mark) => mark >= 0 && mark <= size);
    const growth = newGrowth(marks, (bytes) => hash("sha256", bytes, "buffer"));
    const tiles = new Map<string, string>();
    const keep = (found: readonly { level: number; index: number; hashes: Uint8Array }[]): void =>
      found.forEach((tile) => tiles.set(tileKey(tile.level, tile.index), toHex(tile.hashes)));
    for (let at = 0; at < size; at += 256) keep(growth.add(concat(...all.slice(at, Math.min(size, at + 256)))));
    keep(growth.rest());
    assert.equal(growth.size(), size);
    assert.equal(toHex(growth.root()), toHex(plain.root(size)), `size ${size}`);
    for (const mark of marks) assert.equal(toHex(growth.rootAt(mark)!), toHex(plain.root(mark)), `${mark} of ${size}`);
    const expected = new Map(
      appendLeaves(0, all.slice(0, size), () => new Uint8Array()).map((tile) => [
        tileKey(tile.level, tile.index),
        toHex(tile.hashes),
      ]),
    );
    assert.deepEqual(new Map([...tiles].sort()), new Map([...expected].sort()), `tiles of size ${size}`);
  }
});

test("nothing is added after a partial tile, and no tile of another width", () => {
  const growth = newGrowth();
  for (const wrong of [new Uint8Array(), new Uint8Array(31), new Uint8Array(257 * 32)])
    assert.throws(() => growth.add(wrong), { code: "MALFORMED" });
  growth.add(concat(...all.slice(0, 3)));
  assert.throws(() => growth.add(concat(...all.slice(3, 6))), { code: "MALFORMED" });
});
