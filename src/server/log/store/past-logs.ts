/** The logs that ended: their final checkpoints, and what leads from each to the next. */
import type { Bytes } from "../../../domain/bytes.ts";
import { Fault } from "../../../domain/problem.ts";
import type { Whose } from "../../../domain/log/names.ts";
import type { Which } from "./log.ts";
import type { Client, Db } from "../../database/pool.ts";

/**
 * `ended`: the proof of the entry that names the next key; null for a log that was lost. `nextEntry`: the first entry
 * of the log after it, once there is one.
 */
export type PastLog = Which & {
  readonly vkey: string;
  readonly size: number;
  readonly checkpoint: string;
  readonly ended: string | null;
  readonly nextEntry: Bytes | null;
};

const COLUMNS = 'body AS whose, log, vkey, size, checkpoint, ended, next_entry AS "nextEntry"';

/** All of the host's or of a body's, the oldest first. */
export async function pastLogs(db: Db, whose: Whose): Promise<readonly PastLog[]> {
  return (await db.query<PastLog>(`SELECT ${COLUMNS} FROM past_log WHERE body = $1 ORDER BY log`, [whose])).rows;
}

export async function pastLog(db: Db, { whose, log }: Which): Promise<PastLog | undefined> {
  return (await db.query<PastLog>(`SELECT ${COLUMNS} FROM past_log WHERE body = $1 AND log = $2`, [whose, log]))
    .rows[0];
}

/** Whether the log of this key has ended and the next has taken its place. */
export async function isPast(db: Db, vkey: string): Promise<boolean> {
  return ((await db.query("SELECT FROM past_log WHERE vkey = $1", [vkey])).rowCount ?? 0) > 0;
}

/**
 * Puts an empty head in the place of one that is signed to its end, and keeps that one. Throws if it stands anywhere
 * else.
 */
export async function putAside(
  client: Client,
  { whose, log, vkey, size, checkpoint, ended }: Omit<PastLog, "nextEntry">,
): Promise<void> {
  await client.query(
    "INSERT INTO past_log (body, log, vkey, size, checkpoint, ended) VALUES ($6, $1, $2, $3, $4, $5)",
    [log, vkey, size, checkpoint, ended, whose],
  );
  const { rowCount } = await client.query(
    "UPDATE head SET log = log + 1, size = 0, root = NULL, signed_size = 0, checkpoint = NULL, signed_at = NULL, ended = false WHERE log = $1 AND signed_size = $2 AND body = $3",
    [log, size, whose],
  );
  if (rowCount !== 1) throw new Fault("INTERNAL", "the head of the log was moved by somebody else");
}

/** Keeps the first entry of the log after this one. */
export async function keepNextEntry(client: Client, { whose, log }: Which, entry: Bytes): Promise<void> {
  await client.query("UPDATE past_log SET next_entry = $2 WHERE log = $1 AND body = $3 AND next_entry IS NULL", [
    log,
    entry,
    whose,
  ]);
}
