/** Acts of cases, and the sealed replies. Who may read a row: `sql/000002.sql`. */
import type { Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { Client, Db } from "../database/pool.ts";

/** One act of a case at a time. */
export const lockCase = (client: Client, letter: string): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7216, hashtext($1))", [letter]);

/** The entry by which a letter was received. @throws `REFUSED_NO_GRANT` for one that is not there */
export async function letterEntry(db: Db, letter: string): Promise<Bytes> {
  const { rows } = await db.query<{ entry: Buffer }>(
    "SELECT e.entry FROM receipt r JOIN event e ON e.id = r.event WHERE r.submission = $1",
    [letter],
  );
  if (!rows[0]) throw new Fault("REFUSED_NO_GRANT");
  return new Uint8Array(rows[0].entry);
}

/** The entries of a case's acts, the first first. */
export async function actsOfCase(db: Db, letter: string): Promise<readonly Bytes[]> {
  const { rows } = await db.query<{ entry: Buffer }>(
    "SELECT e.entry FROM case_act a JOIN event e ON e.id = a.event WHERE a.submission = $1 ORDER BY a.seq",
    [letter],
  );
  return rows.map(({ entry }) => new Uint8Array(entry));
}

export type NewReply = {
  readonly letter: string;
  readonly seq: number;
  readonly event: number;
  readonly reply: string;
  readonly bytes: Bytes;
};

/** Beside an event and its act that were written in this transaction. */
export async function insertReply(client: Client, { letter, seq, event, reply, bytes }: NewReply): Promise<void> {
  await client.query("INSERT INTO case_act (submission, seq, event) VALUES ($1, $2, $3)", [letter, seq, event]);
  // Without ON CONFLICT: it would ask whether this login may see the row, which it may under a release that runs alone,
  // and whoever writes takes longer than that.
  await client.query("INSERT INTO reply (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
    reply,
    letter,
    event,
    bytes,
  ]);
}

export type ReplyRow = {
  readonly event: number;
  readonly epoch: number;
  readonly person: string;
  readonly bySalt: Buffer;
  readonly signature: Buffer;
  readonly bytes: Buffer;
  /** the event by which whoever has the words was given it */
  readonly fetched: number | null;
};

/** The replies to a letter, the first first: the database shows them under a signed release of the letter alone. */
export async function repliesOf(db: Db, letter: string): Promise<readonly ReplyRow[]> {
  const { rows } = await db.query<ReplyRow>(
    `SELECT a.event, (convert_from(e.entry, 'UTF8')::jsonb ->> 'epoch')::integer AS epoch, t.person, s.salt AS "bySalt", t.signature, r.bytes, f.event AS fetched
     FROM case_act a JOIN event e ON e.id = a.event JOIN act t ON t.event = a.event JOIN event_secret s ON s.event = a.event AND s.person = t.person
     JOIN reply r ON r.event = a.event LEFT JOIN reply_fetched f ON f.reply = r.id WHERE a.submission = $1 ORDER BY a.seq`,
    [letter],
  );
  return rows;
}
