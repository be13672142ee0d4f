/**
 * Kills at chosen moments, without a line of the product changed for it: before the commit (the row waits for a lock
 * that the test holds), inside the commit (a trigger of the test's own waits there), and after it but before the answer
 * (a proxy swallows the answer). Each time the same bytes are sent again, and there is one row, one event, one leaf.
 */
import assert from "node:assert/strict";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { assertSound } from "../support/judge.ts";
import { staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { insist, sealedLetters, send, type Sealed } from "./letters.ts";
import { kill } from "./round.ts";

let t: StaffedWorld;
let letter: () => Sealed;
before(async () => {
  t = await staffedWorld();
  letter = await sealedLetters(t);
});
after(() => t?.stop());

const rowsOf = async (database: pg.Client, one: Sealed): Promise<number> =>
  Number((await database.query("SELECT count(*) FROM submission WHERE id = $1", [one.submission])).rows[0].count);

/** Waits until a connection of the public server waits for a lock. */
async function untilItWaits(database: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE usename = 'pb_public' AND wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
    await wait(10);
  }
}

/** The world's connections to the database are gone: nothing of the killed server is under way any more. */
async function untilNobodyWaits(database: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE usename = 'pb_public' AND (wait_event_type = 'Lock' OR state = 'active')",
    );
    if (rows.length === 0) return;
    await wait(10);
  }
}

// The server is killed before the commit: nothing is stored, nothing is logged, and sending again stores it once.
test("the server is killed before the commit: nothing is stored; sending again stores it once", async () => {
  const database = await t.attacker();
  try {
    await database.query("BEGIN; LOCK TABLE event IN SHARE MODE");
    const one = letter();
    const answer = send(t.config.publicOrigin, one);
    await untilItWaits(database);
    await kill(t, "public");
    assert.equal((await answer).kind, "unknown");
    // What it asked for is one statement, and ends by its time limit.
    await untilNobodyWaits(database);
    await database.query("COMMIT");
    assert.equal(await rowsOf(database, one), 0);
    await assertSound(t.world);
    await insist(t.config.publicOrigin, one);
    assert.equal(await rowsOf(database, one), 1);
    await assertSound(t.world);
  } finally {
    await database.end();
  }
});

test("the database is killed before the commit: nothing is stored; sending again stores it once", async () => {
  const holder = await t.attacker();
  holder.on("error", () => {});
  await holder.query("BEGIN; LOCK TABLE event IN SHARE MODE");
  const one = letter();
  const answer = send(t.config.publicOrigin, one);
  await untilItWaits(holder);
  await kill(t, "database");
  assert.equal((await answer).kind, "unknown");
  await holder.end().catch(() => {});
  const database = await t.attacker();
  try {
    assert.equal(await rowsOf(database, one), 0);
    await insist(t.config.publicOrigin, one);
    assert.equal(await rowsOf(database, one), 1);
    await assertSound(t.world);
  } finally {
    await database.end();
  }
});

// The server is killed inside the commit: what the database made durable stays, with its event, and sending again gives
// the first answer.
test("the server is killed inside the commit: what was made durable stays, and is answered again", async () => {
  const database = await t.attacker();
  try {
    await database.query(`
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711, 1); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON submission DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold();
      SELECT pg_advisory_lock(4711, 1)`);
    const one = letter();
    const answer = send(t.config.publicOrigin, one);
    await untilItWaits(database);
    await kill(t, "public");
    assert.equal((await answer).kind, "unknown");
    assert.equal(await rowsOf(database, one), 0);
    await database.query("SELECT pg_advisory_unlock(4711, 1)");
    await untilNobodyWaits(database);
    assert.equal(await rowsOf(database, one), 1, "the commit ended without anybody to hear of it");
    await database.query("DROP TRIGGER hold ON submission; DROP FUNCTION hold()");
    const { rows } = await database.query<{ at: Date }>("SELECT received_at AS at FROM submission WHERE id = $1", [
      one.submission,
    ]);
    assert.equal(await insist(t.config.publicOrigin, one), rows[0]!.at.getTime());
    await assertSound(t.world);
  } finally {
    await database.end();
  }
});

// The answer is lost after the commit, and the server with it: the letter is there once, and sending again gives the
// first answer.
test("the answer is lost after the commit: the letter is there once, and is answered again", async () => {
  const database = await t.attacker();
  const proxy = await swallowing(t.world.config.publicPort);
  try {
    const one = letter();
    const answer = send(`http://localhost:${proxy.port}`, one);
    await proxy.swallowed;
    assert.equal(await rowsOf(database, one), 1, "nothing is answered before it is stored");
    await kill(t, "public");
    proxy.cut();
    assert.equal((await answer).kind, "unknown");
    const { rows } = await database.query<{ at: Date }>("SELECT received_at AS at FROM submission WHERE id = $1", [
      one.submission,
    ]);
    const again = [await insist(t.config.publicOrigin, one), await insist(t.config.publicOrigin, one)];
    assert.deepEqual(again, [rows[0]!.at.getTime(), rows[0]!.at.getTime()]);
    assert.equal(await rowsOf(database, one), 1);
    await assertSound(t.world);
  } finally {
    proxy.close();
    await database.end();
  }
});

/** A proxy that hands on every request and keeps every answer to itself. */
async function swallowing(
  port: number,
): Promise<{ port: number; swallowed: Promise<void>; cut: () => void; close: () => void }> {
  const clients = new Set<Socket>();
  const first = Promise.withResolvers<void>();
  const server = createServer((client) => {
    clients.add(client);
    const onward = connect({ port, host: "127.0.0.1" });
    client.pipe(onward);
    onward.once("data", () => first.resolve());
    for (const socket of [client, onward]) socket.on("error", () => {});
  });
  await new Promise<void>((listening) => server.listen({ port: 0 }, listening));
  const cut = (): void => clients.forEach((client) => client.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    swallowed: first.promise,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}
