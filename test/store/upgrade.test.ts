/**
 * Every release can be brought up to today. `releases/` keeps of each one its numbered files, the catalogue that they
 * made (`catalogue.txt`) and a row for each table (`rows.sql`). A database is built from them, filled, brought up by
 * today's files, and must then be the same as a new one, with every row still there.
 *
 * A numbered file of a release is never edited: here the database that has run it would differ from a new one. With a
 * release its folder is added: `cp sql/* test/store/releases/<version>/`, and rows for what is new. Folders of earlier
 * releases stay as they are. Only 0.1, until it is released, is copied anew after each change of `sql/`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { catalogueOf, differenceOf, type Difference } from "../../src/server/watch/store/catalogue.ts";
import { migrate } from "../../src/server/database/migrate.ts";
import { startDatabases, type Databases } from "../support/databases.ts";
import { schemaOf } from "../support/schema.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const RELEASES = join(import.meta.dirname, "releases");
const KEPT = readdirSync(RELEASES).sort();
const NOTHING: Difference = { added: [], missing: [] };

let databases: Databases;
/** A new database of today, as lines. */
let today: readonly string[];
const directories: string[] = [];

before(async () => {
  databases = await startDatabases();
  const database = await databases.make();
  await run(database, join(ROOT, "sql"));
  today = await linesOf(database);
});

after(async () => {
  directories.forEach((directory) => rmSync(directory, { recursive: true, force: true }));
  await databases?.stop();
});

const run = (database: string, directory: string) =>
  migrate(databases.url("pb_migrate", database), directory, databases.engine.logins);

async function linesOf(database: string): Promise<string[]> {
  const pool = databases.open("pb_superuser", database);
  return [...(await catalogueOf(pool)), ...(await schemaOf(pool))];
}

/** How many rows each table of ours has. */
async function countsOf(database: string): Promise<Map<string, number>> {
  const pool = databases.open("pb_superuser", database);
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind = 'r'",
  );
  const counts = new Map<string, number>();
  for (const { name } of tables) counts.set(name, (await pool.query(`SELECT FROM pillarbox."${name}"`)).rowCount ?? 0);
  return counts;
}

/** A database as the release left it. */
async function built(directory: string): Promise<string> {
  const database = await databases.make();
  await run(database, directory);
  return database;
}

test("the schema of this version is kept among the releases", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  assert.ok(KEPT.includes(version.split(".").slice(0, 2).join(".")), `no folder for ${version} in test/store/releases`);
});

for (const release of KEPT) {
  const directory = join(RELEASES, release);

  test(`a database of release ${release} is brought up to the same as a new one, and no row is lost`, async () => {
    const database = await built(directory);
    const kept = readFileSync(join(directory, "catalogue.txt"), "utf8").trimEnd().split("\n");
    assert.deepEqual(
      differenceOf(kept, await catalogueOf(databases.open("pb_inspect", database))),
      NOTHING,
      "the kept files make what the release had",
    );
    await databases.open("pb_migrate", database).query(readFileSync(join(directory, "rows.sql"), "utf8"));
    const before = await countsOf(database);
    assert.deepEqual(
      [...before].filter(([, count]) => count === 0),
      [],
      "each table has a row",
    );
    await run(database, join(ROOT, "sql"));
    assert.deepEqual(differenceOf(today, await linesOf(database)), NOTHING);
    const now = await countsOf(database);
    assert.deepEqual(
      [...before].filter(([table, count]) => now.get(table) !== count),
      [],
    );
  });
}

test("a numbered file that was edited after its release is noticed", async () => {
  const edits: readonly [file: string, text: string, instead: string, noticed: readonly RegExp[]][] = [
    ["000001.sql", "CREATE INDEX ON session (account);", "", [/^index .+ session_account_idx/]],
    ["000002.sql", "octet_length(g.slip) > 200", "octet_length(g.slip) > 9", [/^function receive\(/]],
    ["000002.sql", "octet_length(entry) <= 65535", "octet_length(entry) <= 9", [/^constraint event event_entry_check/]],
    [
      "000002.sql",
      "e.leaf < h.signed_size",
      "e.leaf <= h.signed_size",
      [/^policy sealed released: .+ <= h\.signed_size/, /^policy incident_document released: .+ <= h\.signed_size/],
    ],
    ["000003.sql", "sent boolean NOT NULL", "sent boolean", [/^column incident_reminder 3 sent: boolean, kept/]],
    [
      "000004.sql",
      "GRANT SELECT (watcher, kind, clean_at) ON look",
      "GRANT SELECT ON look",
      [/^right look: pb_public/],
    ],
  ];
  const directory = mkdtempSync(join(tmpdir(), "pillarbox-release-"));
  directories.push(directory);
  cpSync(join(RELEASES, "0.1"), directory, { recursive: true });
  for (const [file, text, instead] of edits) {
    const kept = readFileSync(join(directory, file), "utf8");
    assert.equal(kept.split(text).length, 2, `${text} stands once in ${file}`);
    writeFileSync(join(directory, file), kept.replace(text, instead));
  }
  const database = await built(directory);
  await run(database, join(ROOT, "sql"));
  const { added, missing } = differenceOf(today, await linesOf(database));
  for (const [, text, , noticed] of edits)
    for (const line of noticed)
      assert.ok(
        [...added, ...missing].some((one) => line.test(one)),
        text,
      );
});
