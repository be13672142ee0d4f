/**
 * Time limits once more, by a computation of another kind: days as text, holidays from tables, whole weeks at once and a
 * search, where `src/domain/clock` walks from day to day. Of that it uses nothing; one-off holidays are handed to it.
 */
import type { CivilDay } from "../../src/domain/clock/day.ts";
import type { OneOff } from "../../src/domain/clock/holidays.ts";
import type { Part } from "../../src/domain/form/clock.ts";

const DAY = 86_400_000;
/** "2026-12-04" */
export const isoOf = (day: CivilDay): string => new Date(day * DAY).toISOString().slice(0, 10);

/** Gauss's rule as Oudin wrote it in 1940. */
export function otherEaster(year: number): string {
  const g = year % 19;
  const c = Math.trunc(year / 100);
  const h = (c - Math.trunc(c / 4) - Math.trunc((8 * c + 13) / 25) + 19 * g + 15) % 30;
  const i = h - Math.trunc(h / 28) * (1 - Math.trunc(29 / (h + 1)) * Math.trunc((21 - g) / 11));
  const j = (year + Math.trunc(year / 4) + i + 2 - c + Math.trunc(c / 4)) % 7;
  const month = 3 + Math.trunc((i - j + 40) / 44);
  const day = i - j + 28 - 31 * Math.trunc(month / 4);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

export const plus = (iso: string, days: number): string =>
  new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);
const weekday = (iso: string): number => new Date(iso).getUTCDay();

/** Where Christmas and Boxing Day are kept, by the weekday of 25 December, from Sunday on. */
const CHRISTMAS = ["26 27", "25 26", "25 26", "25 26", "25 26", "25 28", "27 28"];
/** The same for two days of January in Scotland, by the weekday of 1 January; for one elsewhere; for one in a month. */
const NEW_YEAR_2 = ["02 03", "01 02", "01 02", "01 02", "01 02", "01 04", "03 04"];
const ON_WEEKDAY = [1, 0, 0, 0, 0, 0, 2];

/** The holidays of a year as text, made from tables. */
function tableOf(year: number, part: Part): ReadonlySet<string> {
  const single = (day: string): string => plus(day, ON_WEEKDAY[weekday(day)]!);
  const easter = otherEaster(year);
  const mondayFrom = (month: string): string =>
    [1, 2, 3, 4, 5, 6, 7].map((day) => `${year}-${month}-0${day}`).find((iso) => weekday(iso) === 1)!;
  const mondayUntil = (month: string): string =>
    [31, 30, 29, 28, 27, 26, 25].map((day) => `${year}-${month}-${day}`).find((iso) => weekday(iso) === 1)!;
  return new Set([
    ...CHRISTMAS[weekday(`${year}-12-25`)]!.split(" ").map((day) => `${year}-12-${day}`),
    plus(easter, -2),
    year === 2020 ? "2020-05-08" : mondayFrom("05"),
    year === 2022 ? "2022-06-02" : mondayUntil("05"),
    ...(part === "scotland"
      ? [
          ...NEW_YEAR_2[weekday(`${year}-01-01`)]!.split(" ").map((day) => `${year}-01-${day}`),
          mondayFrom("08"),
          single(`${year}-11-30`),
        ]
      : [single(`${year}-01-01`), plus(easter, 1), mondayUntil("08")]),
    ...(part === "northern-ireland" ? [single(`${year}-03-17`), single(`${year}-07-12`)] : []),
  ]);
}

/** All of them in some years, and those that were made; each once. */
export function closedDays(parts: readonly Part[], oneOffs: readonly OneOff[], from: number, to: number): string[] {
  const ruled = Array.from({ length: to - from + 1 }, (_, nth) => parts.map((part) => tableOf(from + nth, part)));
  const made = oneOffs.filter((one) => parts.some((part) => one.parts.includes(part))).map(({ day }) => isoOf(day));
  return [...new Set([...ruled.flat().flatMap((days) => [...days]), ...made])].filter(
    (iso) => weekday(iso) !== 0 && weekday(iso) !== 6,
  );
}

/** Mondays to Fridays behind a day until another, by whole weeks and the rest. */
function weekdaysBetween(from: string, until: string): number {
  const days = Math.round((Date.parse(until) - Date.parse(from)) / DAY);
  const weeks = Math.floor(days / 7);
  const rest = Array.from({ length: days % 7 }, (_, nth) => (weekday(from) + 1 + nth) % 7);
  return 5 * weeks + rest.filter((day) => day !== 0 && day !== 6).length;
}

export type Closed = readonly string[];
const counted = (closed: Closed, from: string, until: string): number =>
  weekdaysBetween(from, until) - closed.filter((iso) => iso > from && iso <= until).length;

/** The first day at which so many have been counted: by halving. */
export function otherWorkingDays(closed: Closed, from: string, count: number): string {
  let [below, above] = [0, 4 * count + 60];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (counted(closed, from, plus(from, middle)) >= count) above = middle;
    else below = middle;
  }
  return plus(from, above);
}

/** A day itself, or the first behind it that is not closed. */
export const otherMoved = (closed: Closed, last: string): string => otherWorkingDays(closed, plus(last, -1), 1);

export function otherMonths(from: string, months: number): string {
  const [year, month, day] = from.split("-").map(Number) as [number, number, number];
  const total = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(total / 12), (total % 12) + 1];
  const leap = (toYear % 4 === 0 && toYear % 100 !== 0) || toYear % 400 === 0;
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][toMonth - 1]!;
  return `${toYear}-${String(toMonth).padStart(2, "0")}-${String(Math.min(day, length)).padStart(2, "0")}`;
}

/** The last Sunday of a month at one o'clock in UTC: when clocks change in London. */
function change(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0, 1));
  return last.getTime() - last.getUTCDay() * DAY;
}

/** Which day a calendar in London shows at an instant, by the rule for summer time. */
export function isoIn(instant: number): string {
  const year = new Date(instant).getUTCFullYear();
  const summer = instant >= change(year, 3) && instant < change(year, 10);
  return new Date(instant + (summer ? 3_600_000 : 0)).toISOString().slice(0, 10);
}
