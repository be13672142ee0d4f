/**
 * Writes `sql/catalogue.txt` anew from a new database: run it after a change of the numbered files, and look at every
 * line that changed (node test/store/pinned.ts).
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { catalogueOf } from "../../src/server/watch/store/catalogue.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { startDatabase } from "../support/database.ts";

const database = await startDatabase();
const pool = openPool(database.url("pb_inspect"), 1);
try {
  writeFileSync(
    join(resolve(import.meta.dirname, "../.."), "sql", "catalogue.txt"),
    `${(await catalogueOf(pool)).join("\n")}\n`,
  );
} finally {
  await pool.end();
  await database.stop();
}
