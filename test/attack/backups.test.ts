/**
 * Attacks on backups: files that were changed, cut, put together from two, or sealed anew by somebody who has the public
 * half alone; and what must be refused before anything is written.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { fromUtf8, toHex, toUtf8, type Bytes } from "../../src/domain/bytes.ts";
import { MANIFEST, type Manifest } from "../../src/domain/keeping/manifest.ts";
import { partsOf, tarOf, type Part } from "../../src/domain/keeping/tar.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { nameOfLog, signerOfLog } from "../../src/domain/log/names.ts";
import { parseSignerKey } from "../../src/domain/log/note-key.ts";
import { parseConfig } from "../../src/server/config.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { putBack } from "../../src/server/keeping/put-back.ts";
import { takeSnapshot } from "../../src/server/keeping/take.ts";
import { bringToNewest, type Found } from "../../src/server/log/after-backup.ts";
import { checkpointStores } from "../../src/server/log/checkpoint-store.ts";
import { round } from "../../src/server/log/writer.ts";
import { logKeyOf, logStoreOf } from "../../supervisor/installation.ts";
import { readWhole } from "../../supervisor/keeping/read.ts";
import { refuseUnfinished, restoreBackup } from "../../supervisor/keeping/restore.ts";
import { identitiesIn, makeIdentity, opened, recipientsOf, sealed } from "../../supervisor/keeping/seal.ts";
import { noteRestored, restoredIn } from "../../supervisor/keeping/state.ts";
import { placeOf, writeBackup, type Order } from "../../supervisor/keeping/write.ts";
import { newLogKey } from "../../supervisor/log-key.ts";
import { takeLock, type Lock } from "../../supervisor/lock.ts";
import { seed } from "../../supervisor/prepare-database.ts";
import { Refusal } from "../../supervisor/refusal.ts";
import { startDatabase, type Database } from "../support/database.ts";
import { untilThere } from "../support/in-time.ts";
import { backup, restore, restoreInto } from "../support/keeping.ts";
import { writeEvents } from "../support/log-world.ts";
import { ROOT } from "../support/launched.ts";

/** More than one bundle of the log, and more than one piece of the seal. */
const EVENTS = 300;
/** An age recipient of the other kind (made for this test; nobody has its identity). */
const OTHER_KIND = "age1mxxam2ft5cgmvmh68s5km8ls7kwywy9d5yhuxtx2kgezuxcjesmqeuffq4";

let engine: Database;
let admin: pg.Client;
let lock: Lock;
let made: string;
let whole: string;
let identities: readonly string[];
let recipient: string;
const at = (name: string): string => join(made, name);
const urlOf = (database: string): string => engine.url("pb_migrate").replace("/pillarbox?", `/${database}?`);

/** Signs what waits, as the log process does. */
async function signed(): Promise<void> {
  const key = logKeyOf(engine.data, engine.installation.installation);
  const signer = parseSignerKey(key.signer);
  const pool = openPool(engine.url("pb_log"), 2);
  const clock = { now: Date.now, nonce: () => randomBytes(32) };
  await round({ pool, stores: checkpointStores(logStoreOf(engine.data), signer.verifier), signer, clock });
  await pool.end();
}

/** Events of the staff process, signed. */
async function more(count: number): Promise<void> {
  const pool = openPool(engine.url("pb_staff"), 1);
  await writeEvents(pool, count);
  await pool.end();
  await signed();
}

const orderOf = (changed: Partial<Order> = {}): Order => ({
  data: engine.data,
  installation: engine.installation.installation,
  logKey: engine.config.logKey,
  snapshot: tarOf(takeSnapshot(engine.url("pb_migrate"), engine.config.logKey, logStoreOf(engine.data))),
  recipients: [recipient],
  target: at("unused.age"),
  at: Date.now(),
  ...changed,
});

async function partsIn(file: string): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of partsOf(opened(file, identities))) parts.push(part);
  return parts;
}

/** What somebody makes who has the recipient and no identity: other parts, properly sealed. */
async function sealedAnew(name: string, parts: readonly Part[]): Promise<string> {
  const pieces: Bytes[] = [];
  const each = async function* (): AsyncGenerator<Part> {
    yield* parts;
  };
  for await (const piece of sealed([recipient], tarOf(each()))) pieces.push(piece);
  writeFileSync(at(name), Buffer.concat(pieces));
  return at(name);
}

const refused =
  (says: RegExp) =>
  (thrown: unknown): boolean =>
    thrown instanceof Refusal && says.test(thrown.message);

/** An archive of the database alone, its manifest changed, as the restoring command hands it on. */
async function* archive(
  change: (manifest: Manifest) => Manifest = (same) => same,
  file = whole,
): AsyncGenerator<Bytes> {
  const parts = await partsIn(file);
  const manifest = JSON.parse(fromUtf8(parts.at(-1)!.bytes)) as Manifest;
  yield* tarOf(
    (async function* () {
      yield { name: "snapshot.json", bytes: toUtf8(JSON.stringify(change(manifest))) };
      yield* parts.filter(({ name }) => name.startsWith("tables/"));
    })(),
  );
}

