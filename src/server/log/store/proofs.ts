/** Proofs out of the database, for the process that hands over bytes: reads event, head and tiles, writes nothing. */
import type { SeenSize } from "../../../contract/log.ts";
import type { Bytes } from "../../../domain/bytes.ts";
import type { ShownLog } from "../../../domain/log/audit.ts";
import { encodeProof, type LogProof } from "../../../domain/log/proof.ts";
import { entryProof } from "../../../domain/log/rotation.ts";
import { nodesOfTiles, tilesFor } from "../../../domain/log/tile.ts";
import { consistencyProof, inclusionProof, type ReadNode } from "../../../domain/log/tree.ts";
import { Fault } from "../../../domain/problem.ts";
import type { Whose } from "../../../domain/log/names.ts";
import { readTiles, type Which } from "./log.ts";
import { pastLog, pastLogs } from "./past-logs.ts";
import type { Db } from "../../database/pool.ts";
import { publishedCheckpoint } from "./tiles.ts";

/** The tlog-proof text of an event and the entry that it proves. */
export type EventProof = { readonly proof: string; readonly entry: Bytes };

/**
 * The proof of an event, or null while no published checkpoint covers it.
 * @throws `LOG_DIVERGED` when a tile is missing
 */
export async function releaseProof(db: Db, event: number): Promise<EventProof | null> {
  const { rows } = await db.query<Which & { entry: Bytes; leaf: number; size: number; checkpoint: string }>(
    `SELECT e.entry, e.leaf, e.body AS whose, e.log, s.size, s.checkpoint FROM event e
     JOIN (SELECT body, log, signed_size AS size, checkpoint FROM head UNION ALL SELECT body, log, size, checkpoint FROM past_log) s ON s.body = e.body AND s.log = e.log AND e.leaf < s.size AND s.checkpoint IS NOT NULL
     WHERE e.id = $1`,
    [event],
  );
  const row = rows[0];
  if (!row) return null;
  // Tiles only grow, so those read a moment later still hold the tree of that size.
  const tiles = await readTiles(
    db,
    tilesFor((read) => inclusionProof(row.leaf, row.size, read)),
    row,
  );
  const hashes = inclusionProof(row.leaf, row.size, nodesOfTiles(tiles));
  return { proof: encodeProof({ index: row.leaf, hashes, checkpoint: row.checkpoint }), entry: row.entry };
}

/** The same for the event by which a submission was received. */
export async function receivedProof(db: Db, submission: string): Promise<EventProof | null> {
  const { rows } = await db.query<{ event: number }>("SELECT event FROM receipt WHERE submission = $1", [submission]);
  return rows[0] ? releaseProof(db, rows[0].event) : null;
}

/**
 * The host's logs, or a body's, as they are shown to somebody who may have seen them before: from the oldest to which something leads back
 * (or that they have seen) on, each with its checkpoint, how that extends the sizes they saw, and what leads from one
 * to the next. Empty before the first checkpoint. @throws `LOG_NOT_SIGNED` while a log that goes on has none yet
 */
export async function auditedLog(
  db: Db,
  whose: Whose,
  seen: readonly SeenSize[],
): Promise<(ShownLog & { readonly log: number })[]> {
  const [past, published] = [await pastLogs(db, whose), await publishedCheckpoint(db, whose)];
  if (published === null && past.length > 0) throw new Fault("LOG_NOT_SIGNED");
  const logs = [
    ...past.map(({ log, checkpoint, size, ended }) => ({ log, note: checkpoint, size, ended })),
    ...(published === null
      ? []
      : [{ log: published.log, note: published.note, size: published.checkpoint.size, ended: null }]),
  ].map((log) => ({ ...log, origin: originOf(log.note) }));
  const led = logs.slice(0, -1).findLastIndex(({ ended }) => ended === null) + 1;
  const first = logs.findIndex(({ origin }, log) => log >= led || seen.some((one) => one.origin === origin));
  return Promise.all(
    logs.slice(Math.max(first, 0)).map(async ({ log, note, origin, size, ended }, nth) => {
      const sizes = [...new Set(seen.filter((one) => one.origin === origin).map((one) => one.size))];
      return {
        log,
        checkpoint: note,
        proofs: await consistencyProofs(db, { whose, log }, sizes, size),
        begun: nth === 0 ? null : await beginning(db, { whose, log }, note, size),
        ended,
      };
    }),
  );
}

