/**
 * Times in words, and what a clock on a wall means: the one place that does either, for pages, staff, papers and
 * commands. They are the body's times, wherever the browser or the machine is: a body is in London unless the
 * configuration says otherwise (docs/decisions/0056-times-are-those-of-the-body.md). An instant is milliseconds since
 * the epoch. What is elapsed, such as 72 hours, knows nothing of this; only what is shown and what is typed does.
 */
import { Fault } from "./problem.ts";

export const HOUR = 3_600_000;

/** An IANA name for which `isZone` is true, such as "Atlantic/Reykjavik". */
export type Zone = string;

export const LONDON: Zone = "Europe/London";

/** Body → zone, of those that are not in London. */
export type Zones = ReadonlyMap<string, Zone>;

/** Where the clock of a body hangs; of nobody's, and of one that says nothing, London. */
export const zoneOf = (zones: Zones, body: string | null): Zone => zones.get(body ?? "") ?? LONDON;

/** One spelling of each: `Intl` takes any case, and then a name could be altered and say the same. */
const PLACE = /^(?!Etc\/)[A-Z][a-z]+(?:\/[A-Z][a-z]+(?:[_-](?:[A-Z][a-z]+|of|au|es))*){1,2}$/;

/**
 * Whether a name is that of a place's time. Offsets ("+01:00") and short names ("GMT", "EST") are refused: they know no
 * summer.
 */
