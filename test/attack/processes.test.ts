/** Somebody can make one process end, again and again, by what they send it: the others go on. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAlive, nameOf } from "../../supervisor/process-table.ts";
import { SERVERS, withoutOf, type ServerName } from "../../supervisor/servers.ts";
import { supervise } from "../../supervisor/supervise.ts";
import { untilThere } from "../support/in-time.ts";
import { ROOT } from "../support/launched.ts";

/** Says that it is ready and stays; the one that is attacked ends a moment later. */
const STAYS =
  "process.send({ ready: true }); process.on('disconnect', () => process.exit()); process.on('SIGTERM', () => process.exit());";
const OTHERS = ["log", "staff", "counter"] as const;
const ENDS = "process.send({ ready: true }); setTimeout(() => process.exit(1), 20);";

// Seven ends within a minute used to stop everything: letters, readings and the log with one page's fault.
test("seven ends of one process within a minute stop no other, and it is tried again", async () => {
  const place = mkdtempSync(join(tmpdir(), "pillarbox-processes-"));
  writeFileSync(join(place, "stays.mjs"), STAYS);
  writeFileSync(join(place, "ends.mjs"), ENDS);
  const told: string[] = [];
  const attacked: ServerName = "public";
  let broken = true;
  const supervised = supervise({
    embedded: null,
    servers: ["log", "public", "staff", "counter"],
    program: (name) => ({
      program: {
        name,
        arguments: [join(place, broken && name === attacked ? "ends.mjs" : "stays.mjs")],
        node: process.execPath,
        environment: { PATH: "/usr/bin:/bin" },
        given: {},
        cwd: ROOT,
        log: join(place, `${name}.log`),
        as: null,
        store: null,
      },
      health: null,
    }),
    tell: (line) => void told.push(line),
    erased: () => {},
    record: () => {},
  });
  let failed = false;
  void supervised.failed.then(() => (failed = true));
  try {
    await supervised.start();
    const others = OTHERS.map((name) => nameOf(supervised.pid(name)));
    await untilThere(async () => told.includes(withoutOf(attacked)), "the sentence about the public pages");
    assert.equal(told.filter((line) => line.includes("is started again")).length, 6);
    assert.equal(failed, false);
    assert.ok(others.every(isAlive), "the same processes as before");
    broken = false;
    await untilThere(async () => isAlive(nameOf(supervised.pid(attacked))), "it again");
  } finally {
    await supervised.stop();
    rmSync(place, { recursive: true, force: true });
  }
});

test("of every process it is said what the others do without it", () => {
  for (const name of [...SERVERS, "database"] as const) assert.match(withoutOf(name), /logs\/[a-z-]+\.log/, name);
});
