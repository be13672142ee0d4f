import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { round } from "../../src/server/log/writer.ts";
import { judge, proveAll, startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";

let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

/**
 * Lets a log process make one round and die before its n-th step; answers how many steps a round has once it lives
 * through one.
 */
function roundKilledAt(step: number, place: Place): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const victim = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "..", "support", "log-victim.ts"),
        world.url("pb_log", place.database),
        place.store,
        String(step),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let [said, failed] = ["", ""];
    victim.stdout.on("data", (part) => (said += part));
    victim.stderr.on("data", (part) => (failed += part));
    victim.on("error", reject);
    victim.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(null);
      else if (code === 0) resolve(Number(/whole (\d+)/.exec(said)?.[1]));
      else reject(new Error(failed));
    });
  });
}

/**
 * Kills before every step in turn (or every `stride`th), judges what is left as it is, lets the next process go on, and
 * judges again.
 */
async function killEverywhere(next: () => Promise<Place>, count: number, stride = 1): Promise<number> {
  for (let step = 1; ; step += stride) {
    const place = await next();
    const staff = world.open("pb_staff", place.database, 1);
    await writeEvents(staff, count);
    const before = await judge(world, place);
    const steps = await roundKilledAt(step, place);
    const left = await judge(world, place);
    // All of the commit, or nothing of it.
    const expected = before.size === 0 ? [0, count + 1] : [before.size, before.size + before.waiting];
    assert.ok(
      expected.includes(left.size),
      `killed before step ${step}: size ${left.size}, expected ${expected.join(" or ")}`,
    );
    const writer = world.writer(place);
    await round(writer);
    const healed = await judge(world, place);
    const total = before.size + before.waiting + (before.size === 0 ? 1 : 0);
    assert.deepEqual(
      [healed.size, healed.signedSize, healed.waiting],
      [total, total, 0],
      `after a kill before step ${step}`,
    );
    await Promise.all([staff.end(), writer.pool.end()]);
    if (steps !== null) return steps;
  }
}

test("kill -9 of the database between rounds loses nothing committed, and the log goes on", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database, 1);
  const writer = world.writer(place);
  for (let i = 0; i < 3; i++) {
    await writeEvents(staff, 5);
    const { size, waiting } = await judge(world, place);
    const running = round(writer).catch(() => {});
    await world.kill();
    await running;
    assert.equal(staff.totalCount, 0, "nobody holds a connection to the server that was killed");
    await world.engine.restart();
    const left = await judge(world, place);
    assert.ok(left.size >= size && left.size + left.waiting >= size + waiting);
    await round(writer);
    const healed = await judge(world, place);
    assert.deepEqual([healed.size, healed.signedSize, healed.waiting], [1 + 5 * (i + 1), 1 + 5 * (i + 1), 0]);
  }
});

test("kill -9 before any step of a round leaves the last commit whole or absent, and goes on", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database, 1);
  await writeEvents(staff, 200);
  await staff.end();
  const writer = world.writer(place);
  await round(writer);
  await writer.pool.end();
  const steps = await killEverywhere(async () => place, 3);
  assert.ok(steps > 20, `${steps} steps are too few: does the victim count them all?`);
  await proveAll(world, place, 13);
});

// Each of these needs a database of its own, and only its beginning differs from the round above: so every third step.
test("kill -9 in the very first round, too", async () => {
  await killEverywhere(() => world.place(), 2, 3);
});
