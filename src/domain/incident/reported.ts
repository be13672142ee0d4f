/** The versions of the report, as the acts of an incident name them. */
import { toHex, fromUtf8, type Bytes } from "../bytes.ts";
import { textCommitment } from "../person/details.ts";
import type { ActEvent } from "./act.ts";
import { isPhase, type Phase } from "./report-choices.ts";
import { parseReport, type Report } from "./report.ts";

/** `report` is the salted hash of the version. */
export type Reported = { readonly version: number; readonly phase: Phase; readonly report: string };

export function reportedOf({
  version,
  phase,
  report,
}: Extract<ActEvent, { kind: "incident.reported" }>): Reported | null {
  return isPhase(phase) ? { version, phase, report } : null;
}

/**
 * Versions are counted through; the first is a first report, and only before one was sent is there another first
 * report.
 */
export function mayReport(before: readonly Reported[], firstSent: number | null, next: Reported): boolean {
  if (next.version !== before.length + 1) return false;
  return next.phase === "initial" ? firstSent === null : before.length > 0;
}

/** What the log says of a version: hex HMAC under the version's own salt over its bytes. */
export const reportCommitment = (salt: Bytes, report: Bytes): string => toHex(textCommitment(salt, fromUtf8(report)));

/** A kept version and its salt, compared with what the act says of it; null where they do not fit. */
export function versionOf(
  said: Reported & { readonly incident: string; readonly body: string },
  content: Bytes,
  salt: Bytes,
): Report | null {
  try {
    if (reportCommitment(salt, content) !== said.report) return null;
    const report = parseReport(content);
    return report.version === said.version &&
      report.phase === said.phase &&
      report.incident === said.incident &&
      report.body === said.body
      ? report
      : null;
  } catch {
    return null;
  }
}
