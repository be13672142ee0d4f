import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBundle, parseBundle } from "../../src/domain/log/bundle.ts";
import { entriesPath, parseEntriesPath } from "../../src/domain/log/tile.ts";
import fc, { values } from "../support/drawn.ts";

test("bundles are read back as they were written, and cut anywhere else they are refused", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
      const bundle = encodeBundle(entries);
      assert.deepEqual(
        parseBundle(bundle).map((entry) => [...entry]),
        entries.map((entry) => [...entry]),
      );
      const ends = new Set([0]);
      for (const entry of entries) ends.add(Math.max(...ends) + 2 + entry.length);
      for (let at = 0; at < bundle.length; at++)
        if (!ends.has(at)) assert.throws(() => parseBundle(bundle.subarray(0, at)), { code: "MALFORMED" });
    }),
    { numRuns: values(40) },
  );
  assert.deepEqual([...encodeBundle([Uint8Array.of(7), new Uint8Array()])], [0, 1, 7, 0, 0]);
  assert.throws(() => encodeBundle([new Uint8Array(65_536)]), { code: "MALFORMED" });
});

test("the path of a bundle has one spelling", () => {
  for (const [index, width] of [
    [0, 256],
    [0, 1],
    [999, 255],
    [1_234_067, 256],
    [1000, 3],
  ] as const)
    assert.deepEqual(parseEntriesPath(entriesPath(index, width)), { index, width });
  assert.equal(entriesPath(1_234_067), "tile/entries/x001/x234/067");
  for (const path of [
    "tile/0/000",
    "tile/entries/0",
    "tile/entries/0000",
    "tile/entries/000.p/256",
    "tile/entries/000.p/0",
    "tile/entries/000.p/01",
    "tile/entries/x000/001",
    "tile/entries/000/",
    "tile/entries/entries/000",
    "entries/000",
    "",
  ])
    assert.throws(() => parseEntriesPath(path), { code: "NOTE_INVALID" }, path);
});
