/** Time limits, against a computation of another kind (`test/support/counted-otherwise.ts`). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { civilDay, civilDayAt, easterOf, monthsAfter, partsOf, type CivilDay } from "../../src/domain/clock/day.ts";
import { calendarOf, isWorkingDay, movedToWorkingDay, workingDaysAfter } from "../../src/domain/clock/calendar.ts";
import { holidaysOf, ONE_OFFS } from "../../src/domain/clock/holidays.ts";
import {
  acknowledgeComplaintBy,
  acknowledgeDataComplaintBy,
  answerComplaintBy,
  answerInformationBy,
  answerPromisedBy,
  answerSubjectAccessBy,
  calendarIn,
} from "../../src/domain/clock/limits.ts";
import { PARTS, type Part } from "../../src/domain/form/clock.ts";
import { codeOf } from "../../src/domain/problem.ts";
import { HOUR, wallTime } from "../../src/domain/time.ts";
import {
  closedDays,
  isoIn,
  isoOf,
  otherEaster,
  otherMonths,
  otherMoved,
  otherWorkingDays,
  plus,
} from "../support/counted-otherwise.ts";
import fc, { values } from "../support/drawn.ts";

const dayOf = (iso: string): CivilDay => {
  const [year, month, day] = iso.split("-").map(Number) as [number, number, number];
  return civilDay(year, month, day);
};

/** As gov.uk has them, without the name: month-day, substitute days where there are some. */
const PUBLISHED: Readonly<Record<Part, Readonly<Record<number, string>>>> = {
  "england-and-wales": {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
  },
  scotland: {
    2020: "01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28",
    2021: "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
    2022: "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    2023: "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    2024: "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
    2025: "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
    2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
  },
  "northern-ireland": {
    2020: "01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28",
    2021: "01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28",
    2022: "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27",
    2023: "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26",
    2024: "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    2025: "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    2026: "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
    2027: "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28",
  },
};

test("holidays of 2020 to 2027 are those that were published", () => {
  for (const part of PARTS)
    for (const [year, days] of Object.entries(PUBLISHED[part]))
      assert.deepEqual(
        holidaysOf(Number(year), part).map(({ day }) => isoOf(day).slice(5)),
        days.split(" "),
        `${part} ${year}`,
      );
});

test("a holiday on a weekend is left out under the day that stands for it", () => {
  const of = (year: number, part: Part, name: string): (string | null)[] =>
    holidaysOf(year, part)
      .filter((one) => one.name === name)
      .flatMap(({ day, substituteFor }) => [isoOf(day), substituteFor === null ? null : isoOf(substituteFor)]);
  assert.deepEqual(of(2027, "england-and-wales", "Christmas Day"), ["2027-12-27", "2027-12-25"]);
  assert.deepEqual(of(2027, "england-and-wales", "Boxing Day"), ["2027-12-28", "2027-12-26"]);
  assert.deepEqual(of(2022, "england-and-wales", "Boxing Day"), ["2022-12-26", null]);
  assert.deepEqual(of(2022, "england-and-wales", "Christmas Day"), ["2022-12-27", "2022-12-25"]);
  assert.deepEqual(of(2023, "scotland", "2nd January"), ["2023-01-02", null]);
  assert.deepEqual(of(2023, "scotland", "New Year’s Day"), ["2023-01-03", "2023-01-01"]);
});

test("Easter is where two rules of different making put it, earliest and latest, too", () => {
  for (let year = 1600; year < 2600; year++) assert.equal(isoOf(easterOf(year)), otherEaster(year));
  const known = ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2285-03-22"];
  assert.deepEqual(
    known.map((iso) => isoOf(easterOf(Number(iso.slice(0, 4))))),
    known,
  );
});

const [FIRST, LAST] = [civilDay(2020, 1, 1), civilDay(2045, 12, 31)];
const drawn = fc.record({
  received: fc.integer({ min: FIRST, max: LAST }),
  taken: fc.integer({ min: 0, max: 40 }),
  more: fc.integer({ min: 0, max: 20 }),
  days: fc.integer({ min: 1, max: 365 }),
  part: fc.constantFrom(...PARTS),
  made: fc.array(
    fc.record({
      behind: fc.integer({ min: 0, max: 120 }),
      parts: fc.subarray([...PARTS], { minLength: 1 }),
    }),
    { maxLength: 12 },
  ),
});

