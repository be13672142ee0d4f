/** The acts of incidents, as rows beside their events. */
import type { Texts } from "../../domain/incident/act.ts";
import { Fault } from "../../domain/problem.ts";
import type { Client, Db } from "../database/pool.ts";

export type ActRow = {
  readonly incident: string;
  readonly seq: number;
  readonly event: number;
  readonly person: string;
  readonly by_salt: Buffer;
  readonly signature: Buffer;
  readonly texts: Texts | null;
  readonly salt: Buffer | null;
  readonly proof: string | null;
  readonly signed_at: number | null;
  readonly entry: Buffer;
};

export type NewAct = {
  readonly incident: string;
  readonly seq: number;
  readonly body: string;
  readonly event: number;
  readonly person: string;
  readonly bySalt: Uint8Array;
  readonly signature: Uint8Array;
  readonly texts: Texts | null;
  readonly salt: Uint8Array | null;
};

/** One act at a time. */
export const lockIncident = (client: Client, incident: string): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7214, hashtext($1))", [incident]);

const ACTS =
  "SELECT a.incident, a.seq, a.event, a.person, a.by_salt, a.signature, a.texts, a.salt, a.proof, a.signed_at, e.entry FROM incident_act a JOIN event e ON e.id = a.event WHERE a.body = $1";

/** The acts of one incident, or of all incidents of a body, in order. Untrusted until verified. */
export async function actsOf(db: Db, body: string, incident?: string): Promise<ActRow[]> {
  const { rows } =
    incident === undefined
      ? await db.query<ActRow>(`${ACTS} ORDER BY a.incident, a.seq`, [body])
      : await db.query<ActRow>(`${ACTS} AND a.incident = $2 ORDER BY a.seq`, [body, incident]);
  return rows;
}

/** @throws `INCIDENT_MOVED` when its place is taken */
export async function insertAct(client: Client, one: NewAct): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature, texts, salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    [
      one.incident,
      one.seq,
      one.body,
      one.event,
      one.person,
      one.bySalt,
      one.signature,
      one.texts && JSON.stringify(one.texts),
      one.salt,
    ],
  );
  if (rowCount !== 1) throw new Fault("INCIDENT_MOVED");
}

/** Keeps the first proof of an act; a later one would say less about when it was made. */
export async function keepProof(db: Db, event: number, proof: string, signedAt: number): Promise<void> {
  await db.query("UPDATE incident_act SET proof = $2, signed_at = $3 WHERE event = $1 AND proof IS NULL", [
    event,
    proof,
    signedAt,
  ]);
}

export type NewDocument = {
  readonly id: string;
  readonly incident: string;
  readonly body: string;
  readonly event: number;
  readonly inbox: string;
  readonly epoch: number;
  readonly bytes: Uint8Array;
};

export async function insertDocument(client: Client, one: NewDocument): Promise<void> {
  await client.query(
    "INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [one.id, one.incident, one.body, one.event, one.inbox, one.epoch, one.bytes],
  );
}

/** The sealed bytes of a document. The database shows them only under a signed checkpoint (policy `released`). */
export async function documentBytes(db: Db, document: string): Promise<Buffer | undefined> {
  return (await db.query<{ bytes: Buffer }>("SELECT bytes FROM incident_document WHERE id = $1", [document])).rows[0]
    ?.bytes;
}

/** Which reminders of an incident were dealt with. */
export async function remindersOf(db: Db, incident: string): Promise<number[]> {
  return (
    await db.query<{ hours: number }>("SELECT hours FROM incident_reminder WHERE incident = $1", [incident])
  ).rows.map((row) => row.hours);
}

/** Notes a reminder as dealt with. @returns false when it was, already */
export async function insertReminder(client: Client, incident: string, hours: number, sent: boolean): Promise<boolean> {
  return (
    (
      await client.query(
        "INSERT INTO incident_reminder (incident, hours, sent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [incident, hours, sent],
      )
    ).rowCount === 1
  );
}

/** How many acts each incident of a body has. */
export async function actCounts(db: Db, body: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ incident: string; count: number }>(
    "SELECT incident, count(*) AS count FROM incident_act WHERE body = $1 GROUP BY incident",
    [body],
  );
  return new Map(rows.map((row) => [row.incident, row.count]));
}
