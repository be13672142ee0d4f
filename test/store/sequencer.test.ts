import assert from "node:assert/strict";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { encodeEntry, parseEntry, type Entry } from "../../src/domain/log/event.ts";
import { HOST } from "../../src/domain/log/names.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { hashesOf } from "../../src/domain/log/tile.ts";
import { fullRoot, nodeHash } from "../../src/domain/log/tree.ts";
import { sequence } from "../../src/server/log/sequence.ts";
import { round } from "../../src/server/log/writer.ts";
import { releaseProof } from "../../src/server/log/store/proofs.ts";
import { judge, proveAll, startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";

let world: LogWorld;
before(async () => void (world = await startLogWorld()));
after(() => world?.stop());

/** A log with some events in it, signed and published. */
async function grown(place: Place, events: number): Promise<void> {
  const staff = world.open("pb_staff", place.database, 1);
  await writeEvents(staff, events);
  await staff.end();
  const writer = world.writer(place);
  await round(writer);
  await writer.pool.end();
}

/** Tries a round and expects that it refuses, signs nothing and publishes nothing. */
async function refuses(place: Place, detail: RegExp, code = "LOG_DIVERGED"): Promise<void> {
  const staff = world.open("pb_staff", place.database, 1);
  // Receiving goes on whatever the log says.
  const [id] = await writeEvents(staff, 1);
  const before = (await readdir(place.store).catch(() => [])).sort();
  const signed = (await staff.query("SELECT signed_size, checkpoint, size FROM head")).rows[0];
  const writer = world.writer(place);
  await assert.rejects(
    round(writer),
    (thrown: { code?: string; detail?: string }) => thrown.code === code && detail.test(thrown.detail ?? ""),
  );
  assert.deepEqual((await readdir(place.store).catch(() => [])).sort(), before);
  assert.deepEqual(
    (await staff.query("SELECT signed_size, checkpoint, size FROM head")).rows[0],
    signed,
    "a tree that diverged is not made larger",
  );
  assert.equal(await releaseProof(staff, id!), null);
  await writer.pool.end();
  await staff.end();
}

// The first leaf says whose log it is; events follow in their order, each provable once a checkpoint covers it.
test("the first leaf says whose log it is; events follow in their order, each provable", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const writer = world.writer(place);
  const ids = await writeEvents(staff, 5);
  assert.equal(await releaseProof(staff, ids[0]!), null);
  await round(writer);
  assert.deepEqual(await judge(world, place), { size: 6, signedSize: 6, checkpoints: 2, waiting: 0 });
  const { rows } = await staff.query("SELECT id FROM event WHERE leaf > 0 ORDER BY leaf");
  assert.deepEqual(
    rows.map((row) => row.id),
    ids,
  );
  // A round with nothing to do writes nothing.
  await round(writer);
  assert.deepEqual(await judge(world, place), { size: 6, signedSize: 6, checkpoints: 2, waiting: 0 });
  for (const more of [1, 249, 1, 300]) {
    await writeEvents(staff, more);
    await round(writer);
  }
  assert.deepEqual(await judge(world, place), { size: 557, signedSize: 557, checkpoints: 6, waiting: 0 });
  assert.equal(await proveAll(world, place, 17), 557);
});

test("an event whose transaction was slow gets its leaf although later ones had theirs before", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const writer = world.writer(place);
  const slow = await staff.connect();
  await slow.query("BEGIN");
  const [early] = await writeEvents(slow, 1);
  const [late] = await writeEvents(staff, 1);
  await round(writer);
  await slow.query("COMMIT");
  slow.release();
  assert.ok(early! < late!);
  assert.equal((await judge(world, place)).waiting, 1);
  await round(writer);
  assert.deepEqual(await judge(world, place), { size: 3, signedSize: 3, checkpoints: 3, waiting: 0 });
});

test("an event that has its leaf is not proved before a checkpoint over it is published", async () => {
  const place = await world.place();
  await grown(place, 1);
  const staff = world.open("pb_staff", place.database, 1);
  const [id] = await writeEvents(staff, 1);
  const writer = world.writer(place);
  const signed = (await writer.stores.of(HOST).highest())!.checkpoint;
  assert.equal((await sequence(writer.pool, async () => signed, writer.signer, writer.clock)).size, 0);
  assert.deepEqual(await judge(world, place), { size: 3, signedSize: 2, checkpoints: 2, waiting: 0 });
  assert.equal(await releaseProof(staff, id!), null);
  await round(writer);
  assert.ok(await releaseProof(staff, id!));
});

