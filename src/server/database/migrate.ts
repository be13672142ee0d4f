/**
 * Brings a database to this program's schema by the numbered files. Refuses, before anything is changed, a database
 * that is newer (`DATABASE_NEWER`) and one where a file is missing below (`DATABASE_GAP`). Ours and not a library's: it
 * is short, and all files and the logins' passwords are one transaction.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../domain/problem.ts";
import { inTransaction, openPool, type Client } from "./pool.ts";

/** The logins of the processes that have one, and the verifier's. */
const LOGINS = ["pb_public", "pb_staff", "pb_log", "pb_inspect", "pb_jobs"] as const;
export type Passwords = { readonly [login in (typeof LOGINS)[number]]: string };

/**
 * Runs every numbered file in `directory` that the database has not seen, all in one transaction.
 * @param upTo the last of them: a backup goes into the tables that it was made of
 * @throws `DATABASE_GAP`, `DATABASE_NEWER`; the database is then as it was
 */
export async function migrate(
  url: string,
  directory: string,
  passwords: Passwords,
  upTo = Number.POSITIVE_INFINITY,
): Promise<{ from: number; to: number }> {
  const files = (await readdir(directory)).filter((name) => /^\d{6}\.sql$/.test(name)).sort();
  const numbers = files.map(numberOf);
  if (numbers.length === 0) throw new Fault("DATABASE_GAP", "this program has no file");
  refuseGap("this program has no", numbers);
  const known = numbers.length;
  const pool = openPool(url, 1);
  try {
    return await inTransaction(pool, async (client) => {
      // Two programs that start at once must not both build.
      await client.query("SELECT pg_advisory_xact_lock(7211)");
      await client.query(
        "CREATE TABLE IF NOT EXISTS public.pillarbox_schema (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
      );
      const { rows } = await client.query<{ version: number }>(
        "SELECT version FROM public.pillarbox_schema ORDER BY version",
      );
      const from = rows.at(-1)?.version ?? 0;
      if (from > known) throw new Fault("DATABASE_NEWER", `the database is at ${from}, this program knows ${known}`);
      refuseGap(
        "this database never had",
        rows.map((row) => row.version),
      );
      await setLogins(client, passwords);
      for (const file of files.filter((name) => numberOf(name) > from && numberOf(name) <= upTo)) {
        await client.query(await readFile(join(directory, file), "utf8"));
        await client.query("INSERT INTO public.pillarbox_schema (version) VALUES ($1)", [numberOf(file)]);
      }
      await narrow(client);
      return { from, to: known };
    });
  } finally {
    await pool.end();
  }
}

const numberOf = (file: string): number => Number(file.slice(0, 6));
const fileOf = (number: number | undefined): string => `${String(number).padStart(6, "0")}.sql`;

// Numbers run from 1 without a gap: a file that comes in below one that has run already would never run.
function refuseGap(lacks: string, sorted: readonly number[]): void {
  const at = sorted.findIndex((number, i) => number !== i + 1);
  if (at >= 0) throw new Fault("DATABASE_GAP", `${lacks} ${fileOf(at + 1)}, and there is ${fileOf(sorted[at])}`);
}

/** The functions of advisory locks that a login's process calls. */
const LOCKS: readonly (readonly [login: (typeof LOGINS)[number], function_: string])[] = [
  ["pb_staff", "pg_advisory_xact_lock(integer, integer)"],
  ["pb_staff", "pg_advisory_xact_lock_shared(integer, integer)"],
  ["pb_log", "pg_advisory_xact_lock(bigint)"],
];

/**
 * No login makes temporary tables, and each has the advisory lock that its process holds. Large objects and the other
 * locks are taken from everybody where the cluster is made (supervisor/cluster.ts); in somebody else's PostgreSQL only
 * its superuser can do that (docs/OPERATING.md), and then nothing is to be given here.
 */
async function narrow(client: Client): Promise<void> {
  const {
    rows: [here],
  } = await client.query<{ name: string; owned: boolean }>(
    "SELECT quote_ident(datname) AS name, pg_has_role(datdba, 'USAGE') AS owned FROM pg_database WHERE datname = current_database()",
  );
  if (here?.owned) await client.query(`REVOKE TEMPORARY ON DATABASE ${here.name} FROM PUBLIC`);
  for (const [login, lock] of LOCKS) {
    const { rows } = await client.query<{ given: boolean }>(
      "SELECT has_function_privilege($1, 'EXECUTE WITH GRANT OPTION') AS given",
      [`pg_catalog.${lock}`],
    );
    if (rows[0]?.given) await client.query(`GRANT EXECUTE ON FUNCTION pg_catalog.${lock} TO ${login}`);
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
