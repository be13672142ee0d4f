/** What is given to the user of a server, where the installation is started as root. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { handOver } from "../../supervisor/walls.ts";

// After a rotation the folders of all logs were made by a program that ran as root: one that its server could not read
// would keep that body's log from going on.
test("a checkpoint store is handed over whole: the folder of each body, and each file in it", (t) => {
  if (process.getuid?.() !== 0) return t.skip("only root gives a file to another user");
  const store = mkdtempSync(join(tmpdir(), "pillarbox-store-"));
  t.after(() => rmSync(store, { recursive: true, force: true }));
  for (const body of ["north", "south"]) {
    mkdirSync(join(store, body), { mode: 0o700 });
    writeFileSync(join(store, body, "7.checkpoint"), "", { mode: 0o600 });
  }
  writeFileSync(join(store, "9.checkpoint"), "", { mode: 0o600 });
  handOver(store, { uid: 61_234, gid: 61_235 });
  const places = ["", ...readdirSync(store, { recursive: true, encoding: "utf8" })].sort();
  assert.deepEqual(places, ["", "9.checkpoint", "north", "north/7.checkpoint", "south", "south/7.checkpoint"]);
  for (const place of places) {
    const { uid, gid } = statSync(join(store, place));
    assert.deepEqual([uid, gid], [61_234, 61_235], place);
  }
});