test("two writers racing for 50 rounds make one log", async () => {
  const place = await world.place();
  const staff = world.open("pb_staff", place.database);
  const writers = [world.writer(place), world.writer(place)];
  let raced = 0;
  for (let i = 0; i < 50; i++) {
    const work = [
      writeEvents(staff, 4),
      ...writers.map((writer) => round(writer)),
      writeEvents(staff, 3),
      ...writers.map((writer) => round(writer)),
    ];
    const results = await Promise.allSettled(work);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    raced += work.length;
  }
  await round(writers[0]!);
  const { size, signedSize, waiting } = await judge(world, place);
  assert.deepEqual({ size, signedSize, waiting }, { size: 1 + 50 * 7, signedSize: 1 + 50 * 7, waiting: 0 });
  assert.equal(raced, 300);
});

test("two databases cannot grow two logs under one store, however the writers race", async () => {
  const place = await world.place();
  await grown(place, 3);
  for (let i = 0; i < 10; i++) {
    const copy = { database: await world.database(place.database), store: place.store };
    const outcomes = await Promise.all(
      [place, copy].map(async (one) => {
        const staff = world.open("pb_staff", one.database, 1);
        await writeEvents(staff, 2);
        const writer = world.writer(one);
        const outcome = await round(writer).then(
          () => one,
          (thrown: { code?: string }) => void assert.equal(thrown.code, "LOG_DIVERGED"),
        );
        await Promise.all([staff.end(), writer.pool.end()]);
        return outcome;
      }),
    );
    const winners = outcomes.filter((one) => one !== undefined);
    assert.equal(winners.length, 1, "exactly one of two logs goes on");
    await judge(world, winners[0]!);
    // The next race begins from the log that the store belongs to.
    Object.assign(place, winners[0]);
  }
});

test("yesterday's database, restored, is refused; regrown by another it is refused as well", async () => {
  const place = await world.place();
  await grown(place, 10);
  const backup = await world.database(place.database);
  await grown(place, 10);
  const restored = { database: backup, store: place.store };
  await refuses(
    restored,
    /older than the last signed.*signed: size 21, root [0-9a-f]{64}; database: size 11, root [0-9a-f]{64}/,
  );
  // Grown again under a store of its own, as a writer without one would have let it: to the signed size, then past it.
  const elsewhere = { database: backup, store: await world.store() };
  for (const name of (await readdir(place.store)).filter((name) => !name.endsWith("3.checkpoint")))
    await cp(join(place.store, name), join(elsewhere.store, name));
  await grown(elsewhere, 9);
  assert.equal((await judge(world, elsewhere)).size, 21);
  await refuses(
    restored,
    /the tree at the signed size has the root [0-9a-f]{64}; signed: size 21, .*database: size 21, /,
  );
  await grown(elsewhere, 10);
  await refuses(
    restored,
    /older than what was published at size 32; signed: size 21, root [0-9a-f]{64}; database: size 32, root/,
  );
  const admin = world.open("pb_superuser", backup, 1);
  await admin.query("UPDATE head SET signed_size = 0, checkpoint = NULL");
  await refuses(
    restored,
    /the tree at the signed size has the root [0-9a-f]{64}; signed: size 21, .*database: size 32, /,
  );
  await admin.end();
  // The right database, brought back, goes on where it was.
  await grown(place, 1);
  assert.equal((await judge(world, place)).signedSize, 22);
});

test("an old copy of the store is refused, and an emptied, a missing and a foreign one", async () => {
  const place = await world.place();
  await grown(place, 3);
  const copy = await world.store();
  await cp(place.store, copy, { recursive: true });
  await grown(place, 3);
  await refuses(
    { ...place, store: copy },
    /older than what was published at size 7; signed: size 4, root [0-9a-f]{64}; database: size 7, root/,
  );
  await refuses(
    { ...place, store: await world.store() },
    /the checkpoint store is empty, but the database has a log; signed: size 0, .*database: size 7/,
  );
  const bare = await world.store();
  await rm(join(bare, "init"));
  await refuses({ ...place, store: bare }, /is missing or was emptied/, "CONFIG_INVALID");
  await refuses({ ...place, store: join(bare, "nowhere") }, /is missing or was emptied/, "CONFIG_INVALID");
  const foreign = await world.place();
  await grown(foreign, 6);
  await refuses({ ...place, store: foreign.store }, /the tree at the signed size has the root/);
});

