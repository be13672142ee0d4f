/**
 * Days of the calendar without a time or a zone: as a number they can be counted, and no change of a clock touches them.
 * Which day it is at an instant depends on where: a body's clock says it (`src/domain/time.ts`).
 */
import { ahead, dayAfter, type WallTime, type Zone } from "../time.ts";

/** Whole days since 1 January 1970, a Thursday. */
export type CivilDay = number;

export type DayParts = Pick<WallTime, "year" | "month" | "day">;

const MS = 86_400_000;

export const civilDay = (year: number, month: number, day: number): CivilDay => Date.UTC(year, month - 1, day) / MS;

export const partsOf = (day: CivilDay): DayParts => dayAfter({ year: 1970, month: 1, day: 1 }, 0, day);

/** Zone and day in UTC → how far the wall is ahead all that day; null on a day on which that changes. */
const aheadOn = new Map<string, number | null>();
/** More than any list has; whoever says times at random shall not fill a process that runs for months. */
const MOST_KNOWN = 10_000;

/** Of thousands of letters many came on one day, and asking `Intl` costs more than all else about a date. */
function aheadAllDay(day: CivilDay, zone: Zone): number | null {
  const key = `${zone} ${day}`;
  const known = aheadOn.get(key);
  if (known !== undefined) return known;
  const first = ahead(day * MS, zone);
  const found = first === ahead((day + 1) * MS, zone) ? first : null;
  if (aheadOn.size >= MOST_KNOWN) aheadOn.clear();
  aheadOn.set(key, found);
  return found;
}

/** Which day a body's calendar shows at an instant. */
export const civilDayAt = (at: number, zone: Zone): CivilDay =>
  Math.floor((at + (aheadAllDay(Math.floor(at / MS), zone) ?? ahead(at, zone))) / MS);

/** 0 is Sunday, 6 is Saturday. */
export const weekdayOf = (day: CivilDay): number => (((day + 4) % 7) + 7) % 7;

export const isWeekend = (day: CivilDay): boolean => weekdayOf(day) === 0 || weekdayOf(day) === 6;

/** The same day so many months later; where that month has no such day, its last. */
export function monthsAfter(from: CivilDay, months: number): CivilDay {
  const { year, month, day } = partsOf(from);
  const last = partsOf(civilDay(year, month + months + 1, 0)).day;
  return civilDay(year, month + months, Math.min(day, last));
}

/** The Sunday of Easter (Meeus, Jones and Butcher: Astronomical Algorithms, chapter 8). */
export function easterOf(year: number): CivilDay {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const moved = Math.floor((century + 8) / 25);
  const moon = Math.floor((century - moved + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moon + 15) % 30;
  const week = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * week) / 451);
  const sum = epact + week - 7 * late + 114;
  return civilDay(year, Math.floor(sum / 31), (sum % 31) + 1);
}