/** The proof of the first entry of a log that goes on, with the entry in it; null where none is known. */
export async function beginning(db: Db, of: Which, note: string, size: number): Promise<string | null> {
  const entry = (await pastLog(db, { whose: of.whose, log: of.log - 1 }))?.nextEntry;
  if (!entry) return null;
  const prove = (read: ReadNode): Bytes[] => inclusionProof(0, size, read);
  return entryProof(0, new Uint8Array(entry), prove(nodesOfTiles(await readTiles(db, tilesFor(prove), of))), note);
}

const originOf = (note: string): string => note.slice(0, note.indexOf("\n"));

/** None for a size that the tree has not, or that needs none: it is for the asker to refuse. */
async function consistencyProofs(
  db: Db,
  of: Which,
  sizes: readonly number[],
  size: number,
): Promise<ShownLog["proofs"]> {
  const provable = sizes.filter((old) => old > 0 && old < size);
  const prove = (read: ReadNode): { size: number; hashes: Bytes[] }[] =>
    provable.map((old) => ({ size: old, hashes: consistencyProof(old, size, read) }));
  return prove(nodesOfTiles(await readTiles(db, tilesFor(prove), of)));
}

/**
 * The parts of a proof, of an entry that this login may see; null while no published checkpoint covers it. Reads of the
 * head nothing but its checkpoint and which log it is of, so the public process can ask, too. @throws `LOG_DIVERGED`
 * when a tile is missing
 */
export async function proofParts(
  db: Db,
  event: number,
): Promise<{ readonly entry: Bytes; readonly proof: LogProof } | null> {
  const { rows } = await db.query<Which & { entry: Bytes; leaf: number | null }>(
    "SELECT entry, leaf, body AS whose, log FROM event WHERE id = $1",
    [event],
  );
  const row = rows[0];
  if (!row || row.leaf === null) return null;
  const published = await publishedCheckpoint(db, row.whose, row.log);
  if (published === null || row.leaf >= published.checkpoint.size) return null;
  const { leaf, entry } = row;
  const { size } = published.checkpoint;
  const tiles = await readTiles(
    db,
    tilesFor((read) => inclusionProof(leaf, size, read)),
    row,
  );
  return {
    entry,
    proof: { index: leaf, hashes: inclusionProof(leaf, size, nodesOfTiles(tiles)), checkpoint: published.note },
  };
}

/**
 * How far the host's log is, for `/health` and the log page. `waitingSince`: the time of the oldest event that no
 * published checkpoint covers, of whichever log.
 */
export type LogState = {
  readonly size: number;
  readonly signedSize: number;
  readonly checkpoint: string | null;
  readonly signedAt: number | null;
  readonly waitingSince: number | null;
};

export async function logState(db: Db): Promise<LogState> {
  const { rows } = await db.query<LogState>(
    `SELECT size, signed_size AS "signedSize", checkpoint, signed_at AS "signedAt",
       least((SELECT min(at) FROM event WHERE leaf IS NULL AND aside IS NULL),
         (SELECT min(e.at) FROM head h JOIN event e ON e.body = h.body AND e.log = h.log AND e.leaf >= h.signed_size)) AS "waitingSince"
     FROM head WHERE body = ''`,
  );
  return rows[0] ?? { size: 0, signedSize: 0, checkpoint: null, signedAt: null, waitingSince: null };
}