test("a stored checkpoint that was altered or not finished is refused", async () => {
  const place = await world.place();
  await grown(place, 3);
  await writeFile(join(place.store, "0000000000000003.checkpoint"), "");
  await refuses(place, /empty line/, "NOTE_INVALID");
  await writeFile(
    join(place.store, "0000000000000003.checkpoint"),
    "example.com/log\n5\nAAAA\n\n— example.com/log AAAA\n",
  );
  await refuses(place, /./, "NOTE_INVALID");
  // Whole, and of this log, but for one letter of the root: only the signature tells.
  const names = (await readdir(place.store)).filter((name) => /^\d+\.checkpoint$/.test(name)).sort();
  const signed = await readFile(join(place.store, names.at(-2)!), "utf8");
  const [name, size, root, ...rest] = signed.split("\n") as [string, string, string, ...string[]];
  const other = (root.startsWith("A") ? "B" : "A") + root.slice(1);
  await writeFile(join(place.store, names.at(-1)!), [name, size, other, ...rest].join("\n"));
  await refuses(place, /does not verify/, "NOTE_INVALID");
});

test("a changed hash of the tree, and a head that was moved or taken away, is refused", async () => {
  // Another byte than the one that was there, whatever that was.
  const flipped = "UPDATE tile SET hashes = set_byte(hashes, 4, get_byte(hashes, 4) # 1)";
  const changes: [string, RegExp][] = [
    [`${flipped} WHERE level = 0 AND index = 1`, /do not give the root/],
    [`${flipped} WHERE level = 1`, /do not give the root/],
    ["DELETE FROM tile WHERE level = 0 AND index = 1", /tile 0\/1 is missing/],
    ["UPDATE tile SET hashes = substring(hashes FROM 1 FOR 32) WHERE level = 0 AND index = 1", /too short/],
    ["UPDATE head SET root = sha256('x')", /do not give the root/],
    ["UPDATE head SET size = 299, signed_size = 299", /older than the last signed/],
    ["DELETE FROM head", /older than the last signed/],
  ];
  const sound = await world.place();
  await grown(sound, 300);
  for (const [change, detail] of changes) {
    const place = { database: await world.database(sound.database), store: sound.store };
    const admin = world.open("pb_superuser", place.database, 1);
    assert.equal((await admin.query(change)).rowCount, 1, change);
    await admin.end();
    await refuses(place, detail);
  }
});

// An event that only the log may write, or that is no entry, put among those that wait, is not signed: it could name
// another key, or stop every reader. It stops nobody: it is set aside, and the log says so.
test("an event that only the log may write, or that is no entry, is not signed", async () => {
  const place = await world.place();
  await grown(place, 3);
  const attacker = world.open("pb_superuser", place.database, 1);
  const logins = {
    staff: world.open("pb_staff", place.database, 1),
    public: world.open("pb_public", place.database, 1),
    jobs: world.open("pb_jobs", place.database, 1),
    owner: attacker,
  };
  const mine = formatVerifierKey(signerKey("example.org/mine", new Uint8Array(32).fill(66)).verifier);
  const rotated = encodeEntry({ kind: "log.rotated", next: mine, at: 1 }, new Uint8Array(32));
  const put = async (writer: keyof typeof logins, kind: string, entry: Uint8Array | string): Promise<number> => {
    await logins[writer].query("INSERT INTO event (at, kind, entry) VALUES (1, $1, $2)", [kind, Buffer.from(entry)]);
    return (await attacker.query<{ id: number }>("SELECT max(id) AS id FROM event")).rows[0]!.id;
  };
  for (const kind of ["log.rotated", "session.refused"])
    await assert.rejects(put("staff", kind, rotated), /row-level security/);
  const erasure = "0".repeat(32);
  const asked = (askedBy: "submitter" | "retention"): Uint8Array =>
    encodeEntry(
      { kind: "erasure.requested", body: "own", erasure, submission: erasure, askedBy, at: 1 },
      new Uint8Array(32),
    );
  const restored = encodeEntry(
    { kind: "database.restored", body: null, from: 0, to: 1, erased: 0, releases: 0, at: 1 },
    new Uint8Array(32),
  );
  const hostile: readonly (readonly [keyof typeof logins, string, Uint8Array | string, string])[] = [
    ["owner", "log.rotated", rotated, "not-theirs"],
    ["owner", "session.refused", rotated, "not-theirs"],
    // What its login may not write, and the column beside it says something else.
    ["public", "erasure.requested", asked("retention"), "not-theirs"],
    ["staff", "erasure.requested", asked("submitter"), "not-theirs"],
    // What is no entry: signed, it would stand in the way of everybody who reads the log, for ever.
    ["staff", "session.refused", '{"at":1,"kind":"session.refused"}', "unreadable"],
    ["public", "erasure.requested", '{"at":1,"kind":"erasure.requested"}', "unreadable"],
    ["jobs", "delivery.ended", '{"at":1,"kind":"delivery.ended","x":{"kind":"erasure.done"}}', "unreadable"],
    ["owner", "session.refused", "x", "unreadable"],
  ];
  for (const [writer, kind, entry, why] of hostile) {
    const id = await put(writer, kind, entry);
    // Beside it, and after it, everything goes on.
    await grown(place, 2);
    const { rows } = await attacker.query("SELECT leaf, aside FROM event WHERE id = $1", [id]);
    assert.deepEqual(rows, [{ leaf: null, aside: why }], `${writer} ${kind}`);
    const told = await attacker.query<{ entry: Buffer }>(
      "SELECT entry FROM event WHERE kind = 'log.set-aside' AND leaf IS NOT NULL ORDER BY leaf DESC LIMIT 1",
    );
    const { event, digest, ...said } = parseEntry(new Uint8Array(told.rows[0]!.entry)) as Extract<
      Entry,
      { kind: "log.set-aside" }
    >;
    assert.deepEqual(
      [event, digest, said.writer, said.why],
      [id, toHex(sha256(typeof entry === "string" ? toUtf8(entry) : entry)), writer, why],
    );
  }
  // At the end of a database that is put back, too, the log is told by nobody but a desk that rows are lost.
  await attacker.query("ALTER POLICY at_a_desk ON event WITH CHECK (true)");
  const last = await put("staff", "database.restored", restored);
  await grown(place, 1);
  assert.deepEqual((await attacker.query("SELECT aside FROM event WHERE id = $1", [last])).rows, [
    { aside: "not-theirs" },
  ]);
  // Nobody brings it back, and nothing is written beside it as if it had just happened.
  const log = world.open("pb_log", place.database, 1);
  assert.equal((await log.query("UPDATE event SET aside = NULL WHERE aside IS NOT NULL")).rowCount, 0);
  assert.equal((await log.query("UPDATE event SET leaf = 999 WHERE aside IS NOT NULL")).rowCount, 0);
  await attacker.query("DELETE FROM event WHERE aside IS NOT NULL");
  await grown(place, 1);
  assert.equal((await judge(world, place)).waiting, 0);
  await Promise.all([...Object.values(logins), log].map((pool) => pool.end()));
});

