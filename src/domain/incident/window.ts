/**
 * The window: when it may have begun, when it had certainly begun, when it ended. The earliest start decides who is
 * affected: whoever is in doubt is in.
 */
import type { ActEvent } from "./act.ts";
import { known, WINDOW_BASES, type WindowBasis } from "./codes.ts";

/** Times in milliseconds, each with what it rests on. Without an end it goes on. */
export type Window = {
  readonly earliest: number;
  readonly earliestBasis: WindowBasis;
  readonly latest: number;
  readonly latestBasis: WindowBasis;
  readonly end?: number;
  readonly endBasis?: WindowBasis;
};

/** What an act says of the window; null when times are out of order or later than `now`, or a basis is missing. */
export function windowOf(event: Extract<ActEvent, { kind: "incident.window" }>, now: number): Window | null {
  const { earliest, latest, end } = event;
  const [earliestBasis, latestBasis, endBasis] = [
    known(WINDOW_BASES, event.earliestBasis),
    known(WINDOW_BASES, event.latestBasis),
    known(WINDOW_BASES, event.endBasis),
  ];
  if (!earliestBasis || !latestBasis || earliest > latest || latest > now) return null;
  if (end === undefined) return event.endBasis === undefined ? { earliest, earliestBasis, latest, latestBasis } : null;
  if (!endBasis || end < latest || end > now) return null;
  return { earliest, earliestBasis, latest, latestBasis, end, endBasis };
}

/** From when until when something could be reached; `until` is null while it goes on. */
export const reachable = ({ earliest, end }: Window): { readonly from: number; readonly until: number | null } => ({
  from: earliest,
  until: end ?? null,
});