/** The logs in a backup, as the restoring command lays them. */
async function lay(file: string, place: string): Promise<string> {
  for (const { name, bytes } of await partsIn(file))
    if (name.startsWith("log/")) {
      mkdirSync(dirname(join(at(place), name)), { recursive: true });
      writeFileSync(join(at(place), name), bytes);
    }
  return join(at(place), "log");
}

before(async () => {
  made = mkdtempSync(join(tmpdir(), "pillarbox-backups-"));
  engine = await startDatabase();
  admin = new pg.Client({ connectionString: engine.url("pb_superuser") });
  await admin.connect();
  for (const name of ["one", "two", "three", "four"])
    await admin.query(`CREATE DATABASE ${name} TEMPLATE pillarbox OWNER pb_migrate`);
  await seed(engine.config, engine.url("pb_migrate"), {
    operators: [],
    bodies: [{ id: "northmarsh", name: "Northmarsh", record: {} }],
  });
  await signed();
  await more(EVENTS);
  // For the commands it is an installation that runs.
  lock = await takeLock(engine.data);
  assert.equal((await backup(engine.data, "--make-recipient", at("identity"))).status, 0);
  identities = identitiesIn(at("identity"));
  recipient = readFileSync(at("identity.pub"), "utf8").trim();
  const done = await backup(engine.data, at("whole.age"), "--to", at("identity.pub"));
  assert.deepEqual([done.status, done.stderr], [0, ""]);
  whole = at("whole.age");
});
after(async () => {
  await admin?.end();
  lock?.release();
  await engine?.stop();
  rmSync(made, { recursive: true, force: true });
});