// A rewritten tree whose roots are both right is not signed: the new one must be proved to extend the old.
test("a rewritten tree whose roots are both right is not signed: it does not extend the old", async () => {
  const place = await world.place();
  await grown(place, 275);
  const staff = world.open("pb_staff", place.database, 1);
  await writeEvents(staff, 300);
  const admin = world.open("pb_superuser", place.database, 1);
  const tile = async (level: number, index: number): Promise<Buffer> =>
    (await admin.query<{ hashes: Buffer }>("SELECT hashes FROM tile WHERE level = $1 AND index = $2", [level, index]))
      .rows[0]!.hashes;
  // The signed tree ends in the second tile; its full hash stands one level higher, and only the new tree is made of
  // that.
  const rewrite = async (): Promise<void> => {
    const above = await tile(1, 0);
    above.fill(9, 32, 64);
    const root = nodeHash(
      nodeHash(above.subarray(0, 32), above.subarray(32, 64)),
      fullRoot(hashesOf(await tile(0, 2))),
    );
    await admin.query("UPDATE tile SET hashes = $1 WHERE level = 1", [above]);
    await admin.query("UPDATE head SET root = $1", [root]);
  };
  const writer = world.writer(place);
  // Leaves are committed over one connection; before the next one reads them back to sign, somebody rewrites.
  const connect = writer.pool.connect.bind(writer.pool);
  let transactions = 0;
  writer.pool.connect = (async (callback?: never) => {
    if (callback) return connect(callback);
    if (++transactions === 2) await rewrite();
    return connect();
  }) as never;
  await assert.rejects(
    round(writer),
    (thrown: { code?: string; detail?: string }) =>
      thrown.code === "LOG_DIVERGED" && /does not extend the last signed/.test(thrown.detail ?? ""),
  );
  assert.equal(hashesOf(await tile(0, 2)).length, 64);
  assert.equal(
    (await readdir(place.store)).filter((name) => name.endsWith(".checkpoint")).length,
    2,
    "nothing was signed",
  );
});

test("the store keeps its highest thousand", async () => {
  const place = await world.place();
  await grown(place, 1);
  const [second] = (await readdir(place.store)).filter((name) => name.endsWith("2.checkpoint"));
  for (let number = 3; number <= 1200; number++)
    await cp(join(place.store, second!), join(place.store, `${String(number).padStart(16, "0")}.checkpoint`));
  await grown(place, 1);
  const numbers = (await readdir(place.store))
    .filter((name) => name.endsWith(".checkpoint"))
    .map((name) => Number(name.slice(0, 16)))
    .sort((a, b) => a - b);
  assert.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [1000, 202, 1201]);
});
