/** Acts of cases, the sealed replies and notes. Who may read a row: `sql/000002.sql`. */
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

/** Where an act stands, beside an event and its signature that were written in this transaction. */
export const insertAct = (
  client: Client,
  { letter, seq, event }: { readonly letter: string; readonly seq: number; readonly event: number },
): Promise<unknown> =>
  client.query("INSERT INTO case_act (submission, seq, event) VALUES ($1, $2, $3)", [letter, seq, event]);

type NewText = { readonly letter: string; readonly event: number; readonly bytes: Bytes };

/**
 * Beside its act. Without ON CONFLICT, here and below: it would ask whether this login may see the row, which it may
 * under a release that runs alone, and whoever writes takes longer than that.
 */
export const insertReply = async (client: Client, one: NewText & { readonly reply: string }): Promise<void> => {
  await client.query("INSERT INTO reply (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
    one.reply,
    one.letter,
    one.event,
    one.bytes,
  ]);
};

export const insertNote = async (client: Client, one: NewText & { readonly note: string }): Promise<void> => {
  await client.query("INSERT INTO case_note (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
    one.note,
    one.letter,
    one.event,
    one.bytes,
  ]);
};

export type SignedRow = {
  readonly event: number;
  readonly kind: string;
  readonly entry: Buffer;
  readonly epoch: number;
  readonly person: string;
  readonly bySalt: Buffer;
  readonly signature: Buffer;
  /** whom else the event commits to */
  readonly other: string | null;
  readonly otherSalt: Buffer | null;
  readonly bytes: Buffer | null;
  /** the event by which whoever has the words was given it */
  readonly fetched: number | null;
};

const WITH_BYTES =
  "LEFT JOIN reply r ON r.event = a.event LEFT JOIN case_note n ON n.event = a.event LEFT JOIN reply_fetched f ON f.reply = r.id";

/**
 * The acts about some letters, those of each case in their order. The database shows sealed bytes under a signed release
 * of the letter alone.
 */
export async function actsAbout(
  db: Db,
  letters: readonly string[],
  how: "with bytes" | "without",
): Promise<readonly SignedRow[]> {
  const [bytes, joins] =
    how === "without"
      ? ["NULL AS bytes, NULL AS fetched", ""]
      : ["coalesce(r.bytes, n.bytes) AS bytes, f.event AS fetched", WITH_BYTES];
  const { rows } = await db.query<SignedRow>(
    `SELECT a.event, e.kind, e.entry, (convert_from(e.entry, 'UTF8')::jsonb ->> 'epoch')::integer AS epoch, t.person, s.salt AS "bySalt", t.signature, o.person AS other, o.salt AS "otherSalt", ${bytes}
     FROM case_act a JOIN event e ON e.id = a.event JOIN act t ON t.event = a.event JOIN event_secret s ON s.event = a.event AND s.person = t.person
     LEFT JOIN event_secret o ON o.event = a.event AND o.person <> t.person ${joins} WHERE a.submission = ANY($1) ORDER BY a.submission, a.seq`,
    [letters],
  );
  return rows;
}
