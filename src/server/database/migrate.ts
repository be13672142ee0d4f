/**
 * Brings a database to this program's schema; refuses one that is newer (`DATABASE_NEWER`).
 * Ours and not a library's: it is fifty lines, and all files and the logins' passwords are one transaction.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../domain/problem.ts";
import { inTransaction, openPool, type Client } from "./pool.ts";

/** The logins of the processes that have one, and the verifier's. */
const LOGINS = ["pb_public", "pb_staff", "pb_log", "pb_inspect", "pb_jobs"] as const;
export type Passwords = { readonly [login in (typeof LOGINS)[number]]: string };

/** Runs every numbered file in `directory` that the database has not seen, each in the one transaction. */
export async function migrate(
  url: string,
  directory: string,
  passwords: Passwords,
): Promise<{ from: number; to: number }> {
  const files = (await readdir(directory)).filter((name) => /^\d{6}\.sql$/.test(name)).sort();
  const known = Number(files.at(-1)?.slice(0, 6) ?? 0);
  const pool = openPool(url, 1);
  try {
    return await inTransaction(pool, async (client) => {
      // Two programs that start at once must not both build.
      await client.query("SELECT pg_advisory_xact_lock(7211)");
      await client.query(
        "CREATE TABLE IF NOT EXISTS public.pillarbox_schema (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
      );
      const { rows } = await client.query<{ version: number }>(
        "SELECT coalesce(max(version), 0) AS version FROM public.pillarbox_schema",
      );
      const from = rows[0]?.version ?? 0;
      if (from > known) throw new Fault("DATABASE_NEWER", `the database is at ${from}, this program knows ${known}`);
      await setLogins(client, passwords);
      for (const file of files.filter((name) => Number(name.slice(0, 6)) > from)) {
        await client.query(await readFile(join(directory, file), "utf8"));
        await client.query("INSERT INTO public.pillarbox_schema (version) VALUES ($1)", [Number(file.slice(0, 6))]);
      }
      return { from, to: known };
    });
  } finally {
    await pool.end();
  }
}

/** Each process has a login of its own and nothing else; the password is the supervisor's. */
async function setLogins(client: Client, passwords: Passwords): Promise<void> {
  for (const login of LOGINS) {
    const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [login]);
    if (!rowCount)
      await client.query(`CREATE ROLE ${login} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS`);
    await client.query(`ALTER ROLE ${login} PASSWORD ${client.escapeLiteral(passwords[login])}`);
  }
  await client.query("REVOKE ALL ON SCHEMA public FROM PUBLIC");
}
