/** Verifying a log: what is signed, the tree, and, as far as they can be looked at, entries and rows. */
import type { Bytes } from "../bytes.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { HOST, keyOfLog, type Whose } from "../log/names.ts";
import type { VerifierKey } from "../log/note-key.ts";
import type { Policy } from "../log/policy.ts";
import { Fault } from "../problem.ts";
import { tileWidth } from "../log/tile.ts";
import { checkSigned, checkSince, checkWitnesses } from "./checkpoint.ts";
import type { Operators, Roots } from "./chains.ts";
import { newRowCheck, type RowCheck } from "./database.ts";
import { newEntryCheck, type Means } from "./entries.ts";
import { lineage, type Link } from "./lineage.ts";
import { addOf, newReport, type Report } from "./report.ts";
import type { Rows } from "./rows.ts";
import type { LogSource } from "./source.ts";
import { checkTimes } from "./times.ts";
import { checkTree, type Recomputed } from "./tree.ts";

/** What the caller brings from outside the log: its key above all. */
export type Asked = {
  /** of the host's log, or of the body's that is asked for */
  readonly source: LogSource;
  readonly key: VerifierKey;
  /** Whose log this is; the host's unless it is said. */
  readonly whose?: Whose;
  readonly policy?: Policy;
  /** A signed checkpoint that somebody kept. */
  readonly since?: string;
  readonly entries: boolean;
  /**
   * Rows are of all logs, so with them the logs of all bodies are looked at, too. Opened once the checkpoints are there:
   * rows seen before one could be older than what is signed.
   */
  readonly rows?: () => Promise<Rows & { readonly close?: () => Promise<void> }>;
  /** Of the bodies, for the statements among the rows. */
  readonly roots?: Roots;
  /** Of the host, for what they asked. */
  readonly operators?: Operators;
};

/** One log with those that lead to it and from it, and what was found of it. */
type Line = { readonly whose: Whose; readonly links: readonly Link[]; readonly report: Report };

/**
 * @throws `Refusal`, `Fault` only for what could not be read at all; what is wrong with the log stands in the report
 */
export async function verifyLogBy(means: Means, asked: Asked): Promise<Report> {
  const report = newReport();
  const { whose = HOST } = asked;
  // Entries of the logs before are somebody else's question; rows are not.
  const lineOf = async (theirs: Whose): Promise<Line> => {
    const own = newReport();
    const source = theirs === whose ? asked.source : asked.source.of(theirs);
    const key = theirs === whose ? asked.key : keyOfLog(asked.key, theirs);
    return { whose: theirs, report: own, links: await lineage(own, source, key, asked.rows !== undefined) };
  };
  const lines = [await lineOf(whose)];
  for (const body of await bodiesOf(asked)) lines.push(await lineOf(body));
  const since = asked.since === undefined ? null : sinceOf(report, asked.since, lines, asked.key);
  const rows = await asked.rows?.();
  let isWitnessed = true;
  let whole = true;
  try {
    const rowCheck = rows && (await newRowCheck(report, rows, means.sha, asked.roots ?? new Map(), asked.operators));
    for (const { whose: theirs, links, report: own } of lines) {
      let last = false;
      for (const link of links) {
        const of = since?.key === link.key ? since : null;
        const found = await verifyOne(means, own, asked, theirs, link, of, rowCheck);
        if (found === null) whole = false;
        last = found?.isWitnessed ?? false;
      }
      isWitnessed &&= last;
      addOf(report, theirs, own);
    }
    if (whole) await rowCheck?.end();
  } finally {
    await rows?.close?.();
  }
  tellOpen(report, asked, isWitnessed);
  return report;
}

/** The bodies whose logs belong to the rows: those that the caller knows, and those that the rows have. */
async function bodiesOf({ rows, roots }: Asked): Promise<readonly Whose[]> {
  if (!rows) return [];
  // Their checkpoints must be there before the rows are looked at, so their names are asked for by themselves.
  const named = await rows();
  try {
    return [...new Set([...(roots?.keys() ?? []), ...(await named.logs())])].filter((one) => one !== HOST).sort();
  } finally {
    await named.close?.();
  }
}

