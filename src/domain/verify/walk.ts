/**
 * Every stored byte, a page of the log at a time: the database hashes what it has, and the hash is compared with what
 * was received. Sealed bytes are many, so this is a walk of its own, and its age says how old its answer is.
 */
import { compareReceived } from "./compare-rows.ts";
import { nameOf } from "./event-rows.ts";
import { newJudge, type Of } from "./judge.ts";
import { entryOf } from "./look.ts";
import type { Report } from "./report.ts";
import type { Rows } from "./rows.ts";

/** So many events are one page: a tile of them. */
export const WALK_STEP = 256;

/** One page, from a leaf on. Erased letters are another check's question. @returns how many events it has */
export async function walkBytes(report: Report, rows: Rows, of: Of, from: number): Promise<number> {
  const events = await rows.events(of, from, from + WALK_STEP);
  const judge = newJudge(report, []);
  const received = events.flatMap((row) => {
    const entry = entryOf(row.entry);
    return entry?.kind === "submission.received" ? [{ leaf: nameOf(row, row.leaf!), entry }] : [];
  });
  await compareReceived(
    // A row that is gone, or marked as erased, is told of by whoever compares all rows.
    { ...judge, missing: () => false, erasures: { letter: () => {}, lost: () => {} } },
    rows,
    received,
  );
  return events.length;
}
