/**
 * Bringing a database to this program's schema by the numbered files of `sql/`: each once, in order, all or none; and
 * what is refused because a file is missing somewhere. Numbers are frozen from the first release on.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { catalogueOf, differenceOf, expectedCatalogue } from "../../src/server/watch/store/catalogue.ts";
import { migrate, type Passwords } from "../../src/server/database/migrate.ts";
import { migrate as migrateByTheProgram } from "../../supervisor/prepare-database.ts";
import { startDatabases, type Databases } from "../support/databases.ts";
import { schemaOf } from "../support/schema.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FILES = readdirSync(join(ROOT, "sql"))
  .filter((name) => name.endsWith(".sql"))
  .sort();
const LAST = FILES.length;

let databases: Databases;
const directories: string[] = [];

before(async () => {
  databases = await startDatabases();
});

after(async () => {
  directories.forEach((directory) => rmSync(directory, { recursive: true, force: true }));
  await databases?.stop();
});

/** The numbered files of this program in a directory of their own, in which a test may change things. */
function filesOfOurs(): string {
  const directory = mkdtempSync(join(tmpdir(), "pillarbox-sql-"));
  directories.push(directory);
  FILES.forEach((name) => cpSync(join(ROOT, "sql", name), join(directory, name)));
  return directory;
}

const nameOf = (number: number): string => `${String(number).padStart(6, "0")}.sql`;
const run = (database: string, directory: string, passwords: Passwords = databases.engine.logins) =>
  migrate(databases.url("pb_migrate", database), directory, passwords);

async function recorded(database: string): Promise<number[]> {
  const { rows } = await databases
    .open("pb_superuser", database)
    .query<{ version: number }>("SELECT version FROM public.pillarbox_schema ORDER BY version");
  return rows.map((row) => row.version);
}

/** Everything that a refusal must leave as it was. */
async function stateOf(database: string): Promise<unknown> {
  const pool = databases.open("pb_superuser", database);
  const { rows } = await pool.query("SELECT version, at FROM public.pillarbox_schema ORDER BY version");
  return { rows, catalogue: await catalogueOf(pool), schema: await schemaOf(pool) };
}

/** Refused with that code, in those words; the database is as before, and so are the passwords of its logins. */
async function refuses(database: string, directory: string, code: string, detail: RegExp): Promise<void> {
  const state = await stateOf(database);
  const others: Passwords = { ...databases.engine.logins, pb_staff: "another" };
  await assert.rejects(run(database, directory, others), (thrown: { code?: string; detail?: string }) => {
    assert.equal(thrown.code, code);
    assert.match(thrown.detail ?? "", detail);
    return true;
  });
  assert.deepEqual(await stateOf(database), state);
  await databases.open("pb_staff", database).query("SELECT 1");
}

test("a new database gets every file once and in order, and a later start only what is new", async () => {
  const database = await databases.make();
  const all = FILES.map((_, i) => i + 1);
  assert.deepEqual(await run(database, join(ROOT, "sql")), { from: 0, to: LAST });
  assert.deepEqual(await recorded(database), all);
  assert.deepEqual(differenceOf(expectedCatalogue(ROOT), await catalogueOf(databases.open("pb_inspect", database))), {
    added: [],
    missing: [],
  });
  assert.deepEqual(await run(database, join(ROOT, "sql")), { from: LAST, to: LAST });
  assert.deepEqual(await recorded(database), all);
  const directory = filesOfOurs();
  writeFileSync(join(directory, nameOf(LAST + 1)), "CREATE TABLE pillarbox.later (one integer)");
  assert.deepEqual(await run(database, directory), { from: LAST, to: LAST + 1 });
  assert.deepEqual(await recorded(database), [...all, LAST + 1]);
});

test("a file that fails leaves the database without any of what came with it", async () => {
  const database = await databases.make();
  await run(database, join(ROOT, "sql"));
  const directory = filesOfOurs();
  writeFileSync(join(directory, nameOf(LAST + 1)), "CREATE TABLE pillarbox.later (one integer)");
  writeFileSync(join(directory, nameOf(LAST + 2)), "ALTER TABLE pillarbox.never ADD COLUMN two integer");
  const state = await stateOf(database);
  await assert.rejects(run(database, directory), /pillarbox\.never/);
  assert.deepEqual(await stateOf(database), state);
});

test("a program with a gap in its files is refused, whatever the database has", async () => {
  const [fresh, full] = [await databases.make(), await databases.make()];
  await run(full, join(ROOT, "sql"));
  for (const number of [1, 2, LAST - 1]) {
    const directory = filesOfOurs();
    rmSync(join(directory, nameOf(number)));
    const missing = new RegExp(`^this program has no ${nameOf(number)}, and there is ${nameOf(number + 1)}$`);
    await refuses(full, directory, "DATABASE_GAP", missing);
    await assert.rejects(run(fresh, directory), { code: "DATABASE_GAP" });
  }
  const skipped = filesOfOurs();
  renameSync(join(skipped, nameOf(LAST)), join(skipped, nameOf(LAST + 1)));
  await refuses(full, skipped, "DATABASE_GAP", /^this program has no /);
  const empty = filesOfOurs();
  FILES.forEach((name) => rmSync(join(empty, name)));
  await refuses(full, empty, "DATABASE_GAP", /^this program has no file$/);
  const { rows } = await databases
    .open("pb_superuser", fresh)
    .query("SELECT to_regclass('public.pillarbox_schema') AS record, to_regnamespace('pillarbox') AS schema");
  assert.deepEqual(rows, [{ record: null, schema: null }], "nothing was begun");
});

test("a database that never had a lower file is refused, and no later file is run", async () => {
  const directory = filesOfOurs();
  writeFileSync(join(directory, nameOf(LAST + 1)), "CREATE TABLE pillarbox.later (one integer)");
  for (const number of [1, 2, LAST - 1]) {
    const database = await databases.make();
    await run(database, join(ROOT, "sql"));
    await databases
      .open("pb_superuser", database)
      .query("DELETE FROM public.pillarbox_schema WHERE version = $1", [number]);
    const missing = new RegExp(`^this database never had ${nameOf(number)}, and there is ${nameOf(number + 1)}$`);
    await refuses(database, directory, "DATABASE_GAP", missing);
    await refuses(database, join(ROOT, "sql"), "DATABASE_GAP", missing);
  }
});

test("a database that is newer than the program is refused", async () => {
  const database = await databases.make();
  await run(database, join(ROOT, "sql"));
  const directory = filesOfOurs();
  rmSync(join(directory, nameOf(LAST)));
  await refuses(database, directory, "DATABASE_NEWER", new RegExp(`is at ${LAST}, this program knows ${LAST - 1}$`));
});

test("whoever starts the program reads the refusal as one sentence of its own", async () => {
  const database = await databases.make();
  await run(database, join(ROOT, "sql"));
  await databases.open("pb_superuser", database).query("DELETE FROM public.pillarbox_schema WHERE version = 2");
  const { config, installation } = databases.engine;
  await assert.rejects(migrateByTheProgram(config, databases.url("pb_migrate", database), installation), {
    name: "Refusal",
    message: /^A numbered file of the tables is missing.+Nothing was changed\..+never had 000002\.sql.+$/,
  });
});
