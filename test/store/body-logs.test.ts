/**
 * A log for each body and one for the host, by one sequencer on a real database: each entry stands in the log of the
 * body that it names, one that is refused holds up no other, and all get another key together.
 */
import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { audit } from "../../src/domain/log/audit.ts";
import { openCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, parseEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { HOST, keyOfLog, vkeyOfLog, whoseEntry, type Whose } from "../../src/domain/log/names.ts";
import { formatVerifierKey } from "../../src/domain/log/note-key.ts";
import { verifyProof } from "../../src/domain/log/proof.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import type { Pool } from "../../src/server/database/pool.ts";
import { rotate } from "../../src/server/log/rotate.ts";
import { auditedLog, releaseProof } from "../../src/server/log/store/proofs.ts";
import { needsRound, round } from "../../src/server/log/writer.ts";
import { startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";
import { nextSigner, signer } from "../support/log-signer.ts";

const BODIES = ["harrowmere", "eastvale"] as const;
const HASH = "ab".repeat(32);
const INBOX = "a".repeat(32);

let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

/** A database with two bodies, of which harrowmere has an inbox; its store and the next one. */
async function placed(): Promise<Place> {
  const place = { ...(await world.place()), nextStore: await world.store() };
  const owner = world.open("pb_superuser", place.database, 1);
  for (const body of BODIES) await owner.query("INSERT INTO body VALUES ($1, $2, '{}')", [body, body]);
  await owner.query("INSERT INTO epoch_key VALUES ($1, 1, 'harrowmere', 'age1')", [INBOX]);
  await owner.end();
  return place;
}

/** Writes an event as the staff process does. @returns its id */
async function say(pool: Pool, event: LogEvent): Promise<number> {
  const at = Date.now();
  const { rows } = await pool.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id",
    [at, event.kind, encodeEntry({ ...event, at }, randomBytes(32))],
  );
  return rows[0]!.id;
}
const started = (body: string): LogEvent => ({ kind: "session.started", body, person: HASH, role: "owner" });
const refused = (body: string, inbox: string): LogEvent => ({
  kind: "release.refused",
  body,
  inbox,
  code: "REFUSED_ROLE",
  reader: HASH,
  role: "owner",
});

/** What each log holds, by the events' ids, and under which checkpoint it is published. */
async function logsIn(pool: Pool): Promise<ReadonlyMap<Whose, { readonly ids: number[]; readonly note: string }>> {
  const { rows } = await pool.query<{ whose: string; ids: number[]; note: string }>(
    "SELECT h.body AS whose, h.checkpoint AS note, (SELECT array_agg(e.id ORDER BY e.leaf) FROM event e WHERE e.leaf > 0 AND e.body = h.body AND e.log = h.log) AS ids FROM head h",
  );
  return new Map(rows.map(({ whose, ids, note }) => [whose, { ids: (ids ?? []).map(Number), note }]));
}

test("each entry stands in the log of the body that it names, under a checkpoint of that name", async () => {
  const place = await placed();
  const [staff, writer] = [world.open("pb_staff", place.database, 2), world.writer(place)];
  const said = {
    harrowmere: [await say(staff, started("harrowmere")), await say(staff, refused("harrowmere", INBOX))],
    eastvale: [await say(staff, started("eastvale"))],
    [HOST]: await writeEvents(staff, 2),
  };
  assert.equal(await needsRound(writer), true);
  await round(writer);
  const logs = await logsIn(staff);
  for (const [whose, ids] of Object.entries(said)) {
    assert.deepEqual(logs.get(whose)!.ids, ids, whose);
    const key = keyOfLog(signer.verifier, whose);
    assert.equal(openCheckpoint(logs.get(whose)!.note, key).size, ids.length + 1);
    for (const other of [HOST, ...BODIES].filter((one) => one !== whose)) {
      const found = (await releaseProof(staff, ids[0]!))!;
      assert.throws(() => openCheckpoint(logs.get(whose)!.note, keyOfLog(signer.verifier, other)), {
        code: "NOTE_INVALID",
      });
      assert.throws(() => verifyProof(found.proof, found.entry, keyOfLog(signer.verifier, other)), {
        code: "NOTE_INVALID",
      });
    }
  }
  // Only what has grown is signed again; a round with nothing to do writes nothing.
  const files = async (body: string): Promise<number> => (await readdir(join(place.store, `${body}.log`))).length;
  const before = [await files("harrowmere"), await files("eastvale")];
  await say(staff, started("eastvale"));
  await round(writer);
  await round(writer);
  assert.deepEqual([await files("harrowmere"), await files("eastvale")], [before[0]!, before[1]! + 1]);
  assert.equal(await needsRound(writer), false);
  await Promise.all([staff.end(), writer.pool.end()]);
});

test("an event of no body, or that names what is another body's, is set aside", async () => {
  const place = await placed();
  const [staff, writer] = [world.open("pb_staff", place.database, 1), world.writer(place)];
  const hostile = [
    await say(staff, started("nobody")),
    await say(staff, refused("eastvale", INBOX)),
    await say(staff, {
      ...refused("eastvale", INBOX),
      kind: "marker.planted",
      epoch: 1,
      submission: INBOX,
      signature: HASH + HASH,
    } as never).catch(() => 0),
  ].filter((id) => id > 0);
  const [mine] = [await say(staff, refused("harrowmere", INBOX))];
  await round(writer);
  const { rows } = await staff.query<{ id: number; leaf: number | null; aside: string | null }>(
    "SELECT id, leaf, aside FROM event WHERE id = ANY($1) ORDER BY id",
    [[...hostile, mine]],
  );
  assert.deepEqual(
    rows.map(({ leaf, aside }) => [leaf === null, aside]),
    [...hostile.map(() => [true, "not-theirs"]), [false, null]],
  );
  const told = await staff.query<{ entry: Buffer; body: string }>(
    "SELECT entry, body FROM event WHERE kind = 'log.set-aside'",
  );
  assert.deepEqual(
    told.rows.map(({ entry, body }) => [whoseEntry(parseEntry(new Uint8Array(entry))), body]),
    hostile.map(() => [HOST, HOST]),
  );
  await Promise.all([staff.end(), writer.pool.end()]);
});

test("a body's log that went back, or whose store is gone, signs nothing and holds up no other", async () => {
  const place = await placed();
  const staff = world.open("pb_staff", place.database, 1);
  const owner = world.open("pb_superuser", place.database, 1);
  for (const body of BODIES) await say(staff, started(body));
  const first = world.writer(place);
  await round(first);
  await first.pool.end();
  const mine = "WHERE body = 'harrowmere'";
  const attacks: readonly (readonly [attack: string, detail: RegExp])[] = [
    [`UPDATE head SET size = 1, signed_size = 1 ${mine}`, /the log of harrowmere: the database is older/],
    [
      `UPDATE tile SET hashes = sha256('x') || substring(hashes FROM 33) ${mine}`,
      /the log of harrowmere: the tiles do not give the root/,
    ],
    [`DELETE FROM head ${mine}`, /the log of harrowmere: the database is older/],
  ];
  const keep = async (): Promise<void> => {
    await owner.query("DROP TABLE IF EXISTS kept_head, kept_tile");
    await owner.query(`CREATE TABLE kept_head AS SELECT * FROM head ${mine}`);
    await owner.query(`CREATE TABLE kept_tile AS SELECT * FROM tile ${mine}`);
  };
  const putBack = async (): Promise<void> => {
    await owner.query(`DELETE FROM head ${mine}`);
    await owner.query(`DELETE FROM tile ${mine}`);
    await owner.query("INSERT INTO head SELECT * FROM kept_head");
    await owner.query("INSERT INTO tile SELECT * FROM kept_tile");
  };
  for (const [attack, detail] of attacks) {
    await keep();
    await owner.query(attack);
    const theirs = await say(staff, started("eastvale"));
    const waits = await say(staff, started("harrowmere"));
    const writer = world.writer(place);
    const store = (await readdir(join(place.store, "harrowmere.log"))).length;
    await assert.rejects(
      round(writer),
      (thrown: { code?: string; detail?: string }) =>
        thrown.code === "LOG_DIVERGED" && detail.test(thrown.detail ?? ""),
    );
    assert.ok(await releaseProof(staff, theirs), "another body's log goes on");
    assert.equal((await readdir(join(place.store, "harrowmere.log"))).length, store);
    assert.equal(await releaseProof(staff, waits), null);
    await putBack();
    await round(writer);
    assert.ok(await releaseProof(staff, waits), "what waited is taken when the log is back");
    await writer.pool.end();
  }
  await rm(join(place.store, "harrowmere.log"), { recursive: true });
  const waits = await say(staff, started("harrowmere"));
  const theirs = await say(staff, started("eastvale"));
  const writer = world.writer(place);
  await assert.rejects(round(writer), { code: "CONFIG_INVALID" });
  assert.equal(await releaseProof(staff, waits), null);
  assert.ok(await releaseProof(staff, theirs));
  await Promise.all([staff.end(), owner.end(), writer.pool.end()]);
});

test("all logs get another key together, and each leads to its own next and to no other", async () => {
  const place = await placed();
  const staff = world.open("pb_staff", place.database, 1);
  const [old, next] = [world.writer(place), world.nextWriter(place)];
  for (const body of BODIES) await say(staff, started(body));
  await round(old);
  const seen = new Map([...(await logsIn(staff))].map(([whose, { note }]) => [whose, note]));
  await rotate(old, next);
  for (const body of BODIES) await say(staff, started(body));
  await round(next);
  const [hostOld, hostNext] = [formatVerifierKey(signer.verifier), formatVerifierKey(nextSigner.verifier)];
  for (const whose of [HOST, ...BODIES]) {
    const note = seen.get(whose)!;
    const { origin, size } = openCheckpoint(note, keyOfLog(signer.verifier, whose));
    const shown = await auditedLog(staff, whose, [{ origin, size }]);
    const mine = { logKey: vkeyOfLog(hostOld, whose), note };
    const found = audit({ seen: [mine], also: [], trusted: vkeyOfLog(hostNext, whose), shown })!;
    assert.equal(found.newest.logKey, vkeyOfLog(hostNext, whose));
    // What another log shows is none of it, whichever of its keys is trusted.
    for (const other of [HOST, ...BODIES].filter((one) => one !== whose)) {
      const theirs = await auditedLog(staff, other, []);
      assert.throws(() => audit({ seen: [mine], also: [], trusted: vkeyOfLog(hostNext, whose), shown: theirs }), {
        code: "LOG_REFUSED",
      });
      assert.throws(() => audit({ seen: [], also: [], trusted: vkeyOfLog(hostNext, whose), shown: theirs }), {
        code: "LOG_REFUSED",
      });
    }
  }
  // A body that comes later begins under the key of that day.
  const owner = world.open("pb_superuser", place.database, 1);
  await owner.query("INSERT INTO body VALUES ('later', 'Later', '{}')");
  await round(next);
  const [late] = await auditedLog(staff, "later", []);
  const trusted = vkeyOfLog(hostNext, "later");
  assert.equal(audit({ seen: [], also: [], trusted, shown: [late!] })!.newest.logKey, trusted);
  await Promise.all([staff.end(), owner.end(), old.pool.end(), next.pool.end()]);
});
