/** Sealed submissions: in by the public login, out by the staff login under a signed release. */
import type { Db } from "../database/pool.ts";
import { packLetters, type Received } from "./packed.ts";

/** What stands under an id already; null where the letter itself was refused. */
export type Known = { readonly digest: Buffer; readonly receivedAt: number } | null;

const RECEIVE = {
  name: "receive",
  text: "SELECT which, known, known_at FROM receive($1, $2, $3, $4, $5, $6)",
};

/**
 * Stores a batch by one call: rows, sealed bytes, events and receipts, all or none. Ids within it are distinct.
 * @param heads the last statement of each body by which the letters were let in
 * @returns those that were not stored, by their place in the batch; null, and nothing stored, where a statement has come
 * meanwhile
 */
export async function receiveLetters(
  db: Db,
  letters: readonly Received[],
  heads: (body: string) => number,
  at: number,
): Promise<ReadonlyMap<number, Known> | null> {
  if (letters.length === 0) return new Map();
  const { bodies, forms, places, bytes } = packLetters(letters);
  const { rows } = await db.query<{ which: number; known: Buffer | null; known_at: number | null }>({
    ...RECEIVE,
    values: [bodies, bodies.map(heads), forms, at, places, bytes],
  });
  if (rows[0]?.which === 0) return null;
  return new Map(
    rows.map(({ which, known, known_at }) => [
      which - 1,
      known && known_at !== null ? { digest: known, receivedAt: known_at } : null,
    ]),
  );
}

/** What is known of ids that were taken. */
export async function takenSubmissions(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<Known>>> {
  if (ids.length === 0) return new Map();
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
