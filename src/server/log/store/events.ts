/** Writing to the log: an event beside the row that it speaks of, in the same transaction. */
import { randomBytes } from "node:crypto";
import { personCommitment } from "../../../domain/log/commit.ts";
import { encodeEntry, type LogEvent } from "../../../domain/log/event.ts";
import { HOST, type Whose } from "../../../domain/log/names.ts";
import type { Client, Db } from "../../database/pool.ts";

/** A commitment to a person, with the salt that opens it. The salt is stored beside the event and nowhere else. */
export type Committed = { readonly person: string; readonly salt: Uint8Array; readonly commitment: string };

export function commitTo(person: string): Committed {
  const salt = new Uint8Array(randomBytes(32));
  return { person, salt, commitment: personCommitment(salt, person) };
}

/** Writes one event and the secrets of the people it commits to. Returns the event's id. */
export async function writeEvent(
  client: Client,
  event: LogEvent,
  people: readonly Committed[] = [],
): Promise<{ id: number; at: number }> {
  const at = Date.now();
  const entry = encodeEntry({ ...event, at }, randomBytes(32));
  const { rows } = await client.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id",
    [at, event.kind, entry],
  );
  const id = rows[0]!.id;
  for (const one of people)
    await client.query("INSERT INTO event_secret (event, person, salt) VALUES ($1, $2, $3)", [
      id,
      one.person,
      one.salt,
    ]);
  return { id, at };
}

export type EventRow = {
  readonly id: number;
  readonly leaf: number;
  readonly kind: string;
  readonly entry: Buffer;
};

/**
 * Events of a body's log and of the host's that have their leaf, newest first, before an event, of some kinds. Numbers
 * of events order all logs: each log gives its leaves in their order.
 */
export async function eventsBefore(
  db: Db,
  body: string,
  before: number,
  kinds: readonly string[] | undefined,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>(
    "SELECT id, leaf, kind, entry FROM event WHERE leaf IS NOT NULL AND body IN ($5, $1) AND id < $2 AND ($3::text[] IS NULL OR kind = ANY($3)) ORDER BY id DESC LIMIT $4",
    [body, before, kinds ?? null, limit, HOST],
  );
  return rows;
}

/** Who the commitments of some events mean. */
export async function secretsOf(
  db: Db,
  events: readonly number[],
): Promise<{ event: number; person: string; salt: Buffer }[]> {
  return (
    await db.query<{ event: number; person: string; salt: Buffer }>(
      "SELECT event, person, salt FROM event_secret WHERE event = ANY($1)",
      [events],
    )
  ).rows;
}

/** The signed checkpoint of a log that stands now. */
export async function signedHead(
  db: Db,
  whose: Whose,
): Promise<{ size: number; checkpoint: string | null; at: number | null }> {
  const { rows } = await db.query<{ size: number; checkpoint: string | null; at: number | null }>(
    "SELECT signed_size AS size, checkpoint, signed_at AS at FROM head WHERE body = $1",
    [whose],
  );
  return rows[0] ?? { size: 0, checkpoint: null, at: null };
}
