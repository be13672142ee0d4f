/** Times are the body's, wherever the browser or the machine is; and one place formats them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { withClock, parseBody, zoneOfBody, type Body } from "../../src/domain/form/body.ts";
import { registerCsv, yearFigures, type RegisterRow } from "../../src/domain/incident/register.ts";
import { alertText } from "../../src/domain/mail/alert.ts";
import { zoneOfFile } from "../../src/domain/receipt/file.ts";
import {
  dayWords,
  endOfDay,
  instantOf,
  isZone,
  startOfKept,
  placeOfZone,
  dayFigures,
  timeFigures,
  startOfDay,
  plainTime,
  timeInZone,
  timeOfLog,
  timeOfLogExactly,
  timeWords,
  wallTime,
  zoneOf,
} from "../../src/domain/time.ts";
import { parseConfig } from "../../src/server/config.ts";
import fc from "../support/drawn.ts";

const root = resolve(import.meta.dirname, "../..");
const [LONDON, LISBON, REYKJAVIK] = ["Europe/London", "Europe/Lisbon", "Atlantic/Reykjavik"];
const [WINTER, SUMMER] = [Date.UTC(2026, 10, 2, 14, 5), Date.UTC(2026, 6, 2, 14, 5, 9)];

test("a time is said as the clock in London has it, with its zone where zones could be mixed", () => {
  assert.deepEqual(
    [
      timeWords(WINTER, LONDON),
      timeWords(SUMMER, LONDON),
      timeInZone(SUMMER, LONDON),
      timeOfLog(WINTER, LONDON),
      timeOfLogExactly(SUMMER, LONDON),
      timeFigures(SUMMER, LONDON),
      plainTime(SUMMER, LONDON),
    ],
    [
      "2 November 2026 at 2:05pm",
      "2 July 2026 at 3:05pm",
      "2 July 2026 at 3:05pm BST",
      "2 November 2026 at 14:05 GMT",
      "2 July 2026 at 15:05:09 BST",
      "2026-07-02 15:05 BST",
      "2 July 2026 at 15:05",
    ],
  );
  assert.equal(startOfDay(2026, 7, 2, LONDON), Date.UTC(2026, 6, 1, 23));
  assert.equal(endOfDay(2026, 10, 25, LONDON)! - startOfDay(2026, 10, 25, LONDON)!, 25 * 3_600_000 - 1);
  assert.deepEqual([startOfDay(2026, 2, 29, LONDON), endOfDay(2026, 2, 29, LONDON)], [null, null]);
});

test("a body elsewhere has its own clock: Reykjavik knows no summer time, Lisbon has its own", () => {
  const of = (at: number): string[] => [REYKJAVIK, LISBON].map((zone) => timeInZone(at, zone));
  assert.deepEqual(of(SUMMER), ["2 July 2026 at 2:05pm GMT", "2 July 2026 at 3:05pm WEST"]);
  assert.deepEqual(of(WINTER), ["2 November 2026 at 2:05pm GMT", "2 November 2026 at 2:05pm WET"]);
  // The last half hour of a day in one place is the next day in another.
  const late = Date.UTC(2026, 6, 2, 23, 30);
  assert.deepEqual(
    [REYKJAVIK, LONDON].map((zone) => dayWords(late, zone)),
    ["2 July 2026", "3 July 2026"],
  );
  assert.deepEqual(
    [REYKJAVIK, LONDON].map((zone) => dayFigures(late, zone)),
    ["2026-07-02", "2026-07-03"],
  );
  assert.deepEqual(
    [startOfDay(2026, 7, 2, REYKJAVIK), startOfDay(2026, 7, 2, LISBON)],
    [Date.UTC(2026, 6, 2), Date.UTC(2026, 6, 1, 23)],
  );
  // On the Azores the clocks go forward at midnight, so that the day begins at one.
  const azores = "Atlantic/Azores";
  assert.equal(startOfDay(2026, 3, 29, azores), Date.UTC(2026, 2, 29, 1));
  assert.equal(timeInZone(Date.UTC(2026, 2, 29, 1), azores), "29 March 2026 at 1:00am GMT+0");
  assert.equal(endOfDay(2026, 3, 28, azores), Date.UTC(2026, 2, 29, 1) - 1);
  assert.deepEqual(
    [placeOfZone(REYKJAVIK), placeOfZone("America/Argentina/Buenos_Aires")],
    ["Reykjavik", "Buenos Aires"],
  );
});

test("an hour that comes twice is said with its zone, and one that never was is no instant", () => {
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
  assert.deepEqual(
    [first, second].map((at) => timeWords(at, LONDON)),
    ["25 October 2026 at 1:30am BST", "25 October 2026 at 1:30am GMT"],
  );
  assert.deepEqual(
    [first, second].map((at) => timeInZone(at, LONDON)),
    ["25 October 2026 at 1:30am BST", "25 October 2026 at 1:30am GMT"],
  );
  // An hour earlier and an hour later nobody could doubt it.
  assert.equal(timeWords(Date.UTC(2026, 9, 24, 23, 59), LONDON), "25 October 2026 at 12:59am");
  assert.equal(timeWords(Date.UTC(2026, 9, 25, 2), LONDON), "25 October 2026 at 2:00am");
  const wall = { year: 2026, month: 10, day: 25, hour: 1, minute: 30 };
  assert.equal(instantOf(wall, LONDON), first);
  assert.equal(instantOf(wall, REYKJAVIK), second);
  assert.equal(instantOf({ ...wall, month: 3, day: 29 }, LONDON), null);
  assert.equal(instantOf({ ...wall, month: 3, day: 29 }, REYKJAVIK), Date.UTC(2026, 2, 29, 1, 30));
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1996, 0), max: Date.UTC(2036, 0) }),
      fc.constantFrom(LONDON, LISBON, REYKJAVIK, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
      (at, zone) => {
        const minute = Math.floor(at / 60_000) * 60_000;
        const found = instantOf(wallTime(minute, zone), zone)!;
        // The same, or the first of an hour that came twice.
        assert.ok(found === minute || (found < minute && minute - found <= 3_600_000));
      },
    ),
  );
});

test("what is kept for some months ends by the body's calendar, never earlier than its last day", () => {
  const before = (months: number, at: number, zone = LONDON): string => timeInZone(startOfKept(at, months, zone), zone);
  assert.equal(before(1, Date.UTC(2026, 2, 31, 12)), "28 February 2026 at 1:00pm GMT");
  assert.equal(before(12, Date.UTC(2028, 1, 29, 12)), "28 February 2027 at 12:00pm GMT");
  assert.equal(before(18, SUMMER), "2 January 2025 at 3:05pm GMT");
  assert.equal(before(24, WINTER, LISBON), "2 November 2024 at 2:05pm WET");
});

test("only the name of a place is a zone: no offset, no short name, nothing that knows no summer", () => {
  for (const name of [LONDON, LISBON, REYKJAVIK, "America/Argentina/Buenos_Aires", "Asia/Kolkata"])
    assert.ok(isZone(name), name);
  for (const name of [
    "",
    "GMT",
    "UTC",
    "EST",
    "+01:00",
    "Etc/GMT-1",
    "Europe/Londn",
    "London",
    "Europe/London ",
    "Europe/LONDON",
    "Asia/KolkAta",
    "__proto__",
  ])
    assert.ok(!isZone(name), name);
});

test("a body's clock is what the configuration says, and a stored record moves nobody's", () => {
  const record = { id: "harrowmere", name: "Harrowmere", host: "The host" };
  const read = (timeZone: unknown) => parseBody({ ...record, timeZone });
  assert.ok(read(REYKJAVIK).ok);
  const refused = read("GMT+1");
  assert.ok(!refused.ok);
  assert.deepEqual(
    refused.problems.map(({ where }) => where),
    ["timeZone"],
  );
  const zones = new Map([["eastvale", LISBON]]);
  const stored: Body = { ...record, timeZone: "Asia/Kolkata" };
  assert.equal(zoneOfBody(withClock(stored, zones)), LONDON);
  assert.equal(zoneOfBody(withClock({ ...stored, id: "eastvale" }, zones)), LISBON);
  assert.deepEqual(
    [zoneOf(zones, null), zoneOf(zones, "harrowmere"), zoneOf(zones, "eastvale")],
    [LONDON, LONDON, LISBON],
  );
  assert.throws(() => parseConfig(JSON.stringify(configWith({ eastvale: "CET" }))), /CONFIG_INVALID|time zone/);
  assert.deepEqual([...parseConfig(JSON.stringify(configWith({ eastvale: LISBON }))).zones], [["eastvale", LISBON]]);
});

const configWith = (zones: object): object => ({
  ...Object.fromEntries(["public", "staff", "counter"].map((one) => [`${one}Origin`, `http://${one}.example`])),
  ...{ installation: "0".repeat(32), publicPort: 1, staffPort: 2, host: "localhost", sealing: "x25519" },
  ...{ logKey: "k", mailKey: "0".repeat(64), dist: "d", root: "r", zones },
  watchers: { monitor: "0".repeat(64), inspect: "0".repeat(64), site: "0".repeat(64) },
});

test("an alert, the register and a proof of receipt say the body's time, and name its zone", () => {
  const alert = { kind: "incident.opened", about: "0".repeat(32), time: SUMMER };
  const said = (zone: string): string => alertText(alert, "https://staff.example", zone).text.split("\n")[0]!;
  assert.match(said(LONDON), /opened at 2 July 2026 at 3:05pm BST\./);
  assert.match(said(REYKJAVIK), /opened at 2 July 2026 at 2:05pm GMT\./);

  const aware = Date.UTC(2026, 11, 31, 23, 30);
  const row = { incident: "I", aware, window: { from: SUMMER, to: null }, reportedAt: null, what: "", stage: "" };
  const rows = [
    {
      ...row,
      level: null,
      outcome: null,
      people: 1,
      records: 1,
      facts: "",
      effects: "",
      remedy: "",
      regulator: null,
      peopleTold: null,
      deadline: 0,
    } as never as RegisterRow,
  ];
  const same = (code: string): string => code;
  const words = { kind: same, stage: same, reason: same, level: same, outcome: same };
  const [, line = ""] = registerCsv(rows, words, "Europe/Paris").split("\r\n");
  assert.match(line, /"2027-01-01 00:30 (?:CET|GMT\+1)"/);
  assert.match(line, /"2026-07-02 16:05 (?:CEST|GMT\+2)"/);
  assert.ok(line.includes('"2026-12-31T23:30:00.000Z","2026-07-02T14:05:09.000Z"'), line);
  assert.deepEqual(
    ["Europe/Paris", LONDON].map((zone) => yearFigures(rows, zone)[0]!.year),
    [2027, 2026],
  );

  assert.equal(zoneOfFile("Proof\r\nTimes by the clock in Atlantic/Reykjavik\r\n"), REYKJAVIK);
  assert.equal(zoneOfFile("Proof\nTimes by the clock in EST\n"), LONDON);
});

test("a browser or a machine in another zone says the same times, and names the zone", () => {
  const script = `
    import { clock, moment, dayNumbers, setBodyZone } from "${root}/src/staff-app/words/format.ts";
    import { timeWords } from "${root}/src/domain/time.ts";
    const at = Date.UTC(2026, 6, 2, 22, 30);
    const said = [timeWords(at, "Europe/London"), moment(at), dayNumbers(at).day, dayNumbers(at, 12, -2).day];
    said.push(clock(Date.UTC(2026, 9, 25, 1, 30)));
    setBodyZone("Atlantic/Reykjavik");
    said.push(moment(at));
    console.log(said.join(" | "));`;
  const said = (zone: string): string =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], TZ: zone },
    }).stdout.trim();
  const [words, there] = ["2 July 2026 at 11:30pm", "2 July 2026 at 10:30pm"];
  assert.equal(said("Europe/London"), `${words} | ${words} | 2 | 30 | 1:30am GMT | ${there} GMT`);
  assert.equal(said("Atlantic/Reykjavik"), `${words} | ${words} BST | 2 | 30 | 1:30am GMT | ${there}`);
  for (const zone of ["Asia/Kolkata", "America/New_York"])
    assert.equal(said(zone), `${words} | ${words} BST | 2 | 30 | 1:30am GMT | ${there} GMT`);
});

// What a process notes of itself stands in UTC, for machines; everything else asks the one file.
test("times are formatted in one place", () => {
  const places = ["src", "demo", "views"].flatMap((top) =>
    readdirSync(resolve(root, top), { recursive: true, encoding: "utf8" }).map((name) => `${top}/${name}`),
  );
  const formats =
    /DateTimeFormat|toLocale(?:Date|Time)String|toISOString|timeZone: (?:zone|"[A-Z])|\.get(?:UTC)?(?:Date|Day|Month|FullYear|Hours|Minutes)\(|new Date\([^()]*,/;
  const noted = /time: new Date\(\)\.toISOString\(\)/g;
  assert.deepEqual(
    places
      .filter((name) => /\.(?:tsx?|njk)$/.test(name))
      .filter((name) => formats.test(readFileSync(resolve(root, name), "utf8").replaceAll(noted, "")))
      .sort(),
    // Two read what a log says; the last asks this browser's own clock whether it shows another hour.
    [
      "src/domain/affected/log-line.ts",
      "src/domain/affected/log-shape.ts",
      "src/domain/time.ts",
      "src/staff-app/words/format.ts",
    ],
  );
});
