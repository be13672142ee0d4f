/** What a check of rows finds: said once each, and counted. Rows that went with an older database are no fault. */
import type { Entry } from "../log/event.ts";
import type { Whose } from "../log/names.ts";
import { find, type Report, type Wrong } from "./report.ts";

/** Where an older database was put in place, as the log itself says. */
export type Gap = Extract<Entry, { kind: "database.restored" }> & Of;

/** One log of the installation: whose, and which of theirs. */
export type Of = { readonly whose: Whose; readonly log: number };

export type Judge = {
  readonly say: (kind: Wrong, what: string) => void;
  /** something of the event `leaf` is contradicted */
  readonly against: (leaf: string, what: string) => void;
  /** a row of it is not there; true where that is the log's own account of a gap */
  readonly missing: (leaf: string, what: string) => boolean;
  /** Notes that an event stands in a gap, if it does. */
  readonly place: (leaf: string, of: Of, at: number) => void;
  /** One more wrong thing, which somebody else puts into words. */
  readonly count: () => void;
  readonly result: () => { readonly wrong: number; readonly lost: number };
};

export function newJudge(report: Report, gaps: readonly Gap[]): Judge {
  const inGap = new Set<string>();
  let wrong = 0;
  let lost = 0;
  const say = (kind: Wrong, what: string): void => {
    wrong += 1;
    find(report, kind, what);
  };
  const against = (leaf: string, what: string): void => say("contradicted", `${leaf}: ${what}`);
  return {
    say,
    against,
    missing(leaf, what) {
      if (!inGap.has(leaf)) against(leaf, what);
      else lost += 1;
      return inGap.has(leaf);
    },
    place(leaf, { whose, log }, at) {
      if (gaps.some((gap) => gap.whose === whose && gap.log === log && gap.from <= at && at < gap.to)) inGap.add(leaf);
    },
    count: () => void (wrong += 1),
    result: () => ({ wrong, lost }),
  };
}
