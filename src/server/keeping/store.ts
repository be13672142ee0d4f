/**
 * Every table as it stands at one moment, and back into tables that are empty. By the login that owns the tables, to
 * which row security does not apply: where it would, the snapshot fails and is never a part of the rows.
 */
import type { Bytes } from "../../domain/bytes.ts";
import { entriesPath, TILE_WIDTH } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import type { KeptTable, Snapshot } from "../../domain/keeping/manifest.ts";
import { copyIn, copyOut } from "../database/copy.ts";
import type { Client } from "../database/pool.ts";
import type { Which } from "../log/store/log.ts";

/** Nothing of it takes as long as somebody who waits for a page. */
const UNHURRIED =
  "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL row_security = off";

export async function beginSnapshot(client: Client): Promise<void> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await client.query(UNHURRIED);
}

export const endSnapshot = (client: Client): Promise<unknown> => client.query("ROLLBACK");

export async function schemaOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT max(version) AS version FROM public.pillarbox_schema",
  );
  return rows[0]?.version ?? 0;
}

/** What a backup of it takes on a disk at most, bytes: the log is in it twice, as rows and as files. */
export async function sizeOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    "SELECT coalesce(sum(pg_table_size(oid) * CASE WHEN relname IN ('event', 'tile') THEN 2 ELSE 1 END), 0)::bigint AS bytes FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind = 'r'",
  );
  return rows[0]?.bytes ?? 0;
}

type Found = Pick<KeptTable, "name" | "columns">;

/** All tables, each behind those that it refers to; of their columns those that are not computed. */
export async function tablesOf(client: Client): Promise<readonly Found[]> {
  const { rows } = await client.query<Found & { after: string[] }>(
    `SELECT c.relname::text AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       ARRAY(SELECT DISTINCT t.relname::text FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
         WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS after
     FROM pg_class c
     WHERE c.relnamespace = 'pillarbox'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY 1`,
  );
  const sorted: Found[] = [];
  const done = new Set<string>();
  while (sorted.length < rows.length) {
    const ready = rows.filter(({ name, after }) => !done.has(name) && after.every((other) => done.has(other)));
    if (ready.length === 0) throw new Fault("INTERNAL", "two tables refer to each other");
    for (const { name, columns } of ready) {
      sorted.push({ name, columns });
      done.add(name);
    }
  }
  return sorted;
}

const named = (client: Client, { name, columns }: Found) => ({
  table: `pillarbox.${client.escapeIdentifier(name)}`,
  columns: columns.map((column) => client.escapeIdentifier(column)).join(", "),
});

/** The rows of one table, as the database writes them. @returns how many */
export function rowsOf(client: Client, one: Found): AsyncGenerator<Bytes, number> {
  const { table, columns } = named(client, one);
  return copyOut(client, `COPY (SELECT ${columns} FROM ${table}) TO STDOUT (FORMAT binary)`);
}

/** What the tables count with, and what each would give next. */
export async function sequencesOf(client: Client): Promise<Snapshot["sequences"]> {
  const { rows } = await client.query<{ name: string; next: number }>(
    "SELECT sequencename::text AS name, coalesce(last_value + increment_by, start_value) AS next FROM pg_sequences WHERE schemaname = 'pillarbox' ORDER BY 1",
  );
  return rows;
}

/** The entries of one bundle of a log. */
export async function bundleOf(client: Client, { whose, log }: Which, index: number, width: number): Promise<Bytes[]> {
  const { rows } = await client.query<{ entry: Buffer }>(
    "SELECT entry FROM event WHERE body = $1 AND log = $2 AND leaf >= $3 AND leaf < $4 ORDER BY leaf",
    [whose, log, index * TILE_WIDTH, index * TILE_WIDTH + width],
  );
  if (rows.length !== width)
    throw new Fault("LOG_DIVERGED", `entries of ${entriesPath(index, width)} are missing in the database`);
  return rows.map(({ entry }) => Uint8Array.from(entry));
}

/** Which of these letters have no row. */
export async function absent(client: Client, letters: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT given.id FROM unnest($1::text[]) AS given(id) WHERE NOT EXISTS (SELECT FROM submission s WHERE s.id = given.id)",
    [letters],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Letters that are not erased, and of which a sealed part is not there. */
export async function unwhole(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    "SELECT count(*) AS count FROM submission s WHERE erased_at IS NULL AND (SELECT count(*) FROM sealed WHERE submission = s.id) < 2",
  );
  return rows[0]?.count ?? 0;
}

/** Makes room for what comes: only where nobody's anything is there yet. @throws `RESTORE_REFUSED` */
export async function emptied(client: Client, tables: readonly KeptTable[]): Promise<void> {
  await client.query(UNHURRIED);
  await client.query("SET LOCAL synchronous_commit = on");
  const there = await tablesOf(client);
  const spell = (some: readonly Found[]): string =>
    some
      .map(({ name, columns }) => `${name}(${columns.join(",")})`)
      .sort()
      .join(" ");
  if (spell(there) !== spell(tables))
    throw new Fault("RESTORE_REFUSED", "the backup holds other tables or columns than its schema has");
  for (const { name } of there.filter((one) => one.name !== "head")) {
    const { rows } = await client.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT FROM pillarbox.${client.escapeIdentifier(name)}) AS any`,
    );
    if (rows[0]?.any)
      throw new Fault("RESTORE_REFUSED", "the database is not empty; a backup goes into a new one only");
  }
}

/** One table's rows. @returns how many */
export async function putRows(client: Client, one: KeptTable, pieces: AsyncIterable<Bytes>): Promise<number> {
  // A body's log begins with its row, and every head comes with the backup.
  if (one.name === "head") await client.query("DELETE FROM head");
  const { table, columns } = named(client, one);
  return copyIn(client, `COPY ${table} (${columns}) FROM STDIN (FORMAT binary)`, pieces);
}

/** They go on where they were. */
export async function putSequences(client: Client, sequences: Snapshot["sequences"]): Promise<void> {
  const there = new Set((await sequencesOf(client)).map(({ name }) => name));
  for (const { name, next } of sequences) {
    if (!there.has(name)) throw new Fault("RESTORE_REFUSED", `the backup has a sequence ${name}, and its schema none`);
    await client.query("SELECT setval(format('pillarbox.%I', $1::text)::regclass, $2, false)", [name, next]);
  }
}