test("of 10,000 drawn calendars and cases no time limit is wrong", () => {
  let looked = 0;
  fc.assert(
    fc.property(drawn, ({ received, taken, more, days, part, made }) => {
      looked++;
      const oneOffs = [
        ...ONE_OFFS,
        ...made.map(({ behind, parts }) => ({ day: received + behind, name: "Made", announced: received, parts })),
      ];
      const year = partsOf(received).year;
      const calendar = calendarOf([part], oneOffs);
      const closed = closedDays([part], oneOffs, year, year + 3);
      const everywhere = closedDays(PARTS, oneOffs, year, year + 3);
      const [from, acknowledged] = [isoOf(received), isoOf(received + taken)];
      const first = Math.min(more, 10);
      const pairs = [
        [acknowledgeComplaintBy(calendar, 1, received), otherWorkingDays(closed, from, 5)],
        [answerComplaintBy(calendar, 1, received + taken), otherWorkingDays(closed, acknowledged, 10)],
        [answerComplaintBy(calendar, 1, received + taken, first), otherWorkingDays(closed, acknowledged, 10 + first)],
        [acknowledgeComplaintBy(calendar, 2, received), otherWorkingDays(closed, from, 5)],
        [answerComplaintBy(calendar, 2, received + taken, more), otherWorkingDays(closed, acknowledged, 20 + more)],
        [acknowledgeDataComplaintBy(calendar, received), otherMoved(closed, plus(from, 30))],
        [answerInformationBy(received, calendarOf(PARTS, oneOffs)), otherWorkingDays(everywhere, from, 20)],
        [answerSubjectAccessBy(calendar, received), otherMoved(closed, otherMonths(from, 1))],
        [answerSubjectAccessBy(calendar, received, 3), otherMoved(closed, otherMonths(from, 3))],
        [answerPromisedBy(calendar, received, days), otherWorkingDays(closed, from, days)],
      ] as const;
      assert.deepEqual(
        pairs.map(([{ day }]) => isoOf(day)),
        pairs.map(([, other]) => other),
      );
      for (const [{ day, left }] of pairs.slice(0, 5)) {
        assert.ok(isWorkingDay(calendar, day));
        assert.ok(left.every((out) => out.day < day && !isWorkingDay(calendar, out.day)));
      }
      const { day, left } = pairs[0]![0];
      assert.equal(left.length, day - received - 5, "each day that was not counted is named");
    }),
    { numRuns: values(10_000) },
  );
  assert.ok(looked >= 10_000);
});

const ENGLAND = calendarIn("england-and-wales");
const by = (iso: string, days: number, part: Part = "england-and-wales"): string =>
  isoOf(workingDaysAfter(calendarIn(part), dayOf(iso), days).day);

test("vectors: across weekends, Easter, the end of a year, a leap day", () => {
  assert.equal(by("2026-11-27", 5), "2026-12-04");
  assert.equal(by("2026-11-28", 5), "2026-12-04");
  assert.equal(by("2026-04-02", 1), "2026-04-07");
  assert.equal(by("2026-04-02", 1, "scotland"), "2026-04-06");
  assert.equal(by("2026-12-23", 5), "2027-01-04");
  assert.equal(by("2026-12-31", 1, "scotland"), "2027-01-05");
  assert.equal(by("2024-02-26", 5), "2024-03-04");
  assert.equal(by("2024-02-28", 1), "2024-02-29");
  assert.equal(isoOf(answerInformationBy(dayOf("2026-11-12")).day), "2026-12-11", "30 November is one in Scotland");
  assert.equal(isoOf(acknowledgeDataComplaintBy(ENGLAND, dayOf("2026-11-25")).day), "2026-12-29");
  assert.equal(isoOf(answerSubjectAccessBy(ENGLAND, dayOf("2024-01-31")).day), "2024-02-29");
  assert.equal(isoOf(answerSubjectAccessBy(ENGLAND, dayOf("2026-01-31")).day), "2026-03-02");
  assert.equal(isoOf(monthsAfter(dayOf("2026-12-31"), 2)), "2027-02-28");
});

