/**
 * From one log of an installation to the next: each names the key of the one after it, and begins with the final
 * checkpoint of the one before (docs/LOG.md, Another key).
 */
import { openCheckpoint, parseCheckpoint } from "../log/checkpoint.ts";
import { parseVerifierKey, type VerifierKey } from "../log/note-key.ts";
import { parseNote } from "../log/note.ts";
import { firstEntry, isContinuation, nextKey } from "../log/rotation.ts";
import { Fault } from "../problem.ts";
import { find, type Report } from "./report.ts";
import type { LogSource } from "./source.ts";

/** One of the logs, its number among them, and the key that it must be signed by. */
export type Link = {
  readonly number: number;
  readonly source: LogSource;
  readonly key: VerifierKey;
  /** its checkpoint as it was found; null where there is none */
  readonly note: string | null;
};

const MOST = 1000;
/** A body that came after the log had got another key begins under that one. */
const MOST_BEFORE = 16;

/**
 * The log of a key that was brought from outside, and from there what the logs themselves say: forward by the entry
 * that names the next key, and, where `back`, backward by the checkpoint in the first entry. What does not hold is a
 * finding, and nothing beyond it is followed.
 */
export async function lineage(
  report: Report,
  source: LogSource,
  key: VerifierKey,
  back: boolean,
): Promise<readonly [Link, ...Link[]]> {
  const links: [Link, ...Link[]] = [await startOf(source, key)];
  try {
    while (back && links[0].number > 0) {
      const before = await linkBefore(report, source, links[0]);
      if (before === null) break;
      links.unshift(before);
    }
    for (
      let after = await linkAfter(report, source, links.at(-1)!);
      after !== null;
      after = await linkAfter(report, source, after)
    )
      links.push(after);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !["NOTE_INVALID", "MALFORMED"].includes(thrown.code)) throw thrown;
    find(report, "broken rotation", thrown.detail);
  }
  return links;
}

/** Which of the logs calls itself by the name of the key; the first where none does, for its checkpoint to be refused. */
async function startOf(source: LogSource, key: VerifierKey): Promise<Link> {
  const first = { number: 0, source: source.at(0), key, note: await source.at(0).checkpoint() };
  for (let [number, note, lacking] = [0, first.note, 0]; number < MOST && lacking < MOST_BEFORE; ) {
    if (note !== null && originIn(note) === key.name) return { number, source: source.at(number), key, note };
    // Behind the last of them there is nothing, and before the first of a body that came later.
    if (note === null && first.note !== null) break;
    if (note === null) lacking += 1;
    number += 1;
    note = await source.at(number).checkpoint();
  }
  return first;
}

function originIn(note: string): string | null {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch {
    return null;
  }
}

async function linkAfter(report: Report, source: LogSource, { number, source: here, key }: Link): Promise<Link | null> {
  const [ended, note] = [await here.next(), await here.checkpoint()];
  if (ended === null || note === null) return null;
  const after = { number: number + 1, source: source.at(number + 1), key: nextKey(ended, note, key) };
  const [begun, first] = [await after.source.first(), await after.source.checkpoint()];
  const next = { ...after, note: first };
  if (begun === null || first === null) {
    find(report, "missing", `the log ${key.name} ended, and the one that it names, ${next.key.name}, is not there`);
    return null;
  }
  if (!isContinuation(firstEntry(begun, first, next.key), next.key.name, key, openCheckpoint(note, key)))
    throw new Fault("NOTE_INVALID", `the log ${next.key.name} does not begin with the final checkpoint of ${key.name}`);
  report.holds.push(
    `The log ${key.name} ended with an entry that names the key of ${next.key.name}, which begins with its final checkpoint.`,
  );
  return next;
}

async function linkBefore(
  report: Report,
  source: LogSource,
  { number, source: here, key }: Link,
): Promise<Link | null> {
  const [begun, note] = [await here.first(), await here.checkpoint()];
  if (begun === null || note === null) {
    report.open.push(
      `What stood in the log before ${key.name}: nothing leads back to it. It was lost, or is not shown.`,
    );
    return null;
  }
  const entry = firstEntry(begun, note, key);
  if (entry.kind !== "log.continued") return null;
  const older = source.at(number - 1);
  const final = await older.checkpoint();
  const before = { number: number - 1, source: older, key: parseVerifierKey(entry.previous), note: final };
  if (final === null || !isContinuation(entry, key.name, before.key, openCheckpoint(final, before.key)))
    throw new Fault(
      "NOTE_INVALID",
      `the log ${key.name} does not begin with the final checkpoint of ${before.key.name}`,
    );
  return before;
}
