/**
 * Another key for the log, by real processes on a real database: killed before every step, followed by browsers only
 * where the old log says so.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { audit, type Seen } from "../../src/domain/log/audit.ts";
import { openCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { parseEntry } from "../../src/domain/log/event.ts";
import { HOST } from "../../src/domain/log/names.ts";
import { formatVerifierKey } from "../../src/domain/log/note-key.ts";
import { verifyProof } from "../../src/domain/log/proof.ts";
import { replaceLost, rotate } from "../../src/server/log/rotate.ts";
import { needsRound, round } from "../../src/server/log/writer.ts";
import { auditedLog, releaseProof } from "../../src/server/log/store/proofs.ts";
import { signedEntries, signedTile } from "../../src/server/log/store/tiles.ts";
import { judge, judgeLog, startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";
import { nextSigner, signer } from "../support/log-signer.ts";

const [OLD, NEXT] = [formatVerifierKey(signer.verifier), formatVerifierKey(nextSigner.verifier)];
let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

const newPlace = async (): Promise<Place> => ({ ...(await world.place()), nextStore: await world.store() });

/** Writes events and signs them under the old key. */
async function grown(place: Place, events: number): Promise<number[]> {
  const staff = world.open("pb_staff", place.database, 1);
  const ids = await writeEvents(staff, events);
  const writer = world.writer(place);
  await round(writer);
  await Promise.all([staff.end(), writer.pool.end()]);
  return ids;
}

async function published(place: Place): Promise<string> {
  const pool = world.open("pb_staff", place.database, 1);
  const { rows } = await pool.query<{ checkpoint: string }>("SELECT checkpoint FROM head");
  await pool.end();
  return rows[0]!.checkpoint;
}

/** What a browser that has seen this is shown now, and what it makes of it. */
async function comesBack(place: Place, seen: Seen, trusted = NEXT): Promise<Seen> {
  const pool = world.open("pb_staff", place.database, 1);
  const { origin, size } = openCheckpoint(seen.note, seen.logKey === OLD ? signer.verifier : nextSigner.verifier);
  try {
    return audit({ seen: [seen], also: [], trusted, shown: await auditedLog(pool, HOST, [{ origin, size }]) })!.newest;
  } finally {
    await pool.end();
  }
}

// The old log ends with the entry that names the new key, the new one begins with the old one's final checkpoint; what
// waited and what comes is in one of them, and all of both stays provable.
test("the old log ends with the new key, the new one begins there, and both stay provable", async () => {
  const place = await newPlace();
  const ids = await grown(place, 600);
  const seen = { logKey: OLD, note: await published(place) };
  const staff = world.open("pb_staff", place.database, 2);
  const [waited] = await writeEvents(staff, 1);
  const [old, next] = [world.writer(place), world.nextWriter(place)];
  await rotate(old, next);
  assert.deepEqual(await judgeLog(world, place, 0), { size: 603, signedSize: 603, checkpoints: 4, waiting: 0 });
  assert.deepEqual(await judgeLog(world, place, 1), { size: 1, signedSize: 1, checkpoints: 2, waiting: 0 });
  // Once more changes nothing.
  await rotate(old, next);
  const more = await writeEvents(staff, 300);
  await round(next);
  assert.equal((await judgeLog(world, place, 1)).size, 301);
  assert.equal((await judgeLog(world, place, 0)).size, 603);
  const last = (await signedEntries(staff, { whose: HOST, log: 0 }, 2, 603 - 512))!.at(-1)!;
  const named = parseEntry(new Uint8Array(last));
  assert.ok(named.kind === "log.rotated" && named.next === NEXT);
  assert.equal((await signedTile(staff, { whose: HOST, log: 0 }, { level: 1, index: 0 }, 2))!.length, 64);
  assert.equal(await signedTile(staff, { whose: HOST, log: 1 }, { level: 1, index: 0 }, 2), null);
  for (const [id, key] of [
    [ids[0], signer],
    [waited, signer],
    [more[0], nextSigner],
  ] as const) {
    const found = await releaseProof(staff, id!);
    assert.ok(found && verifyProof(found.proof, found.entry, key.verifier).checkpoint.origin === key.name);
  }
  const now = await comesBack(place, seen);
  assert.deepEqual(now, { logKey: NEXT, note: await published(place) });
  assert.deepEqual(await comesBack(place, now), now);
  assert.deepEqual(await comesBack(place, seen, OLD), now, "a page from before the rotation");
  // A process that still has the old key signs nothing more, and publishes nothing.
  await writeEvents(staff, 700);
  const before = await published(place);
  await assert.rejects(round(old), { code: "LOG_DIVERGED" });
  await round(next);
  await assert.rejects(round(old), { code: "LOG_DIVERGED" });
  assert.equal(
    openCheckpoint(await published(place), nextSigner.verifier).size,
    openCheckpoint(before, nextSigner.verifier).size + 700,
  );
  assert.equal(await needsRound(next), false);
  await Promise.all([staff.end(), old.pool.end(), next.pool.end()]);
});

