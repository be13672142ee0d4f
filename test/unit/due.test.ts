/** By when something about a letter is to be done: by its entries and its form, and what is said of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueOf, firstReply, timesOf, urgencyOf, type Due } from "../../src/domain/case/due.ts";
import { dueTold, toldNothing } from "../../src/domain/case/due-told.ts";
import { caseOf, type CaseKind } from "../../src/domain/case/fold.ts";
import { toHex } from "../../src/domain/bytes.ts";
import { civilDay, partsOf, type CivilDay } from "../../src/domain/clock/day.ts";
import { ONE_OFFS } from "../../src/domain/clock/holidays.ts";
import { PARTS, RULES, type FormTimes } from "../../src/domain/form/clock.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { codeOf } from "../../src/domain/problem.ts";
import { encodeStatus, parseStatus, type Status } from "../../src/domain/receipt/status.ts";
import type { SlipRow } from "../../src/member/hands/tasks.ts";
import {
  countIn,
  dueOfRow,
  inView,
  isDateUnknown,
  isDueAt,
  sorted,
} from "../../src/staff-app/screens/reading/filtering.ts";
import { countedWords, dueWords, dueWordsLong } from "../../src/staff-app/words/due.ts";
import {
  closedDays,
  isoIn,
  isoOf,
  otherMonths,
  otherMoved,
  otherWorkingDays,
  plus,
} from "../support/counted-otherwise.ts";
import fc, { values } from "../support/drawn.ts";

const LONDON = "Europe/London";
const at = (iso: string): number => Date.parse(iso);
const dayOf = (iso: string): CivilDay => {
  const [year, month, day] = iso.split("-").map(Number) as [number, number, number];
  return civilDay(year, month, day);
};
const COMPLAINT: FormTimes = { clock: { rule: "complaint", part: "england-and-wales" }, days: 20 };

const [INBOX, LETTER, OTHER] = ["1".repeat(32), "2".repeat(32), "3".repeat(32)];
const hash = "4".repeat(64);
const nonce = new Uint8Array(32);
const FIELDS: { readonly [K in CaseKind]: object } = {
  "case.replied": { submission: LETTER, reply: OTHER, digest: hash, size: 1 },
  "case.assigned": { to: hash },
  "case.noted": { note: OTHER, digest: hash, size: 1 },
  "case.closed": { outcome: "partly" },
  "case.reopened": {},
};

/** The fold of a letter and what was done about it, each kind with its time. */
function caseWith(received: number, acts: readonly (readonly [CaseKind, number])[]) {
  const letter = encodeEntry(
    {
      kind: "submission.received",
      body: "own",
      inbox: INBOX,
      epoch: 1,
      formHash: hash,
      submission: LETTER,
      slip: hash,
      letter: hash,
      size: 1,
      path: "browser",
      commitment: hash,
      at: received,
    },
    nonce,
  );
  let prev = letter;
  const entries = acts.map(([kind, time], seq) => {
    const head = { body: "own", inbox: INBOX, case: LETTER, seq, prev: toHex(leafHash(prev)), epoch: 1 };
    const said = { kind, ...head, by: hash, role: "reader", ...FIELDS[kind], at: time };
    prev = encodeEntry(said as unknown as LogEvent & { readonly at: number }, nonce);
    return prev;
  });
  return caseOf(letter, entries);
}

const dueWith = (
  times: FormTimes,
  received: number,
  acts: Parameters<typeof caseWith>[1],
  zone = LONDON,
): Due | null => {
  const state = caseWith(received, acts);
  return dueOf(times, zone, { received, replied: firstReply(state), step: state.step });
};
const said = (due: Due | null): string => (due === null ? "none" : `${due.what} ${isoOf(due.deadline.day)}`);