export function isZone(name: string): boolean {
  if (!PLACE.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Body → zone, out of a configuration. @throws `CONFIG_INVALID` for a name that is none */
export function zonesIn(value: unknown): Zones {
  const zones = Object.entries(typeof value === "object" && value !== null ? value : {});
  const wrong = zones.find(([, zone]) => typeof zone !== "string" || !isZone(zone));
  if (wrong) throw new Fault("CONFIG_INVALID", `the time zone of ${wrong[0]} is not a name such as Europe/London`);
  return new Map(zones as [string, string][]);
}

/** "Reykjavik": the place whose clock is meant. */
export const placeOfZone = (zone: Zone): string => zone.split("/").at(-1)!.replaceAll("_", " ");

const DAY = { day: "numeric", month: "long", year: "numeric" } as const;
const HOW = {
  day: DAY,
  shortDay: { ...DAY, month: "short" },
  clock: { hour: "numeric", minute: "2-digit", hour12: true },
  minute: { ...DAY, hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
  second: { ...DAY, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" },
  name: { timeZoneName: "short" },
  numbers: {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
} as const satisfies { readonly [how: string]: Intl.DateTimeFormatOptions };

const made = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than a hundred uses of it. */
function format(how: keyof typeof HOW, zone: Zone): Intl.DateTimeFormat {
  const key = `${how} ${zone}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...HOW[how] });
  made.set(key, found);
  return found;
}

/** "2 December 2026" */
export const dayWords = (at: number, zone: Zone): string => format("day", zone).format(at);

/** "2 Dec 2026" */
export const shortDayWords = (at: number, zone: Zone): string => format("shortDay", zone).format(at);

/** "2:05pm"; in an hour that comes twice, in autumn, with the zone: "1:30am BST". */
export const clockWords = (at: number, zone: Zone): string =>
  isTwice(at, zone) ? `${plainClock(at, zone)} ${zoneWords(at, zone)}` : plainClock(at, zone);

const plainClock = (at: number, zone: Zone): string =>
  format("clock", zone).format(at).replaceAll(/[\s.]/gu, "").toLowerCase();

/** "2 December 2026 at 2:05pm" */
export const timeWords = (at: number, zone: Zone): string => `${dayWords(at, zone)} at ${clockWords(at, zone)}`;

/** "GMT" or "BST" */
export const zoneWords = (at: number, zone: Zone): string =>
  format("name", zone)
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value ?? "";

/** "29 March 2026 at 2:30am BST": where whoever reads it may be anywhere, or reads it beside times of other zones. */
export const timeInZone = (at: number, zone: Zone): string =>
  `${dayWords(at, zone)} at ${plainClock(at, zone)} ${zoneWords(at, zone)}`;

/** "11 November 2022 at 09:12 GMT": of logs, which count from 0 to 24. */
export const timeOfLog = (at: number, zone: Zone): string => format("minute", zone).format(at);

/** "11 November 2022 at 09:12:01 GMT" */
export const timeOfLogExactly = (at: number, zone: Zone): string => format("second", zone).format(at);

export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

/** What a clock on a wall shows at an instant. */
export function wallTime(at: number, zone: Zone): WallTime {
  const parts = new Map(
    format("numbers", zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? NaN;
  return { year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute") };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "2026-07-02 15:05 BST": for columns of a table, which are sorted. */
export function timeFigures(at: number, zone: Zone): string {
  const { year, month, day, hour, minute } = wallTime(at, zone);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${zoneWords(at, zone)}`;
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** "2 July 2026": of a day that has no time and no zone. */
export const dateWords = ({ year, month, day }: Pick<WallTime, "year" | "month" | "day">): string =>
  `${day} ${MONTHS[month - 1]} ${year}`;

/** "2 July 2026 at 15:05", spelled by ourselves: for papers of which every character is checked, perhaps years later. */
export function plainTime(at: number, zone: Zone): string {
  const { hour, minute, ...date } = wallTime(at, zone);
  return `${dateWords(date)} at ${two(hour)}:${two(minute)}`;
}

/** "2026-07-02": a day for a program, such as the `datetime` attribute. */
export const dayFigures = (at: number, zone: Zone): string => timeFigures(at, zone).slice(0, 10);

/** An instant for a program: RFC 3339, in UTC, so that nobody's clock is in it. */
export const instantText = (at: number): string => new Date(at).toISOString();

const numbersOf = ({ year, month, day, hour, minute }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute);

/** How far the wall is ahead of UTC at an instant. Milliseconds. */
export const ahead = (at: number, zone: Zone): number =>
  numbersOf(wallTime(at, zone)) - Math.floor(at / 60_000) * 60_000;

/** All instants that a wall clock means, the first first: none for a time that was left out, two for one that came twice. */
function instantsOf(time: WallTime, zone: Zone): number[] {
  const numbers = numbersOf(time);
  const found = [-1, 0, 1].map((day) => numbers - ahead(numbers + day * 24 * HOUR, zone));
  const fits = (at: number): boolean =>
    Object.entries(wallTime(at, zone)).every(([name, value]) => time[name as keyof WallTime] === value);
  return [...new Set(found)].filter(fits).sort((a, b) => a - b);
}

const isTwice = (at: number, zone: Zone): boolean => instantsOf(wallTime(at, zone), zone).length > 1;

/**
 * The instant that a wall clock means. Of an hour that comes twice, in autumn, the first: the 72 hours never begin later
 * for it. Null for a time that never was: the hour that is left out in spring, or a day that no calendar has.
 */
export function instantOf(time: WallTime, zone: Zone): number | null {
  if (!Object.values(time).every(Number.isInteger)) return null;
  return instantsOf(time, zone)[0] ?? null;
}

/**
 * The first instant of a calendar day. Null for a day that no calendar has. There are places whose clocks go forward at
 * midnight, so that the day begins at one.
 */
export function startOfDay(year: number, month: number, day: number, zone: Zone): number | null {
  const from = (hour: number, minute: number): number | null => instantOf({ year, month, day, hour, minute }, zone);
  return from(0, 0) ?? from(0, 30) ?? from(1, 0);
}

/** The last millisecond of a calendar day. */
export function endOfDay(year: number, month: number, day: number, zone: Zone): number | null {
  if (startOfDay(year, month, day, zone) === null) return null;
  const { day: next, month: ofMonth, year: ofYear } = dayAfter({ year, month, day }, 0, 1);
  const start = startOfDay(ofYear, ofMonth, next, zone);
  return start === null ? null : start - 1;
}

/** So many months and days behind a calendar day. */
export function dayAfter(
  { year, month, day }: Pick<WallTime, "year" | "month" | "day">,
  months: number,
  days: number,
): Pick<WallTime, "year" | "month" | "day"> {
  const then = new Date(Date.UTC(year, month - 1 + months, day + days));
  return { year: then.getUTCFullYear(), month: then.getUTCMonth() + 1, day: then.getUTCDate() };
}

/** The same time so many calendar months earlier; where that month has no such day, its last: never later than that. */
export function startOfKept(at: number, months: number, zone: Zone): number {
  const wall = wallTime(at, zone);
  const last = dayAfter({ ...wall, day: 0 }, 1 - months, 0).day;
  const { year, month } = dayAfter({ ...wall, day: 1 }, -months, 0);
  const then = { ...wall, year, month, day: Math.min(wall.day, last) };
  return instantOf(then, zone) ?? startOfDay(then.year, then.month, then.day, zone) ?? at;
}
