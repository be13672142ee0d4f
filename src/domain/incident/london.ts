/**
 * Times as people in London say them. The 72 hours are elapsed hours and know nothing of this; only what is typed and
 * what is shown does.
 */
import { shownTime } from "../form/time.ts";

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

/** What a clock on a wall in London shows at an instant in milliseconds. */
export function wallTime(at: number): WallTime {
  const parts = new Map(PARTS.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? NaN;
  return { year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute") };
}

/** "29 March 2026 at 2:30am BST" */
export const inLondon = (at: number): string => shownTime(at, "with zone");

/**
 * The instant that a wall clock means. Of an hour that comes twice, in October, the first: the clock never begins later
 * for it. Null for a time that never was: the hour that is left out in March, or a day that no calendar has.
 */
export function instantOf(time: WallTime): number | null {
  const { year, month, day, hour, minute } = time;
  if (![year, month, day, hour, minute].every(Number.isInteger)) return null;
  const utc = Date.UTC(year, month - 1, day, hour, minute);
  const found = [utc - 3_600_000, utc].find((at) =>
    Object.entries(wallTime(at)).every(([name, value]) => time[name as keyof WallTime] === value),
  );
  return found ?? null;
}