test("a complaint is acknowledged by its first reply, answered by its end, and by nothing else", () => {
  const received = at("2026-11-27T10:00:00Z");
  const acts: [CaseKind, number][] = [];
  const then = (kind: CaseKind, iso: string): string => {
    acts.push([kind, at(iso)]);
    return said(dueWith(COMPLAINT, received, acts));
  };
  assert.equal(said(dueWith(COMPLAINT, received, [])), "acknowledge 2026-12-04");
  assert.equal(then("case.assigned", "2026-11-27T11:00:00Z"), "acknowledge 2026-12-04");
  assert.equal(then("case.noted", "2026-11-28T11:00:00Z"), "acknowledge 2026-12-04");
  assert.equal(then("case.replied", "2026-12-14T23:59:00Z"), "answer 2026-12-30");
  assert.deepEqual(dueWith(COMPLAINT, received, acts)!.acknowledged, {
    day: dayOf("2026-12-14"),
    by: dayOf("2026-12-04"),
  });
  assert.equal(then("case.replied", "2026-12-16T10:00:00Z"), "answer 2026-12-30", "the second reply moves nothing");
  assert.equal(then("case.closed", "2026-12-17T10:00:00Z"), "none");
  assert.equal(then("case.reopened", "2026-12-18T10:00:00Z"), "answer 2026-12-30", "it has the date that it had");
});

test("the day of receipt is that of the body, and a change of the clocks moves no date", () => {
  assert.equal(said(dueWith(COMPLAINT, at("2026-07-02T23:30:00Z"), [])), "acknowledge 2026-07-10");
  assert.equal(
    said(dueWith(COMPLAINT, at("2026-07-02T23:30:00Z"), [], "Atlantic/Reykjavik")),
    "acknowledge 2026-07-09",
  );
  assert.equal(said(dueWith(COMPLAINT, at("2026-10-23T22:59:59Z"), [])), "acknowledge 2026-10-30");
  assert.equal(said(dueWith(COMPLAINT, at("2026-10-25T23:59:59Z"), [])), "acknowledge 2026-10-30");
});

test("other rules, and a form that has none", () => {
  const received = at("2026-11-25T10:00:00Z");
  const by = (rule: (typeof RULES)[number], acts: Parameters<typeof caseWith>[1] = []): string =>
    said(dueWith({ clock: { rule, part: "england-and-wales" }, days: 1 }, received, acts));
  const replied: [CaseKind, number][] = [["case.replied", received + 1000]];
  assert.equal(by("data-protection"), "acknowledge 2026-12-29");
  assert.equal(by("data-protection", replied), "none");
  assert.equal(by("information"), "answer 2026-12-24");
  assert.equal(by("information", replied), "answer 2026-12-24");
  assert.equal(by("subject-access"), "answer 2026-12-29");
  assert.equal(said(dueWith({ clock: null, days: 10 }, received, [])), "answer 2026-12-09");
  assert.equal(said(dueWith({ clock: null, days: 10 }, received, replied)), "none");
});

test("of 10,000 drawn cases no date is wrong", () => {
  const HOUR = 3_600_000;
  const drawn = fc.record({
    received: fc.integer({ min: Date.UTC(2020, 0, 2), max: Date.UTC(2040, 0, 1) }),
    rule: fc.constantFrom(...RULES, null),
    part: fc.constantFrom(...PARTS),
    days: fc.integer({ min: 1, max: 60 }),
    acts: fc.array(
      fc.tuple(
        fc.constantFrom<CaseKind>("case.replied", "case.noted", "case.assigned", "case.closed", "case.reopened"),
        fc.integer({ min: 1, max: 200 }),
      ),
      { maxLength: 4 },
    ),
  });
  let [looked, open] = [0, 0];
  fc.assert(
    fc.property(drawn, ({ received, rule, part, days, acts }) => {
      looked++;
      let time = received;
      let closed = false;
      const possible: [CaseKind, number][] = [];
      for (const [kind, hours] of acts) {
        if (closed ? kind === "case.closed" || kind === "case.assigned" : kind === "case.reopened") continue;
        closed = kind === "case.closed" || (closed && kind !== "case.reopened");
        time += hours * HOUR;
        possible.push([kind, time]);
      }
      const times: FormTimes = { clock: rule === null ? null : { rule, part }, days };
      const from = isoIn(received);
      const year = Number(from.slice(0, 4));
      const holidays = closedDays([rule === null ? "england-and-wales" : part], ONE_OFFS, year, year + 1);
      const reply = possible.find(([kind]) => kind === "case.replied");
      const other = (): string => {
        if (closed) return "none";
        switch (rule) {
          case "complaint":
            return reply
              ? `answer ${otherWorkingDays(holidays, isoIn(reply[1]), 10)}`
              : `acknowledge ${otherWorkingDays(holidays, from, 5)}`;
          case "information":
            return `answer ${otherWorkingDays(closedDays(PARTS, ONE_OFFS, year, year + 1), from, 20)}`;
          case "subject-access":
            return `answer ${otherMoved(holidays, otherMonths(from, 1))}`;
          case "data-protection":
            return reply ? "none" : `acknowledge ${otherMoved(holidays, plus(from, 30))}`;
          case null:
            return reply ? "none" : `answer ${otherWorkingDays(holidays, from, days)}`;
        }
      };
      if (!closed) open++;
      assert.equal(said(dueWith(times, received, possible)), other());
    }),
    { numRuns: values(10_000) },
  );
  assert.ok(looked >= 10_000 && open > 5_000);
});

