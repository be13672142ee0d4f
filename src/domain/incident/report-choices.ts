/**
 * The lists that the regulator's form offers, code by code, in its own order. Source: the ICO's form for reporting a
 * breach, and the EDPB's draft template of 2026.
 */
import { CATEGORIES } from "../form/category.ts";

export const PHASES = { initial: "First report", "follow-up": "Follow-up report", final: "Final report" } as const;
export type Phase = keyof typeof PHASES;
export const isPhase = (value: unknown): value is Phase => typeof value === "string" && Object.hasOwn(PHASES, value);

/** What stands for an answer that nobody has yet. A first report may say so; a final one may not. */
export const UNKNOWN = "not-yet-known";

export const YES_NO_UNKNOWN = { yes: "Yes", no: "No", [UNKNOWN]: "Not yet known" } as const;

export const BREACH_TYPES = {
  "incorrect-permissions": "Incorrect access permissions",
  "unintended-publication": "Unintended publication",
  misconfiguration: "Misconfiguration",
  "wrong-recipient": "Sent or given to the wrong person",
  "lost-or-stolen": "Account, device or document lost or stolen",
  intrusion: "Unauthorised access by an attacker",
  other: "Other",
  [UNKNOWN]: "Not yet known",
} as const;

export const FOUND_BY = {
  controller: "We found it ourselves",
  processor: "Our processor told us",
  "data-subject": "Somebody whose data it is told us",
  external: "Somebody else told us",
  press: "The press",
} as const;

export const TIMES = {
  specific: "At one moment",
  range: "During a time that has ended",
  ongoing: "It is still going on",
  [UNKNOWN]: "Not yet known",
} as const;

export const DATA_CATEGORIES = CATEGORIES;

export const PEOPLE_CATEGORIES = {
  employees: "Employees",
  users: "Users",
  subscribers: "Subscribers",
  students: "Students",
  customers: "Customers or prospective customers",
  patients: "Patients",
  children: "Children",
  "vulnerable-adults": "Vulnerable adults",
  [UNKNOWN]: "Not yet known",
  other: "Other",
} as const;

export const CONFIDENTIALITY = {
  disclosed: "The data was disclosed",
  likely: "The data was likely disclosed",
  "not-disclosed": "The data was not disclosed, and there is reasonable evidence for that",
  "cannot-assess": "This cannot be assessed",
} as const;

export const PROTECTION = {
  intact: "Unintelligible to whoever had it, and the keys are intact",
  broken: "It was protected, and the protection is no longer intact",
  none: "It was readable",
  [UNKNOWN]: "Not yet known",
} as const;

export const LIKELIHOOD = {
  "very-likely": "Very likely",
  likely: "Likely",
  neutral: "Neither likely nor unlikely",
  unlikely: "Unlikely",
  "very-unlikely": "Very unlikely",
  [UNKNOWN]: "Not yet known",
} as const;

export const SEVERITIES = { low: "Low", medium: "Medium", high: "High", "very-high": "Very high" } as const;

export const TOLD = { yes: "Yes", planned: "About to be told", no: "No", undecided: "Not decided yet" } as const;
