/** Which days count, and how many of them from one day to another: each day that was left out is named. */
import type { Part } from "../form/clock.ts";
import { isWeekend, partsOf, weekdayOf, type CivilDay } from "./day.ts";
import { holidaysOf, KNOWN_FROM, KNOWN_UNTIL, ONE_OFFS, type Holiday, type OneOff } from "./holidays.ts";

export type Calendar = {
  /** whose holidays do not count; more than one where a holiday in any of them does not */
  readonly parts: readonly Part[];
  readonly holidayOn: (day: CivilDay) => Holiday | null;
};

/** A day that was not counted: of a weekend, or a holiday. */
export type LeftOut = { readonly day: CivilDay; readonly why: "saturday" | "sunday" | Holiday };

/** A last day, and how it was come to. */
export type Deadline = {
  /** the day that it is counted from, which does not count itself */
  readonly from: CivilDay;
  /** until the end of it there is time */
  readonly day: CivilDay;
  readonly left: readonly LeftOut[];
  readonly parts: readonly Part[];
  /** whether lists of holidays are published for all of it; otherwise one may be made that is not known */
  readonly isKnown: boolean;
};

/** @param oneOffs other than those that are known: a holiday that is made later or taken back */
export function calendarOf(parts: readonly Part[], oneOffs: readonly OneOff[] = ONE_OFFS): Calendar {
  const years = new Map<number, ReadonlyMap<CivilDay, Holiday>>();
  const inYear = (year: number): ReadonlyMap<CivilDay, Holiday> => {
    const found =
      years.get(year) ??
      new Map(parts.flatMap((part) => holidaysOf(year, part, oneOffs).map((one) => [one.day, one] as const)));
    years.set(year, found);
    return found;
  };
  return { parts, holidayOn: (day) => inYear(partsOf(day).year).get(day) ?? null };
}

export const isWorkingDay = (calendar: Calendar, day: CivilDay): boolean =>
  !isWeekend(day) && calendar.holidayOn(day) === null;

function leftOut(calendar: Calendar, day: CivilDay): LeftOut | null {
  if (isWeekend(day)) return { day, why: weekdayOf(day) === 6 ? "saturday" : "sunday" };
  const holiday = calendar.holidayOn(day);
  return holiday === null ? null : { day, why: holiday };
}

/** So many working days behind a day; the next day is the first that may count. */
export function workingDaysAfter(calendar: Calendar, from: CivilDay, count: number): Deadline {
  const left: LeftOut[] = [];
  let day = from;
  for (let counted = 0; counted < count; ) {
    day++;
    const out = leftOut(calendar, day);
    if (out === null) counted++;
    else left.push(out);
  }
  return deadline(calendar, from, day, left);
}

/** A day itself if it is a working day, or the next that is. */
export function movedToWorkingDay(calendar: Calendar, from: CivilDay, last: CivilDay): Deadline {
  const left: LeftOut[] = [];
  let day = last;
  for (let out = leftOut(calendar, day); out !== null; out = leftOut(calendar, ++day)) left.push(out);
  return deadline(calendar, from, day, left);
}

const deadline = ({ parts }: Calendar, from: CivilDay, day: CivilDay, left: readonly LeftOut[]): Deadline => ({
  from,
  day,
  left,
  parts,
  isKnown: from >= KNOWN_FROM && day <= KNOWN_UNTIL,
});