test("something is overdue the day after, and due soon within 5 working days", () => {
  const due = dueWith(COMPLAINT, at("2026-12-18T10:00:00Z"), [])!;
  assert.equal(isoOf(due.deadline.day), "2026-12-29");
  const on = (iso: string): string => urgencyOf(due, dayOf(iso));
  assert.deepEqual(["2026-12-17", "2026-12-18", "2026-12-28", "2026-12-29", "2026-12-30"].map(on), [
    "later",
    "soon",
    "soon",
    "today",
    "overdue",
  ]);
});

test("a date says how it was counted: from when, by which rule, and which days were left out", () => {
  const due = dueWith(COMPLAINT, at("2026-12-14T10:00:00Z"), [["case.replied", at("2026-12-18T10:00:00Z")]])!;
  assert.equal(dueWords(due), "Answer by 6 January 2027");
  assert.equal(dueWordsLong(due), "Answer by Wednesday 6 January 2027");
  const [began, rule, left, part, ...more] = countedWords(due);
  assert.match(
    began!,
    /^Acknowledged on Friday 18 December 2026, by the first reply\..*Monday 21 December 2026: that was in time\.$/,
  );
  assert.match(rule!, /^10 working days from the acknowledgement/);
  assert.equal(
    left,
    "Not counted: 3 Saturdays, 3 Sundays, Christmas Day on Friday 25 December 2026, Boxing Day on Monday 28 December 2026 (in place of 26 December 2026) and New Year’s Day on Friday 1 January 2027.",
  );
  assert.equal(part, "Bank holidays are those of England and Wales, as known on 29 November 2026.");
  assert.deepEqual(more, []);
  const far = countedWords(dueWith(COMPLAINT, at("2027-12-29T10:00:00Z"), [])!);
  assert.match(far.at(-1)!, /published until 31 December 2027\. This date lies behind that, and may still move\.$/);
  const late = dueWith(COMPLAINT, at("2026-11-02T10:00:00Z"), [["case.replied", at("2026-11-10T10:00:00Z")]])!;
  assert.match(countedWords(late)[0]!, /It had to be by Monday 9 November 2026: that was late\.$/);
  const funeral = countedWords(dueWith(COMPLAINT, at("2022-09-15T10:00:00Z"), [])!);
  assert.match(
    funeral.join(" "),
    /State Funeral of Queen Elizabeth II on Monday 19 September 2022 \(announced on 10 September 2022\)/,
  );
});

const row = (submission: string, received: string, change: Partial<SlipRow> = {}): SlipRow => ({
  submission,
  epoch: 1,
  formHash: "complaint",
  receivedAt: at(`${received}T10:00:00Z`),
  path: "browser",
  first: null,
  reference: submission,
  code: null,
  marker: false,
  cells: {},
  stand: { step: "new", outcome: null, to: null, since: null, replied: null },
  ...change,
});

