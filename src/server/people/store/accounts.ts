/** Accounts and sessions. */
import type { Bytes } from "../../../domain/bytes.ts";
import type { Client, Db } from "../../database/pool.ts";
import type { Invitation } from "./invitations.ts";

export type AccountRole = "operator" | "owner" | "reader" | "auditor";
export type AccountState = "waiting" | "confirmed" | "locked";

export type Account = {
  readonly id: string;
  readonly body: string | null;
  readonly role: AccountRole;
  readonly name: string;
  readonly email: string;
  readonly state: AccountState;
  readonly recipient: string | null;
  readonly signing_key: Buffer | null;
  readonly details_salt: Buffer | null;
};

export const COLUMNS = "a.id, a.body, a.role, a.name, a.email, a.state, a.recipient, a.signing_key, a.details_salt";

export async function peopleOf(db: Db, body: string): Promise<Account[]> {
  return (await db.query<Account>(`SELECT ${COLUMNS} FROM account a WHERE a.body = $1 ORDER BY a.name`, [body])).rows;
}

/** Names for the history: operators of the host and everyone at a body. */
export async function namesOf(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { name: string; role: AccountRole }>> {
  const { rows } = await db.query<{ id: string; name: string; role: AccountRole }>(
    "SELECT id, name, role FROM account WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { name: row.name, role: row.role }]));
}

export type NewAccount = {
  readonly id: string;
  readonly recipient: string;
  readonly signingKey: Bytes;
  readonly detailsSalt: Bytes;
};

/** Makes the account of somebody who was invited: it waits. False when the person or the address is known. */
export async function insertAccount(
  client: Client,
  invited: Pick<Invitation, "body" | "role" | "name" | "email">,
  one: NewAccount,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "INSERT INTO account (id, body, role, name, email, recipient, signing_key, details_salt, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting') ON CONFLICT DO NOTHING",
    [one.id, invited.body, invited.role, invited.name, invited.email, one.recipient, one.signingKey, one.detailsSalt],
  );
  return rowCount === 1;
}

/** Somebody who waits is no more: sign-ins, keys, name and address. @param event the signed act, of this transaction */
export const closeWaiting = (client: Client, person: string, event: number): Promise<unknown> =>
  client.query("SELECT turn_away($1, $2)", [person, event]);

export async function markConfirmed(client: Client, person: string): Promise<void> {
  await client.query("UPDATE account SET state = 'confirmed' WHERE id = $1 AND state = 'waiting'", [person]);
}

export async function startSession(client: Client, tokenHash: Bytes, account: string, hours: number): Promise<void> {
  await client.query(
    "INSERT INTO session (token_hash, account, expires_at) VALUES ($1, $2, now() + make_interval(hours => $3))",
    [tokenHash, account, hours],
  );
}

/** The account of a session that runs and was used in the last `idleMinutes`; notes that it was used. */
export async function accountOfSession(db: Db, tokenHash: Bytes, idleMinutes: number): Promise<Account | undefined> {
  const { rows } = await db.query<Account>(
    `WITH s AS (UPDATE session SET seen_at = now() WHERE token_hash = $1 AND seen_at > now() - make_interval(mins => $2) RETURNING account) SELECT ${COLUMNS} FROM account a JOIN s ON s.account = a.id`,
    [tokenHash, idleMinutes],
  );
  return rows[0];
}

/** Ends every session of a person, in the transaction of what ends their access. */
export async function endSessionsOf(client: Client, person: string): Promise<void> {
  await client.query("DELETE FROM session WHERE account = $1", [person]);
}

/** A name for a session that opens nothing: of the hash that the database has, not of what the browser holds. */
const SESSION_ID = "encode(substring(sha256(s.token_hash) FROM 1 FOR 16), 'hex')";

export type SessionRow = {
  readonly session: string;
  readonly started_at: Date;
  readonly seen_at: Date;
  readonly expires_at: Date;
  readonly here: boolean;
};

/** The sessions of a person that run, the newest first. @param tokenHash of the one that asks */
export async function sessionsOf(
  db: Db,
  account: string,
  tokenHash: Bytes,
  idleMinutes: number,
): Promise<SessionRow[]> {
  const { rows } = await db.query<SessionRow>(
    `SELECT ${SESSION_ID} AS session, s.started_at, s.seen_at, s.expires_at, s.token_hash = $2 AS here FROM session s
     WHERE s.account = $1 AND s.seen_at > now() - make_interval(mins => $3) ORDER BY s.started_at DESC, session`,
    [account, tokenHash, idleMinutes],
  );
  return rows;
}

/** Ends one session of a person, and never another person's. */
export async function endSessionOf(db: Db, account: string, session: string): Promise<void> {
  await db.query(`DELETE FROM session s WHERE s.account = $1 AND ${SESSION_ID} = $2`, [account, session]);
}

/** Ends every session of a person but one. */
export async function endOtherSessions(client: Client, person: string, tokenHash: Bytes): Promise<void> {
  await client.query("DELETE FROM session WHERE account = $1 AND token_hash <> $2", [person, tokenHash]);
}

/**
 * Whether a sign-in still runs, for whoever acts by it: whoever else ends or changes any of that person's waits until this
 * transaction is over.
 */
export async function stillRuns(client: Client, person: string, tokenHash: Bytes): Promise<boolean> {
  const { rows } = await client.query<{ here: boolean }>(
    "SELECT token_hash = $2 AS here FROM session WHERE account = $1 ORDER BY token_hash FOR UPDATE",
    [person, tokenHash],
  );
  return rows.some(({ here }) => here);
}

export async function endSession(db: Db, tokenHash: Bytes): Promise<void> {
  await db.query("DELETE FROM session WHERE token_hash = $1", [tokenHash]);
}
