/**
 * Somebody tries to be somebody else at the staff pages: with a wrong passphrase, a guessed cookie, an old one, or from
 * another site's page. And what is refused stands in the log.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { sha256, toBase64, toHex } from "../../src/domain/bytes.ts";
import { newRecoveryCodes, newTotp, recoveryHash, totpAt } from "../../src/domain/person/totp.ts";
import { signInHash } from "../../src/domain/person/sign-in.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { parseConfig, type Config } from "../../src/server/config.ts";
import type { App } from "../../src/server/http/app.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { staffApp } from "../../src/server/staff.ts";
import { sealSecret } from "../../src/server/totp/secret.ts";
import { configOf } from "../../supervisor/config.ts";
import { logKeyOf, newInstallation } from "../../supervisor/installation.ts";
import { startDatabase, type Database } from "../support/database.ts";
import { untilThere } from "../support/in-time.ts";
import { isWaiting } from "../support/waiting.ts";

const EMAIL = "ada@harrowmere.example";
const KEY = randomBytes(32);
const TOTP_KEY = randomBytes(32);
let database: Database;
let config: Config;
let owner: Pool;
let pool: Pool;
let staff: App;

before(async () => {
  database = await startDatabase({
    seed: { operators: [], bodies: [{ id: "harrowmere", name: "Harrowmere", record: {} }] },
    roots: { harrowmere: "0".repeat(64) },
  });
  config = parseConfig(JSON.stringify(database.config));
  owner = openPool(database.url("pb_superuser"), 1);
  pool = openPool(database.url("pb_staff"), 2);
  staff = await staffApp(
    { ...config, limits: { ...config.limits, signInsPerMinute: 1000 } },
    pool,
    undefined,
    TOTP_KEY,
  );
  await owner.query(
    "INSERT INTO account (id, body, role, name, email, state) VALUES (repeat('a', 32), 'harrowmere', 'reader', 'Ada', $1, 'confirmed')",
    [EMAIL],
  );
  await owner.query(
    "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES (repeat('b', 32), repeat('a', 32), 'passphrase', 'x', 1, $1, $1, 'age-encryption.org/v1 x')",
    [Buffer.from(signInHash(KEY))],
  );
});
after(async () => {
  await staff?.close();
  await Promise.all([pool?.end(), owner?.end()]);
  await database?.stop();
});

// The server's own lines are not part of the report.
beforeEach(() => {
  const write = process.stdout.write.bind(process.stdout);
  mock.method(process.stdout, "write", (chunk: string | Uint8Array) =>
    typeof chunk === "string" && chunk.startsWith('{"time"') ? true : write(chunk),
  );
});
afterEach(() => mock.restoreAll());

const signIn = (account: string, key: Uint8Array, app = staff, code?: string) =>
  app.inject({
    method: "POST",
    url: "/api/session",
    headers: { origin: config.staffOrigin },
    payload: { account, signIn: toBase64(key), ...(code !== undefined && { code }) },
  });
const me = async (cookie: string): Promise<number> =>
  (await staff.inject({ url: "/api/me", headers: cookie ? { cookie } : {} })).statusCode;

/** A running session's cookie, as a browser sends it back. */
async function session(): Promise<string> {
  const { statusCode, headers } = await signIn(EMAIL, KEY);
  assert.equal(statusCode, 200);
  return String(headers["set-cookie"]).split(";")[0]!;
}

test("a wrong passphrase signs nobody in, and each refusal is in the log", async () => {
  const refusals = async (): Promise<number> =>
    (await owner.query("SELECT FROM event WHERE kind = 'session.refused'")).rowCount ?? 0;
  const started = async (): Promise<number> => (await owner.query("SELECT FROM session")).rowCount ?? 0;
  const other = KEY.slice();
  other[31]! ^= 1;
  for (const [account, key] of [
    [EMAIL, other],
    ["nobody@harrowmere.example", KEY],
    // What the database keeps is no way in.
    [EMAIL, signInHash(KEY)],
  ] as const) {
    const before = await refusals();
    const { statusCode, headers, json } = await signIn(account, key);
    assert.equal(statusCode, 401);
    assert.equal((json() as { code: string }).code, "SIGN_IN_REFUSED");
    assert.equal(headers["set-cookie"], undefined);
    assert.equal(await refusals(), before + 1);
  }
  assert.equal(await started(), 0);
  const { rows } = await owner.query<{ entry: Buffer }>("SELECT entry FROM event WHERE kind = 'session.refused'");
  for (const { entry } of rows) assert.doesNotMatch(entry.toString(), /harrowmere|@/, "nobody's address is in the log");
});

