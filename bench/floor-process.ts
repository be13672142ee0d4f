/**
 * Starts the floors beside a world, on the same database server, with tables of their own: bytes stored as ours are
 * (EXTERNAL), no row security, as the
 * owner of the database; never vacuumed, since that would fall on whoever is measured next.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import type { World } from "../demo/world.ts";

export type Floor = { readonly port: number; readonly pid: number; readonly stop: () => Promise<void> };

export async function startFloor(world: World): Promise<Floor> {
  const database = new pg.Client({ connectionString: world.databaseUrl("pb_superuser") });
  await database.connect();
  await database.query(`
    CREATE TABLE IF NOT EXISTS floor (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      bytes bytea STORAGE EXTERNAL NOT NULL,
      at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_enabled = false);
    CREATE TABLE IF NOT EXISTS floor_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry bytea NOT NULL)
    WITH (autovacuum_enabled = false);
  `);
  await database.end();
  const child = fork(join(import.meta.dirname, "floor.ts"), [], {
    env: { FLOOR_DATABASE: world.databaseUrl("pb_superuser"), NODE_ENV: "production" },
  });
  const [message] = (await once(child, "message")) as [{ port: number }];
  return {
    port: message.port,
    pid: child.pid!,
    stop: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}
