/**
 * ENISA's method in words: what each factor asks, and what each answer means (Recommendations for a methodology of the
 * assessment of severity, 2013).
 */
import type { Assessment, Base, Factor, Level } from "../../../domain/incident/severity.ts";

export const BASE_WORDS: Record<Base, readonly [string, string]> = {
  simple: ["Simple data", "Name, contact, education, family or working life. Begins at 1."],
  behavioural: ["Behaviour", "Location, traffic, habits, preferences. Begins at 2."],
  financial: ["Financial data", "Income, accounts, cards, invoices, social benefits. Begins at 3."],
  sensitive: [
    "Sensitive data",
    "Health, sex life, religion, politics, crimes and offences, and what somebody reports to or about the police. Begins at 4.",
  ],
};

export const FACTOR_WORDS: Record<Factor, string> = {
  volume: "Raises: there is much about each person, or over a long time",
  controller: "Raises: the body’s own work tells something, for example that somebody complained about the police",
  vulnerable: "Raises: people in danger, children or others who depend on secrecy are among them",
  invalid: "Lowers: the data is out of date or known to be wrong",
  public: "Lowers: it was already public",
  little: "Lowers: it reveals little about the person",
};

export const EASE_WORDS = [
  [25, "Negligible", "It is nearly impossible to say who somebody is."],
  [50, "Limited", "It takes much more knowledge to say who somebody is."],
  [75, "Significant", "With some more knowledge or effort it can be said."],
  [100, "Maximum", "It stands there, for example with name and address."],
] as const;
export const CONFIDENTIALITY_WORDS = [
  [0, "No evidence of access", "Only together with the hours that the records cover."],
  [25, "Known recipients", "It is known who could see it."],
  [50, "Unknown number, or the public", "Nobody can say who saw it."],
] as const;
export const INTEGRITY_WORDS = [
  [0, "Nothing was changed", ""],
  [25, "Changed, and can be put right", ""],
  [50, "Changed, and cannot be put right", ""],
] as const;
export const AVAILABILITY_WORDS = [
  [0, "Nothing was lost", ""],
  [25, "Could not be used for a time", ""],
  [50, "Lost for good", ""],
] as const;
export const MALICE_WORDS = [
  [0, "A mistake", ""],
  [50, "Done on purpose, to harm or to gain", ""],
] as const;

const LEVEL_WORDS: Record<Level, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  "very-high": "Very high",
};

/** 450 → "4.5" */
export const hundredths = (value: number): string => String(value / 100);

export const levelWords = ({ level, se }: Pick<Assessment, "level" | "se">): string =>
  `${LEVEL_WORDS[level]} (${hundredths(se)})`;
