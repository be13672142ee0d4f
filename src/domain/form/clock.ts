/**
 * What a form says of the time in which whoever writes is to be answered: by which rule the days are counted, and which
 * part of the country's holidays do not count. It is in the form, so an owner signs it with every version.
 */
import { readObject, type JsonObject, type Report } from "./read.ts";

export const PARTS = ["england-and-wales", "scotland", "northern-ireland"] as const;
/** The parts of the United Kingdom that have holidays of their own. */
export type Part = (typeof PARTS)[number];

export const RULES = ["complaint", "data-protection", "information", "subject-access"] as const;
/** Whose time limits count: the Ombudsman's code, or a law. */
export type Rule = (typeof RULES)[number];

export type FormClock = { readonly rule: Rule; readonly part: Part };

/** Of days that a form may promise. */
export const MOST_DAYS = 365;

/** What a form says of time: its rule, or else the working days that it promises. */
export type FormTimes = { readonly clock: FormClock | null; readonly days: number };

/** Reads the entry `clock` of a form, which a form may leave out. */
export function readClock(form: JsonObject, report: Report): void {
  if (!Object.hasOwn(form, "clock")) return;
  const clock = readObject(form["clock"], "clock", report, ["rule", "part"]);
  oneOf(clock, "rule", RULES, report);
  oneOf(clock, "part", PARTS, report);
}

function oneOf(clock: JsonObject, name: string, known: readonly string[], report: Report): void {
  if (Object.hasOwn(clock, name) && !known.some((one) => one === clock[name]))
    report(`clock.${name}`, `This must be one of: ${known.join(", ")}.`);
}
