/**
 * A PostgreSQL that is there already: DATABASE_URL. The embedded one plays it here, empty, through its owner's login.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startWorld } from "../../demo/world.ts";
import { startDatabase, type Database } from "../support/database.ts";
import { launch, place } from "../support/launched.ts";

describe("DATABASE_URL", () => {
  let theirs: Database;
  let here: Awaited<ReturnType<typeof place>>;
  before(async () => {
    theirs = await startDatabase({ migrated: false });
    // As a system's own PostgreSQL has it: everybody may go to the socket, and needs a password there.
    const socket = new URL(theirs.url("pb_migrate")).searchParams.get("host")!;
    chmodSync(socket, 0o755);
    for (const name of readdirSync(socket)) chmodSync(join(socket, name), 0o777);
    here = await place();
  });
  after(async () => {
    await theirs.stop();
    here.remove();
  });

  it("is used instead of the embedded one, each server with its own login", async () => {
    const world = await startWorld({ databaseUrl: theirs.url("pb_migrate"), data: here.data });
    try {
      assert.equal(world.pid("database"), 0);
      for (const origin of [world.publicOrigin, world.staffOrigin])
        assert.equal((await fetch(`${origin}/health`)).status, 200);
      for (const login of ["pb_public", "pb_staff", "pb_log"] as const) {
        const client = new pg.Client(world.databaseUrl(login));
        await client.connect();
        assert.equal((await client.query("SELECT session_user AS me")).rows[0].me, login);
        await client.end();
      }
    } finally {
      await world.stop();
    }
  });

  it("is asked for again by a data directory that belongs to it", async () => {
    const ended = await launch(here).ended;
    assert.equal(ended.code, 1);
    assert.match(
      ended.error,
      /^.+ belongs to a database that was given in DATABASE_URL: give it again, or .+PILLARBOX_DATA\.\n$/,
    );
  });

  it("is refused in one sentence when it is none, or when nobody answers there", async () => {
    const fresh = await place();
    const none = await launch({ ...fresh, environment: { DATABASE_URL: "my database" } }).ended;
    assert.equal(none.code, 1);
    assert.match(none.error, /^DATABASE_URL is not the address of a PostgreSQL: .+\n$/);
    assert.ok(!existsSync(fresh.data));
    const silent = await launch({ ...fresh, environment: { DATABASE_URL: "postgres://me:secret@localhost:1/none" } })
      .ended;
    assert.equal(silent.code, 1);
    assert.match(silent.error, /^The database could not be reached.+\n$/);
    assert.doesNotMatch(silent.error, /secret/);
    fresh.remove();
  });
});
