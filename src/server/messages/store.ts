/** The staff process's side of deliveries: messages in, how far they are, what people decided. It reads no message. */
import type { CallOutcome } from "../../domain/mail/fate.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import type { ReturnedKind, ReturnedSaid } from "../../domain/mail/returned.ts";
import type { DeliveryState } from "../../domain/mail/state.ts";
import { Fault } from "../../domain/problem.ts";
import type { Client, Db } from "../database/pool.ts";

/** The start of the mailroom that was seen within the last half minute. */
export async function mailroomSeen(db: Db): Promise<SignedMailroomKey | undefined> {
  const { rows } = await db.query<{ start: string; at: number; said: number; recipient: string; signature: Buffer }>(
    "SELECT start, at, said, recipient, signature FROM mailroom WHERE seen_at > now() - interval '30 seconds' ORDER BY at DESC LIMIT 1",
  );
  const row = rows[0];
  return row && { ...row, signature: new Uint8Array(row.signature) };
}

/** The messages of an incident, made on first use. @throws `REFUSED_BODY` when they are another body's */
export async function openMailing(client: Client, incident: string, body: string): Promise<void> {
  await client.query("INSERT INTO mailing (incident, body) VALUES ($1, $2) ON CONFLICT (incident) DO NOTHING", [
    incident,
    body,
  ]);
  const { rowCount } = await client.query("SELECT FROM mailing WHERE incident = $1 AND body = $2", [incident, body]);
  if (rowCount !== 1) throw new Fault("REFUSED_BODY");
}

export const isPaused = async (db: Db, incident: string): Promise<boolean> =>
  (await db.query<{ paused: boolean }>("SELECT paused FROM mailing WHERE incident = $1", [incident])).rows[0]
    ?.paused === true;

/** Whether letters are held where they are to go on, or the other way round; nobody else changes it meanwhile. */
export const isOtherwise = async (client: Client, incident: string, paused: boolean): Promise<boolean> =>
  (await client.query("SELECT FROM mailing WHERE incident = $1 AND paused <> $2 FOR UPDATE", [incident, paused]))
    .rowCount === 1;

/** Beside its event, which is written before. */
export const setPaused = (client: Client, incident: string, paused: boolean): Promise<unknown> =>
  client.query("UPDATE mailing SET paused = $2 WHERE incident = $1", [incident, paused]);

export type NewMessage = {
  readonly delivery: string;
  readonly person: string;
  readonly bytes: Uint8Array;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
};

/**
 * Stores messages: new ones, and those that had to be handed over again. What is there already in another state stays
 * as it is: nobody is written to twice because somebody pressed twice. Returns the deliveries that were stored.
 * @param handedIn the act by which they are handed in, for the mailroom to verify
 */
export async function storeMessages(
  client: Client,
  body: string,
  incident: string,
  start: string,
  messages: readonly NewMessage[],
  handedIn: Uint8Array,
): Promise<string[]> {
  const columns = [
    messages.map((one) => one.delivery),
    messages.map((one) => one.person),
    messages.map((one) => Buffer.from(one.bytes)),
    messages.map((one) => Buffer.from(one.salt)),
    messages.map((one) => Buffer.from(one.commitment)),
  ];
  const given =
    "unnest($3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[]) AS g (id, person, bytes, salt, commitment)";
  const again = await client.query<{ id: string }>(
    `UPDATE delivery d SET state = 'handed-in', code = 'NONE', mailroom = $2, bytes = g.bytes, salt = g.salt, commitment = g.commitment, handed_in = $8, handed_at = now(), next_at = now(), changed_at = now()
     FROM ${given} WHERE d.incident = $1 AND d.id = g.id AND d.person = g.person AND d.channel = 'email' AND d.state = 'hand-over-again' RETURNING d.id`,
    [incident, start, ...columns, handedIn],
  );
  const added = await client.query<{ id: string }>(
    `INSERT INTO delivery (id, body, incident, person, channel, state, mailroom, bytes, salt, commitment, handed_in)
     SELECT g.id, $9, $1, g.person, 'email', 'handed-in', $2, g.bytes, g.salt, g.commitment, $8 FROM ${given} ON CONFLICT DO NOTHING RETURNING id`,
    [incident, start, ...columns, handedIn, body],
  );
  return [...again.rows, ...added.rows].map(({ id }) => id);
}

