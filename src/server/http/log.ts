/**
 * What a process writes about itself: one JSON object per line, of these fields and no others. No address, no query, no
 * body (T27).
 */

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

// What one turn of the event loop has to say is written at once: a call to the system for each line costs more than the
// line.
let lines = "";

export function note({ level, process: name, code, method, route, status, ms, detail }: Line): void {
  if (lines === "") setImmediate(write);
  lines += `${JSON.stringify({ time: new Date().toISOString(), level, process: name, code, method, route, status, ms, detail })}\n`;
  // The process may be about to end.
  if (level === "error") write();
}

function write(): void {
  if (lines !== "") process.stdout.write(lines);
  lines = "";
}

process.once("exit", write);
