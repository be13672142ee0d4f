/** What `pillarbox status` and `confirm-owner` ask the database, by the login that owns the tables. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { joinedBy } from "../../src/server/database/founding.ts";
import { standing } from "../../src/server/database/standing.ts";
import { round } from "../../src/server/log/writer.ts";
import { sequence } from "../../src/server/log/sequence.ts";
import { startLogWorld, writeEvents, type LogWorld } from "../support/log-world.ts";

let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

test("the log is not called signed while a leaf that was given is not signed", async () => {
  const place = await world.place();
  const url = world.url("pb_migrate", place.database);
  const writer = world.writer(place);
  const events = world.open("pb_staff", place.database, 1);
  await round(writer);
  assert.deepEqual(await standing(url), { unsigned: 0, waiting: 0, since: null });
  const before = Date.now();
  await writeEvents(events, 3);
  const waits = await standing(url);
  assert.equal(waits.unsigned, 3);
  assert.ok(waits.since !== null && waits.since <= Date.now() - before + 1_000, String(waits.since));
  // Killed between leaf and signature: no event is without a leaf, and none of the three is signed.
  const { checkpoint } = (await writer.stores.of("").highest())!;
  await sequence(writer.pool, async () => checkpoint, writer.signer, writer.clock);
  const { rows } = await events.query("SELECT count(*) AS waiting FROM event WHERE leaf IS NULL");
  assert.equal(rows[0].waiting, 0);
  const given = await standing(url);
  assert.equal(given.unsigned, 3);
  assert.equal(typeof given.since, "number");
  await round(writer);
  assert.deepEqual(await standing(url), { unsigned: 0, waiting: 0, since: null });
});

test("whoever used the first invitation is named only while they wait", async () => {
  const database = await world.database();
  const url = world.url("pb_migrate", database);
  const rows = world.open("pb_superuser", database, 1);
  const [person, invitation, other] = ["a1".repeat(16), "b2".repeat(16), "c3".repeat(16)];
  await rows.query(`INSERT INTO body (id, name, record) VALUES ('northmarsh', 'N', '{}')`);
  await rows.query(
    `INSERT INTO account (id, body, role, name, email, recipient, signing_key, details_salt, state)
     VALUES ($1, 'northmarsh', 'owner', 'Ottilie Marsh', 'ottilie@northmarsh.example', 'age1x', $2, $2, 'waiting')`,
    [person, Buffer.alloc(32, 7)],
  );
  await rows.query(
    `INSERT INTO invitation (id, body, role, name, email, mailed, expires_at, used_at, used_by)
     VALUES ($1, 'northmarsh', 'owner', 'Ottilie Marsh', 'ottilie@northmarsh.example', false, now(), now(), $2)`,
    [invitation, person],
  );
  assert.equal((await joinedBy(url, invitation))?.person, person);
  assert.equal(await joinedBy(url, other), null);
  for (const state of ["confirmed", "closed"]) {
    await rows.query("UPDATE account SET state = $1", [state]);
    assert.equal(await joinedBy(url, invitation), null, state);
  }
});
