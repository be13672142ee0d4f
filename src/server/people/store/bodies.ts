/** Bodies and their records. */
import type { Db } from "../../database/pool.ts";

export type BodyRow = { readonly id: string; readonly name: string; readonly record: unknown };

export async function allBodies(db: Db): Promise<BodyRow[]> {
  return (await db.query<BodyRow>("SELECT id, name, record FROM body ORDER BY name")).rows;
}

export async function bodyById(db: Db, id: string): Promise<BodyRow | undefined> {
  return (await db.query<BodyRow>("SELECT id, name, record FROM body WHERE id = $1", [id])).rows[0];
}
