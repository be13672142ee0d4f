import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { EVENT_KINDS, EVENTS } from "../../src/domain/log/event-kinds.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What the checker of a pack goes by (`speaksOf`, and "is an act itself") is what the rows say. */
test("a pack holds the acts, and beside them whatever names the incident or its finding", () => {
  for (const kind of EVENT_KINDS) {
    const { fields, pack } = EVENTS[kind];
    const beside = "incident" in fields || "finding" in fields ? "beside" : null;
    assert.equal(pack, "prev" in fields && "incident" in fields ? "act" : beside, kind);
  }
});

test("the database has its index for the kinds that stand beside the acts", () => {
  const sql = globSync("sql/*.sql", { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), "utf8"));
  const [, kinds] = /INDEX event_beside_incidents ON event \(leaf\) WHERE kind IN \(([^)]+)\)/.exec(sql.join("\n"))!;
  assert.deepEqual(
    [...kinds!.matchAll(/'([^']+)'/g)].map(([, kind]) => kind!).toSorted(),
    EVENT_KINDS.filter((kind) => EVENTS[kind].pack === "beside").toSorted(),
  );
});
