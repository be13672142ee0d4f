/**
 * What the counter writes about itself: these fields and no others. Never an address, a field, a body or an error's own
 * text (T27).
 */
import { Fault, type Code } from "../domain/problem.ts";

export type Line = {
  readonly level: "info" | "error";
  readonly code?: Code;
  readonly method?: string;
  /** the route's pattern */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly detail?: string;
};

export function note({ level, code, method, route, status, ms, detail }: Line): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, process: "counter", code, method, route, status, ms, detail })}\n`,
  );
}

/** For engineers: our own detail, or the kind of a foreign error and where in our source it arose. */
export function detailOf(thrown: unknown): string {
  if (thrown instanceof Fault) return thrown.detail;
  if (!(thrown instanceof Error)) return "";
  const where = /\/src\/(\S+?:\d+)/.exec(thrown.stack ?? "")?.[1] ?? "";
  return `${thrown.name} ${where}`.trim();
}
