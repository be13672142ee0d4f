/**
 * The closed lists of what can be said about an incident. Entries of the log carry these codes; what they mean in words
 * stands in the staff app.
 */

/** What happened. */
export const INCIDENT_KINDS = [
  "wrong-person",
  "key-lost",
  "letter-astray",
  "sealed-bytes",
  "elsewhere",
  "other",
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What the incident was opened from. */
export const SOURCES = ["none", "finding", "submission", "grant"] as const;
export type Source = (typeof SOURCES)[number];

/** Who became aware: the body decides and answers, its host works for it (UK GDPR Art. 4(7), 4(8)). */
export const PARTIES = ["controller", "processor"] as const;
export type Party = (typeof PARTIES)[number];

/** By what somebody became aware. */
export const AWARE_BASES = ["finding", "letter", "processor-told", "staff", "press", "regulator", "other"] as const;
export type AwareBasis = (typeof AWARE_BASES)[number];

/** What a time in the window rests on. */
export const WINDOW_BASES = ["finding", "log", "server-log", "statement", "assumed"] as const;
export type WindowBasis = (typeof WINDOW_BASES)[number];

/** Where the work on an incident stands. */
export const STAGES = ["open", "contained", "answered", "closed", "dismissed"] as const;
export type Stage = (typeof STAGES)[number];

/** What is decided: whether to tell the regulator (Art. 33), whether to tell the people (Art. 34). */
export const QUESTIONS = ["regulator", "people"] as const;
export type Question = (typeof QUESTIONS)[number];
export const CHOICES = ["yes", "no"] as const;
export type Choice = (typeof CHOICES)[number];

/** The reasons that the law knows for each answer; each is also given in words. */
export const REASONS = {
  regulator: { yes: ["risk-possible", "not-yet-known"], no: ["risk-unlikely", "no-personal-data"] },
  people: {
    yes: ["high-risk", "by-choice"],
    no: ["not-high-risk", "unintelligible", "risk-removed", "disproportionate", "no-personal-data"],
  },
} as const satisfies Record<Question, Record<Choice, readonly string[]>>;
export type Reason =
  | "risk-possible"
  | "not-yet-known"
  | "risk-unlikely"
  | "no-personal-data"
  | "high-risk"
  | "by-choice"
  | "not-high-risk"
  | "unintelligible"
  | "risk-removed"
  | "disproportionate";

/** What is sealed to an incident's own inbox. */
export const DOCUMENTS = ["affected", "note", "message", "returned", "other"] as const;
export type DocumentKind = (typeof DOCUMENTS)[number];

/** The code, if the list has it. */
export const known = <T extends string>(list: readonly T[], code: string | undefined): T | undefined =>
  list.find((one) => one === code);
