/** Invitations, the links that lead to them, and comparisons of six words. */
import type { Bytes } from "../../../domain/bytes.ts";
import type { BodyRole } from "../../../domain/grant/statement.ts";
import type { DeliveryState } from "../../../domain/mail/state.ts";
import type { Client, Db } from "../../database/pool.ts";

export type Invitation = {
  readonly id: string;
  readonly body: string;
  readonly role: BodyRole;
  readonly name: string;
  readonly email: string;
  /** null: `pillarbox init`, the first owner of a body */
  readonly invited_by: string | null;
  readonly mailed: boolean;
  readonly made_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  /** who joined by it, or the invitation that took its place; null beside `used_at`: it was withdrawn */
  readonly used_by: string | null;
};

const COLUMNS =
  "i.id, i.body, i.role, i.name, i.email, i.invited_by, i.mailed, i.made_at, i.expires_at, i.used_at, i.used_by";

/** One invitation of an address at a time is decided; delivered with the end of the transaction. */
export const lockAddress = (client: Client, email: string): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7214, hashtext($1))", [email]);

/** How many invitations of a body went out by mail in the last 24 hours, and how many of them by one person. */
export async function mailedToday(client: Client, body: string, by: string): Promise<{ body: number; own: number }> {
  // Whoever else invites to this body at this moment waits: two at once are counted one after the other.
  await client.query("SELECT pg_advisory_xact_lock(7215, hashtext($1))", [body]);
  const { rows } = await client.query<{ body: number; own: number }>(
    "SELECT count(*)::int AS body, (count(*) FILTER (WHERE invited_by = $2))::int AS own FROM invitation WHERE body = $1 AND mailed AND made_at > now() - interval '24 hours'",
    [body, by],
  );
  return rows[0]!;
}

export const isTaken = async (client: Client, email: string): Promise<boolean> =>
  (await client.query("SELECT FROM account WHERE email = $1", [email])).rowCount !== 0;

/** A newer invitation of the same body takes the place of those that were open. */
export async function replaceInvitations(client: Client, body: string, email: string, by: string): Promise<void> {
  await client.query(
    "UPDATE invitation SET used_at = now(), used_by = $3 WHERE body = $1 AND email = $2 AND used_at IS NULL",
    [body, email, by],
  );
}

export async function insertInvitation(
  client: Client,
  one: Pick<Invitation, "id" | "body" | "role" | "name" | "email" | "mailed"> & {
    by: string;
    days: number;
    /** the delivery that will bring the link */
    mail: string | null;
  },
): Promise<void> {
  await client.query(
    "INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, mail, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))",
    [one.id, one.body, one.role, one.name, one.email, one.by, one.mailed, one.mail, one.days],
  );
}

export async function insertLink(client: Client, tokenHash: Bytes, invitation: string): Promise<void> {
  await client.query("INSERT INTO invitation_link (token_hash, invitation) VALUES ($1, $2)", [tokenHash, invitation]);
}

/** The invitation that a link leads to, used or not; undefined for one that has run out, or that nobody made. */
export async function invitationOf(db: Db, tokenHash: Bytes): Promise<Invitation | undefined> {
  const { rows } = await db.query<Invitation>(
    `SELECT ${COLUMNS} FROM invitation i JOIN invitation_link l ON l.invitation = i.id WHERE l.token_hash = $1`,
    [tokenHash],
  );
  return rows[0];
}

/** Uses an invitation up, and all its links with it. False when somebody was quicker. */
export async function useInvitation(client: Client, id: string, person: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE invitation SET used_at = now(), used_by = $2 WHERE id = $1 AND used_at IS NULL",
    [id, person],
  );
  return rowCount === 1;
}

/** Withdraws an invitation that is open, and all its links with it. False when it is not. */
export async function withdrawInvitation(client: Client, body: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE invitation SET used_at = now() WHERE body = $1 AND id = $2 AND used_at IS NULL",
    [body, id],
  );
  return rowCount === 1;
}

export type InvitationState = "open" | "used" | "expired" | "withdrawn";

/** An invitation as an owner sees it. */
export type ListedInvitation = Pick<
  Invitation,
  "id" | "role" | "name" | "email" | "mailed" | "made_at" | "expires_at"
> & {
  readonly state: InvitationState;
  readonly mail: DeliveryState | null;
};

/** All that are kept and were not replaced, the oldest first. */
export const invitationsOf = async (db: Db, body: string): Promise<ListedInvitation[]> =>
  (await db.query<ListedInvitation>("SELECT * FROM invitations_of($1)", [body])).rows;

/** @param owner null: the host, with the first owner of a body */
export async function insertComparison(client: Db, nonce: Bytes, person: string, owner: string | null): Promise<void> {
  await client.query("INSERT INTO comparison (nonce, person, owner) VALUES ($1, $2, $3)", [nonce, person, owner]);
}

/** The newest comparison that runs, and the name of the owner who began it; null for the host. */
export async function comparisonOf(
  db: Db,
  person: string,
): Promise<{ readonly nonce: Buffer; readonly owner: string | null; readonly begun_at: Date } | undefined> {
  const { rows } = await db.query<{ nonce: Buffer; owner: string | null; begun_at: Date }>(
    "SELECT c.nonce, a.name AS owner, c.begun_at FROM comparison c LEFT JOIN account a ON a.id = c.owner WHERE c.person = $1 ORDER BY c.begun_at DESC LIMIT 1",
    [person],
  );
  return rows[0];
}
