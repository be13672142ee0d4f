/**
 * How long a worker of the counter lives. What a letter said stays somewhere in the memory of the process that read it
 * until that process ends, whatever its code forgets; so it ends soon after its use, and another takes its place.
 */

/** Milliseconds without a request after which a used worker leaves. */
export const REST = 8_000;
/** Milliseconds after its first request from which a worker takes no new connection, however busy it is. */
export const TAKES = 30_000;
/** Milliseconds after its first request at which a worker has ended, whatever it was doing. */
export const ENDS = 60_000;

/** When a worker was used: the times of its first and its newest request; null before the first. */
export type Use = { readonly first: number; readonly last: number } | null;

/** What was said to a worker at `at` is one more use of it. */
export const used = (use: Use, at: number): Use => ({ first: use?.first ?? at, last: at });

/** What a worker does now: it stays, it takes nothing new and ends with its last answer, or it ends at once. */
export function stateOf(use: Use, now: number): "stays" | "leaves" | "ends" {
  if (use === null) return "stays";
  if (now - use.first >= ENDS) return "ends";
  return now - use.last >= REST || now - use.first >= TAKES ? "leaves" : "stays";
}
