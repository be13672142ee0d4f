/**
 * Bank holidays of the United Kingdom, each part's own: by the rules of the Banking and Financial Dealings Act 1971 and
 * custom, and a dated list of those that were proclaimed for one year. Compared with published lists on 29 November
 * 2026 (docs/decisions/0071-clocks.md).
 */
import { PARTS, type Part } from "../form/clock.ts";
import { civilDay, easterOf, isWeekend, partsOf, weekdayOf, type CivilDay } from "./day.ts";

export type Holiday = {
  readonly day: CivilDay;
  readonly name: string;
  /** the day that it stands for, where that was a weekend; null where it is that day itself */
  readonly substituteFor: CivilDay | null;
  /** when it was announced, where it was made for one year; null where a rule gives it */
  readonly announced: CivilDay | null;
};

/** Made for one year, when it was announced, and in which parts. */
export type OneOff = {
  readonly day: CivilDay;
  readonly name: string;
  readonly announced: CivilDay;
  readonly parts: readonly Part[];
};

/** The rules are those since 2020: what is before has other one-offs, which nobody has listed here. */
export const KNOWN_FROM: CivilDay = civilDay(2020, 1, 1);
/** Until when lists are published. What is behind it is by rule alone: a holiday may be made, and none is known. */
export const KNOWN_UNTIL: CivilDay = civilDay(2027, 12, 31);
/** When this list was looked through last. */
export const COMPARED_ON: CivilDay = civilDay(2026, 11, 29);

export const ONE_OFFS: readonly OneOff[] = [
  {
    day: civilDay(2022, 6, 3),
    name: "Platinum Jubilee bank holiday",
    announced: civilDay(2020, 11, 12),
    parts: PARTS,
  },
  {
    day: civilDay(2022, 9, 19),
    name: "State Funeral of Queen Elizabeth II",
    announced: civilDay(2022, 9, 10),
    parts: PARTS,
  },
  {
    day: civilDay(2023, 5, 8),
    name: "Coronation of King Charles III",
    announced: civilDay(2022, 11, 6),
    parts: PARTS,
  },
  {
    day: civilDay(2026, 6, 15),
    name: "World Cup bank holiday",
    announced: civilDay(2026, 2, 4),
    parts: ["scotland"],
  },
];

/** Holidays of a rule that were held on another day in one year. */
const MOVED: ReadonlyMap<string, CivilDay> = new Map([
  ["2020 Early May bank holiday", civilDay(2020, 5, 8)],
  ["2022 Spring bank holiday", civilDay(2022, 6, 2)],
]);

const MONDAY = 1;
const firstMonday = (year: number, month: number): CivilDay => {
  const first = civilDay(year, month, 1);
  return first + ((MONDAY - weekdayOf(first) + 7) % 7);
};
const lastMonday = (year: number, month: number): CivilDay => {
  const last = civilDay(year, month + 1, 0);
  return last - ((weekdayOf(last) - MONDAY + 7) % 7);
};

type Named = { readonly day: CivilDay; readonly name: string };

/** On a day of the month: on a weekend, a substitute day stands for it. */
function datesIn(year: number, part: Part): readonly Named[] {
  const date = (month: number, day: number, name: string): Named => ({ day: civilDay(year, month, day), name });
  return [
    date(1, 1, "New Year’s Day"),
    ...(part === "scotland" ? [date(1, 2, "2nd January"), date(11, 30, "St Andrew’s Day")] : []),
    ...(part === "northern-ireland" ? [date(3, 17, "St Patrick’s Day"), date(7, 12, "Battle of the Boyne")] : []),
    date(12, 25, "Christmas Day"),
    date(12, 26, "Boxing Day"),
  ];
}

/** On a day of the week, so never on a weekend. */
function weekdaysIn(year: number, part: Part): readonly Named[] {
  const easter = easterOf(year);
  const rules = [
    { day: easter - 2, name: "Good Friday" },
    ...(part === "scotland" ? [] : [{ day: easter + 1, name: "Easter Monday" }]),
    { day: firstMonday(year, 5), name: "Early May bank holiday" },
    { day: lastMonday(year, 5), name: "Spring bank holiday" },
    { day: part === "scotland" ? firstMonday(year, 8) : lastMonday(year, 8), name: "Summer bank holiday" },
  ];
  return rules.map(({ day, name }) => ({ day: MOVED.get(`${year} ${name}`) ?? day, name }));
}

/** The holidays of a year that a rule gives, in their order; of one on a weekend the substitute day alone. */
export function ruledHolidays(year: number, part: Part): readonly Holiday[] {
  const dates = datesIn(year, part);
  const kept = [...weekdaysIn(year, part), ...dates.filter(({ day }) => !isWeekend(day))];
  const taken = new Set(kept.map(({ day }) => day));
  const plain = kept.map(({ day, name }): Holiday => ({ day, name, substituteFor: null, announced: null }));
  const substitutes = dates
    .filter(({ day }) => isWeekend(day))
    .map(({ day, name }): Holiday => {
      let free = day + 1;
      while (isWeekend(free) || taken.has(free)) free++;
      taken.add(free);
      return { day: free, name, substituteFor: day, announced: null };
    });
  return [...plain, ...substitutes].sort((a, b) => a.day - b.day);
}

/** Those of a year in one part, the one-offs with them. */
export function holidaysOf(year: number, part: Part, oneOffs: readonly OneOff[] = ONE_OFFS): readonly Holiday[] {
  const made = oneOffs
    .filter(({ day, parts }) => partsOf(day).year === year && parts.includes(part))
    .map(({ day, name, announced }): Holiday => ({ day, name, substituteFor: null, announced }));
  return [...ruledHolidays(year, part), ...made].sort((a, b) => a.day - b.day);
}
