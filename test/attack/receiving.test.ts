/**
 * Somebody has taken over the public process, and calls the one function by which its login writes letters: with each
 * field wrong in turn, and around it. What is refused leaves no row, in no table.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { packLetters, type Packed, type Received } from "../../src/server/public/packed.ts";
import { receiveLetters } from "../../src/server/public/store.ts";
import { startDatabase, type Database } from "../support/database.ts";
import fc, { values } from "../support/drawn.ts";
import { untilThere } from "../support/in-time.ts";

/** A row in each table: the body `own`, its inbox c in epoch 1, the letters e and f, a receipt of e. */
const ROWS = join(import.meta.dirname, "../store/releases/0.1/rows.sql");
const id = (letter: string): string => letter.repeat(32);
const WORDS = toHex(sha256(toUtf8("words")));

let database: Database;
let owner: Pool;
let publicly: Pool;

before(async () => {
  database = await startDatabase();
  owner = openPool(database.url("pb_superuser"), 2);
  publicly = openPool(database.url("pb_public"), 2);
  await owner.query(readFileSync(ROWS, "utf8"));
  await owner.query("INSERT INTO body (id, name, record) VALUES ('other', 'Other', '{}')");
  await owner.query(`INSERT INTO epoch_key (inbox, epoch, body, recipient) VALUES ('${id("d")}', 1, 'other', 'age1x')`);
});
after(async () => {
  await Promise.all([owner?.end(), publicly?.end()]);
  await database?.stop();
});

const sealed = (length: number, more: Uint8Array = randomBytes(length)): Uint8Array =>
  Buffer.concat([Buffer.from("age-encryption.org/v1\n"), more]);

function letter(more: Partial<Received["submission"]> = {}, beside: Partial<Received> = {}): Received {
  const random = (bytes: number): string => randomBytes(bytes).toString("hex");
  return {
    body: "own",
    path: "browser",
    size: 5000,
    digest: randomBytes(32),
    nonce: randomBytes(32),
    ...beside,
    submission: {
      form: "complaint",
      formHash: random(32),
      inbox: id("c"),
      epoch: 1,
      submission: random(16),
      first: null,
      receipt: random(32),
      commitment: random(32),
      slip: sealed(300),
      letter: sealed(900),
      ...more,
    },
  };
}

type Call = Packed & { readonly heads: readonly (number | null)[]; readonly at: number };
const callOf = (one: Received, more: Partial<Call> = {}): Call => ({
  ...packLetters([one]),
  heads: [0],
  at: Date.now(),
  ...more,
});
/** The bytes of a letter with some of them changed. */
function with_(one: Received, change: (bytes: Buffer) => void): Call {
  const call = callOf(one);
  change(call.bytes);
  return call;
}

const TABLES = ["submission", "sealed", "receipt", "event"];
const rowsOfAll = async (): Promise<number[]> =>
  Promise.all(TABLES.map(async (table) => Number((await owner.query(`SELECT count(*) FROM ${table}`)).rows[0].count)));

