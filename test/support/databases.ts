/** One engine and as many databases as a test wants: each empty, owned by the login that migrates. */
import type { AnyLogin } from "../../demo/world.ts";
import { startDatabase, type Database } from "./database.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";

export type Databases = {
  readonly engine: Database;
  /** A new empty database; its name. */
  readonly make: () => Promise<string>;
  readonly url: (login: AnyLogin, database: string) => string;
  /** A pool that `stop` ends. */
  readonly open: (login: AnyLogin, database: string) => Pool;
  readonly stop: () => Promise<void>;
};

export async function startDatabases(): Promise<Databases> {
  const engine = await startDatabase({ migrated: false });
  const pools: Pool[] = [];
  let made = 0;
  const url = (login: AnyLogin, database: string): string => engine.url(login).replace("/pillarbox?", `/${database}?`);
  const open = (login: AnyLogin, database: string): Pool => {
    const pool = openPool(url(login, database), 1);
    pools.push(pool);
    return pool;
  };
  const admin = open("pb_superuser", "postgres");
  return {
    engine,
    url,
    open,
    make: async () => {
      const name = `made_${++made}`;
      // Making a database takes as long as the disk of the machine wants.
      await admin.query("SET statement_timeout = 0");
      await admin.query(`CREATE DATABASE ${name} OWNER pb_migrate`);
      return name;
    },
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await engine.stop();
    },
  };
}
