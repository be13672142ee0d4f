/** Verifying a log: what is signed, the tree, and, as far as they can be looked at, entries and rows. */
import type { Bytes } from "../bytes.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import type { VerifierKey } from "../log/note-key.ts";
import type { Policy } from "../log/policy.ts";
import { tileWidth } from "../log/tile.ts";
import { checkSigned, checkSince, checkWitnesses } from "./checkpoint.ts";
import type { Operators, Roots } from "./chains.ts";
import { newRowCheck, type RowCheck } from "./database.ts";
import { newEntryCheck, type Means } from "./entries.ts";
import { lineage, type Link } from "./lineage.ts";
import { newReport, type Report } from "./report.ts";
import type { Rows } from "./rows.ts";
import type { LogSource } from "./source.ts";
import { checkTimes } from "./times.ts";
import { checkTree, type Recomputed } from "./tree.ts";

/** What the caller brings from outside the log: its key above all. */
export type Asked = {
  readonly source: LogSource;
  readonly key: VerifierKey;
  readonly policy?: Policy;
  /** A signed checkpoint that somebody kept. */
  readonly since?: string;
  readonly entries: boolean;
  /** Opened once a checkpoint is there: rows seen before it could be older than what is signed. */
  readonly rows?: () => Promise<Rows & { readonly close?: () => Promise<void> }>;
  /** Of the bodies, for the statements among the rows. */
  readonly roots?: Roots;
  /** Of the host, for what they asked. */
  readonly operators?: Operators;
};

/**
 * @throws `Refusal`, `Fault` only for what could not be read at all; what is wrong with the log stands in the report
 */
export async function verifyLogBy(means: Means, asked: Asked): Promise<Report> {
  const report = newReport();
  // Rows are of all logs, so all are needed beside them; entries of the logs before are somebody else's question.
  const links = await lineage(report, asked.source, asked.key, asked.rows !== undefined);
  const since = asked.since === undefined ? null : sinceOf(report, asked.since, links, asked.key);
  const rows = await asked.rows?.();
  let isWitnessed = false;
  let whole = true;
  try {
    const rowCheck = rows && (await newRowCheck(report, rows, means.sha, asked.roots ?? new Map(), asked.operators));
    for (const link of links) {
      const found = await verifyOne(means, report, asked, link, since?.key === link.key ? since : null, rowCheck);
      if (found === null) whole = false;
      else isWitnessed = found.isWitnessed;
    }
    if (whole) await rowCheck?.end();
  } finally {
    await rows?.close?.();
  }
  tellOpen(report, asked, isWitnessed);
  return report;
}

type Since = { readonly key: VerifierKey; readonly note: string; readonly checkpoint: Checkpoint };

/** The older checkpoint is of one of the logs that lead to the newest. */
function sinceOf(report: Report, note: string, links: readonly Link[], key: VerifierKey): Since | null {
  const of = links.find((link) => note.startsWith(`${link.key.name}\n`))?.key ?? key;
  const checkpoint = checkSigned(report, note, of, "the older checkpoint");
  return checkpoint && { key: of, note, checkpoint };
}

/** One log: null when nothing of it is signed. */
async function verifyOne(
  means: Means,
  report: Report,
  asked: Asked,
  { number, source, key }: Link,
  since: Since | null,
  rowCheck: RowCheck | undefined,
): Promise<{ readonly isWitnessed: boolean } | null> {
  const note = await source.checkpoint();
  const checkpoint = checkSigned(report, note, key, "the checkpoint");
  if (note === null || checkpoint === null) {
    report.looked.push("As a stranger: the checkpoint, and nothing under it, because nothing is signed.");
    return null;
  }
  const isWitnessed = asked.policy !== undefined && checkWitnesses(report, note, key, asked.policy);
  const entryCheck = asked.entries ? newEntryCheck(report, checkpoint, since?.checkpoint.size ?? null, means) : null;
  const marks = since !== null && since.checkpoint.size <= checkpoint.size ? [since.checkpoint.size] : [];
  const bundles = ahead8(source, checkpoint.size);
  rowCheck?.begin(number, checkpoint.size);
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