type Since = { readonly key: VerifierKey; readonly note: string; readonly checkpoint: Checkpoint };

/** The older checkpoint is of one of the logs that are looked at. */
function sinceOf(report: Report, note: string, lines: readonly Line[], key: VerifierKey): Since | null {
  const links = lines.flatMap((line) => line.links);
  const of = links.find((link) => note.startsWith(`${link.key.name}\n`))?.key ?? key;
  const checkpoint = checkSigned(report, note, of, "the older checkpoint");
  return checkpoint && { key: of, note, checkpoint };
}

/** One log: null when nothing of it is signed. */
async function verifyOne(
  means: Means,
  report: Report,
  asked: Asked,
  whose: Whose,
  { number, source, key, note }: Link,
  since: Since | null,
  rowCheck: RowCheck | undefined,
): Promise<{ readonly isWitnessed: boolean } | null> {
  const checkpoint = checkSigned(report, note, key, "the checkpoint");
  if (note === null || checkpoint === null) {
    report.looked.push("As a stranger: the checkpoint, and nothing under it, because nothing is signed.");
    return null;
  }
  const isWitnessed = asked.policy !== undefined && checkWitnesses(report, note, key, asked.policy);
  const entryCheck = (await mayLook(report, asked, whose, source, checkpoint.size))
    ? newEntryCheck(report, { ...checkpoint, whose }, since?.checkpoint.size ?? null, means)
    : null;
  const marks = since !== null && since.checkpoint.size <= checkpoint.size ? [since.checkpoint.size] : [];
  const bundles = ahead8(source, checkpoint.size);
  rowCheck?.begin({ whose, log: number, size: checkpoint.size });
  let tree: Recomputed | null;
  try {
    tree = await checkTree(report, source, checkpoint, marks, means.sha, async (index, hashes) => {
      await entryCheck?.bundle(index, await bundles(index), hashes);
      await rowCheck?.tile(index, hashes);
    });
    if (entryCheck !== null) checkTimes(report, await entryCheck.end(), asked.policy, note, since?.note ?? null);
  } finally {
    await entryCheck?.close();
  }
  rowCheck?.endLog();
  if (since !== null) checkSince(report, since.checkpoint, checkpoint, tree);
  return { isWitnessed };
}

/** Whether entries are looked at: those of another body's log, beside the rows, only where they are shown. */
async function mayLook(report: Report, asked: Asked, whose: Whose, source: LogSource, size: number): Promise<boolean> {
  if (!asked.entries || whose === (asked.whose ?? HOST)) return asked.entries;
  try {
    await source.bundle(0, tileWidth({ level: 0, index: 0 }, size));
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "REFUSED_ROLE") throw thrown;
    report.open.push("What the entries say: they are shown to its owners and auditors.");
    return false;
  }
}

const AHEAD = 8;

/** Bundles by index, each asked for somewhat before its turn. Called in rising order. */
function ahead8(source: LogSource, size: number): (index: number) => Promise<Bytes | null> {
  const under = new Map<number, Promise<Bytes | null>>();
  const last = Math.ceil(size / 256);
  return (index) => {
    for (let next = index; next < Math.min(last, index + AHEAD); next++) {
      if (under.has(next)) continue;
      const one = source.bundle(next, tileWidth({ level: 0, index: next }, size));
      one.catch(() => {});
      under.set(next, one);
    }
    for (const known of under.keys()) if (known < index) under.delete(known);
    return under.get(index)!;
  };
}

function tellOpen(report: Report, { since, entries, rows }: Asked, isWitnessed: boolean): void {
  if (since === undefined && !isWitnessed)
    report.open.push(
      "Rollback: an older state of this log, shown as if it were the newest, could not be told from it. Give an older checkpoint with --since, or a policy that names witnesses.",
    );
  if (!isWitnessed)
    report.open.push(
      "Two logs for two people: only witnesses, or comparing checkpoints with somebody else, would show it.",
    );
  if (!entries) report.open.push("What the entries say: give --entries.");
  if (rows === undefined) report.open.push("Whether the rows of the database are what the log says: give --database.");
}
