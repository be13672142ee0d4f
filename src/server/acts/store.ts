/** What members signed: the signature beside its event. */
import { Fault } from "../../domain/problem.ts";
import type { Client, Db } from "../database/pool.ts";

export type ActRow = { readonly event: number; readonly person: string; readonly signature: Buffer };

/** @throws `ACT_MOVED` when it was done before: a signature counts once, whoever sends it again */
export async function insertAct(
  client: Client,
  one: { readonly event: number; readonly person: string; readonly signature: Uint8Array },
): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO act (event, person, signature) VALUES ($1, $2, $3) ON CONFLICT (signature) DO NOTHING",
    [one.event, one.person, one.signature],
  );
  if (rowCount !== 1) throw new Fault("ACT_MOVED", "this signature was used before");
}

/** The act of an event. Untrusted until verified. */
export async function actOf(db: Db, event: number): Promise<ActRow | undefined> {
  return (await db.query<ActRow>("SELECT event, person, signature FROM act WHERE event = $1", [event])).rows[0];
}