test("a session's cookie is out of scripts' reach and goes to no other site", async () => {
  const { headers } = await signIn(EMAIL, KEY);
  const cookie = String(headers["set-cookie"]);
  assert.match(cookie, /; HttpOnly(?:;|$)/);
  assert.match(cookie, /; SameSite=Strict(?:;|$)/);
  assert.match(cookie, /; Path=\/(?:;|$)/);
  const overHttps = await staffApp({ ...config, staffOrigin: "https://staff.harrowmere.example" }, pool);
  try {
    const answer = await overHttps.inject({
      method: "POST",
      url: "/api/session",
      headers: { origin: "https://staff.harrowmere.example" },
      payload: { account: EMAIL, signIn: toBase64(KEY) },
    });
    assert.match(String(answer.headers["set-cookie"]), /^__Host-pillarbox=.*; Secure(?:;|$)/);
  } finally {
    await overHttps.close();
  }
});

// Somebody is signed in all the while: a cookie of the right form is looked for among real ones.
test("a guessed cookie, a stored hash of one and none are nobody's", async () => {
  const cookie = await session();
  assert.equal(await me(cookie), 200);
  const token = cookie.split("=")[1]!;
  const other = (token.startsWith("0") ? "1" : "0") + token.slice(1);
  for (const guess of [
    other,
    token.slice(0, 62),
    token.toUpperCase() === token ? `${token} ` : token.toUpperCase(),
    toHex(sha256(new Uint8Array(Buffer.from(token, "hex")))),
    "0".repeat(64),
    "",
  ])
    assert.equal(await me(`pillarbox-staff=${guess}`), 401, guess);
  assert.equal(await me(""), 401);
});

test("after 30 minutes of rest, and after twelve hours, a session is over", async () => {
  const cookie = await session();
  const set = (sql: string): Promise<unknown> => owner.query(`UPDATE session SET ${sql}`);
  await set("seen_at = now() - interval '29 minutes 50 seconds'");
  assert.equal(await me(cookie), 200);
  await set("seen_at = now() - interval '30 minutes 10 seconds'");
  assert.equal(await me(cookie), 401);
  await set("seen_at = now()");
  assert.equal(await me(cookie), 200);
  const { rows } = await owner.query(
    "SELECT DISTINCT expires_at - started_at = interval '12 hours' AS twelve FROM session",
  );
  assert.deepEqual(rows, [{ twelve: true }]);
  await set("expires_at = now() - interval '1 second'");
  assert.equal(await me(cookie), 401);
});

test("another site's page ends no session and reads nothing, with the cookie of who is signed in", async () => {
  const cookie = await session();
  const origin = config.staffOrigin;
  for (const headers of [
    { origin: "https://evil.example" },
    {},
    { origin: "null" },
    { origin: `${origin}.evil.example` },
    { origin, "sec-fetch-site": "cross-site" },
    { origin, "sec-fetch-site": "same-site" },
    // Each says no by itself: a browser that sends one of them is enough.
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
  ]) {
    const answer = await staff.inject({
      method: "DELETE",
      url: "/api/session",
      headers: { cookie, ...headers } as never,
    });
    assert.equal(answer.statusCode, 403, JSON.stringify(headers));
    assert.equal(await me(cookie), 200, "still signed in");
  }
  const own = await staff.inject({
    method: "DELETE",
    url: "/api/session",
    headers: { cookie, origin, "sec-fetch-site": "same-origin" },
  });
  assert.ok(own.statusCode < 300, String(own.statusCode));
  assert.equal(await me(cookie), 401);
});

test("an installation takes 20 sign-ins a minute from one network, the demonstration too", async () => {
  // As `npm start` makes it: people are invented there, and their number is no other.
  const shown = parseConfig(
    JSON.stringify({
      ...configOf(
        database.config.root,
        { ...newInstallation(true, "hybrid"), roots: database.installation.roots },
        { public: 1, staff: 2, counter: 3, mail: 4 },
        logKeyOf(database.data, database.installation.installation).verifier,
      ),
      demo: { people: [] },
    }),
  );
  assert.equal(shown.demonstration, true);
  assert.deepEqual([shown.limits.signInsPerMinute, shown.limits.receiptsPerMinute], [20, 30]);
  const app = await staffApp({ ...config, limits: shown.limits }, pool);
  try {
    const codes: number[] = [];
    for (let i = 0; i < 22; i++) codes.push((await signIn(EMAIL, randomBytes(32), app)).statusCode);
    assert.deepEqual(codes, [...Array<number>(20).fill(401), 429, 429]);
  } finally {
    await app.close();
  }
});

const ADA = "a".repeat(32);
const STEP = 30_000;