// Whoever writes the database moves no browser to a key of their own: not by a past log of their making, not by taking
// the next log back to an older end.
test("whoever writes the database moves no browser to a key of their own", async () => {
  const place = await newPlace();
  await grown(place, 20);
  const seen = { logKey: OLD, note: await published(place) };
  const [old, next] = [world.writer(place), world.nextWriter(place)];
  await rotate(old, next);
  const now = await comesBack(place, seen);
  const attacker = world.open("pb_superuser", place.database, 1);
  const refused = async (sql: string, values: unknown[], back: string): Promise<void> => {
    const {
      rows: [kept],
    } = await attacker.query("SELECT * FROM past_log");
    await attacker.query(sql, values);
    await assert.rejects(comesBack(place, seen), { code: "LOG_REFUSED" }, sql);
    await attacker.query(back);
    await attacker.query(
      "UPDATE past_log SET log = $1, vkey = $2, size = $3, checkpoint = $4, ended = $5, next_entry = $6",
      [kept.log, kept.vkey, kept.size, kept.checkpoint, kept.ended, kept.next_entry],
    );
  };
  const nothing = "SELECT 1";
  await refused("UPDATE past_log SET checkpoint = $1", [seen.note], nothing);
  await refused("UPDATE past_log SET ended = NULL", [], nothing);
  await refused(
    "UPDATE past_log SET next_entry = $1",
    [(await attacker.query("SELECT entry FROM event WHERE leaf = 5 AND log = 0")).rows[0].entry],
    nothing,
  );
  const {
    rows: [head],
  } = await attacker.query("SELECT * FROM head");
  await refused(
    "UPDATE head SET log = 0, checkpoint = $1, signed_size = 21, size = 22",
    [seen.note],
    `UPDATE head SET log = 1, size = 1, signed_size = 1, checkpoint = '${head.checkpoint}'`,
  );
  assert.deepEqual(await comesBack(place, seen), now);
  await Promise.all([attacker.end(), old.pool.end(), next.pool.end()]);
});

/** Rotates in a process that dies before its n-th step; answers how many steps there are once it lives through all. */
function rotationKilledAt(step: number, place: Place): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const victim = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "..", "support", "log-victim.ts"),
        world.url("pb_log", place.database),
        place.store,
        String(step),
        place.nextStore!,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let [said, failed] = ["", ""];
    victim.stdout.on("data", (part) => (said += part));
    victim.stderr.on("data", (part) => (failed += part));
    victim.on("error", reject);
    victim.on("close", (code, signal) =>
      signal === "SIGKILL"
        ? resolve(null)
        : code === 0
          ? resolve(Number(/whole (\d+)/.exec(said)?.[1]))
          : reject(new Error(failed)),
    );
  });
}

// Kill -9 before any step of a rotation: the next start goes on, there are never two half logs, and a browser is led
// from the one to the other.
test("kill -9 before any step of a rotation: the next start goes on, and there are no half logs", async () => {
  // A copy of one database for each step would cost more than the steps: killed at every n-th, the rotation is gone on
  // with until it is done.
  const stride = 5;
  let steps: number | null = null;
  const places: Place[] = [];
  while (places.length < stride) {
    places.push(await newPlace());
    await grown(places.at(-1)!, 3);
  }
  await Promise.all(
    places.map(async (place, nth) => {
      const seen = { logKey: OLD, note: await published(place) };
      const staff = world.open("pb_staff", place.database, 1);
      for (let step = nth + 1; ; step += stride) {
        await writeEvents(staff, 1);
        const lived = await rotationKilledAt(step, place);
        const {
          rows: [{ log }],
        } = await staff
          .query<{ log: number }>("SELECT log FROM head")
          .then(({ rows }) => ({ rows: rows as [{ log: number }] }));
        await judge(world, place);
        if (log === 1) await judgeNext(place);
        if (lived !== null) {
          steps = lived;
          break;
        }
      }
      const next = world.nextWriter(place);
      await round(next);
      const [ended, begun] = [await judgeLog(world, place, 0), await judgeLog(world, place, 1)];
      assert.equal(begun.waiting, 0);
      const { rows } = await staff.query<{ count: number }>("SELECT count(*) AS count FROM event");
      assert.equal(ended.size + begun.size, rows[0]!.count, "every event is in one of the two");
      assert.equal((await comesBack(place, seen)).note, await published(place));
      await Promise.all([staff.end(), next.pool.end()]);
    }),
  );
  assert.ok(steps !== null && steps > 10, `${steps} steps are too few: does the victim count them all?`);
});

/** A new log that has begun is whole as well; one without its first entry has nothing at all. */
async function judgeNext(place: Place): Promise<void> {
  const pool = world.open("pb_superuser", place.database, 1);
  const {
    rows: [head],
  } = await pool.query<{ size: number; checkpoint: string | null }>("SELECT size, checkpoint FROM head");
  const {
    rows: [tiles],
  } = await pool.query<{ count: number }>("SELECT count(*) AS count FROM tile WHERE log = 1");
  if (head!.size === 0) assert.deepEqual([head!.checkpoint, Number(tiles!.count)], [null, 0]);
  else await judgeLog(world, place, 1);
  await pool.end();
}

// A log that cannot be signed any more is not ended, and nothing is changed; begun anew after the loss, nothing leads
// to the new one, and every browser that saw the old one refuses it.
test("a log that cannot be signed is not ended, and nothing leads to one that is begun anew", async () => {
  const place = await newPlace();
  await grown(place, 10);
  const seen = { logKey: OLD, note: await published(place) };
  const next = world.nextWriter(place);
  const lost = world.writer({ ...place, store: await world.store() });
  await assert.rejects(rotate(lost, next), { code: "LOG_DIVERGED" });
  assert.deepEqual(await comesBack(place, seen, OLD), seen);
  const staff = world.open("pb_staff", place.database, 1);
  await writeEvents(staff, 2);
  await replaceLost(next.pool, signer.verifier, next);
  const {
    rows: [first],
  } = await staff.query<{ entry: Buffer }>("SELECT entry FROM event WHERE log = 1 AND leaf = 0");
  assert.equal(parseEntry(new Uint8Array(first!.entry)).kind, "log.started");
  await assert.rejects(comesBack(place, seen), { code: "LOG_REFUSED" });
  assert.equal(openCheckpoint(await published(place), nextSigner.verifier).size, 3, "what waited is in the new one");
  await Promise.all([staff.end(), next.pool.end(), lost.pool.end()]);
});
