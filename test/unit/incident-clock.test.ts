/**
 * The 72 hours (T37): elapsed hours after the earliest awareness ever recorded, in every season, and nothing that is
 * recorded later gives more.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  awareSince,
  clockOf,
  deadlineOf,
  HOUR,
  processorSince,
  remindersDue,
} from "../../src/domain/incident/clock.ts";
import * as time from "../../src/domain/time.ts";
import fc, { values } from "../support/drawn.ts";
import { NOTE, OPENED, Story } from "../support/incident-story.ts";

const inLondon = (at: number): string => time.timeInZone(at, "Europe/London");
const instantOf = (wall: time.WallTime): number | null => time.instantOf(wall, "Europe/London");
const wallTime = (at: number): time.WallTime => time.wallTime(at, "Europe/London");

const T = 1_800_000_000_000;
const aware = (awareAt: number, party: "controller" | "processor" = "controller") =>
  ({ kind: "incident.aware", party, awareAt, basis: "staff" }) as const;
const regulator = (choice: "yes" | "no") =>
  ({
    kind: "incident.decided",
    about: "regulator",
    choice,
    reason: choice === "yes" ? "risk-possible" : "risk-unlikely",
  }) as const;

type Vector = {
  readonly name: string;
  readonly aware: string;
  readonly shown: string;
  readonly deadline: string;
  readonly deadlineShown: string;
};
const VECTORS = JSON.parse(
  readFileSync(join(import.meta.dirname, "../vectors/incident-clock.json"), "utf8"),
) as Vector[];

test("72 hours have 72 hours, whatever the clocks on the wall do", () => {
  for (const vector of VECTORS) {
    const since = Date.parse(vector.aware);
    assert.equal(inLondon(since), vector.shown, vector.name);
    assert.equal(new Date(deadlineOf(since)).toISOString(), new Date(vector.deadline).toISOString(), vector.name);
    assert.equal(inLondon(deadlineOf(since)), vector.deadlineShown, vector.name);
    assert.equal(instantOf(wallTime(since)), since, vector.name);
  }
});

// An hour that comes twice means the first, an hour that never was means nothing, and neither does a day that no
// calendar has.
test("an hour that comes twice means the first; an hour or day that never was means nothing", () => {
  assert.equal(instantOf({ year: 2026, month: 10, day: 25, hour: 1, minute: 30 }), Date.parse("2026-10-25T00:30:00Z"));
  assert.equal(instantOf({ year: 2026, month: 3, day: 29, hour: 1, minute: 30 }), null);
  assert.equal(instantOf({ year: 2026, month: 2, day: 29, hour: 9, minute: 0 }), null);
  assert.equal(instantOf({ year: 2028, month: 2, day: 29, hour: 9, minute: 0 }), Date.parse("2028-02-29T09:00:00Z"));
  assert.equal(instantOf({ year: 2026, month: 6, day: 1, hour: 24, minute: 0 }), null);
  assert.equal(instantOf({ year: 2026, month: 6, day: 1, hour: 9, minute: NaN }), null);
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0, 1) / 60_000, max: Date.UTC(2100, 0, 1) / 60_000 }), (minutes) => {
      const at = minutes * 60_000;
      const found = instantOf(wallTime(at));
      assert.ok(
        found === at || found === at - HOUR,
        "the same instant, or an hour earlier where the wall shows it twice",
      );
    }),
  );
});

test("nothing runs before anybody is aware; a suspicion alone begins no clock", () => {
  assert.deepEqual(clockOf(new Story(T).add(OPENED).state, T + HOUR), { kind: "not-begun" });
});

// The earliest awareness ever recorded decides: a later record, however it is worded, never gives more time.
test("the earliest awareness ever recorded decides: no later record gives more time", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          claimed: fc.integer({ min: 0, max: 200 }),
          wait: fc.integer({ min: 0, max: 20 }),
          party: fc.constantFrom("controller" as const, "processor" as const),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      (records) => {
        const story = new Story(T).add(OPENED);
        let earliest = Infinity;
        for (const { claimed, wait, party } of records) {
          story.later(wait * HOUR);
          const at = Math.min(T - 100 * HOUR + claimed * HOUR, story.at);
          story.add(aware(at, party));
          earliest = Math.min(earliest, party === "controller" ? at : story.at);
          assert.equal(awareSince(story.state), earliest);
          const clock = clockOf(story.state, story.at);
          assert.ok(clock.kind === "runs" || clock.kind === "over");
          assert.equal(clock.deadline, earliest + 72 * HOUR);
          assert.equal(clock.kind, story.at < earliest + 72 * HOUR ? "runs" : "over");
          assert.equal(clock.elapsed + clock.left, 72 * HOUR);
        }
      },
    ),
    { numRuns: values(60) },
  );
});

// The first wall, in the fold of acts, refuses a time in the future; were it gone, whoever writes that the body is aware
// knows of it by then.
test("awareness that is claimed for a later hour than it was recorded in gives no more time", () => {
  const [recorded] = new Story(T).add(OPENED).add(aware(T)).state.awareness;
  for (const party of ["controller", "processor"] as const)
    assert.equal(awareSince({ awareness: [{ ...recorded!, party, awareAt: T + 5 * HOUR, recordedAt: T }] }), T);
});

// The host and the body are two parties: what the host knew is shown, and the body is aware when it says so or, at the
// latest, when it writes that down.
test("host and body are two parties: what the host knew is shown, what the body says counts", () => {
  const story = new Story(T)
    .add(OPENED)
    .later(5 * HOUR)
    .add(aware(T - 40 * HOUR, "processor"));
  assert.equal(processorSince(story.state), T - 40 * HOUR);
  assert.equal(awareSince(story.state), T + 5 * HOUR);
  story.add({ ...aware(T + 2 * HOUR), basis: "processor-told" });
  assert.equal(awareSince(story.state), T + 2 * HOUR, "told earlier than it was written down");
  assert.equal(processorSince(story.state), T - 40 * HOUR);
});

// A decision not to tell stops the clock, and one to tell lets the same clock run on; a report stops it for good.
test("a decision not to tell stops the clock, one to tell lets it run on, a report ends it", () => {
  const story = new Story(T)
    .add(OPENED)
    .add(aware(T))
    .later(10 * HOUR)
    .add(regulator("no"));
  assert.deepEqual(clockOf(story.state, T + 20 * HOUR), {
    kind: "stopped",
    since: T,
    deadline: T + 72 * HOUR,
    at: T + 10 * HOUR,
    why: "not-to-be-reported",
  });
  story.later(10 * HOUR).add(regulator("yes"));
  const again = clockOf(story.state, T + 73 * HOUR);
  assert.deepEqual(again, { kind: "over", since: T, deadline: T + 72 * HOUR, elapsed: 73 * HOUR, left: -HOUR });
  assert.deepEqual(clockOf(story.state, T + 90 * HOUR, T + 60 * HOUR), {
    kind: "stopped",
    since: T,
    deadline: T + 72 * HOUR,
    at: T + 60 * HOUR,
    why: "reported",
  });
  const dismissed = new Story(T)
    .add(OPENED)
    .add(aware(T))
    .later(HOUR)
    .add({ kind: "incident.moved", from: "open", to: "dismissed" }, NOTE);
  assert.equal(clockOf(dismissed.state, T + 9 * HOUR).kind, "stopped");
});

test("each reminder is due once, from its hour on, and none when the clock stands", () => {
  const story = new Story(T).add(OPENED).add(aware(T));
  const due = (hours: number, done: readonly number[] = []) =>
    remindersDue(clockOf(story.state, T + hours * HOUR), done);
  assert.deepEqual(due(23.99), []);
  assert.deepEqual(due(24), [24]);
  assert.deepEqual(due(47, [24]), []);
  assert.deepEqual(due(70.5, [24, 48]), [60, 70]);
  assert.deepEqual(due(100), [24, 48, 60, 70]);
  assert.deepEqual(due(100, [24, 48, 60, 70]), []);
  story.add(regulator("no"));
  assert.deepEqual(due(100), []);
});
