/** What members signed: the signature beside its event. */
import type { Client, Db } from "../database/pool.ts";

export type ActRow = { readonly event: number; readonly person: string; readonly signature: Buffer };

export async function insertAct(
  client: Client,
  one: { readonly event: number; readonly person: string; readonly signature: Uint8Array },
): Promise<void> {
  await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [
    one.event,
    one.person,
    one.signature,
  ]);
}

/** The act of an event. Untrusted until verified. */
export async function actOf(db: Db, event: number): Promise<ActRow | undefined> {
  return (await db.query<ActRow>("SELECT event, person, signature FROM act WHERE event = $1", [event])).rows[0];
}
