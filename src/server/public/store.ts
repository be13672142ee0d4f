/** Sealed submissions: in by the public login, out by the staff login under a signed release. */
import type { Bytes } from "../../domain/bytes.ts";
import type { Client, Db } from "../database/pool.ts";

export type ReceivedRow = {
  readonly id: string;
  readonly body: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly form: string;
  readonly formHash: Bytes;
  readonly receivedAt: number;
  readonly size: number;
  readonly path: "browser" | "counter";
  readonly digest: Bytes;
  /** for an addition, what it adds to */
  readonly first: string | null;
  /** hash of the receipt's sign-in part */
  readonly receipt: Bytes;
  readonly slip: Bytes;
  readonly letter: Bytes;
  readonly entry: Bytes;
};

/**
 * One statement for many submissions: row, sealed bytes, event and receipt together. An id that is taken writes
 * nothing; the returned set holds the new ones. What is long comes as one binary value with the places in it: an array
 * of bytes would travel, and be read, as twice as many hex digits.
 */
const INSERT = `
WITH input AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::bytea[], $7::bigint[], $8::int[], $9::text[], $10::bytea[], $11::text[], $12::bytea[], $13::int[], $14::int[], $15::int[], $16::int[])
    AS t (id, body, inbox, epoch, form, form_hash, at, size, path, digest, first, receipt, slip_at, letter_at, entry_at, next_at)
), fresh AS (
  INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest, first)
  SELECT id, body, inbox, epoch, form, form_hash, to_timestamp(at / 1000.0), size, path, digest, first FROM input
  ON CONFLICT (id) DO NOTHING RETURNING id
), parts AS (
  INSERT INTO sealed (submission, part, bytes)
  SELECT i.id, p.part, substring($17::bytea FROM p.at FOR p.size) FROM input i JOIN fresh USING (id)
  CROSS JOIN LATERAL (VALUES ('slip', i.slip_at, i.letter_at - i.slip_at), ('letter', i.letter_at, i.entry_at - i.letter_at)) AS p (part, at, size)
), events AS (
  INSERT INTO event (at, kind, entry) SELECT i.at, 'submission.received', substring($17::bytea FROM i.entry_at FOR i.next_at - i.entry_at) FROM input i JOIN fresh USING (id)
  RETURNING id, entry
), receipts AS (
  INSERT INTO receipt (submission, hash, event) SELECT i.id, i.receipt, e.id FROM input i JOIN events e ON e.entry = substring($17::bytea FROM i.entry_at FOR i.next_at - i.entry_at)
)
SELECT id FROM fresh`;

/** Stores a batch; ids within it are distinct. */
export async function insertSubmissions(client: Client, rows: readonly ReceivedRow[]): Promise<Set<string>> {
  const column = <T>(of: (row: ReceivedRow) => T): T[] => rows.map(of);
  const long = Buffer.concat(rows.flatMap((r) => [r.slip, r.letter, r.entry]));
  let from = 1;
  const places = rows.map(({ slip, letter, entry }) => {
    const [slipAt, letterAt, entryAt] = [from, from + slip.length, from + slip.length + letter.length];
    from = entryAt + entry.length;
    return [slipAt, letterAt, entryAt, from] as const;
  });
  const result = await client.query<{ id: string }>({
    name: "insert-submissions",
    text: INSERT,
    values: [
      column((r) => r.id),
      column((r) => r.body),
      column((r) => r.inbox),
      column((r) => r.epoch),
      column((r) => r.form),
      column((r) => r.formHash),
      column((r) => r.receivedAt),
      column((r) => r.size),
      column((r) => r.path),
      column((r) => r.digest),
      column((r) => r.first),
      column((r) => r.receipt),
      ...([0, 1, 2, 3] as const).map((which) => places.map((place) => place[which])),
      long,
    ],
  });
  return new Set(result.rows.map((row) => row.id));
}

/** What is known of ids that were taken. */
export async function takenSubmissions(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { digest: Buffer; receivedAt: number }>> {
  const { rows } = await db.query<{ id: string; digest: Buffer; received_at: Date }>(
    "SELECT id, digest, received_at FROM submission WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { digest: row.digest, receivedAt: row.received_at.getTime() }]));
}

export type Counted = { /** and not erased */ readonly received: number; readonly erased: number };

/** How many letters of each epoch of an inbox are there, and how many were erased. */
export async function countByEpoch(db: Db, inboxes: readonly string[]): Promise<Map<string, Map<number, Counted>>> {
  const { rows } = await db.query<{ inbox: string; epoch: number } & Counted>(
    "SELECT inbox, epoch, count(*) - count(erased_at) AS received, count(erased_at) AS erased FROM submission WHERE inbox = ANY($1) GROUP BY inbox, epoch",
    [inboxes],
  );
  const counts = new Map<string, Map<number, Counted>>();
  for (const { inbox, epoch, received, erased } of rows)
    counts.set(inbox, (counts.get(inbox) ?? new Map<number, Counted>()).set(epoch, { received, erased }));
  return counts;
}

/** The ids that a list would load: an inbox, the epochs that the person holds, a time range in milliseconds. */
export async function submissionsToList(
  db: Db,
  inbox: string,
  epochs: readonly number[],
  since: number,
  before: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "SELECT id FROM submission WHERE inbox = $1 AND epoch = ANY($2) AND received_at >= to_timestamp($3 / 1000.0) AND received_at < to_timestamp($4 / 1000.0) AND erased_at IS NULL ORDER BY id",
    [inbox, epochs, since, before],
  );
  return rows.map((row) => row.id);
}

/** What was added to a letter, oldest first. */
export async function additionsTo(db: Db, first: string): Promise<{ submission: string; receivedAt: number }[]> {
  const { rows } = await db.query<{ id: string; received_at: Date }>(
    "SELECT id, received_at FROM submission WHERE first = $1 ORDER BY received_at, id",
    [first],
  );
  return rows.map((row) => ({ submission: row.id, receivedAt: row.received_at.getTime() }));
}

/** Which of some ids stand in an inbox, in which epoch, and whether they are erased. */
export async function epochsOfSubmissions(
  db: Db,
  inbox: string,
  ids: readonly string[],
): Promise<Map<string, { epoch: number; erased: boolean }>> {
  const { rows } = await db.query<{ id: string; epoch: number; erased: boolean }>(
    "SELECT id, epoch, erased_at IS NOT NULL AS erased FROM submission WHERE inbox = $1 AND id = ANY($2)",
    [inbox, ids],
  );
  return new Map(rows.map(({ id, epoch, erased }) => [id, { epoch, erased }]));
}

/** Those of some ids that are of a body. */
export async function submissionsOf(db: Db, body: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  return new Set(
    (
      await db.query<{ id: string }>("SELECT id FROM submission WHERE body = $1 AND id = ANY($2)", [body, ids])
    ).rows.map((row) => row.id),
  );
}
