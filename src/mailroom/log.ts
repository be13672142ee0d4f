/**
 * What the mailroom writes about itself: these fields and no others. Never an address, a text, a carrier's answer or an
 * error's own words (T27).
 */
import { Fault, type Code } from "../domain/problem.ts";
import type { MailCode } from "../domain/mail/state.ts";

export type Line = {
  readonly level: "info" | "error";
  /** ours, or what a carrier's answer was reduced to */
  readonly code?: Code | MailCode;
  readonly outcome?: string;
  readonly ms?: number;
  readonly detail?: string;
};

export function note({ level, code, outcome, ms, detail }: Line): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, process: "mailroom", code, outcome, ms, detail })}\n`,
  );
}

/** For engineers: our own detail, or the kind of a foreign error and where in our source it arose. */
export function detailOf(thrown: unknown): string {
  if (thrown instanceof Fault) return thrown.detail;
  if (!(thrown instanceof Error)) return "";
  const where = /\/src\/(\S+?:\d+)/.exec(thrown.stack ?? "")?.[1] ?? "";
  return `${thrown.name} ${where}`.trim();
}