test("a holiday that is made later moves what runs, and one that is taken back moves it again", () => {
  const before = calendarOf(
    ["england-and-wales"],
    ONE_OFFS.filter(({ announced }) => announced < dayOf("2022-09-10")),
  );
  const received = dayOf("2022-09-08");
  const then = answerComplaintBy(before, 1, received);
  const now = answerComplaintBy(ENGLAND, 1, received);
  assert.deepEqual([isoOf(then.day), isoOf(now.day)], ["2022-09-22", "2022-09-23"]);
  const why = now.left.find(({ why }) => typeof why === "object");
  assert.deepEqual(why && typeof why.why === "object" ? [why.why.name, isoOf(why.why.announced!)] : [], [
    "State Funeral of Queen Elizabeth II",
    "2022-09-10",
  ]);
  assert.equal(isoOf(answerComplaintBy(calendarOf(["england-and-wales"], []), 1, received).day), "2022-09-22");
});

test("what lies behind the lists that are published says so", () => {
  assert.equal(workingDaysAfter(ENGLAND, dayOf("2027-12-20"), 5).isKnown, true);
  assert.equal(workingDaysAfter(ENGLAND, dayOf("2027-12-29"), 5).isKnown, false);
  assert.equal(movedToWorkingDay(ENGLAND, dayOf("2019-12-01"), dayOf("2019-12-31")).isKnown, false);
});

test("no complaint is extended by more than the code knows", () => {
  for (const [stage, more] of [
    [1, 11],
    [2, 21],
    [1, -1],
    [2, 1.5],
  ] as const)
    assert.throws(
      () => answerComplaintBy(ENGLAND, stage, dayOf("2026-11-02"), more),
      (thrown) => codeOf(thrown) === "BAD_REQUEST",
    );
});

test("the day is that of the body's clock, also where it changes", () => {
  const at = (iso: string, zone = "Europe/London"): string => isoOf(civilDayAt(Date.parse(iso), zone));
  assert.equal(at("2026-03-28T23:59:59Z"), "2026-03-28");
  assert.equal(at("2026-03-29T00:30:00Z"), "2026-03-29");
  assert.equal(at("2026-03-29T22:59:59Z"), "2026-03-29");
  assert.equal(at("2026-03-29T23:00:00Z"), "2026-03-30");
  assert.equal(at("2026-10-24T22:59:59Z"), "2026-10-24");
  assert.equal(at("2026-10-24T23:00:00Z"), "2026-10-25");
  assert.equal(at("2026-10-25T23:59:59Z"), "2026-10-25");
  assert.equal(at("2026-10-26T00:00:00Z"), "2026-10-26");
  assert.equal(at("2026-07-01T23:30:00Z", "Atlantic/Reykjavik"), "2026-07-01");
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2037, 11, 31) }), (instant) => {
      assert.equal(isoOf(civilDayAt(instant, "Europe/London")), isoIn(instant));
    }),
    { numRuns: values(2_000) },
  );
});

test("which day it is follows the clock on the wall in every hour, wherever that changes", () => {
  const zones = ["Europe/London", "Atlantic/Reykjavik", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"];
  const near = Array.from({ length: 96 }, (_, nth) => (nth - 48) * HOUR);
  const changes = ["2026-03-29", "2026-10-25", "2026-04-04", "2026-10-03", "2026-03-08", "2026-11-01", "2011-12-30"];
  for (const zone of zones)
    for (const change of changes)
      for (const hours of near)
        for (const at of [Date.parse(change) + hours - 1, Date.parse(change) + hours, Date.parse(change) + hours / 2]) {
          const { year, month, day } = wallTime(at, zone);
          assert.equal(civilDayAt(at, zone), civilDay(year, month, day), `${zone} ${new Date(at).toISOString()}`);
        }
});
