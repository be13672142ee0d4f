/** Unlockers of people, each with the copy of the keys that is sealed to it. */
import type { Bytes } from "../../domain/bytes.ts";
import type { Client, Db } from "../database/pool.ts";

/** What signs in by a passphrase, and what is handed over then. */
export type PassphraseRow = { readonly unlocker: string; readonly sign_in_hash: Buffer; readonly sealed: Buffer };

type Copy = { readonly unlocker: string; readonly recipientHash: Bytes; readonly sealedKeys: Bytes };
export type NewPassphrase = { readonly signInHash: Bytes; readonly copy: Copy };

/** The unlocker with which keys were made. */
export async function insertFirst(client: Client, account: string, { signInHash, copy }: NewPassphrase): Promise<void> {
  await client.query(
    "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES ($1, $2, 'passphrase', 'Passphrase', 1, $3, $4, $5)",
    [copy.unlocker, account, signInHash, copy.recipientHash, copy.sealedKeys],
  );
}

export async function noteUse(db: Db, unlocker: string): Promise<void> {
  await db.query("UPDATE unlocker SET used_at = now() WHERE id = $1", [unlocker]);
}