/** Holds this program's clock still at the beginning of a step, a little before the database's: it is moved on. */
const holdClock = (): void => mock.timers.enable({ apis: ["Date"], now: (Math.floor(Date.now() / STEP) - 5) * STEP });

/** Turns a code on beside somebody's passphrase. */
async function withTotp(account: string, letter: string) {
  const secret = newTotp();
  const id = letter.repeat(32);
  const codes = newRecoveryCodes();
  await owner.query("DELETE FROM totp WHERE account = $1", [account]);
  await owner.query(
    "INSERT INTO totp (account, id, event, secret, last_step, recovery) VALUES ($1, $2, $3, $4, 0, $5)",
    [
      account,
      id,
      letter.charCodeAt(0),
      Buffer.from(sealSecret(TOTP_KEY, { account, id }, secret)),
      codes.map((code) => Buffer.from(recoveryHash(code))),
    ],
  );
  return { secret, codes, at: (off = 0): string => totpAt(secret, Math.floor(Date.now() / STEP) + off) };
}
const said = ({ statusCode, headers, body }: { statusCode: number; headers: object; body: string }): string => {
  const { code, me, sealedKeys } = JSON.parse(body) as { code?: string; me?: object; sealedKeys?: string };
  const inside = statusCode === 200 && me && sealedKeys && "set-cookie" in headers;
  // In, or nothing of being in: no cookie and no copy.
  assert.ok(inside || !("set-cookie" in headers || me || sealedKeys), body);
  return inside ? "in" : String(code);
};
const countOf = async (sql: string): Promise<number> => (await owner.query(sql)).rowCount ?? 0;

test("right words without the code start no session and hand over no copy; words and code do", async () => {
  holdClock();
  try {
    const { at } = await withTotp(ADA, "1");
    const [sessions, refused] = ["SELECT FROM session", "SELECT FROM event WHERE kind = 'session.refused'"];
    const [running, earlier] = [await countOf(sessions), await countOf(refused)];
    assert.equal(said(await signIn(EMAIL, KEY)), "TOTP_NEEDED");
    assert.equal(await countOf(refused), earlier, "it was only asked for");
    const wrong = at() === "000000" ? "000001" : "000000";
    for (const code of [wrong, "", "12345", "abcdefgh", "' OR true --", `${at()}0`, at(-2), at(2)].filter(Boolean))
      assert.equal(said(await signIn(EMAIL, KEY, staff, code)).replace("PAUSED", "REFUSED"), "TOTP_REFUSED", code);
    assert.equal(await countOf(refused), earlier + 7);
    assert.equal(said(await signIn(EMAIL, randomBytes(32), staff, at())), "SIGN_IN_REFUSED");
    assert.equal(said(await signIn("bea@harrowmere.example", KEY, staff, at())), "SIGN_IN_REFUSED");
    assert.equal(await countOf(sessions), running);
    await owner.query("UPDATE totp SET wrong = 0");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "in");
    assert.equal(await countOf(sessions), running + 1);
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});

test("a code counts once: sent again, an older one, and by two at the same moment", async () => {
  holdClock();
  try {
    const { at } = await withTotp(ADA, "2");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "in");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "TOTP_REFUSED");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at(-1))), "TOTP_REFUSED");
    for (let round = 0; round < 3; round++) {
      mock.timers.tick(STEP);
      const both = await Promise.all([signIn(EMAIL, KEY, staff, at()), signIn(EMAIL, KEY, staff, at())]);
      assert.deepEqual(both.map(said).toSorted(), ["TOTP_REFUSED", "in"]);
    }
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});

test("five wrong codes, and none is taken for a quarter of an hour; a recovery code is, once", async () => {
  holdClock();
  try {
    const { at, codes } = await withTotp(ADA, "3");
    const told = "SELECT FROM alert WHERE kind = 'totp.wrong'";
    const earlier = await countOf(told);
    for (let i = 0; i < 5; i++) assert.equal(said(await signIn(EMAIL, KEY, staff, "zzz")), "TOTP_REFUSED");
    assert.equal(await countOf(told), earlier + 1, "and the person is told");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "TOTP_PAUSED");
    await owner.query("UPDATE totp SET wrong_since = now() - interval '14 minutes 50 seconds'");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "TOTP_PAUSED");
    await owner.query("UPDATE totp SET wrong_since = now() - interval '15 minutes 10 seconds'");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "in");
    for (let i = 0; i < 5; i++) assert.equal(said(await signIn(EMAIL, KEY, staff, "zzz")), "TOTP_REFUSED");
    const [first, second] = codes;
    assert.equal(said(await signIn(EMAIL, KEY, staff, first)), "in");
    assert.equal(said(await signIn(EMAIL, KEY, staff, first)), "TOTP_REFUSED", "each once");
    const both = await Promise.all([signIn(EMAIL, KEY, staff, second), signIn(EMAIL, KEY, staff, second)]);
    assert.deepEqual(both.map(said).toSorted(), ["TOTP_REFUSED", "in"]);
    assert.equal(await countOf("SELECT FROM event WHERE kind = 'totp.recovered'"), 2);
    assert.equal(await countOf("SELECT FROM alert WHERE kind = 'totp.recovered'"), 2);
    const { rows } = await owner.query("SELECT recovery::text AS kept FROM totp");
    for (const code of codes) assert.ok(!rows[0].kept.includes(Buffer.from(code.replaceAll(" ", "")).toString("hex")));
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});

