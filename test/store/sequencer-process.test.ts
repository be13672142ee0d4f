import assert from "node:assert/strict";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EventEmitter } from "node:events";
import { after, before, test } from "node:test";
import { formatSignerKey, formatVerifierKey } from "../../src/domain/log/note-key.ts";
import { runLog, runRounds, type LogMessage } from "../../src/server/log/run.ts";
import { logState, releaseProof } from "../../src/server/log/store/proofs.ts";
import { announceEvent } from "../../src/server/database/pool.ts";
import { judge, startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";
import { signer } from "../support/log-signer.ts";
import { untilThere } from "../support/in-time.ts";

let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

/** A log process's rounds, running beside the test until `stop`. */
function running(place: Place) {
  const stopped = new AbortController();
  const heard = new EventEmitter();
  const messages: LogMessage[] = [];
  const writer = world.writer(place);
  const ended = runRounds(
    writer,
    (message) => void (messages.push(message), heard.emit("message", message)),
    stopped.signal,
  );
  return {
    messages,
    next: async (): Promise<LogMessage> => (await once(heard, "message"))[0] as LogMessage,
    stop: async () => {
      stopped.abort();
      await ended;
      await writer.pool.end();
    },
  };
}

/** Waits as a reader does. */
const proved = async (pool: ReturnType<LogWorld["open"]>, id: number): Promise<void> =>
  void (await untilThere(async () => (await releaseProof(pool, id)) !== null, `a proof of the event ${id}`));

// Events are covered soon, whether the log process is called or has to look by itself; told to stop, it stops.
test("events are covered soon, called or not; told to stop, the log process stops", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const log = running(place);
  assert.deepEqual(await log.next(), { ready: true, log: "signing" });
  const [quiet] = await writeEvents(staff, 1);
  await proved(staff, quiet!);
  const [announced] = await writeEvents(staff, 1);
  await announceEvent(staff);
  await proved(staff, announced!);
  // Without its listener it still looks.
  const admin = world.open("pb_superuser", place.database);
  const ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'LISTEN%'";
  assert.equal((await admin.query(ended, [place.database])).rowCount, 1);
  const [unheard] = await writeEvents(staff, 1);
  await proved(staff, unheard!);
  const { size, signedSize, waitingSince } = await logState(staff);
  assert.deepEqual({ size, signedSize, waitingSince }, { size: 4, signedSize: 4, waitingSince: null });
  await log.stop();
  const [late] = await writeEvents(staff, 1);
  assert.equal(await releaseProof(staff, late!), null);
  assert.equal(typeof (await logState(staff)).waitingSince, "number");
  assert.ok(log.messages.every((message) => message.log === "signing"));
  assert.equal((await judge(world, place)).waiting, 1);
});

test("a publication wakes those who wait for it", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const client = await staff.connect();
  await client.query("LISTEN pillarbox_checkpoint");
  const notified = once(client, "notification");
  const log = running(place);
  assert.equal((await notified)[0].payload, "1");
  client.release(true);
  await log.stop();
});

test("a log that diverged says so and goes on running; with the right database it signs again", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const admin = world.open("pb_superuser", place.database);
  let log = running(place);
  await log.next();
  const [first] = await writeEvents(staff, 1);
  await proved(staff, first!);
  await log.stop();
  const {
    rows: [head],
  } = await admin.query<{ root: Buffer }>("SELECT root FROM head");
  await admin.query("UPDATE head SET root = sha256('x')");
  const [second] = await writeEvents(staff, 1);
  log = running(place);
  const refusal = await log.next();
  assert.ok(refusal.log === "refusing" && refusal.ready);
  assert.equal(refusal.code, "LOG_DIVERGED");
  assert.match(refusal.detail, /signed: size 2, root [0-9a-f]{64}; database: size 2, root [0-9a-f]{64}/);
  const [third] = await writeEvents(staff, 1);
  const signing = log.next();
  await admin.query("UPDATE head SET root = $1", [head!.root]);
  assert.deepEqual(await signing, { log: "signing" });
  await proved(staff, second!);
  await proved(staff, third!);
  await log.stop();
});

test("a log process without its store, with another key, or without one does not start", async () => {
  const place = await world.place();
  const env = {
    PB_CONFIG: JSON.stringify({ ...world.engine.config, logKey: formatVerifierKey(signer.verifier) }),
    PB_DATABASE: world.url("pb_log", place.database),
    PB_LOG_KEY: formatSignerKey(signer.name, new Uint8Array(32).fill(1)),
    PB_LOG_STORE: place.store,
  };
  const run = (change: Partial<typeof env>): Promise<void> =>
    runLog({ ...env, ...change }, { send: () => {}, stopped: AbortSignal.abort() });
  await run({});
  const other = formatSignerKey(signer.name, new Uint8Array(32).fill(2));
  for (const change of [
    { PB_LOG_KEY: other },
    { PB_LOG_KEY: "" },
    { PB_LOG_STORE: "" },
    { PB_DATABASE: "" },
    { PB_CONFIG: "{}" },
  ])
    await assert.rejects(run(change), { code: "CONFIG_INVALID" });
  await assert.rejects(
    run({ PB_LOG_KEY: "PRIVATE+KEY+secret" }),
    (thrown: Error) => !thrown.message.includes("secret"),
  );
  await rm(join(place.store, "init"));
  await assert.rejects(run({}), { code: "CONFIG_INVALID" });
});
