/** What a process writes about itself: one JSON object per line, of these fields and no others. No address, no query, no body (T27). */

export type Line = {
  readonly level: "info" | "warn" | "error";
  readonly process: string;
  readonly code?: string;
  readonly method?: string;
  /** the route's pattern, never the address that was asked for */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly detail?: string;
};

export function note({ level, process: name, code, method, route, status, ms, detail }: Line): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, process: name, code, method, route, status, ms, detail })}\n`);
}