/** What the function answers to the public login, or why it fails. */
async function answer({ bodies, heads, forms, at, places, bytes }: Call): Promise<readonly unknown[] | string> {
  try {
    const { rows } = await publicly.query("SELECT * FROM receive($1, $2, $3, $4, $5, $6)", [
      bodies,
      heads,
      forms,
      at,
      places,
      bytes,
    ]);
    return rows;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const REFUSED = [{ which: 1, known: null, known_at: null }];

test("a letter with one field wrong is refused, and leaves no row", async () => {
  const sound = await rowsOfAll();
  assert.deepEqual(await answer(callOf(letter())), []);
  const stored = await rowsOfAll();
  assert.deepEqual(
    stored.map((count, i) => count - sound[i]!),
    [1, 2, 1, 1],
    "a sound one is stored",
  );
  const minute = 60_000;
  const wrong: readonly (readonly [name: string, call: Call, outcome: RegExp | typeof REFUSED])[] = [
    ["a body that is none", callOf(letter({}, { body: "nobody" }), { heads: [-1] }), REFUSED],
    ["a body without its inbox", callOf(letter({}, { body: "other" }), { heads: [-1] }), REFUSED],
    ["an inbox of another body", callOf(letter({ inbox: id("d") })), REFUSED],
    ["an inbox that is none", callOf(letter({ inbox: id("9") })), REFUSED],
    ["an epoch that there is not", callOf(letter({ epoch: 2 })), REFUSED],
    ["an epoch before the first", callOf(letter({ epoch: 0 })), REFUSED],
    ["a form that is no name", callOf(letter({ form: 'x","kind":"grant.made' })), /slug|check/],
    ["a place of a form that is none", with_(letter(), (bytes) => void (bytes[1] = 7)), /null value|not-null/],
    ["a place of a body that is none", with_(letter(), (bytes) => void (bytes[0] = 7)), REFUSED],
    ["a path that is none", with_(letter(), (bytes) => void (bytes[2] = 2)), /null value|not-null/],
    ["a size of nothing", callOf(letter({}, { size: 0 })), REFUSED],
    ["a size below nothing", with_(letter(), (bytes) => void bytes.writeInt32BE(-5, 8)), REFUSED],
    ["a slip that is not sealed", callOf(letter({ slip: randomBytes(400) })), /check constraint/],
    ["a letter that is not sealed", callOf(letter({ letter: Buffer.from("my name is Zoë ".repeat(40)) })), /check/],
    ["a slip with nothing in it", callOf(letter({ slip: sealed(100) })), REFUSED],
    ["a letter with nothing in it", callOf(letter({ letter: sealed(100) })), REFUSED],
    ["a slip shorter than none", with_(letter(), (bytes) => void bytes.writeInt32BE(-1, 12)), /negative/],
    ["a slip that takes the letter with it", with_(letter(), (bytes) => void bytes.writeInt32BE(9_000, 12)), REFUSED],
    ["a letter behind the end", callOf(letter(), { places: [5_000] }), /out of (?:valid )?range|index/],
    ["a letter before the beginning", callOf(letter(), { places: [-500] }), /out of (?:valid )?range|index/],
    ["bytes that end early", { ...callOf(letter()), bytes: callOf(letter()).bytes.subarray(0, 220) }, REFUSED],
    ["a time long ago", callOf(letter(), { at: Date.now() - 11 * minute }), /received now/],
    ["a time to come", callOf(letter(), { at: Date.now() + 2 * minute }), /received now/],
    ["an addition to nothing", callOf(letter({ first: id("9"), receipt: WORDS })), REFUSED],
    ["an addition without its words", callOf(letter({ first: id("e") })), REFUSED],
    ["an addition to a letter that has no words", callOf(letter({ first: id("f"), receipt: WORDS })), REFUSED],
  ];
  for (const [name, call, outcome] of wrong) {
    const found = await answer(call);
    if (outcome instanceof RegExp) assert.match(String(found), outcome, name);
    else assert.deepEqual(found, outcome, name);
    assert.deepEqual(await rowsOfAll(), stored, name);
  }
});

test("an addition is taken with the words of its letter, and not once that is erased", async () => {
  assert.deepEqual(await answer(callOf(letter({ first: id("e"), receipt: WORDS }))), []);
  await owner.query("UPDATE submission SET erased_at = now() WHERE id = $1", [id("e")]);
  assert.deepEqual(await answer(callOf(letter({ first: id("e"), receipt: WORDS }))), REFUSED);
  await owner.query("UPDATE submission SET erased_at = NULL WHERE id = $1", [id("e")]);
});

test("what was decided by older statements is not written", async () => {
  const stored = await rowsOfAll();
  for (const head of [-1, null])
    assert.deepEqual(await answer(callOf(letter(), { heads: [head] })), [{ which: 0, known: null, known_at: null }]);
  assert.deepEqual(await answer(callOf(letter(), { heads: [] })), [{ which: 0, known: null, known_at: null }]);
  assert.deepEqual(await rowsOfAll(), stored);
});

test("while the statements of a body change, its letters wait", async () => {
  const changing = await owner.connect();
  await changing.query("BEGIN; SELECT pg_advisory_xact_lock(7212, hashtext('own'))");
  let done = false;
  const waiting = answer(callOf(letter())).then((found) => {
    done = true;
    return found;
  });
  const isWaiting = async (): Promise<boolean> =>
    (await owner.query("SELECT FROM pg_stat_activity WHERE usename = 'pb_public' AND wait_event = 'advisory'"))
      .rowCount === 1;
  try {
    await untilThere(async () => done || (await isWaiting()), "a letter that waits for the lock");
    assert.equal(done, false);
    await changing.query("INSERT INTO statement (body, seq, bytes, signature) VALUES ('own', 1, 'next', $1)", [
      Buffer.alloc(64),
    ]);
    await changing.query("COMMIT");
  } finally {
    // A connection that is kept would hold up the end of the file for ever.
    changing.release(true);
  }
  assert.deepEqual(await waiting, [{ which: 0, known: null, known_at: null }], "and what came is seen");
  await owner.query("DELETE FROM statement WHERE body = 'own' AND seq = 1");
});

test("under an id that is taken nothing changes, and its digest alone is told", async () => {
  const first = letter();
  const at = Date.now();
  assert.deepEqual(await receiveLetters(publicly, [first], () => 0, at), new Map());
  const stored = await rowsOfAll();
  const other = letter({ submission: first.submission.submission });
  const known = await receiveLetters(publicly, [letter(), other], () => 0, at + 1);
  assert.deepEqual(known, new Map([[1, { digest: first.digest, receivedAt: at }]]));
  assert.deepEqual((await rowsOfAll())[0], stored[0]! + 1, "and the other letter of the batch is stored");
  // Twice in one batch: no part of it is written twice.
  const twice = letter();
  await assert.rejects(
    receiveLetters(publicly, [twice, twice], () => 0, at),
    /duplicate key/,
  );
  assert.equal((await owner.query("SELECT FROM submission WHERE id = $1", [twice.submission.submission])).rowCount, 0);
});

test("around the function the public login writes no letter, no receipt and no such event", async () => {
  const hostile = [
    `INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES ('${id("8")}', 'own', '${id("c")}', 1, 'f', sha256('f'), now(), 1, 'browser', sha256('d'))`,
    `INSERT INTO sealed (submission, part, bytes) VALUES ('${id("f")}', 'slip', convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8'))`,
    `INSERT INTO receipt (submission, hash, event) VALUES ('${id("f")}', sha256('words'), 1)`,
    `INSERT INTO event (at, kind, entry) VALUES (9, 'submission.received', '{"at":9,"kind":"submission.received"}')`,
    "SELECT nextval('event_id_seq')",
    "SELECT pg_advisory_xact_lock_shared(7212, 1)",
    "SET ROLE pb_migrate",
    "CREATE OR REPLACE FUNCTION receive(text[], integer[], text[], bigint, integer[], bytea) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
  ];
  for (const sql of hostile)
    await assert.rejects(publicly.query(sql), /permission denied|row-level security|must be owner/, sql);
  for (const login of ["pb_staff", "pb_log", "pb_jobs", "pb_inspect"] as const) {
    const pool = openPool(database.url(login), 1);
    await assert.rejects(
      pool.query("SELECT receive('{}', '{}', '{}', 1, '{}', '')"),
      /permission denied for function/,
      login,
    );
    await pool.end();
  }
});

test("the function reads its own tables, whatever its caller calls first", async () => {
  const client = await publicly.connect();
  try {
    await client.query("SET search_path = pg_temp, public");
    const { bodies, heads, forms, at, places, bytes } = callOf(letter());
    const { rows } = await client.query("SELECT * FROM pillarbox.receive($1, $2, $3, $4, $5, $6)", [
      bodies,
      heads,
      forms,
      at,
      places,
      bytes,
    ]);
    assert.deepEqual(rows, []);
  } finally {
    client.release(true);
  }
});

// The program's own way to write an entry is the oracle: the same fields give the same bytes.
test("the entry that the database makes is the one that the program would write, to the byte", async () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const hex = (length: number) => bytes(length).map(toHex);
  const slug = fc.stringMatching(/^[a-z0-9-]{1,64}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        form: slug,
        formHash: hex(32),
        epoch: fc.integer({ min: 1, max: 2_147_483_647 }),
        submission: hex(16),
        inbox: hex(16),
        isAddition: fc.boolean(),
        commitment: hex(32),
        slip: bytes(250),
        letter: bytes(250),
      }),
      fc.record({
        path: fc.constantFrom("browser" as const, "counter" as const),
        size: fc.integer({ min: 1, max: 2_147_483_647 }),
        digest: bytes(32),
        nonce: bytes(32),
        late: fc.integer({ min: 0, max: 300_000 }),
      }),
      async ({ isAddition, slip, letter: long, ...given }, { late, ...beside }) => {
        const at = Date.now() - late;
        const client = await owner.connect();
        try {
          await client.query("BEGIN");
          await client.query("INSERT INTO epoch_key (inbox, epoch, body, recipient) VALUES ($1, $2, 'own', 'age1x')", [
            given.inbox,
            given.epoch,
          ]);
          const first = isAddition ? id("e") : null;
          if (first) await client.query("UPDATE submission SET inbox = $1 WHERE id = $2", [given.inbox, first]);
          const one = letter(
            { ...given, first, receipt: WORDS, slip: sealed(0, slip), letter: sealed(0, long) },
            beside,
          );
          assert.deepEqual(await receiveLetters(client, [one], () => 0, at), new Map());
          const { submission: s } = one;
          const expected = encodeEntry(
            {
              kind: "submission.received",
              body: "own",
              inbox: s.inbox,
              epoch: s.epoch,
              formHash: s.formHash,
              submission: s.submission,
              slip: toHex(sha256(s.slip)),
              letter: toHex(sha256(s.letter)),
              size: one.size,
              path: one.path,
              commitment: s.commitment,
              ...(s.first !== null && { first: s.first }),
              at,
            },
            one.nonce,
          );
          const { rows } = await client.query(
            "SELECT e.entry, e.at, e.kind, e.leaf FROM receipt r JOIN event e ON e.id = r.event WHERE r.submission = $1",
            [s.submission],
          );
          assert.deepEqual(rows, [{ entry: Buffer.from(expected), at, kind: "submission.received", leaf: null }]);
          const parts = await client.query("SELECT part, bytes FROM sealed WHERE submission = $1 ORDER BY part", [
            s.submission,
          ]);
          assert.deepEqual(parts.rows, [
            { part: "letter", bytes: Buffer.from(s.letter) },
            { part: "slip", bytes: Buffer.from(s.slip) },
          ]);
        } finally {
          await client.query("ROLLBACK");
          client.release();
        }
      },
    ),
    { numRuns: values(200) },
  );
});