test("a backup holds no checkpoint store, and shows nothing of what it holds", async () => {
  const names = (await partsIn(whole)).map(({ name }) => name);
  for (const name of ["data/installation.json", "data/log/key", "log/checkpoint", "log/northmarsh/checkpoint"])
    assert.ok(names.includes(name), name);
  assert.deepEqual(
    names.filter((name) => /checkpoints|\.checkpoint|pillarbox\.lock|socket|database-directory|logs\//.test(name)),
    [],
  );
  const { logs } = await readWhole(whole, identities);
  assert.deepEqual(
    logs.map(({ whose, store }) => [whose, store]),
    [
      ["", 3],
      ["northmarsh", 2],
    ],
    "the position alone",
  );
  const bytes = readFileSync(whole).toString("latin1");
  for (const word of ["northmarsh", "installation.json", engine.installation.migrate, "ustar"])
    assert.ok(!bytes.includes(word), word);
  assert.equal(statSync(whole).mode & 0o777, 0o600);
});

// Asked of the database by another way than the one that makes the backup: a table of a later release is not forgotten.
test("a backup holds every table, every column that is not computed, and every sequence", async () => {
  const db = new pg.Client({ connectionString: engine.url("pb_superuser") });
  await db.connect();
  const { rows: tables } = await db.query<{ name: string; columns: string[] }>(
    `SELECT t.table_schema || '.' || t.table_name AS name,
       array_agg(c.column_name::text ORDER BY c.column_name) FILTER (WHERE c.is_generated = 'NEVER') AS columns
     FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE t.table_type = 'BASE TABLE' AND t.table_schema NOT IN ('pg_catalog', 'information_schema')
     GROUP BY 1 ORDER BY 1`,
  );
  const { rows: others } = await db.query<{ name: string }>(
    "SELECT oid::text AS name FROM pg_largeobject_metadata UNION ALL SELECT matviewname FROM pg_matviews",
  );
  const { rows: sequences } = await db.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'S'",
  );
  await db.end();
  const manifest = await readWhole(whole, identities);
  const kept = manifest.tables.map(({ name, columns }) => ({ name: `pillarbox.${name}`, columns: columns.toSorted() }));
  assert.deepEqual(
    kept.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    // Which numbered files have run is made anew by running them.
    tables.filter(({ name }) => name !== "public.pillarbox_schema").toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
  assert.deepEqual(others, []);
  assert.deepEqual(manifest.sequences.map(({ name }) => name).sort(), sequences.map(({ name }) => name).sort());
});

test("one changed byte anywhere, and a file that breaks off, are refused", async () => {
  const bytes = readFileSync(whole);
  assert.ok(bytes.length > 3 * 65_552, "more than one piece of the seal");
  const places = [30, 1_000, 2_600, 70_000, 140_000, bytes.length - 20, bytes.length - 1];
  for (const place of places) {
    const changed = Uint8Array.from(bytes);
    changed[place]! ^= 1;
    writeFileSync(at("changed.age"), changed);
    await assert.rejects(
      readWhole(at("changed.age"), identities),
      refused(/altered|no file that is sealed/),
      `${place}`,
    );
  }
  // At a border of two pieces, too, where each piece that is there is whole.
  const head = bytes.indexOf("\n--- ") + 1 + 4 + 43 + 1 + 16;
  for (const length of [0, 100, head, head + 65_552, head + 2 * 65_552, bytes.length - 1]) {
    writeFileSync(at("cut.age"), bytes.subarray(0, length));
    await assert.rejects(
      readWhole(at("cut.age"), identities),
      refused(/altered or breaks off|no file that is sealed/),
      `${length}`,
    );
  }
  const asked = await restore(at("new"), "--backup", at("cut.age"), "--identity", at("identity"));
  assert.deepEqual([asked.status, existsSync(at("new"))], [1, false]);
});

test("a part left out, added or exchanged does not fit the manifest, however it is sealed", async () => {
  const parts = await partsIn(whole);
  const key = parts.findIndex(({ name }) => name === "data/log/key");
  const another = Uint8Array.from(parts[key]!.bytes);
  another[another.length - 3]! ^= 1;
  const nth = parts.findIndex(({ name }) => name === "tables/event/000000");
  const tries: readonly (readonly [string, readonly Part[], RegExp])[] = [
    ["a part left out", parts.toSpliced(nth, 1), /tables\/event\/000000 of the manifest is not there/],
    ["the last part left out", parts.toSpliced(-2, 1), /of the manifest is not there/],
    [
      "a part added",
      parts.toSpliced(-1, 0, { name: "data/extra", bytes: toUtf8("x") }),
      /is in no line of the manifest/,
    ],
    ["two exchanged", parts.toSpliced(1, 2, parts[2]!, parts[1]!), /of the manifest is not there/],
    [
      "another key of the log",
      parts.with(key, { name: "data/log/key", bytes: another }),
      /data\/log\/key is not the one/,
    ],
    ["no manifest", parts.slice(0, -1), /its manifest is not there/],
    ["something behind it", [...parts, { name: "data/extra", bytes: toUtf8("x") }], /stands behind its manifest/],
  ];
  for (const [name, changed, says] of tries)
    await assert.rejects(readWhole(await sealedAnew("anew.age", changed), identities), refused(says), name);
  // As it is, sealed anew, it passes: a seal says nothing of who sealed.
  await readWhole(await sealedAnew("anew.age", parts), identities);
});

// Printed as it is, it could write the true log's key over the one that somebody compares with paper.
test("a manifest that would write on the terminal, or is no manifest of ours, is refused unsaid", async () => {
  const parts = await partsIn(whole);
  const manifest = JSON.parse(fromUtf8(parts.at(-1)!.bytes)) as Manifest;
  const hidden = "\u001b[8m";
  const tries: readonly (readonly [string, object])[] = [
    ["installation", { installation: `${manifest.installation}, its log ${manifest.logKey}.${hidden}` }],
    ["key", { logKey: `${hidden}${manifest.logKey}` }],
    ["part", { parts: manifest.parts.with(3, { ...manifest.parts[3]!, name: `data/${hidden}` }) }],
    ["no part", { parts: [null] }],
    ["table", { tables: manifest.tables.with(0, { ...manifest.tables[0]!, name: `event${hidden}` }) }],
    ["rows", { tables: manifest.tables.with(0, { ...manifest.tables[0]!, rows: -1 }) }],
    ["schema", { schema: 0 }],
    ["day", { at: Number.MAX_SAFE_INTEGER }],
    ["missing", { missing: undefined }],
  ];
  for (const [name, changed] of tries) {
    const last = { name: MANIFEST, bytes: toUtf8(JSON.stringify({ ...manifest, ...changed })) };
    const file = await sealedAnew("anew.age", parts.with(-1, last));
    await assert.rejects(readWhole(file, identities), refused(/the manifest is of another form/), name);
  }
  const said = await restore(at("new"), "--backup", at("anew.age"), "--identity", at("identity"));
  assert.deepEqual([said.status, said.stdout, existsSync(at("new"))], [1, "Reading the whole backup…\n", false]);
  const first = { name: parts[0]!.name, bytes: toUtf8(hidden) };
  await assert.rejects(
    readWhole(await sealedAnew("anew.age", parts.with(0, first)), identities),
    refused(/its beginning cannot be read/),
  );
});

test("a manifest of another backup, and another identity, are refused", async () => {
  await writeBackup(orderOf({ target: at("second.age"), at: Date.now() + 1 }));
  const [first, second] = [await partsIn(whole), await partsIn(at("second.age"))];
  const mixed = await sealedAnew("mixed.age", [...first.slice(0, -1), second.at(-1)!]);
  await assert.rejects(readWhole(mixed, identities), refused(/pillarbox\.json is not the one that the manifest names/));
  await makeIdentity(at("other"));
  await assert.rejects(readWhole(whole, identitiesIn(at("other"))), refused(/no file that is sealed to this identity/));
  const { stderr } = await restore(
    at("new"),
    "--backup",
    whole,
    "--identity",
    at("identity"),
    "--log-key",
    newLogKey("localhost/pillarbox/0").verifier,
  );
  assert.match(stderr, /another key than the one that you named/);
  assert.ok(!existsSync(at("new")));
});

test("no recipient, a file that is there, a full disk: refused, and nothing is left", async () => {
  const before = readdirSync(made).sort();
  const tries: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["none", [], /^Say to whom it is sealed/],
    ["no recipient", [`${recipient.slice(0, -1)}b`], /is no age recipient/],
    ["a word", ["alice"], /is no age recipient and no file/],
    ["a file without one", [whole], /is no age recipient|There is no recipient/],
    ["two kinds", [recipient, OTHER_KIND], /of two kinds/],
  ];
  for (const [name, words, says] of tries) assert.throws(() => recipientsOf(words), refused(says), name);
  const secret = await backup(engine.data, at("x.age"), "--to", at("identity"));
  assert.match(secret.stderr, /^A secret key was named where its public half is needed/);
  assert.ok(!identities.some((one) => secret.stderr.includes(one)), "it is never said");
  const bytes = readFileSync(whole);
  const place = { installation: engine.installation.installation, at: Date.now(), data: engine.data };
  assert.throws(
    () => placeOf({ ...place, target: whole }),
    refused(/is there already, and a backup never replaces one/),
  );
  assert.throws(() => placeOf({ ...place, target: join(engine.data, "x.age") }), refused(/lost with it/));
  assert.throws(() => placeOf({ ...place, target: at("nowhere/x.age") }), refused(/is not there/));
  symlinkSync(join(engine.data, "logs"), at("link"));
  assert.throws(() => placeOf({ ...place, target: at("link") }), refused(/lost with it/));
  rmSync(at("link"));
  await assert.rejects(makeIdentity(at("identity")), refused(/is there already, and an identity is never/));
  const full = orderOf({ target: at("x.age"), free: () => 17_000_000 });
  await assert.rejects(writeBackup(full), refused(/has 17 MB left, and up to/));
  assert.deepEqual(readdirSync(made).sort(), before);
  assert.ok(readFileSync(whole).equals(bytes));
});

