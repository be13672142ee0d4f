/** What a verifier found, in words: how deep it looked, what holds, what does not, and what could not be judged. */

import { HOST, type Whose } from "../log/names.ts";

/** The closed list of what can be wrong with a log, or with what is proved by one. */
export type Wrong =
  | "truncated"
  | "rolled back"
  | "forked"
  | "reordered"
  | "altered"
  | "bad signature"
  | "missing"
  | "contradicted"
  | "broken chain"
  | "broken rotation"
  | "not witnessed"
  | "wrong time"
  | "set aside"
  | "not in the log";

export type Finding = { readonly wrong: Wrong; readonly what: string };

export type Report = {
  /** What was looked at, one line for each depth: stranger, auditor, database. */
  readonly looked: string[];
  readonly holds: string[];
  readonly findings: Finding[];
  /** What could not be judged, and what would be needed. */
  readonly open: string[];
  /** How many more findings there were than are kept. */
  more: number;
};

/** A log that is wrong everywhere would fill the memory. */
const MOST_FINDINGS = 100;

export const newReport = (): Report => ({ looked: [], holds: [], findings: [], open: [], more: 0 });

export function find(report: Report, wrong: Wrong, what: string): void {
  if (report.findings.length < MOST_FINDINGS) report.findings.push({ wrong, what });
  else report.more += 1;
}

/** Adds what was found of one log of several, each line with whose it is. */
export function addOf(report: Report, whose: Whose, own: Report): void {
  const named = (line: string): string => (whose === HOST ? line : `The log of ${whose}: ${line}`);
  report.looked.push(...own.looked.map(named));
  report.holds.push(...own.holds.map(named));
  report.open.push(...own.open.map(named));
  for (const { wrong, what } of own.findings)
    find(report, wrong, whose === HOST ? what : `the log of ${whose}: ${what}`);
  report.more += own.more;
}

/** Whether everything that could be looked at holds. */
export const isSound = (report: Report): boolean => report.findings.length === 0;

/** 1,234,567. */
export const number = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");

const LOG_ADVICE = {
  sound: "Everything that was looked at holds.",
  unsound:
    "This log must not be relied on. Keep what was checked, and tell the data protection officer and whoever else keeps checkpoints of this log.",
};

/** The report as lines for a person. */
export function linesOf(report: Report, advice = LOG_ADVICE): string[] {
  return [
    ...section("Looked at", report.looked),
    ...section("Holds", report.holds),
    ...section("Does not hold", [
      ...report.findings.map(({ wrong, what }) => `${wrong}: ${what}`),
      ...(report.more > 0 ? [`and ${number(report.more)} more`] : []),
    ]),
    ...section("Could not be judged", report.open),
    "",
    isSound(report) ? advice.sound : advice.unsound,
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  - ${line}`)];
