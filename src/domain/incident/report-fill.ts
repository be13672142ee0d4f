/** What is known about an incident, as answers to the regulator's questions. What is not known gives no answer. */
import { CATEGORIES, type DataCategory } from "../form/category.ts";
import type { Answer, CountHow } from "./report-answer.ts";
import {
  UNKNOWN,
  type BREACH_TYPES,
  type FOUND_BY,
  type PROTECTION,
  type SEVERITIES,
  type TOLD,
} from "./report-choices.ts";
import type { Answers } from "./report.ts";
import { wordsOf, type Words } from "./words.ts";

export type Counted = { readonly count: number; readonly how: CountHow };

/** By type: codes, counts, times, officers' own words. Nothing of those affected has a place here. */
export type Known = {
  readonly breachTypes: readonly (keyof typeof BREACH_TYPES)[];
  readonly foundBy: keyof typeof FOUND_BY | null;
  readonly discovered: number | null;
  /** the earliest awareness of the controller that was ever recorded */
  readonly aware: number | null;
  /** from the earliest start; `to` is null while it goes on */
  readonly window: {
    readonly from: number;
    readonly fromEstimated: boolean;
    readonly to: number | null;
    readonly toEstimated: boolean;
  } | null;
  readonly categories: readonly DataCategory[];
  readonly people: Counted | null;
  readonly records: Counted | null;
  readonly protection: keyof typeof PROTECTION | null;
  readonly severity: { readonly level: keyof typeof SEVERITIES; readonly sum: Words } | null;
  readonly told: { readonly code: keyof typeof TOLD; readonly more: Words | null; readonly whyNot: Words | null };
  readonly caseReference: Words | null;
  /** what is planned against recurrence, with dates */
  readonly planned: readonly Words[];
  readonly controller: Words | null;
  readonly dpo: Words | null;
  readonly processor: Words | null;
};

/** The answers that the incident itself gives. */
export function knownAnswers(known: Known): Answers {
  const { window, severity, told } = known;
  const words = (id: string, text: Words | null): [string, Answer][] =>
    text === null || text.trim() === "" ? [] : [[id, { kind: "words", words: text }]];
  const moment = (id: string, at: number | null, estimated = false): [string, Answer][] =>
    at === null ? [] : [[id, { kind: "moment", at, estimated }]];
  const count = (id: string, counted: Counted | null): [string, Answer][] =>
    counted === null ? [] : [[id, { kind: "count", ...counted }]];
  const choice = (id: string, code: string | null, more: Words | null = null): [string, Answer][] =>
    code === null ? [] : [[id, { kind: "choice", code, ...(more !== null && { more }) }]];
  const choices = (id: string, codes: readonly string[]): [string, Answer][] =>
    codes.length === 0 ? [] : [[id, { kind: "choices", codes }]];
  return Object.fromEntries([
    ...words("case-reference", known.caseReference),
    ...choices("breach-type", known.breachTypes),
    ...choice("found-by", known.foundBy),
    ...moment("discovered", known.discovered),
    ...moment("aware", known.aware),
    ...choice(
      "times",
      window === null ? UNKNOWN : window.to === null ? "ongoing" : window.to === window.from ? "specific" : "range",
    ),
    ...(window === null ? [] : moment("happened-from", window.from, window.fromEstimated)),
    ...(window === null ? [] : moment("happened-to", window.to, window.toEstimated)),
    // In the list's own order: the same knowledge has one spelling.
    ...choices(
      "categories",
      Object.keys(CATEGORIES).filter((code) => (known.categories as readonly string[]).includes(code)),
    ),
    ...count("people", known.people),
    ...count("records", known.records),
    ...choice("protection", known.protection),
    ...choice("severity", severity?.level ?? null, severity?.sum ?? null),
    ...choice("told", told.code, told.more),
    ...words("told-why-not", told.whyNot),
    ...words("recurrence", known.planned.length === 0 ? null : wordsOf(known.planned.join("\n"), Infinity)),
    ...words("controller", known.controller),
    ...words("dpo", known.dpo),
    ...words("processor", known.processor),
  ]) as Answers;
}