test("a whole backup that cannot be noted is whole, and says so", async () => {
  const note = join(engine.data, "backup.json");
  const before = readFileSync(note);
  rmSync(note);
  mkdirSync(note);
  try {
    const { status, stderr } = await backup(engine.data, at("unnoted.age"), "--to", recipient);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^The backup is whole\. That it was made could not be noted/);
  } finally {
    rmSync(note, { recursive: true });
    writeFileSync(note, before);
  }
  await readWhole(at("unnoted.age"), identities);
});

test("another installation's database, and entries that were changed, make no backup", async () => {
  const other = newLogKey("localhost/pillarbox/00000000").verifier;
  const snapshot = tarOf(takeSnapshot(engine.url("pb_migrate"), other, logStoreOf(engine.data)));
  await assert.rejects(
    writeBackup(orderOf({ target: at("x.age"), snapshot })),
    refused(/signed by another key than this installation's/),
  );
  // Two entries that were signed, each in the other's place.
  const turn = `UPDATE pillarbox.event e SET entry = o.entry FROM pillarbox.event o
    WHERE e.body = '' AND o.body = '' AND e.leaf IN (270, 271) AND o.leaf = 541 - e.leaf`;
  await admin.query(turn);
  try {
    await assert.rejects(writeBackup(orderOf({ target: at("x.age") })), refused(/not those that were signed/));
  } finally {
    await admin.query(turn);
  }
  assert.ok(!existsSync(at("x.age")));
});

test("a backup that is killed leaves no file that looks whole", async () => {
  mkdirSync(at("killed"));
  const words = [engine.data, join(at("killed"), "night.age"), recipient];
  const child = spawn(process.execPath, [join(ROOT, "test/support/backup-that-hangs.ts"), ...words], {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  try {
    const [draft] = await untilThere(async () => {
      const files = readdirSync(at("killed"));
      return files.length > 0 && statSync(join(at("killed"), files[0]!)).size > 2 * 65_552 ? files : null;
    }, "a backup that has begun");
    child.kill("SIGKILL");
    await ended;
    const files = readdirSync(at("killed"));
    assert.deepEqual(files, [draft]);
    assert.match(draft!, /^\..+\.new$/);
    await assert.rejects(readWhole(join(at("killed"), draft!), identities), refused(/altered or breaks off/));
  } finally {
    child.kill("SIGKILL");
  }
});

test("rows come back as they were, once, and only as many as the manifest says", async () => {
  const rows = async (database: string): Promise<string> => {
    const client = new pg.Client({
      connectionString: engine.url("pb_superuser").replace("/pillarbox?", `/${database}?`),
    });
    await client.connect();
    const text =
      "SELECT md5(string_agg(e::text, '|' ORDER BY id)) AS events, (SELECT string_agg(h::text, '|' ORDER BY body) FROM pillarbox.head h) AS heads, (SELECT last_value FROM pillarbox.event_id_seq) AS last FROM pillarbox.event e";
    const answer = JSON.stringify((await client.query(text)).rows);
    await client.end();
    return answer;
  };
  const empty = await rows("one");
  const change =
    (tables: (tables: Manifest["tables"]) => Manifest["tables"]) =>
    (manifest: Manifest): Manifest => ({
      ...manifest,
      tables: tables(manifest.tables),
    });
  const more = change((tables) => tables.map((one) => (one.name === "event" ? { ...one, rows: one.rows - 1 } : one)));
  const fewer = change((tables) => tables.filter(({ name }) => name !== "tile"));
  await assert.rejects(putBack(urlOf("one"), archive(more)), /RESTORE_REFUSED|has 3\d\d rows, and the manifest/);
  await assert.rejects(putBack(urlOf("one"), archive(fewer)), /RESTORE_REFUSED|other tables/);
  assert.equal(await rows("one"), empty, "nothing is in");
  await putBack(urlOf("one"), archive());
  assert.notEqual(await rows("one"), empty);
  assert.equal((await rows("one")).replace(/"last":\d+/, ""), (await rows("pillarbox")).replace(/"last":\d+/, ""));
  await assert.rejects(putBack(urlOf("one"), archive()), /RESTORE_REFUSED|not empty/);
});

test("an older log, and one that a surviving store knows more of, are refused", async () => {
  const own = await lay(whole, "own");
  const config = parseConfig(JSON.stringify(engine.config));
  const found = (changed: Partial<Found>): Found => ({
    own,
    newer: null,
    store: at("store"),
    survived: false,
    log: 0,
    ...changed,
  });
  await putBack(urlOf("two"), archive());
  const bring = (changed: Partial<Found>): Promise<readonly string[]> =>
    bringToNewest(config, urlOf("two"), found(changed));
  const says = (text: RegExp) => (thrown: Error & { detail?: string }) => text.test(thrown.detail ?? "");

  await more(5);
  await writeBackup(orderOf({ target: at("later.age") }));
  const later = await lay(at("later.age"), "later");
  await assert.rejects(bring({ own: later, newer: own }), says(/and the backup's own with \d+: it is older/));
  await assert.rejects(bring({ newer: made }), says(/there is no log in/));
  // What survived says that more was signed than any log that is there.
  await assert.rejects(
    bring({ store: logStoreOf(engine.data), survived: true }),
    says(/an erasure among the last \d+ would not be applied/),
  );
  assert.ok(!existsSync(at("store")), "nothing was begun");
  // Of a body that came after the backup, what survived knows a log, and nobody brought it.
  cpSync(logStoreOf(engine.data), at("survived"), { recursive: true });
  const signer = parseSignerKey(logKeyOf(engine.data, engine.installation.installation).signer);
  const eastvale = checkpointStores(at("survived"), signer.verifier).of("eastvale");
  await eastvale.begin();
  const tree = {
    origin: nameOfLog(signer.verifier.name, "eastvale"),
    size: 1,
    root: new Uint8Array(32),
    extensions: [],
  };
  await eastvale.add(null, signCheckpoint(tree, signerOfLog(signer, "eastvale")));
  await assert.rejects(
    bring({ newer: later, store: at("survived"), survived: true }),
    says(/has this log, and no files of it are there/),
  );

  const words = (await bring({ newer: later })).join("\n");
  assert.match(words, /No checkpoint store survived/);
  assert.doesNotMatch(words, /No newer log was there/);
  const key = parseSignerKey(logKeyOf(engine.data, engine.installation.installation).signer).verifier;
  const [begun, left] = [checkpointStores(at("store"), key), checkpointStores(logStoreOf(engine.data), key)];
  const [newest, before] = [await begun.of("").highest(), await left.of("").highest()];
  assert.deepEqual([newest!.number, toHex(newest!.checkpoint.root)], [1, toHex(before!.checkpoint.root)]);
  await assert.rejects(bring({ newer: later }), says(/store is there already/));
});

const id = (digit: string): string => digit.repeat(32);

/** An owner at the body. */
const account = (person: string): Promise<unknown> =>
  admin.query(
    `INSERT INTO pillarbox.account (id, body, role, name, email, state)
      VALUES ('${id(person)}', 'northmarsh', 'owner', 'Somebody', '${person}@example.org', 'confirmed')`,
  );

const passkey = (name: string, person: string, event: number): string =>
  `INSERT INTO pillarbox.unlocker (id, account, kind, label, recipient_hash, sealed, event, credential, public_key, sign_count)
    VALUES ('${id(name)}', '${id(person)}', 'passkey', 'Phone', decode('${"0".repeat(64)}', 'hex'), 'age-encryption.org/v1'::bytea, ${event}, '\\x${name}${name}', '\\x00', 0)`;

// A passkey on a stolen phone, words that somebody saw: with the old rows they would open keys again.
test("an unlocker that was removed after the backup is removed again, and one that stays is told", async () => {
  for (const person of ["c", "d"]) await account(person);
  for (const one of [passkey("1", "c", 1), passkey("2", "c", 2), passkey("3", "d", 3)]) await admin.query(one);
  await writeBackup(orderOf({ target: at("stolen.age") }));
  const own = await lay(at("stolen.age"), "stolen");

  // The only one of `d` was replaced: what took its place is lost with the machine.
  await admin.query(passkey("4", "d", 4));
  await admin.query("SET session_replication_role = replica");
  for (const unlocker of ["1", "3"]) {
    const removed = encodeEntry(
      {
        kind: "unlocker.removed",
        body: "northmarsh",
        unlocker: id(unlocker),
        by: "0".repeat(64),
        role: "owner",
        at: Date.now(),
      },
      randomBytes(32),
    );
    await admin.query(
      "INSERT INTO pillarbox.event (at, kind, entry, login) VALUES ($1, 'unlocker.removed', $2, 'pb_staff')",
      [Date.now(), removed],
    );
    await admin.query("DELETE FROM pillarbox.unlocker WHERE id = $1", [id(unlocker)]);
  }
  await admin.query("SET session_replication_role = origin");
  await signed();
  await writeBackup(orderOf({ target: at("since.age") }));

  await putBack(
    urlOf("three"),
    archive((same) => same, at("stolen.age")),
  );
  const newer = await lay(at("since.age"), "since");
  const config = parseConfig(JSON.stringify(engine.config));
  const found = { own, newer, store: at("store-three"), survived: false, log: 0 };
  const words = (await bringToNewest(config, urlOf("three"), found)).join("\n");
  const there = new pg.Client({ connectionString: urlOf("three") });
  await there.connect();
  const { rows } = await there.query<{ id: string }>("SELECT id FROM pillarbox.unlocker ORDER BY 1");
  await there.end();
  assert.deepEqual(
    rows.map((row) => row.id),
    [id("2"), id("3")],
  );
  assert.match(words, /^1 passkeys or passphrases had been removed since, and were removed again/m);
  assert.match(words, /^1 passkeys or passphrases had been removed since, and work again/m);
});

// An owner who was let out, and whose statement of leaving went with the machine: the old statements count them in.
test("who was let out after the backup comes back to no key and no sign-in, and it is told", async () => {
  for (const person of ["e", "f", "9"]) await account(person);
  await admin.query(`UPDATE pillarbox.account SET state = 'waiting' WHERE id = '${id("9")}'`);
  for (const one of [passkey("5", "e", 5), passkey("6", "e", 6), passkey("7", "f", 7)]) await admin.query(one);
  await admin.query(
    `INSERT INTO pillarbox.session (token_hash, account, expires_at)
      VALUES (decode('${"e".repeat(64)}', 'hex'), '${id("e")}', now() + interval '1 day')`,
  );
  await writeBackup(orderOf({ target: at("in.age") }));
  const own = await lay(at("in.age"), "in");
  // Of the second the older database knows nothing, and the third waits in it.
  for (const [nth, person] of ["e", "8", "9"].entries()) {
    const statement = String(nth + 1).repeat(64);
    const entry = encodeEntry(
      { kind: "person.ended", body: "northmarsh", statement, person: id(person), at: Date.now() },
      randomBytes(32),
    );
    await admin.query(
      "INSERT INTO pillarbox.event (at, kind, entry, login) VALUES ($1, 'person.ended', $2, 'pb_staff')",
      [Date.now(), entry],
    );
  }
  await signed();
  await writeBackup(orderOf({ target: at("out.age") }));
  const newer = await lay(at("out.age"), "out");

  await putBack(
    urlOf("four"),
    archive((same) => same, at("in.age")),
  );
  const config = parseConfig(JSON.stringify(engine.config));
  const found = { own, newer, store: at("store-four"), survived: false, log: 0 };
  const words = (await bringToNewest(config, urlOf("four"), found)).join("\n");
  const there = new pg.Client({
    connectionString: engine.url("pb_superuser").replace("/pillarbox?", "/four?"),
  });
  await there.connect();
  const one = async (text: string): Promise<unknown> => (await there.query<{ it: unknown }>(text)).rows[0]?.it;
  assert.equal(
    await one(`SELECT count(*)::int AS it FROM pillarbox.unlocker WHERE account = '${id("e")}'`),
    0,
    "no key, no sign-in",
  );
  assert.equal(await one("SELECT count(*)::int AS it FROM pillarbox.session"), 0);
  assert.equal(await one(`SELECT state AS it FROM pillarbox.account WHERE id = '${id("e")}'`), "locked");
  assert.equal(await one(`SELECT count(*)::int AS it FROM pillarbox.unlocker WHERE account = '${id("f")}'`), 1);
  assert.equal(await one(`SELECT state AS it FROM pillarbox.account WHERE id = '${id("9")}'`), "locked");
  // Nor does the staff process make them one who waits, or is in, again.
  await there.query("SET ROLE pb_staff");
  for (const state of ["waiting", "confirmed"]) {
    const { rowCount } = await there
      .query(`UPDATE pillarbox.account SET state = '${state}' WHERE id = '${id("e")}'`)
      .catch(() => ({ rowCount: 0 }));
    assert.equal(rowCount, 0, state);
  }
  await there.end();
  assert.match(words, /^Of northmarsh, 1 people whom the log calls let out were in again: they are locked/m);
  assert.match(words, /one of the \d owners who are left must let each out again on People/);
  assert.match(
    words,
    /^Of northmarsh, 1 people whom the log calls let out wait to be confirmed here: they are locked/m,
  );
});

test("what cannot end well is refused before anything is read, and says what to do", async () => {
  const order = {
    root: ROOT,
    data: at("mounted"),
    backup: whole,
    identity: at("identity"),
    log: null,
    store: null,
    logKey: null,
    tell: (line: string) => assert.fail(line),
  };
  mkdirSync(at("mounted"));
  const disk = (directory: string): number => (directory === at("mounted") ? 2 : 1);
  await assert.rejects(restoreBackup({ ...order, disk }), refused(/is a disk of its own[^]*name one inside it/));
  await assert.rejects(restoreBackup({ ...order, log: at("nowhere") }), refused(/There is no directory/));
  await assert.rejects(restoreBackup({ ...order, store: made }), refused(/There is no checkpoint store in/));
  assert.deepEqual(readdirSync(at("mounted")), []);
});

test("into a database of one's own: refused half-way it says so, and a new one takes it", async () => {
  for (const name of ["half", "whole"]) await admin.query(`CREATE DATABASE ${name} OWNER pb_migrate`);
  const urls = (name: string): string => engine.url("pb_superuser").replace("/pillarbox?", `/${name}?`);
  const from = ["--backup", whole, "--identity", at("identity"), "--log-key", engine.config.logKey];
  // Its store knows more than the backup, and there is no newer log.
  const half = await restoreInto(urls("half"), at("new"), ...from, "--store", logStoreOf(engine.data));
  assert.equal(half.status, 1);
  assert.match(half.stderr, /an erasure among the last [^]*drop it, and make a new one before you run this again/);
  assert.ok(!existsSync(at("new")));
  const again = await restoreInto(urls("half"), at("new"), ...from);
  assert.match(again.stderr, /There are tables of Pillarbox in this database already: make a new one/);

  const done = await restoreInto(urls("whole"), at("new"), ...from);
  assert.deepEqual([done.status, done.stderr], [0, ""]);
  assert.match(done.stdout, /Never start the machine again that was backed up/);
  assert.ok(existsSync(at("new/installation.json")) && !existsSync(at("new/restoring")));
  assert.equal(restoredIn(at("new"))?.from, (await readWhole(whole, identities)).at, "for status");
  assert.deepEqual(
    readdirSync(made).filter((name) => name.startsWith(".")),
    [],
    "nothing is left beside it",
  );
  for (const one of ["new", "new/log/key", "new/installation.json", "new/log/checkpoints"])
    assert.equal(statSync(at(one)).mode & 0o077, 0, one);
  // Nothing of a password is said.
  const said = [half, again, done].map(({ stdout, stderr }) => stdout + stderr).join("");
  assert.ok(!said.includes(engine.installation.superuser) && !identities.some((one) => said.includes(one)));
});

// Whole, and without its name: the machine went off between the last two renames.
test("a restore that a power cut took its last step from says how to give it, in one command", async () => {
  const draft = at(".cut.0123456789ab.new");
  mkdirSync(draft);
  cpSync(join(engine.data, "installation.json"), join(draft, "installation.json"));
  noteRestored(draft, { from: 1, at: 2, home: null });
  const restoring = (): ReturnType<typeof restore> =>
    restore(at("cut"), "--backup", whole, "--identity", at("identity"));
  const told = await restoring();
  assert.equal(told.status, 1);
  const [, give, away] = /say “(mv [^”]+)” and start Pillarbox, or “(rm -r [^”]+)”/.exec(told.stderr) ?? [];
  assert.ok(give !== undefined && away !== undefined, told.stderr);
  assert.equal(away, `rm -r '${draft}'`);
  // One that was killed before it was whole is none to go on with.
  rmSync(join(draft, "restored.json"));
  refuseUnfinished(at("cut"));
  // Nor is what somebody else could have put there: what is said is typed by whoever runs the machine.
  noteRestored(draft, { from: 1, at: 2, home: { draft: 1, final: at("cut") } as never });
  refuseUnfinished(at("cut"));
  noteRestored(draft, { from: 1, at: 2, home: null });
  renameSync(draft, at("theirs"));
  symlinkSync(at("theirs"), draft);
  refuseUnfinished(at("cut"));
  rmSync(draft);
  renameSync(at("theirs"), draft);
  mkdirSync(at("cut"));
  execFileSync("sh", ["-c", give]);
  assert.ok(existsSync(at("cut/installation.json")) && !existsSync(draft));
  assert.match((await restoring()).stderr, /cut is not empty/);

  // As root the database has a place of its own, and goes there first.
  const home = { draft: at("cut home.new"), final: at("cut's home") };
  const other = at(".other.0123456789ab.new");
  for (const directory of [other, home.draft]) mkdirSync(directory);
  noteRestored(other, { from: 1, at: 2, home });
  const command = (): string => {
    try {
      refuseUnfinished(at("other"));
    } catch (thrown) {
      return /say “([^”]+)”/.exec((thrown as Error).message)![1]!;
    }
    return "";
  };
  assert.equal(command().match(/mv -T/g)?.length, 2);
  execFileSync("sh", ["-c", command().split(" && ")[0]!]);
  assert.deepEqual([existsSync(home.final), existsSync(home.draft)], [true, false]);
  assert.equal(command(), `mv -T '${other}' '${at("other")}'`);
});

// A key of the log in a hidden directory would be what is left of a restore that somebody thought better of.
test("a restore that is stopped in the middle leaves no secret behind", async () => {
  await admin.query("CREATE DATABASE stopped OWNER pb_migrate");
  // No row gets into the log's table before this test lets go: whoever stops the restore stops it in the middle.
  const holding = new pg.Client({ connectionString: engine.url("pb_superuser").replace("/pillarbox?", "/stopped?") });
  await holding.connect();
  await holding.query(`
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
    CREATE FUNCTION wait_later() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'pillarbox.event') THEN
        CREATE TRIGGER wait BEFORE INSERT ON pillarbox.event EXECUTE FUNCTION public.wait();
      END IF;
    END $$;
    CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION wait_later();
    SELECT pg_advisory_lock(1)`);
  const child = spawn(
    process.execPath,
    [join(ROOT, "supervisor/restore.ts"), "--backup", whole, "--identity", at("identity")],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        PILLARBOX_DATA: at("stopped"),
        DATABASE_URL: engine.url("pb_superuser").replace("/pillarbox?", "/stopped?"),
      },
    },
  );
  const ended = once(child, "close");
  let [said, error] = ["", ""];
  let begun: readonly string[] = [];
  let letGo: Promise<void> | null = null;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said.includes("Putting the rows back")) return;
    said += text;
    if (!said.includes("Putting the rows back")) return;
    begun = readdirSync(made);
    child.kill("SIGTERM");
    // Its end comes to whoever restores after the signal does.
    letGo = holding.end();
  });
  const [code, signal] = await ended;
  await (letGo ?? holding.end());
  assert.ok(
    begun.some((name) => /^\.stopped\..+\.new$/.test(name)),
    `${said}${error}`,
  );
  assert.deepEqual([code, signal], [1, null], error);
  assert.match(error, /It was stopped before its end[^]*drop it/);
  assert.deepEqual(
    readdirSync(made).filter((name) => name.includes("stopped")),
    [],
  );
});

test("a letter that the log names and no row has is told, and such a backup is not called good", async () => {
  const hash = "0".repeat(64);
  const received = encodeEntry(
    {
      kind: "submission.received",
      body: "northmarsh",
      inbox: "1".repeat(32),
      epoch: 1,
      formHash: hash,
      submission: "2".repeat(32),
      slip: hash,
      letter: hash,
      size: 1,
      path: "browser",
      at: Date.now(),
    },
    randomBytes(32),
  );
  await admin.query(
    "INSERT INTO pillarbox.event (at, kind, entry, login) VALUES ($1, 'submission.received', $2, 'pb_public')",
    [Date.now(), received],
  );
  await signed();
  const state = readFileSync(join(engine.data, "backup.json"), "utf8");
  const { status, stderr } = await backup(engine.data, at("lacking.age"), "--to", recipient);
  assert.equal(status, 1);
  assert.match(stderr, /of 1 letters in the log there is no row/);
  assert.equal(readFileSync(join(engine.data, "backup.json"), "utf8"), state);
  assert.equal((await readWhole(at("lacking.age"), identities)).missing.letters, 1);
  assert.equal((await partsIn(at("lacking.age"))).at(-1)!.name, MANIFEST);
});
