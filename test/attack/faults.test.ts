/**
 * The database fails, or somebody makes it fail: what cannot be looked up is called a fault, never "there is none".
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { parseConfig, type Config } from "../../src/server/config.ts";
import type { App } from "../../src/server/http/app.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { publicApp } from "../../src/server/public/app.ts";
import { startDatabase, type Database } from "../support/database.ts";

const BODIES = ["harrowmere", "eastvale", "northam"];
let database: Database;
let config: Config;
let owner: Pool;
let pool: Pool;
let publicly: App;

before(async () => {
  database = await startDatabase({
    seed: { operators: [], bodies: BODIES.map((id) => ({ id, name: id, record: {} })) },
    roots: Object.fromEntries(BODIES.map((id) => [id, "0".repeat(64)])),
  });
  config = parseConfig(JSON.stringify(database.config));
  owner = openPool(database.url("pb_superuser"), 1);
  pool = openPool(database.url("pb_public"), 1);
  publicly = await publicApp(config, pool, "credential");
});
after(async () => {
  await publicly?.close();
  await Promise.all([pool?.end(), owner?.end()]);
  await database?.stop();
});

// The server's own lines are not part of the report.
let said = "";
beforeEach(() => {
  said = "";
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) => {
    if (typeof chunk !== "string" || !chunk.startsWith('{"time"')) return write(chunk);
    said += chunk;
    return true;
  });
});
afterEach(() => mock.restoreAll());

const page = async (url: string): Promise<number> =>
  (await publicly.inject({ url, headers: { accept: "text/html" } })).statusCode;

test("where notices cannot be looked up the page is out of order, and does not call them none", async () => {
  assert.equal(await page("/"), 200);
  await owner.query("REVOKE SELECT ON public_notice FROM pb_public");
  try {
    assert.ok((await page("/")) >= 500);
    assert.match(said, /"level":"error"/, "and it is logged");
  } finally {
    await owner.query("GRANT SELECT ON public_notice TO pb_public");
  }
  assert.equal(await page("/"), 200);
});

test("where statements cannot be looked up, no form is called unknown", async () => {
  assert.equal(await page("/forms/some-form"), 404);
  await owner.query("REVOKE SELECT ON statement FROM pb_public");
  try {
    for (const url of ["/", "/forms/some-form", "/forms/some-form/key"]) assert.ok((await page(url)) >= 500, url);
  } finally {
    await owner.query("GRANT SELECT ON statement TO pb_public");
  }
});

// However many bodies a host has: somebody who asks for many pages does not ask the database for many times more.
test("a page asks the database once for the statements of all bodies, and once for notices", async () => {
  for (const [url, wanted] of [
    ["/", { statement: 1, public_notice: 1 }],
    ["/forms/some-form", { statement: 1, public_notice: 0 }],
  ] as const) {
    const asked = mock.method(pool, "query");
    await page(url);
    const texts = asked.mock.calls.map(({ arguments: [text] }) => String(text));
    asked.mock.restore();
    for (const [table, times] of Object.entries(wanted))
      assert.equal(
        texts.filter((text) => text.includes(`FROM ${table} `)).length,
        times,
        `${url}: ${texts.join("\n")}`,
      );
  }
});
