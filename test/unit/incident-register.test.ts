/**
 * What followed an incident, the register of all breaches, and a file for a spreadsheet that nothing can turn into a
 * program.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { draftAct, type ActFields, type Texts } from "../../src/domain/incident/act.ts";
import { csvCell, csvOf } from "../../src/domain/incident/csv.ts";
import {
  checkItem,
  firstSent,
  followedOf,
  ITEM_KINDS,
  itemProblems,
  latest,
  mayFollow,
  overdue,
  shapeOf,
  standing,
  type Followed,
  type Item,
  type ItemKind,
} from "../../src/domain/incident/follow-up.ts";
import { registerCsv, yearFigures, type RegisterRow } from "../../src/domain/incident/register.ts";
import { judge } from "../../src/domain/incident/state.ts";
import { Fault } from "../../src/domain/problem.ts";
import { NOTE, OPENED, Story } from "../support/incident-story.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 25, 12);

const item = (what: ItemKind, over: Partial<Item> = {}): Item => {
  const shape = shapeOf(what);
  return {
    item: "a".repeat(32),
    revision: 1,
    what,
    on: NOW - DAY,
    due: shape.due === null ? null : NOW + DAY,
    done: null,
    code: shape.codes ? Object.keys(shape.codes)[0]! : null,
    texts: Object.fromEntries(
      shape.texts.filter(({ needed }) => needed).map(({ id }) => [id, "Written by an officer"]),
    ),
    ...over,
  };
};
type Event = Parameters<typeof followedOf>[0];
const event = (one: Followed, over: Partial<Event> = {}): Event => {
  const { due, done, code, ...rest } = one;
  return {
    kind: "incident.followed",
    body: "harrowmere",
    incident: "c".repeat(32),
    seq: 3,
    prev: "0".repeat(64),
    by: "1".repeat(64),
    role: "owner",
    words: "2".repeat(64),
    ...rest,
    ...(due !== null && { due }),
    ...(done !== null && { done }),
    ...(code !== null && { code }),
    ...over,
  } as Event;
};
const refuses = (one: Item, why: string): void =>
  assert.throws(
    () => checkItem(one),
    (thrown) => thrown instanceof Fault && thrown.code === "BAD_REQUEST",
    why,
  );

test("every kind of item can be recorded, and lacks nothing that it needs", () => {
  for (const what of Object.keys(ITEM_KINDS) as ItemKind[]) {
    checkItem(item(what));
    for (const { id, needed } of shapeOf(what).texts)
      if (needed) refuses(item(what, { texts: { ...item(what).texts, [id]: " " } }), `${what} without ${id}`);
    if (shapeOf(what).due !== null) refuses(item(what, { due: null }), `${what} without a deadline`);
    if (shapeOf(what).codes) refuses(item(what, { code: null }), `${what} without a code`);
    refuses(item(what, { texts: { ...item(what).texts, applicant: "x" } }), what);
  }
});

test("an act follows up only with a kind, code and days that exist; revisions are counted", () => {
  for (const what of Object.keys(ITEM_KINDS) as ItemKind[]) {
    const { texts: _, ...followed } = item(what);
    const read = followedOf(event(followed));
    assert.deepEqual({ ...read }, { ...followed }, what);
    for (const over of [
      { what: "whatever" },
      { what: "constructor" },
      { code: "whatever" },
      { words: undefined },
      ...(shapeOf(what).due === null ? [{ due: NOW }] : [{ due: undefined }]),
      ...(shapeOf(what).done === null ? [{ done: NOW }] : []),
      ...(shapeOf(what).codes ? [{ code: undefined }, { code: "toString" }] : []),
    ]) {
      const changed = Object.fromEntries(
        Object.entries({ ...event(followed), ...over }).filter(([, value]) => value !== undefined),
      ) as Event;
      assert.equal(followedOf(changed), null, `${what} ${JSON.stringify(over)}`);
    }
    assert.ok(mayFollow([], followed));
    assert.ok(!mayFollow([], { ...followed, revision: 2 }), "no revision before the first");
    assert.ok(!mayFollow([followed], followed), "no revision twice");
    assert.ok(mayFollow([followed], { ...followed, revision: 2 }));
    assert.ok(
      !mayFollow([followed], { ...followed, revision: 2, what: what === "press" ? "training" : "press" }),
      "no item of another kind",
    );
  }
});

test("the clock stops at the earliest report that was sent, as it now stands", () => {
  assert.equal(firstSent([]), null);
  assert.equal(firstSent([item("outcome")]), null);
  const [first, second] = [
    item("report-sent", { on: NOW - 5 }),
    item("report-sent", { item: "b".repeat(32), on: NOW - 3 }),
  ];
  assert.equal(firstSent([second, first]), NOW - 5);
  assert.equal(
    firstSent([first, second, { ...first, revision: 2, on: NOW - 1 }]),
    NOW - 3,
    "a mistaken time can be mended",
  );
});

// Nothing is done without what shows it: a newspaper has its answer, a recommendation its evidence.
test("nothing is done without what shows it: an answer for the press, evidence for advice", () => {
  for (const [what, text] of [
    ["press", "answer"],
    ["recommendation", "evidence"],
    ["training", "evidence"],
    ["regulator-question", "answer"],
  ] as const) {
    refuses(item(what, { done: NOW }), what);
    checkItem(item(what, { done: NOW, texts: { ...item(what).texts, [text]: "Shown" } }));
    assert.deepEqual(
      itemProblems(what, item(what, { done: NOW })).map(({ field }) => field),
      [text],
    );
  }
  refuses(item("outcome", { done: NOW }), "an outcome has no end");
});

test("an enquiry whose deadline has passed stays overdue until it is answered, and stands first", () => {
  const press = item("press", { due: NOW - 1 });
  const answered = { ...press, revision: 2, done: NOW - 2, texts: { ...press.texts, answer: "Answered" } };
  const other = item("recommendation", { item: "b".repeat(32) });
  assert.equal(standing(press, NOW), "overdue");
  assert.equal(standing(press, NOW - 1), "open", "at the deadline itself it is not late yet");
  assert.deepEqual(overdue([other, press], NOW), [press]);
  assert.deepEqual(latest([other, press], NOW), [press, other]);
  // In whatever order the revisions come, the newest counts.
  assert.deepEqual(overdue([answered, other, press], NOW), []);
  assert.deepEqual(latest([answered, press], NOW), [answered]);
  assert.equal(standing(item("outcome"), NOW + 900 * DAY), "noted");
});

test("no cell of the file is a formula, and every text comes back as it was", () => {
  for (const text of [
    "=1+1",
    "+44 1632",
    "-2",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r=1",
    "\n=cmd|' /C calc'!A0",
    "\u00a0=1",
    "＝1+1",
    "|calc",
    "%0A",
  ])
    assert.match(csvCell(text), /^"'/, JSON.stringify(text));
  for (const text of ["Harrowmere", "394", 'Zoë, "said"', "line\nline", "a=b", "", "Ŵyn – 日本 🖂"])
    assert.equal(csvCell(text), `"${text.replaceAll('"', '""')}"`);
  assert.equal(csvOf(["a", "b"], [["=x", 3]]), '\ufeff"a","b"\r\n"\'=x",3\r\n');
});

const row = (over: Partial<RegisterRow>): RegisterRow => ({
  incident: "a".repeat(32),
  aware: NOW,
  what: "wrong-person",
  stage: "open",
  window: { from: NOW - DAY, to: null },
  people: 3,
  records: 4,
  level: "low",
  facts: "Facts",
  effects: "Effects",
  remedy: "Remedy",
  regulator: null,
  peopleTold: null,
  reportedAt: null,
  deadline: NOW + 3 * DAY,
  outcome: null,
  ...over,
});
const verdict = (choice: "yes" | "no") => ({ choice, reason: "risk-unlikely", text: '=HYPERLINK("x")', at: NOW });

test("the register counts what was reported, late, or decided not to report, year by year", () => {
  const rows = [
    row({ reportedAt: NOW + DAY, people: 394, peopleTold: verdict("yes"), regulator: verdict("yes") }),
    row({ reportedAt: NOW + 4 * DAY, people: null }),
    row({ regulator: verdict("no"), people: 1 }),
    row({}),
    row({ regulator: verdict("yes"), people: 2 }),
    row({ aware: Date.UTC(2025, 11, 31, 23, 59, 59, 999) }),
    row({ aware: Date.UTC(2026, 0, 1) }),
  ];
  assert.deepEqual(yearFigures(rows, "Europe/London"), [
    { year: 2026, breaches: 6, reported: 2, late: 1, decidedNot: 1, undecided: 3, peopleTold: 1, people: 403 },
    { year: 2025, breaches: 1, reported: 0, late: 0, decidedNot: 0, undecided: 1, peopleTold: 0, people: 3 },
  ]);
  assert.deepEqual(yearFigures([], "Europe/London"), []);
});

test("the register's file holds every breach, reported or not, with its reasons, and no formula", () => {
  const plain = {
    kind: (code: string) => code,
    stage: (code: string) => code,
    reason: (code: string) => code,
    level: (code: string) => code,
    outcome: (code: string) => code,
  };
  const lines = registerCsv(
    [row({ regulator: verdict("no"), outcome: null }), row({ reportedAt: NOW + DAY, outcome: "reprimand" })],
    plain,
    "Europe/London",
  ).split("\r\n");
  assert.equal(lines.length, 4);
  assert.ok(lines[1]!.includes('"no","risk-unlikely","\'=HYPERLINK(""x"")"'), lines[1]);
  assert.ok(
    lines[2]!.includes('"2026-11-26 12:00 GMT","yes"') && lines[2]!.includes('"reprimand","2026-11-25T12:00'),
    lines[2],
  );
  for (const line of lines) assert.ok(!/(?:^|,)"?[=+@-]/.test(line.replace("\ufeff", "")), line);
});

// Versions, items and notices are acts of an incident that count on, even after it was closed, and nothing that has
// happened lies in the future.
test("versions, items and notices count on as acts, and nothing that happened lies in the future", () => {
  const story = new Story().add(OPENED);
  const report = (version: number, phase: string): ActFields => ({
    kind: "incident.reported",
    version,
    phase,
    report: "1".repeat(64),
  });
  const sent = (revision: number, on: number): ActFields => ({
    kind: "incident.followed",
    what: "report-sent",
    item: "a".repeat(32),
    revision,
    on,
  });
  const notice = (state: string): ActFields => ({ kind: "incident.notice", notice: "b".repeat(32), state });
  const may = (fields: ActFields, texts: Texts = NOTE, by = story.owner): boolean =>
    judge(story.state, draftAct(story.head, by, fields, texts).event, story.at).ok;
  const say = (fields: ActFields, texts: Texts = NOTE): void => {
    assert.ok(may(fields, texts), JSON.stringify(fields));
    story.add(fields, texts).later(1000);
  };
  assert.ok(
    !may(report(1, "follow-up")) && !may(report(2, "initial")) && !may(report(1, "last")),
    "the first version is a first report",
  );
  say(report(1, "initial"), {});
  say(report(2, "initial"), {});
  assert.ok(!may(report(2, "initial")));
  assert.ok(!may(sent(1, story.at + 3_600_000)), "nothing was sent tomorrow");
  say(sent(1, story.at));
  assert.ok(!may(sent(1, story.at)) && !may(sent(3, story.at)) && may(sent(2, story.at)));
  assert.ok(
    !may(report(3, "initial")) && may(report(3, "follow-up")),
    "once it was sent there is no second first report",
  );
  assert.ok(
    !may(notice("withdrawn"), {}) && !may(notice("published"), {}) && !may(notice("published"), NOTE, story.auditor),
    "a notice has words, and an owner says them",
  );
  say(notice("published"));
  assert.ok(!may(notice("published")));
  say(notice("withdrawn"), {});
  assert.ok(!may(notice("published")) && !may(notice("withdrawn"), {}));
  say({ kind: "incident.moved", from: "open", to: "dismissed" });
  say(sent(2, story.at));
  assert.deepEqual([story.state.reports.length, story.state.followed.length, story.state.notices.length], [2, 2, 2]);
});