test("whoever guesses few codes an hour is counted on, and told of at every fifth", async () => {
  holdClock();
  try {
    const { at } = await withTotp(ADA, "6");
    const told = "SELECT FROM alert WHERE kind = 'totp.wrong'";
    const earlier = await countOf(told);
    for (const expected of [0, 0, 0, 0, 1, 1, 1, 1, 1, 2]) {
      await owner.query("UPDATE totp SET wrong_since = now() - interval '1 hour'");
      assert.equal(said(await signIn(EMAIL, KEY, staff, "zzz")), "TOTP_REFUSED");
      assert.equal(await countOf(told), earlier + expected);
    }
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "TOTP_PAUSED");
    await owner.query("UPDATE totp SET wrong_since = now() - interval '1 hour'");
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "in", "and its person comes in");
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});

test("of codes that are tried at the same moment five are heard, however many there are", async () => {
  holdClock();
  try {
    const { at } = await withTotp(ADA, "7");
    const wrong = Array.from({ length: 12 }, () => signIn(EMAIL, KEY, staff, "zzz"));
    const answers = (await Promise.all(wrong)).map(said);
    assert.equal(answers.filter((one) => one === "TOTP_REFUSED").length, 5);
    assert.equal(answers.filter((one) => one === "TOTP_PAUSED").length, 7);
    assert.equal(said(await signIn(EMAIL, KEY, staff, at())), "TOTP_PAUSED");
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});

test("words that are shown while a code is turned on are asked for it", async () => {
  const holder = openPool(database.url("pb_superuser"), 1);
  const client = await holder.connect();
  try {
    // As turning it on does: the unlockers are held, then the row comes.
    await client.query("BEGIN");
    await client.query("SELECT FROM unlocker WHERE account = $1 FOR UPDATE", [ADA]);
    await client.query(
      "INSERT INTO totp (account, id, event, secret, last_step, recovery) VALUES ($1, repeat('8', 32), 88, $2, 0, '{}')",
      [ADA, Buffer.alloc(48)],
    );
    const shown = signIn(EMAIL, KEY);
    await untilThere(() => isWaiting(owner), "somebody who waits");
    await client.query("COMMIT");
    assert.equal(said(await shown), "TOTP_NEEDED");
  } finally {
    client.release();
    await holder.end();
    await owner.query("DELETE FROM totp");
  }
});

// Whoever owns the tables can take a code away; they cannot make one, nor put their own device in its place.
test("whoever has the rows cannot compute a code, and no secret counts in another's row", async () => {
  const bea = "c".repeat(32);
  await owner.query(
    "INSERT INTO account (id, body, role, name, email, state) VALUES ($1, 'harrowmere', 'reader', 'Bea', 'bea@harrowmere.example', 'confirmed') ON CONFLICT DO NOTHING",
    [bea],
  );
  holdClock();
  try {
    const mine = await withTotp(bea, "5");
    const hers = await withTotp(ADA, "4");
    const { rows } = await owner.query("SELECT secret FROM totp");
    for (const { secret } of rows)
      assert.ok(!secret.includes(Buffer.from(hers.secret)) && !secret.includes(Buffer.from(mine.secret)));
    const elsewhere = await staffApp(config, pool, undefined, randomBytes(32));
    assert.equal(said(await signIn(EMAIL, KEY, elsewhere, hers.at())), "TOTP_BROKEN", "under another key");
    await elsewhere.close();
    await owner.query("UPDATE totp SET secret = (SELECT secret FROM totp WHERE account = $2) WHERE account = $1", [
      ADA,
      bea,
    ]);
    assert.equal(said(await signIn(EMAIL, KEY, staff, mine.at())), "TOTP_BROKEN", "of another's device");
    for (const login of ["pb_public", "pb_log", "pb_jobs", "pb_inspect"] as const) {
      const one = openPool(database.url(login), 1);
      await assert.rejects(one.query("SELECT account FROM totp"), /permission denied/, login);
      await one.end();
    }
  } finally {
    mock.timers.reset();
    await owner.query("DELETE FROM totp");
  }
});
