/** From a report to what changes: nothing is opened twice, and nothing is closed but by a look that showed it gone. */
import { keyOf, type Observation } from "./finding.ts";
import type { Report } from "./report.ts";

export type Judged = {
  /** not open before; one for each key */
  readonly opened: readonly (Observation & { readonly key: string })[];
  /** keys of open findings that were seen again, each with what was seen this time */
  readonly again: ReadonlyMap<string, Observation>;
  /** keys of open findings that are over */
  readonly closed: readonly string[];
};

/** @param open keys of the watcher's open findings */
export function judge(open: ReadonlySet<string>, report: Pick<Report, "watcher" | "seen" | "cleared">): Judged {
  const seen = new Map(report.seen.map((one) => [keyOf(report.watcher, one), one]));
  return {
    opened: [...seen].filter(([key]) => !open.has(key)).map(([key, one]) => ({ ...one, key })),
    again: new Map([...seen].filter(([key]) => open.has(key))),
    // Seen and cleared in one report would be a contradiction: what was seen stays open.
    closed: [...new Set(report.cleared)].filter((key) => open.has(key) && !seen.has(key)),
  };
}

/**
 * A watcher that has not completed a round for this long is silent, and silence is an alarm of its own; milliseconds.
 */
export const SILENT_AFTER = 180_000;

export type Silence = { readonly silent: boolean; readonly since: number | null };

/** @param rounds when each watcher last completed a round; null: never */
export function silenceOf(rounds: readonly (number | null)[], started: number, now: number): Silence {
  const oldest = Math.min(...rounds.map((at) => at ?? started));
  return { silent: now - oldest > SILENT_AFTER, since: rounds.some((at) => at === null) ? null : oldest };
}

/**
 * A watch of an old website is run by hand, so it may pause for a day. After a week of silence it has ended, and is no
 * alarm any more; milliseconds.
 */
export const SITE_SILENT_AFTER = 86_400_000;
export const SITE_ENDED_AFTER = 7 * SITE_SILENT_AFTER;

/**
 * Since when the watch of old websites is silent; null while it reports, where there never was one, and once it has
 * ended.
 * @param round when it last completed a round
 */
export const siteSilentSince = (round: number | null, now: number): number | null =>
  round !== null && now - round > SITE_SILENT_AFTER && now - round <= SITE_ENDED_AFTER ? round : null;
