/** What the verifier says of one event row, before any database is there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { newEventRows } from "../../src/domain/verify/event-rows.ts";
import { newJudge } from "../../src/domain/verify/judge.ts";
import { newReport } from "../../src/domain/verify/report.ts";
import type { EventRow, Rows } from "../../src/domain/verify/rows.ts";

const started = (body: string | null): LogEvent & { readonly at: number } => ({
  kind: "session.started",
  body,
  person: "2".repeat(64),
  role: body === null ? "operator" : "owner",
  at: 5,
});

/** What is said of an event that stands in this row. */
async function saidOf(event: LogEvent & { readonly at: number }, beside: Partial<EventRow>): Promise<string[]> {
  const report = newReport();
  const none = { take: () => {}, end: () => {} };
  const rows = newEventRows(newJudge(report, []), {} as Rows, {} as never, [], [], none as never, () => {});
  const entry = encodeEntry(event, new Uint8Array(32));
  await rows.take([
    { id: 1, whose: "own", log: 0, leaf: 3, at: 5, kind: event.kind, entry, login: "pb_staff", aside: null, ...beside },
  ]);
  return report.findings.map(({ what }) => what);
}

test("an event stands in the log of the body that its entry names, or it is named", async () => {
  assert.deepEqual(await saidOf(started("own"), {}), []);
  assert.deepEqual(await saidOf(started("own"), { whose: "other" }), [
    "event 3 of other: it is of own, and stands in the log of other",
  ]);
  assert.deepEqual(await saidOf(started("own"), { whose: "" }), [
    "event 3: it is of own, and stands in the log of the host",
  ]);
  assert.deepEqual(await saidOf(started(null), {}), [
    "event 3 of own: it is of the host, and stands in the log of own",
  ]);
  // What has no leaf yet is of no log: only its entry says whose it is.
  assert.deepEqual(await saidOf(started("own"), { whose: "", leaf: null }), []);
});

test("the columns beside an entry say what it says, or it is named", async () => {
  const wrong = ["event 3 of own: the columns beside its entry say something else"];
  assert.deepEqual(await saidOf(started("own"), { kind: "session.refused" }), wrong);
  assert.deepEqual(await saidOf(started("own"), { at: 6 }), wrong);
});
