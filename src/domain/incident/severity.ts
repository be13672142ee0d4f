/**
 * Severity by ENISA's method (Recommendations for a methodology of the assessment of severity of personal data
 * breaches, 2013): SE = DPC × EI + CB. Every factor is chosen by a person; the sum is computed, in hundredths, so that
 * no rounding decides.
 */
import type { ActEvent } from "./act.ts";
import { known } from "./codes.ts";

/** The kind of data, and the score to begin with. Of several kinds the highest counts. */
export const BASES = { simple: 1, behavioural: 2, financial: 3, sensitive: 4 } as const;
export type Base = keyof typeof BASES;

/** What may raise the score, and what may lower it. */
export const RAISING = ["volume", "controller", "vulnerable"] as const;
export const LOWERING = ["invalid", "public", "little"] as const;
export type Factor = (typeof RAISING)[number] | (typeof LOWERING)[number];
const FACTORS: readonly Factor[] = [...RAISING, ...LOWERING];

/** Ease of identification, in hundredths. */
export const EASE = { negligible: 25, limited: 50, significant: 75, maximum: 100 } as const;
/** Loss of confidentiality, integrity, availability, and malice, in hundredths. */
export const CONFIDENTIALITY = { "no-evidence": 0, "known-recipients": 25, "unknown-or-public": 50 } as const;
export const INTEGRITY = { none: 0, recoverable: 25, lost: 50 } as const;
export const AVAILABILITY = { none: 0, temporary: 25, full: 50 } as const;
export const MALICE = { none: 0, malicious: 50 } as const;

export const LEVELS = ["low", "medium", "high", "very-high"] as const;
export type Level = (typeof LEVELS)[number];

export type Chosen = {
  readonly base: Base;
  readonly factors: readonly Factor[];
  /** 1 to 4, chosen by a person beside the factors */
  readonly dpc: number;
  /** the rest in hundredths, each one of the values above */
  readonly ei: number;
  readonly confidentiality: number;
  readonly integrity: number;
  readonly availability: number;
  readonly malice: number;
  /** more than 100 people */
  readonly over100: boolean;
  /** the data was unintelligible to whoever could reach it */
  readonly unintelligible: boolean;
};
export type Assessment = Chosen & { /** in hundredths */ readonly se: number; readonly level: Level };

/** Whether the score fits its factors: above the base only with one that raises, below only with one that lowers. */
export function scoreFits({ base, factors, dpc }: Pick<Chosen, "base" | "factors" | "dpc">): boolean {
  if (!Number.isInteger(dpc) || dpc < 1 || dpc > 4) return false;
  const has = (list: readonly Factor[]): boolean => factors.some((one) => list.includes(one));
  return dpc === BASES[base] || (dpc > BASES[base] ? has(RAISING) : has(LOWERING));
}

export const severity = ({ dpc, ei, confidentiality, integrity, availability, malice }: Chosen): number =>
  dpc * ei + confidentiality + integrity + availability + malice;

/** Below 2 low, below 3 medium, below 4 high, from 4 very high. */
export const levelOf = (se: number): Level =>
  se < 200 ? "low" : se < 300 ? "medium" : se < 400 ? "high" : "very-high";

export const assess = (chosen: Chosen): Assessment => ({
  ...chosen,
  se: severity(chosen),
  level: levelOf(severity(chosen)),
});

type AssessedFields = Omit<
  Extract<ActEvent, { kind: "incident.assessed" }>,
  "kind" | "body" | "incident" | "seq" | "prev" | "by" | "role" | "words"
>;
const NO_FACTOR = "none";

/** As the log carries it. */
export function assessedFields(chosen: Chosen): AssessedFields {
  const { se, level, factors, over100, unintelligible, ...rest } = assess(chosen);
  const named = FACTORS.filter((one) => factors.includes(one));
  return {
    ...rest,
    factors: named.length === 0 ? NO_FACTOR : named.join("-"),
    se,
    level,
    over100: over100 ? "yes" : "no",
    unintelligible: unintelligible ? "yes" : "no",
  };
}

/** What an act assesses; null when a factor has no such value, or the sum is another. */
export function assessmentOf(event: Extract<ActEvent, { kind: "incident.assessed" }>): Assessment | null {
  const base = known(Object.keys(BASES) as Base[], event.base);
  const factors = event.factors === NO_FACTOR ? [] : event.factors.split("-").map((one) => known(FACTORS, one));
  if (!base || factors.some((one, i) => !one || factors.indexOf(one) !== i)) return null;
  const { dpc, ei, confidentiality, integrity, availability, malice } = event;
  const chosen: Chosen = {
    base,
    factors: factors as Factor[],
    dpc,
    ei,
    confidentiality,
    integrity,
    availability,
    malice,
    over100: event.over100 === "yes",
    unintelligible: event.unintelligible === "yes",
  };
  const of = (scale: Readonly<Record<string, number>>, value: number): boolean => Object.values(scale).includes(value);
  const fits =
    scoreFits(chosen) &&
    of(EASE, ei) &&
    of(CONFIDENTIALITY, confidentiality) &&
    of(INTEGRITY, integrity) &&
    of(AVAILABILITY, availability) &&
    of(MALICE, malice);
  const whole = assess(chosen);
  return fits && whole.se === event.se && whole.level === event.level ? whole : null;
}
