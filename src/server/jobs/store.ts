/**
 * The jobs process's side of deliveries. The row is the job: it is committed with what asks for it, and its state is
 * the only truth about it.
 */
import type { Bytes } from "../../domain/bytes.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import type { AlertValues } from "../../domain/mail/alert.ts";
import type { DeliveryState, MailCode } from "../../domain/mail/state.ts";
import type { Client, Db } from "../database/pool.ts";

export type Claimed = {
  readonly id: string;
  readonly body: string | null;
  readonly incident: string | null;
  readonly attempts: number;
  /** how often a carrier said "later" */
  readonly refusals: number;
  /** the start of the mailroom that it was meant for */
  readonly mailroom: string;
  /** null for an alert, as are `salt` and `handed_in` */
  readonly bytes: Buffer | null;
  readonly salt: Buffer | null;
  /** the act by which it was handed in, as the staff process stored it: the mailroom verifies it */
  readonly handed_in: Buffer | null;
};

const COLUMNS = "d.id, d.body, d.incident, d.attempts, d.refusals, d.mailroom, d.bytes, d.salt, d.handed_in";

/**
 * Takes the next delivery that is due for this start of the mailroom and says that it is meant to be sent now. Alerts
 * first, then as they came.
 */
export async function claimNext(client: Client, start: string): Promise<Claimed | undefined> {
  const { rows } = await client.query<Claimed>(
    `UPDATE delivery d SET state = 'intended', attempts = d.attempts + 1, mailroom = $1, changed_at = now()
     WHERE d.id = (
       SELECT q.id FROM delivery q
       WHERE q.state = 'handed-in' AND q.next_at <= now() AND (q.incident IS NULL OR q.mailroom = $1)
         AND NOT EXISTS (SELECT FROM mailing m WHERE m.incident = q.incident AND m.paused)
       ORDER BY q.incident IS NOT NULL, q.next_at, q.id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${COLUMNS}`,
    [start],
  );
  return rows[0];
}

/** What a process that is gone had meant to send. */
export const unfinished = async (db: Db): Promise<Claimed[]> =>
  (await db.query<Claimed>(`SELECT ${COLUMNS} FROM delivery d WHERE d.state = 'intended' ORDER BY d.id`)).rows;

/** What was said of holding an incident's letters back, the oldest first, each with what was signed over it. */
export const holdsOf = async (db: Db, incident: string): Promise<{ entry: Buffer; signature: Buffer }[]> =>
  (await db.query<{ entry: Buffer; signature: Buffer }>("SELECT entry, signature FROM holds_of($1)", [incident])).rows;

type Stored<V> = { readonly [field in keyof V]-?: V[field] | null };
/** An alert as it is stored, and the address and the body of its account, or the address of whoever is invited by it. */
export type AlertRow = Stored<AlertValues> & {
  readonly kind: string;
  readonly email: string;
  readonly body: string | null;
  readonly invitation: string | null;
};
export const alertOfDelivery = async (db: Db, delivery: string): Promise<AlertRow | undefined> =>
  (
    await db.query<AlertRow>(
      `SELECT n.kind, n.about, n.code, n.form, n.count, n.hours, n.time, n.invitation, coalesce(a.email, i.email) AS email, a.body
       FROM alert n LEFT JOIN account a ON a.id = n.account AND a.state = 'confirmed'
       LEFT JOIN invitation i ON i.id = n.invitation AND i.used_at IS NULL AND i.expires_at > now()
       WHERE n.delivery = $1 AND coalesce(a.email, i.email) IS NOT NULL`,
      [delivery],
    )
  ).rows[0];

/** One more link of an invitation, by the hash of its secret. */
export async function insertLink(db: Db, tokenHash: Bytes, invitation: string): Promise<void> {
  await db.query("INSERT INTO invitation_link (token_hash, invitation) VALUES ($1, $2)", [tokenHash, invitation]);
}

/** Deletes invitations 30 days after they ran out, used or not. @returns how many */
export const forgetInvitations = async (db: Db): Promise<number> =>
  (await db.query<{ gone: number }>("SELECT forget_invitations() AS gone")).rows[0]!.gone;

