/** Evidence packs: what goes into one, and its content as it was prepared. */
import type { Client, Db } from "../../database/pool.ts";
import { EVENT_KINDS, EVENTS } from "../../../domain/log/event-kinds.ts";
import { encodeProof } from "../../../domain/log/proof.ts";
import { nodesOfTiles, tilesFor } from "../../../domain/log/tile.ts";
import { inclusionProof } from "../../../domain/log/tree.ts";
import type { Whose } from "../../../domain/log/names.ts";
import { readTiles, type Which } from "../../log/store/log.ts";

/** Written into the statement as constants: the database has an index of these kinds (`event_beside_incidents`). */
const BESIDE = EVENT_KINDS.filter((kind) => EVENTS[kind].pack === "beside")
  .map((kind) => `'${kind}'`)
  .join(", ");

export type BesideRow = { readonly id: number; readonly leaf: number; readonly entry: Buffer };

/**
 * Signed entries of one log that are no acts and hold one of these ids, in the order of the log. Which of them speak of
 * the incident, the caller reads.
 */
export async function entriesBeside(
  db: Db,
  ids: readonly string[],
  { whose, log }: Which,
  size: number,
): Promise<BesideRow[]> {
  const { rows } = await db.query<BesideRow>(
    `SELECT id, leaf, entry FROM event
     WHERE kind IN (${BESIDE})
       AND body = $4 AND log = $3 AND leaf < $2 AND EXISTS (SELECT FROM unnest($1::text[]) AS given (id) WHERE position(given.id IN convert_from(entry, 'UTF8')) > 0)
     ORDER BY leaf`,
    [ids, size, log, whose],
  );
  return rows;
}

type Place = Which & { readonly leaf: number };

/** Where each event stands that has a place: in which of the logs, and its leaf there. */
export async function placesOf(db: Db, events: readonly number[]): Promise<Map<number, Place>> {
  const { rows } = await db.query<Place & { id: number }>(
    "SELECT id, body AS whose, log, leaf FROM event WHERE id = ANY($1) AND leaf IS NOT NULL",
    [events],
  );
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}

/** Of the host or of a body: the log that goes on, and how far it is signed. */
export async function logNow(db: Db, whose: Whose): Promise<Which & { readonly size: number }> {
  const { rows } = await db.query<{ log: number; size: number }>(
    "SELECT log, signed_size AS size FROM head WHERE body = $1",
    [whose],
  );
  return { whose, ...(rows[0] ?? { log: 0, size: 0 }) };
}

export type PackDelivery = {
  readonly id: string;
  readonly channel: string;
  readonly state: string;
  readonly code: string;
  readonly commitment: Buffer | null;
  readonly handed_at: Date;
};

export async function deliveriesOf(db: Db, body: string, incident: string): Promise<PackDelivery[]> {
  return (
    await db.query<PackDelivery>(
      "SELECT id, channel, state, code, commitment, handed_at FROM delivery WHERE body = $1 AND incident = $2 ORDER BY handed_at, id",
      [body, incident],
    )
  ).rows;
}

export type PackRow = {
  readonly pack: string;
  readonly content: Buffer;
  readonly event: number | null;
  readonly made_at: Date;
};

/** Keeps a content until an act names it; what was prepared before and never named goes. */
export async function keepPrepared(
  db: Db,
  body: string,
  incident: string,
  pack: string,
  content: Uint8Array,
): Promise<void> {
  await db.query(
    "INSERT INTO incident_pack (pack, incident, body, content) VALUES ($1, $2, $3, $4) ON CONFLICT (incident) WHERE event IS NULL DO UPDATE SET pack = excluded.pack, content = excluded.content, made_at = now()",
    [pack, incident, body, content],
  );
}

export async function packOf(db: Db, body: string, incident: string, pack: string): Promise<PackRow | undefined> {
  return (
    await db.query<PackRow>(
      "SELECT pack, content, event, made_at FROM incident_pack WHERE body = $1 AND incident = $2 AND pack = $3",
      [body, incident, pack],
    )
  ).rows[0];
}

export async function namePack(client: Client, incident: string, seq: number, pack: string): Promise<void> {
  await client.query(
    "UPDATE incident_pack SET event = (SELECT event FROM incident_act WHERE incident = $1 AND seq = $2) WHERE pack = $3 AND incident = $1 AND event IS NULL",
    [incident, seq, pack],
  );
}

/**
 * Proofs of events, all that are of one log under one checkpoint: the one that stands now, or the final one of a log that ended;
 * null while a checkpoint does not cover all of them.
 */
export async function proofsUnderOne(db: Db, events: readonly number[]): Promise<ReadonlyMap<number, string> | null> {
  const { rows } = await db.query<Place & { id: number; size: number; checkpoint: string }>(
    `SELECT e.id, e.leaf, e.body AS whose, e.log, s.size, s.checkpoint FROM event e
     JOIN (SELECT body, log, signed_size AS size, checkpoint FROM head UNION ALL SELECT body, log, size, checkpoint FROM past_log) s ON s.body = e.body AND s.log = e.log AND e.leaf < s.size AND s.checkpoint IS NOT NULL
     WHERE e.id = ANY($1)`,
    [events],
  );
  if (new Set(events).size !== rows.length) return null;
  const proofs = new Map<number, string>();
  for (const covered of Map.groupBy(rows, ({ whose, log }) => `${log} ${whose}`).values()) {
    // Tiles only grow, so those read a moment later still hold the tree of that size.
    const nodes = nodesOfTiles(
      await readTiles(
        db,
        tilesFor((read) => covered.map(({ leaf, size }) => inclusionProof(leaf, size, read))),
        covered[0]!,
      ),
    );
    for (const { id, leaf, size, checkpoint } of covered)
      proofs.set(id, encodeProof({ index: leaf, hashes: inclusionProof(leaf, size, nodes), checkpoint }));
  }
  return proofs;
}
