/** Requests for erasure, and the deletion itself. Who may read a row: `sql/000002.sql`. */
import type { Client, Db } from "../../database/pool.ts";

export type ErasureState = "open" | "granted" | "refused";

export type ErasureRow = {
  readonly id: string;
  readonly submission: string;
  readonly asked_by: "submitter" | "retention";
  readonly asked_at: Date;
  readonly state: ErasureState;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly reason: string | null;
  readonly reason_text: string | null;
  readonly event: number | null;
  readonly swept_at: Date | null;
  readonly body: string;
  readonly inbox: string;
  readonly form: string;
  readonly epoch: number;
  readonly received_at: Date;
  readonly additions: readonly string[];
};

/** Enters a request; false when one runs already, or the letter is erased. */
export async function insertErasure(
  client: Client,
  id: string,
  submission: string,
  askedBy: ErasureRow["asked_by"],
): Promise<boolean> {
  return (
    (
      await client.query("INSERT INTO erasure (id, submission, asked_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
        id,
        submission,
        askedBy,
      ])
    ).rowCount === 1
  );
}

/** What was added to the letter `s`, and is still there. */
const ADDITIONS =
  "ARRAY(SELECT a.id::text FROM submission a WHERE a.first = s.id AND a.erased_at IS NULL ORDER BY a.id)";
const OF_BODY = `SELECT e.id, e.submission, e.asked_by, e.asked_at, e.state, e.decided_at, e.decided_by, e.reason, e.reason_text, e.event, e.swept_at, s.body, s.inbox, s.form, s.epoch, s.received_at, ${ADDITIONS} AS additions
  FROM erasure e JOIN submission s ON s.id = e.submission WHERE s.body = $1`;

export async function erasuresOf(db: Db, body: string): Promise<ErasureRow[]> {
  return (await db.query<ErasureRow>(`${OF_BODY} ORDER BY e.asked_at DESC`, [body])).rows;
}

/** One request of a body, as it stands; `closeErasure` changes it only while it is open. */
export async function erasureForDecision(client: Client, body: string, id: string): Promise<ErasureRow | undefined> {
  return (await client.query<ErasureRow>(`${OF_BODY} AND e.id = $2`, [body, id])).rows[0];
}

/** The open request about a letter of a body. */
export async function openErasureFor(
  client: Client,
  body: string,
  submission: string,
): Promise<ErasureRow | undefined> {
  return (await client.query<ErasureRow>(`${OF_BODY} AND e.submission = $2 AND e.state = 'open'`, [body, submission]))
    .rows[0];
}

export type Overdue = {
  readonly submission: string;
  readonly inbox: string;
  readonly form: string;
  readonly form_hash: Buffer;
  readonly at: number;
  readonly additions: readonly string[];
};

/**
 * Letters of a body that were received before a moment that goes by their form's version, and about which nothing is
 * open; the oldest.
 */
export async function overdue(
  db: Db,
  body: string,
  ends: readonly (readonly [hash: string, before: number])[],
  most: number,
): Promise<Overdue[]> {
  const { rows } = await db.query<Overdue>(
    `SELECT s.id AS submission, s.inbox, s.form, s.form_hash, e.at, ${ADDITIONS} AS additions
     FROM unnest($2::text[], $3::bigint[]) AS v (hash, before) JOIN submission s ON s.form_hash = decode(v.hash, 'hex') JOIN receipt r ON r.submission = s.id JOIN event e ON e.id = r.event
     WHERE s.body = $1 AND s.first IS NULL AND s.erased_at IS NULL AND e.at < v.before AND NOT EXISTS (SELECT FROM erasure x WHERE x.submission = s.id AND x.state <> 'refused')
     ORDER BY e.at, s.id LIMIT $4`,
    [body, ends.map(([hash]) => hash), ends.map(([, before]) => before), most],
  );
  return rows;
}

/** What erasing takes, counted before: sealed parts, and readings that cannot be told any more. Holds the letter. */
export async function countErased(
  client: Client,
  id: string,
  additions: readonly string[],
): Promise<{ parts: number; releases: number }> {
  return (
    await client.query<{ parts: number; releases: number }>("SELECT parts, releases FROM erasing($1, $2)", [
      id,
      additions,
    ])
  ).rows[0]!;
}

/** Deletes what an open request is about. The database asks for the event and its act, written in this transaction. */
export async function deleteErased(
  client: Client,
  id: string,
  additions: readonly string[],
  event: number,
): Promise<void> {
  await client.query("SELECT erase($1, $2, $3)", [id, additions, event]);
}

export type Closing = {
  readonly state: "granted" | "refused";
  readonly by: string;
  readonly reason: string;
  readonly event: number;
  /** of a refusal */
  readonly text?: { readonly words: string; readonly salt: Uint8Array };
};

export async function closeErasure(
  client: Client,
  id: string,
  { state, by, reason, event, text }: Closing,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE erasure SET state = $2, decided_at = now(), decided_by = $3, reason = $4, event = $5, reason_text = $6, reason_salt = $7 WHERE id = $1 AND state = 'open'",
    [id, state, by, reason, event, text?.words ?? null, text?.salt ?? null],
  );
  return rowCount === 1;
}

/** What the writer is told of the last request about a letter. Columns that the public login may see. */
export type ErasureTold = {
  readonly state: ErasureState;
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
  readonly words: string | null;
  readonly event: number | null;
};

export async function lastErasure(db: Db, submission: string): Promise<ErasureTold | undefined> {
  const { rows } = await db.query<ErasureTold>(
    `SELECT state, asked_at AS "askedAt", decided_at AS "decidedAt", reason, reason_text AS words, event FROM erasure WHERE submission = $1 ORDER BY asked_at DESC, state = 'open' DESC LIMIT 1`,
    [submission],
  );
  return rows[0];
}