test("the view of what is due has letters that are overdue, due soon or of an unknown date", () => {
  const times = new Map([["complaint", COMPLAINT]]);
  const stand = { step: "closed", outcome: "partly", to: null, since: 1, replied: 1 } as const;
  const rows = [
    row("soon", "2026-11-27"),
    row("overdue", "2026-11-02"),
    row("answered", "2026-11-02", {
      stand: { ...stand, step: "answered", outcome: null, replied: at("2026-11-27T10:00:00Z") },
    }),
    row("closed", "2026-11-02", { stand }),
    row("added", "2026-11-02", { first: "soon" }),
    row("planted", "2026-11-02", { marker: true }),
    row("not as logged", "2026-11-02", { stand: null }),
    row("of an unknown version", "2026-11-27", { formHash: "other" }),
    row("closed, of an unknown version", "2026-11-27", { formHash: "other", stand }),
  ];
  const isDue = isDueAt(times, at("2026-11-30T10:00:00Z"));
  assert.deepEqual(
    inView(rows, "due", "me", isDue).map(({ submission }) => submission),
    ["soon", "overdue", "not as logged", "of an unknown version"],
    "of which it is not known what was done, or by when, nobody says that it has time",
  );
  assert.equal(countIn(rows, "due", "me", isDue), 4);
  assert.equal(said(dueOfRow(rows[2]!, times)), "answer 2026-12-11");
  const order = (down: boolean): string[] =>
    sorted(rows.slice(0, 4), { column: "due", down }, times).map(({ submission }) => submission);
  assert.deepEqual(order(false), ["overdue", "soon", "answered", "closed"]);
  const unknown = sorted(rows, { column: "due", down: false }, times).slice(0, 2);
  assert.ok(unknown.every((one) => isDateUnknown(one, times)));
  assert.deepEqual(partsOf(dueOfRow(rows[1]!, times)!.deadline.day), { year: 2026, month: 11, day: 9 });
});

test("what a form says of time is its rule, or else what it promises", () => {
  const form = { next: { text: [], days: 7 } } as unknown as Parameters<typeof timesOf>[0];
  assert.deepEqual(timesOf(form), { clock: null, days: 7 });
  assert.deepEqual(timesOf({ ...form, clock: COMPLAINT.clock! }), { ...COMPLAINT, days: 7 });
});

test("whoever wrote reads by when something is due, and of a closed letter nothing", () => {
  const status = {
    bodyName: "Harrowmere",
    zone: LONDON,
    times: COMPLAINT,
    letter: { at: at("2026-11-27T10:00:00Z") },
  } as unknown as Status;
  assert.deepEqual(toldNothing(status).due, [
    "Harrowmere is to tell you by 4 December 2026 that it has your letter. An answer is due within 10 working days after it has told you.",
  ]);
  const replied = at("2026-12-01T10:00:00Z");
  assert.deepEqual(dueTold(status, { step: "answered", replied }), ["An answer is due by 15 December 2026."]);
  assert.deepEqual(dueTold(status, { step: "closed", replied }), []);
  const promised = { ...status, times: { clock: null, days: 365 } };
  assert.deepEqual(dueTold(promised, { step: "new", replied: null }), [
    "An answer is due by 11 May 2028. Bank holidays so far ahead are not published yet, so this date may move.",
  ]);
});

test("a status that promises more days than a form may is refused", () => {
  const status = (days: number): Status => ({
    form: "a-form",
    title: "A form",
    body: "own",
    bodyName: "Own",
    host: "Host",
    zone: LONDON,
    kept: "It is kept.",
    times: { clock: { rule: "complaint", part: "scotland" }, days },
    channels: [],
    readers: { count: 1, owners: 1, officers: 0, auditors: 0, since: 1 },
    logKey: "key",
    logs: [],
    letter: { submission: LETTER, at: 1, path: "browser", readings: [], left: 0, received: null },
    additions: [],
    acts: [],
    erasure: null,
  });
  assert.deepEqual(parseStatus(encodeStatus(status(365))), status(365));
  assert.throws(
    () => parseStatus(encodeStatus(status(366))),
    (thrown) => codeOf(thrown) === "MALFORMED",
  );
});
