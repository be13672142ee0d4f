/**
 * The register of all breaches (UK GDPR Art. 33(5)): reported or not, each with its facts, effects and remedial action,
 * and the reason where nobody was told. Figures by year of awareness; a year begins at midnight by the
 * body's clock.
 */
import { instantText, timeFigures, wallTime, type Zone } from "../time.ts";
import { csvOf } from "./csv.ts";

export type Verdict = {
  readonly choice: "yes" | "no";
  readonly reason: string;
  readonly text: string;
  readonly at: number;
};

/** One breach. Counts and codes; texts are the officers' own. */
export type RegisterRow = {
  readonly incident: string;
  /** when the body was first aware; else when the incident was opened */
  readonly aware: number;
  readonly what: string;
  readonly stage: string;
  readonly window: { readonly from: number; readonly to: number | null } | null;
  readonly people: number | null;
  readonly records: number | null;
  readonly level: string | null;
  readonly facts: string;
  readonly effects: string;
  readonly remedy: string;
  /** decided whether to tell the regulator, and the people; null: not decided yet */
  readonly regulator: Verdict | null;
  readonly peopleTold: Verdict | null;
  /** when the first report was sent */
  readonly reportedAt: number | null;
  readonly deadline: number;
  readonly outcome: string | null;
};

export type YearFigures = {
  readonly year: number;
  readonly breaches: number;
  readonly reported: number;
  readonly late: number;
  readonly decidedNot: number;
  readonly undecided: number;
  readonly peopleTold: number;
  readonly people: number;
};

/** Figures of each year that has a breach, newest first. */
export function yearFigures(rows: readonly RegisterRow[], zone: Zone): readonly YearFigures[] {
  const yearOf = (at: number): number => wallTime(at, zone).year;
  const years = [...new Set(rows.map((row) => yearOf(row.aware)))].sort((a, b) => b - a);
  return years.map((year) => {
    const own = rows.filter((row) => yearOf(row.aware) === year);
    const those = (is: (row: RegisterRow) => boolean): number => own.filter(is).length;
    return {
      year,
      breaches: own.length,
      reported: those((row) => row.reportedAt !== null),
      late: those((row) => row.reportedAt !== null && row.reportedAt > row.deadline),
      decidedNot: those((row) => row.reportedAt === null && row.regulator?.choice === "no"),
      undecided: those((row) => row.reportedAt === null && row.regulator?.choice !== "no"),
      peopleTold: those((row) => row.peopleTold?.choice === "yes"),
      people: own.reduce((sum, row) => sum + (row.people ?? 0), 0),
    };
  });
}

export type RegisterWords = {
  readonly kind: (code: string) => string;
  readonly stage: (code: string) => string;
  readonly reason: (code: string) => string;
  readonly level: (code: string) => string;
  readonly outcome: (code: string) => string;
};

const HEAD = [
  "Incident",
  "Aware",
  "Kind",
  "State",
  "From",
  "To",
  "People",
  "Records",
  "Severity",
  "Facts",
  "Effects",
  "Remedial action",
  "Regulator to be told",
  "Why",
  "In words",
  "Reported",
  "Within 72 hours",
  "People to be told",
  "Why",
  "In words",
  "Outcome",
  "Aware, for programs",
  "From, for programs",
  "To, for programs",
  "Reported, for programs",
] as const;

/**
 * The register as a file for a spreadsheet. Times are the body's, each with its zone; the last columns say them once more
 * as RFC 3339 in UTC.
 */
export function registerCsv(rows: readonly RegisterRow[], words: RegisterWords, zone: Zone): string {
  const minute = (at: number | null): string => (at === null ? "" : timeFigures(at, zone));
  const exact = (at: number | null): string => (at === null ? "" : instantText(at));
  const verdict = (one: Verdict | null): string[] =>
    one === null ? ["not decided", "", ""] : [one.choice, words.reason(one.reason), one.text];
  return csvOf(
    HEAD,
    rows.map((row) => [
      row.incident,
      minute(row.aware),
      words.kind(row.what),
      words.stage(row.stage),
      minute(row.window?.from ?? null),
      minute(row.window?.to ?? null),
      row.people ?? "",
      row.records ?? "",
      row.level === null ? "" : words.level(row.level),
      row.facts,
      row.effects,
      row.remedy,
      ...verdict(row.regulator),
      minute(row.reportedAt),
      row.reportedAt === null ? "" : row.reportedAt <= row.deadline ? "yes" : "no",
      ...verdict(row.peopleTold),
      row.outcome === null ? "" : words.outcome(row.outcome),
      exact(row.aware),
      exact(row.window?.from ?? null),
      exact(row.window?.to ?? null),
      exact(row.reportedAt),
    ]),
  );
}
