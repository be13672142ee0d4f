/** What the inspector's login may see of keys: to whom they are wrapped and the hash of it, and the public keys. */
import type { Bytes } from "../../../domain/bytes.ts";
import type { Db } from "../../database/pool.ts";

export async function wrapsStored(db: Db): Promise<{ inbox: string; epoch: number; person: string; digest: Bytes }[]> {
  return (
    await db.query<{ inbox: string; epoch: number; person: string; digest: Buffer }>(
      "SELECT inbox, epoch, person, digest FROM wrap ORDER BY inbox, epoch, person",
    )
  ).rows;
}

/** Whom a row calls an operator of the host. */
export async function operatorsStored(db: Db): Promise<string[]> {
  return (await db.query<{ id: string }>("SELECT id FROM account WHERE role = 'operator' ORDER BY id")).rows.map(
    (row) => row.id,
  );
}

export async function keysStored(db: Db): Promise<{ body: string; inbox: string; epoch: number; recipient: string }[]> {
  return (
    await db.query<{ body: string; inbox: string; epoch: number; recipient: string }>(
      "SELECT body, inbox, epoch, recipient FROM epoch_key ORDER BY inbox, epoch",
    )
  ).rows;
}