/**
 * Notes what came of one try; the sealed message goes unless it is to be tried again. False when somebody else has
 * noted it already.
 */
export async function settle(
  client: Client,
  one: Claimed,
  state: DeliveryState,
  code: MailCode,
  pause: { readonly ms: number; readonly refused: boolean },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE delivery SET state = $3, code = $4, bytes = CASE WHEN $3 = 'handed-in' THEN bytes END, handed_in = CASE WHEN $3 = 'handed-in' THEN handed_in END, next_at = now() + $5 * interval '1 millisecond', changed_at = now(), refusals = refusals + $6
     WHERE id = $1 AND state = 'intended' AND attempts = $2`,
    [one.id, one.attempts, state, code, pause.ms, pause.refused ? 1 : 0],
  );
  if (rowCount === 1 && one.incident === null && state !== "handed-in")
    await client.query("DELETE FROM alert WHERE delivery = $1", [one.id]);
  return rowCount === 1;
}

/** Whether this start of the mailroom is new; if so, what was sealed to another start has to be handed over again. */
export async function insertMailroom(client: Client, key: SignedMailroomKey): Promise<boolean> {
  const { rowCount } = await client.query(
    "INSERT INTO mailroom (start, at, said, recipient, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (start) DO NOTHING",
    [key.start, key.at, key.said, key.recipient, key.signature as Bytes],
  );
  if (rowCount !== 1)
    await client.query("UPDATE mailroom SET seen_at = now(), said = $2, signature = $3 WHERE start = $1", [
      key.start,
      key.said,
      key.signature as Bytes,
    ]);
  return rowCount === 1;
}

/** Letters that no mailroom can open any more. */
export async function releaseSealedElsewhere(client: Client, start: string): Promise<number> {
  const { rowCount } = await client.query(
    "UPDATE delivery SET state = 'hand-over-again', code = 'KEY_GONE', bytes = NULL, handed_in = NULL, changed_at = now() WHERE state = 'handed-in' AND incident IS NOT NULL AND mailroom IS DISTINCT FROM $1",
    [start],
  );
  return rowCount ?? 0;
}

/**
 * A delivery came back. The row where it could; else nothing was changed, because it is of another state or nobody's.
 */
export async function markBounced(
  client: Client,
  delivery: string,
  code: MailCode,
): Promise<{ readonly body: string | null; readonly incident: string | null } | undefined> {
  const { rows } = await client.query<{ body: string | null; incident: string | null }>(
    "UPDATE delivery SET state = 'bounced', code = $2, changed_at = now() WHERE id = $1 AND state IN ('sent', 'uncertain') RETURNING body, incident",
    [delivery, code],
  );
  return rows[0];
}

/** The incident of a delivery; undefined for an alert and for a delivery that is nobody's. */
export async function placeOf(
  db: Db,
  delivery: string,
): Promise<{ readonly body: string; readonly incident: string } | undefined> {
  const { rows } = await db.query<{ body: string; incident: string }>(
    "SELECT body, incident FROM delivery WHERE id = $1 AND incident IS NOT NULL AND body IS NOT NULL",
    [delivery],
  );
  return rows[0];
}

/** The key of an inbox's newest epoch, as stored; whoever seals to it verifies it. */
export const newestRecipient = async (db: Db, inbox: string): Promise<string | undefined> =>
  (
    await db.query<{ recipient: string }>(
      "SELECT recipient FROM epoch_key WHERE inbox = $1 ORDER BY epoch DESC LIMIT 1",
      [inbox],
    )
  ).rows[0]?.recipient;

export type NewReturned = {
  readonly document: string;
  readonly delivery: string;
  readonly kind: string;
  readonly body: string;
  readonly incident: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly event: number;
  readonly bytes: Bytes;
};

/** Sealed bytes, and beside them what they are. */
export async function insertReturned(client: Client, one: NewReturned): Promise<void> {
  await client.query(
    "INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [one.document, one.incident, one.body, one.event, one.inbox, one.epoch, one.bytes],
  );
  await client.query(
    "INSERT INTO returned_mail (document, incident, body, event, delivery, kind, epoch, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, sha256($8))",
    [one.document, one.incident, one.body, one.event, one.delivery, one.kind, one.epoch, one.bytes],
  );
}
