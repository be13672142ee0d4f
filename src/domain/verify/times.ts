/**
 * The log's own clock beside those of its witnesses (T9). An entry under a checkpoint is older than the cosignature
 * over it, and what came after a co-signed checkpoint is younger; where an entry says otherwise by more than the
 * tolerance, one of the clocks is wrong, or lies.
 */
import { cosignaturesOf } from "../log/cosignature.ts";
import type { Policy } from "../log/policy.ts";
import { Fault } from "../problem.ts";
import { find, number, type Report } from "./report.ts";
import { instantText } from "../time.ts";

/** Clocks that are kept as usual, and events that wait a little for their leaf. Milliseconds. */
const TOLERANCE = 300_000;

export type Dated = { readonly leaf: number; readonly at: number };

/** The extremes among the entries: what no clock of the log can hide from a witness. */
export type Times = {
  readonly newest: Dated | null;
  /** among those after the older checkpoint */
  readonly oldestSince: Dated | null;
};

/** @param note the checkpoint over all entries @param since the older one, if it holds */
export function checkTimes(
  report: Report,
  { newest, oldestSince }: Times,
  policy: Policy | undefined,
  note: string,
  since: string | null,
): void {
  const before = report.findings.length;
  let compared = 0;
  for (const { name, at } of cosigned(policy, note)) {
    if (newest === null) continue;
    compared += 1;
    if (newest.at > at + TOLERANCE)
      find(
        report,
        "wrong time",
        `entry ${number(newest.leaf)} says ${day(newest.at)}, and ${name} co-signed a checkpoint over it on ${day(at)}, ${apart(newest.at - at)} earlier: the log's clock is ahead of the witness's`,
      );
  }
  for (const { name, at } of since === null ? [] : cosigned(policy, since)) {
    if (oldestSince === null) continue;
    compared += 1;
    if (oldestSince.at < at - TOLERANCE)
      find(
        report,
        "wrong time",
        `entry ${number(oldestSince.leaf)} says ${day(oldestSince.at)}, and ${name} co-signed the log without it on ${day(at)}, ${apart(at - oldestSince.at)} later: it was written down late or dated back, or the log's clock is behind the witness's`,
      );
  }
  if (compared > 0 && report.findings.length === before)
    report.holds.push("No time in an entry differs from what the witnesses' times allow by more than 5 minutes.");
  if (compared === 0)
    report.open.push("The times in the entries are the log's own: no witness's time stands beside them.");
}

/** False cosignatures are told elsewhere. */
function cosigned(policy: Policy | undefined, note: string): { readonly name: string; readonly at: number }[] {
  return (policy?.witnesses ?? []).flatMap(({ name, key }) => {
    try {
      return cosignaturesOf(note, [key]).map(({ time }) => ({ name, at: time * 1000 }));
    } catch (thrown) {
      if (thrown instanceof Fault) return [];
      throw thrown;
    }
  });
}

/** A time outside the calendar is one too. */
const day = (at: number): string => (Math.abs(at) <= 8.64e15 ? instantText(at) : `${number(at)} ms after 1970`);

function apart(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${number(minutes)} minutes`;
  return minutes < 2880 ? `${number(Math.round(minutes / 60))} hours` : `${number(Math.round(minutes / 1440))} days`;
}
