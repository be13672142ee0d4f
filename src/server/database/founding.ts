/**
 * How a body of a real installation begins, by the login that owns the tables, and by nobody whom a browser can reach:
 * its record, one invitation for its first owner, and the comparison of six words with whoever used it.
 */
import { canonicalJson } from "../../domain/canonical.ts";
import { newId } from "../../domain/seal/random.ts";
import { queueInvitation } from "../alerts/tell.ts";
import { insertComparison } from "../people/store/invitations.ts";
import { inTransaction, openPool, type Client } from "./pool.ts";

export type Founding = {
  readonly body: string;
  readonly record: { readonly name: string };
  readonly owner: {
    readonly invitation: string;
    readonly name: string;
    readonly email: string;
    readonly link: string | null;
  } | null;
};

/** Enters what is missing; running it again changes nothing, and never makes a second invitation. */
export async function found(url: string, { body, record, owner }: Founding): Promise<void> {
  const pool = openPool(url, 1);
  try {
    await inTransaction(pool, async (client) => {
      await client.query("INSERT INTO body (id, name, record) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", [
        body,
        record.name,
        canonicalJson(record),
      ]);
      if (owner) await inviteFirst(client, body, owner);
    });
  } finally {
    await pool.end();
  }
}

async function inviteFirst(client: Client, body: string, owner: NonNullable<Founding["owner"]>): Promise<void> {
  const mail = owner.link === null ? newId() : null;
  const { rowCount } = await client.query(
    `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, mail, expires_at)
     VALUES ($1, $2, 'owner', $3, $4, NULL, $5, $6, now() + interval '7 days') ON CONFLICT (id) DO NOTHING`,
    [owner.invitation, body, owner.name, owner.email, mail !== null, mail],
  );
  if (rowCount !== 1) return;
  if (mail !== null) await queueInvitation(client, owner.invitation, mail);
  if (owner.link !== null)
    await client.query("INSERT INTO invitation_link (token_hash, invitation) VALUES ($1, $2)", [
      Buffer.from(owner.link, "hex"),
      owner.invitation,
    ]);
}

/** Whoever made keys by one invitation, as JSON has it: bytes in hex. Null while nobody has. */
export async function joinedBy(url: string, invitation: string) {
  const pool = openPool(url, 1);
  try {
    const { rows } = await pool.query(
      `SELECT a.id AS person, a.role, a.name, a.email, a.recipient, encode(a.signing_key, 'hex') AS "signingKey",
         encode(a.details_salt, 'hex') AS "detailsSalt"
       FROM account a JOIN invitation i ON i.used_by = a.id WHERE i.id = $1 AND a.state = 'waiting'`,
      [invitation],
    );
    return rows[0] ?? null;
  } finally {
    await pool.end();
  }
}

/** The host begins to compare six words with a first owner: their page finds the nonce. */
export async function beginFounding(url: string, person: string, nonce: string): Promise<void> {
  const pool = openPool(url, 1);
  try {
    await insertComparison(pool, Buffer.from(nonce, "hex"), person, null);
  } finally {
    await pool.end();
  }
}

/** What `init` wants to know of a database, by the login that it was given; `fault`: why it cannot be entered. */
export async function lookAt(url: string) {
  const pool = openPool(url, 1);
  try {
    const { rows } = await pool.query(
      `SELECT current_setting('server_version_num')::integer / 10000 AS version,
         r.rolsuper OR r.rolcreaterole AS "makesRoles", r.rolsuper OR r.rolbypassrls AS "pastRows",
         has_database_privilege(current_database(), 'CREATE')
           AND (r.rolsuper OR pg_has_role(d.datdba, 'USAGE')) AS owns,
         to_regnamespace('pillarbox') IS NOT NULL AS taken,
         EXISTS (SELECT FROM pg_roles WHERE rolname IN ('pb_public', 'pb_staff', 'pb_log', 'pb_inspect', 'pb_jobs'))
           AS "namesTaken"
       FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`,
    );
    return rows[0] ?? { fault: "its login cannot be looked at" };
  } catch (thrown) {
    return { fault: thrown instanceof Error && thrown.message ? thrown.message : "no reason was given" };
  } finally {
    await pool.end();
  }
}
