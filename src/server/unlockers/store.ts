/** Unlockers of people, each with the copy of the keys that is sealed to it. */
import type { Bytes } from "../../domain/bytes.ts";
import type { Client, Db } from "../database/pool.ts";
import { COLUMNS, type Account } from "../people/store/accounts.ts";

/** What signs in by a passphrase, and what is handed over then. */
export type PassphraseRow = { readonly unlocker: string; readonly sign_in_hash: Buffer; readonly sealed: Buffer };

/** Whoever has this address, once for each passphrase of theirs. */
export async function accountForSignIn(db: Db, email: string): Promise<(Account & PassphraseRow)[]> {
  return (
    await db.query<Account & PassphraseRow>(
      `SELECT ${COLUMNS}, u.id AS unlocker, u.sign_in_hash, u.sealed FROM account a JOIN unlocker u ON u.account = a.id
       WHERE a.email = $1 AND u.kind = 'passphrase'`,
      [email],
    )
  ).rows;
}

type Copy = { readonly unlocker: string; readonly recipientHash: Bytes; readonly sealedKeys: Bytes };
export type NewPassphrase = { readonly signInHash: Bytes; readonly copy: Copy };

/** A passphrase. @param event the act by which it was added; null for the one with which keys were made */
export async function insertPassphrase(
  client: Client,
  account: string,
  { signInHash, copy }: NewPassphrase,
  event: number | null = null,
): Promise<void> {
  await client.query(
    "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed, event) VALUES ($1, $2, 'passphrase', 'Passphrase', 1, $3, $4, $5, $6)",
    [copy.unlocker, account, signInHash, copy.recipientHash, copy.sealedKeys, event],
  );
}

type NewPasskey = {
  readonly account: string;
  /** by which it was added */
  readonly event: number;
  readonly label: string;
  readonly copy: Copy;
  readonly credential: Bytes;
  readonly publicKey: Bytes;
  readonly signCount: number;
};

/** False when this passkey, or an unlocker of this id, is there already. */
export async function insertPasskey(client: Client, one: NewPasskey): Promise<boolean> {
  const { copy } = one;
  const { rowCount } = await client.query(
    "INSERT INTO unlocker (id, account, kind, label, recipient_hash, sealed, event, credential, public_key, sign_count) VALUES ($1, $2, 'passkey', $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    [
      copy.unlocker,
      one.account,
      one.label,
      copy.recipientHash,
      copy.sealedKeys,
      one.event,
      one.credential,
      one.publicKey,
      one.signCount,
    ],
  );
  return rowCount === 1;
}

export type PasskeyRow = {
  readonly unlocker: string;
  readonly public_key: Buffer;
  /** a bigint, as text */
  readonly sign_count: string | number;
  readonly sealed: Buffer;
};

export async function passkeyOf(db: Db, credential: Bytes): Promise<(Account & PasskeyRow) | undefined> {
  return (
    await db.query<Account & PasskeyRow>(
      `SELECT ${COLUMNS}, u.id AS unlocker, u.public_key, u.sign_count, u.sealed FROM account a
       JOIN unlocker u ON u.account = a.id WHERE u.credential = $1`,
      [credential],
    )
  ).rows[0];
}

export type UnlockerRow = {
  readonly id: string;
  readonly kind: "passphrase" | "passkey";
  readonly label: string;
  readonly recipient_hash: Buffer;
  readonly credential: Buffer | null;
  readonly made_at: Date;
  readonly used_at: Date | null;
};

/** Somebody's own, the oldest first; without the copies, which only a sign-in hands over. */
export async function unlockersOf(db: Db, account: string): Promise<UnlockerRow[]> {
  const { rows } = await db.query<UnlockerRow>(
    "SELECT id, kind, label, recipient_hash, credential, made_at, used_at FROM unlocker WHERE account = $1 ORDER BY made_at, id",
    [account],
  );
  return rows;
}

/** All of somebody's; whoever else changes them at this moment waits. */
export async function lockUnlockers(
  client: Client,
  account: string,
): Promise<readonly Pick<UnlockerRow, "id" | "kind">[]> {
  const { rows } = await client.query<Pick<UnlockerRow, "id" | "kind">>(
    "SELECT id, kind FROM unlocker WHERE account = $1 ORDER BY id FOR UPDATE",
    [account],
  );
  return rows;
}

export async function deleteUnlocker(client: Client, account: string, unlocker: string): Promise<void> {
  await client.query("DELETE FROM unlocker WHERE account = $1 AND id = $2", [account, unlocker]);
}

/**
 * Notes that an unlocker signed somebody in. @param count what a passkey counts to now; many count nothing, and say 0
 * @returns false when the counter did not grow since: then it was copied, or its answer is sent again
 */
export async function noteUse(db: Db, unlocker: string, count = 0): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE unlocker SET used_at = now(), sign_count = CASE WHEN kind = 'passkey' THEN $2::bigint END WHERE id = $1 AND (kind = 'passphrase' OR sign_count < $2 OR (sign_count = 0 AND $2 = 0))",
    [unlocker, count],
  );
  return rowCount === 1;
}