export type DeliveryRow = {
  readonly id: string;
  readonly person: string;
  readonly channel: "email" | "post";
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly code: string;
  readonly salt: Buffer | null;
  readonly commitment: Buffer | null;
  readonly handed_at: Date;
  readonly changed_at: Date;
};

export async function deliveriesOf(db: Db, body: string, incident: string): Promise<DeliveryRow[]> {
  return (
    await db.query<DeliveryRow>(
      "SELECT id, person, channel, state, attempts, code, salt, commitment, handed_at, changed_at FROM delivery WHERE body = $1 AND incident = $2 ORDER BY handed_at, id",
      [body, incident],
    )
  ).rows;
}

/** One delivery, held until the transaction ends. */
export async function deliveryForDecision(
  client: Client,
  body: string,
  incident: string,
  id: string,
): Promise<Pick<DeliveryRow, "id" | "channel" | "state" | "code"> | undefined> {
  return (
    await client.query<Pick<DeliveryRow, "id" | "channel" | "state" | "code">>(
      "SELECT id, channel, state, code FROM delivery WHERE body = $1 AND incident = $2 AND id = $3",
      [body, incident, id],
    )
  ).rows[0];
}

/** False when it is in another state by now. The sealed message goes whatever was decided. */
export const moveDelivery = async (
  client: Client,
  id: string,
  from: DeliveryState,
  to: DeliveryState,
): Promise<boolean> =>
  (
    await client.query(
      "UPDATE delivery SET state = $3, bytes = NULL, handed_in = NULL, changed_at = now() WHERE id = $1 AND state = $2",
      [id, from, to],
    )
  ).rowCount === 1;

/** Messages that somebody put into the post. */
export async function storePosted(
  client: Client,
  body: string,
  incident: string,
  posted: readonly { readonly delivery: string; readonly person: string }[],
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "INSERT INTO delivery (id, body, incident, person, channel, state) SELECT g.id, $2, $1, g.person, 'post', 'sent' FROM unnest($3::text[], $4::text[]) AS g (id, person) ON CONFLICT DO NOTHING RETURNING id",
    [incident, body, posted.map((one) => one.delivery), posted.map((one) => one.person)],
  );
  return rows.map(({ id }) => id);
}

export type CallRow = {
  readonly id: string;
  readonly person: string;
  readonly caller: string;
  readonly outcome: CallOutcome;
  readonly document: string | null;
  readonly at: Date;
};
export type NewCall = Omit<CallRow, "at"> & { readonly body: string; readonly incident: string };

export async function insertCall(client: Client, one: NewCall): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO call_note (id, body, incident, person, caller, outcome, document) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    [one.id, one.body, one.incident, one.person, one.caller, one.outcome, one.document],
  );
  if (rowCount !== 1) throw new Fault("REFUSED_STATE");
}

export async function callsOf(db: Db, body: string, incident: string): Promise<CallRow[]> {
  return (
    await db.query<CallRow>(
      "SELECT id, person, caller, outcome, document, at FROM call_note WHERE body = $1 AND incident = $2 ORDER BY at, id",
      [body, incident],
    )
  ).rows;
}

export type ReturnedRow = {
  readonly document: string;
  readonly delivery: string;
  readonly kind: ReturnedKind;
  readonly epoch: number;
  readonly digest: string;
  readonly at: Date;
  readonly said: ReturnedSaid | null;
};

/** What came back of an incident's messages, the oldest first. */
export const returnedTo = async (db: Db, body: string, incident: string): Promise<ReturnedRow[]> =>
  (
    await db.query<ReturnedRow>(
      "SELECT document, delivery, kind, epoch, encode(digest, 'hex') AS digest, at, said FROM returned_mail WHERE body = $1 AND incident = $2 ORDER BY at, document",
      [body, incident],
    )
  ).rows;

/** Of each incident how many came back at which nobody has looked. */
export const unseenOf = async (
  db: Db,
  body: string,
): Promise<{ readonly incident: string; readonly count: number }[]> =>
  (
    await db.query<{ incident: string; count: number }>(
      "SELECT incident, count(*) AS count FROM returned_mail WHERE body = $1 AND said IS NULL GROUP BY incident ORDER BY incident",
      [body],
    )
  ).rows;

/** False when somebody has said something already. Beside its event, which is written before. */
export const sayOfReturned = async (client: Client, document: string, said: ReturnedSaid): Promise<boolean> =>
  (
    await client.query("UPDATE returned_mail SET said = $2, said_at = now() WHERE document = $1 AND said IS NULL", [
      document,
      said,
    ])
  ).rowCount === 1;
