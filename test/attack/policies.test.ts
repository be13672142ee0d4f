/**
 * Somebody has taken over one process, and asks the database for what its login may not have: a hostile query for each
 * policy. The text of the catalogue is pinned elsewhere; here it is the database that refuses.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { startDatabase, type Database } from "../support/database.ts";

let database: Database;
const pools: Partial<Record<string, Pool>> = {};
const as = (login: Parameters<Database["url"]>[0]): Pool => (pools[login] ??= openPool(database.url(login), 1));
const owner = (sql: string, values: unknown[] = []) => as("pb_superuser").query(sql, values);

const AGE = "convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8')";
const id = (digit: string): string => `repeat('${digit}', 32)`;

/** An event as the owner of everything can put it: of any kind, with or without a place. */
async function put(kind: string, leaf: number | null = null): Promise<string> {
  const { rows } = await owner("INSERT INTO event (at, kind, entry, leaf) VALUES (1, $1, $2, $3) RETURNING id", [
    kind,
    Buffer.from(JSON.stringify({ kind })),
    leaf,
  ]);
  return rows[0].id as string;
}

before(async () => {
  database = await startDatabase();
  await owner("INSERT INTO body VALUES ('own', 'Own', '{}')");
  await owner(
    `INSERT INTO account (id, body, role, name, email, state) VALUES (${id("a")}, 'own', 'reader', 'A', 'a@example.org', 'confirmed')`,
  );
  for (const letter of ["b", "c"]) {
    await owner(
      `INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES (${id(letter)}, 'own', ${id("1")}, 1, 'f', sha256('f'), now(), 1, 'browser', sha256('d'))`,
    );
    await owner(`INSERT INTO sealed VALUES (${id(letter)}, 'letter', ${AGE}), (${id(letter)}, 'slip', ${AGE})`);
  }
});

after(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool?.end()));
  await database?.stop();
});

type Login = "pb_public" | "pb_staff" | "pb_log" | "pb_jobs" | "pb_inspect";

/** Refused: by a policy, by a right that is missing, or because the row is not there for this login. */
async function refused(login: Login, sql: string): Promise<void> {
  const outcome = await as(login)
    .query(sql)
    .then(
      ({ rowCount }) => `${rowCount ?? 0} rows`,
      ({ message }: Error) => (/row-level security|permission denied/.test(message) ? "0 rows" : message),
    );
  assert.equal(outcome, "0 rows", `${login}: ${sql}`);
}

test("no login writes an event that is another's to write", async () => {
  const write = (login: Login, kind: string): Promise<void> =>
    refused(
      login,
      `INSERT INTO event (at, kind, entry) VALUES (1, '${kind}', convert_to('{"at":1,"kind":"${kind}"}', 'UTF8'))`,
    );
  for (const kind of ["erasure.done", "letter.released", "grant.made", "log.started", "database.restored"]) {
    await write("pb_public", kind);
    await write("pb_jobs", kind);
    if (!kind.startsWith("log.")) await write("pb_log", kind);
    await write("pb_inspect", kind);
  }
  for (const kind of ["submission.received", "log.started", "log.continued", "log.rotated", "database.restored"])
    await write("pb_staff", kind);
  const entry = `convert_to('{"at":1,"kind":"letter.released"}', 'UTF8')`;
  await refused("pb_staff", `INSERT INTO event (at, kind, entry) VALUES (2, 'letter.released', ${entry})`);
});

// The server's own test of the kind comes first; here a release was written with an event of another kind all the same.
test("a release beside an event of another kind shows no sealed byte", async () => {
  const seen = async (): Promise<number> => (await as("pb_staff").query("SELECT FROM sealed")).rowCount ?? 0;
  await owner("UPDATE head SET size = 1000, signed_size = 1000");
  const release = async (digit: string, kind: string, part: string, leaf: number): Promise<void> => {
    const event = await put(kind, leaf);
    await owner(
      `INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (${id(digit)}, $1, 'own', ${id("1")}, ${id("a")}, 'open', $2, sha256('s'), now() + interval '5 minutes')`,
      [event, part],
    );
    await owner(`INSERT INTO release_item VALUES (${id(digit)}, ${id("b")})`);
  };
  await release("2", "session.started", "letter", 10);
  await release("3", "slips.released", "letter", 11);
  await release("4", "letter.released", "slip", 12);
  assert.equal(await seen(), 0);
  await release("5", "letter.released", "letter", 13);
  assert.equal(await seen(), 1, "with its own kind it is shown");
  await owner("DELETE FROM release_item");
  await owner("DELETE FROM release");
});

test("a place in the log, a full tile and the entry after a log's end are written once", async () => {
  const event = await put("session.started", 20);
  await refused("pb_log", `UPDATE event SET leaf = 21 WHERE id = ${event}`);
  await owner("INSERT INTO tile (log, level, index, hashes) VALUES (0, 0, 0, decode(repeat('00', 8192), 'hex'))");
  await refused("pb_log", "UPDATE tile SET hashes = decode(repeat('11', 8192), 'hex')");
  await owner("INSERT INTO past_log (log, vkey, size, checkpoint, next_entry) VALUES (7, 'k', 1, 'c', 'x')");
  await refused("pb_log", "UPDATE past_log SET next_entry = 'y' WHERE log = 7");
  for (const login of ["pb_public", "pb_staff", "pb_jobs", "pb_inspect"] as const) {
    await refused(login, "UPDATE head SET signed_size = 99");
    await refused(login, "UPDATE tile SET hashes = 'x'");
    await refused(login, `UPDATE event SET leaf = NULL WHERE id = ${event}`);
    await refused(login, "DELETE FROM event");
  }
});

test("without the words of a letter the public login sees nothing of its erasure", async () => {
  await owner(`INSERT INTO erasure (id, submission, asked_by) VALUES (${id("6")}, ${id("c")}, 'submitter')`);
  await refused("pb_public", "SELECT id FROM erasure");
  await refused("pb_public", "SELECT state, reason_text FROM erasure");
  const done = await put("erasure.done", 30);
  await owner(
    `UPDATE erasure SET state = 'granted', decided_at = now(), decided_by = ${id("a")}, reason = 'asked-for', event = $1`,
    [done],
  );
  await refused("pb_public", `SELECT id FROM event WHERE id = ${done}`);
});

// The request was granted and closed: by it nothing more is taken away.
test("a request for erasure that was decided erases nothing more", async () => {
  await assert.rejects(as("pb_staff").query(`SELECT erase(${id("6")}, '{}', 1)`), /without an open request/);
  assert.equal((await owner(`SELECT FROM sealed WHERE submission = ${id("c")}`)).rowCount, 2);
});

test("a session that has run out, an invitation that has, and an old request are nobody's", async () => {
  await owner(
    `INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('t'), ${id("a")}, now() - interval '1 second')`,
  );
  await refused("pb_staff", "SELECT account FROM session");
  await refused("pb_staff", "UPDATE session SET seen_at = now()");
  await refused(
    "pb_staff",
    `INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('u'), ${id("a")}, now() - interval '1 second')`,
  );
  await owner(
    `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at) VALUES (${id("1")}, 'own', 'owner', 'N', 'n@example.org', ${id("a")}, true, now() - interval '1 second')`,
  );
  await refused("pb_staff", "SELECT name FROM invitation");
  await refused("pb_staff", "UPDATE invitation SET used_at = now()");
  const request = (digit: string, state: string): string =>
    `INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt, persons_salt, event, state) VALUES (${id(digit)}, 'own', ${id("1")}, ${id("a")}, ARRAY['x'], 'all', 1, 'audit', 't', 's', sha256('s'), ${digit}, '${state}')`;
  await refused("pb_staff", request("7", "confirmed"));
  await owner(request("8", "declined"));
  await refused("pb_staff", `UPDATE request SET state = 'confirmed' WHERE id = ${id("8")}`);
});

test("the staff login makes no operator and nobody who is confirmed", async () => {
  const account = (body: string, role: string, state: string): string =>
    `INSERT INTO account (id, body, role, name, email, state) VALUES (${id("9")}, ${body}, '${role}', 'B', 'b@example.org', '${state}')`;
  await refused("pb_staff", account("NULL", "operator", "waiting"));
  await refused("pb_staff", account("'own'", "owner", "confirmed"));
  for (const login of ["pb_public", "pb_log", "pb_jobs", "pb_inspect"] as const)
    await refused(login, account("'own'", "reader", "waiting"));
});

test("acts, reports, notices, packs and findings stand beside an event of their own", async () => {
  const old = await put("incident.opened", 40);
  const other = await put("session.started");
  for (const event of [old, other]) {
    await refused(
      "pb_staff",
      `INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature) VALUES (${id("1")}, 0, 'own', ${event}, ${id("a")}, sha256('s'), decode(repeat('00', 64), 'hex'))`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO incident_report (incident, version, body, event, content, salt) VALUES (${id("1")}, 1, 'own', ${event}, 'x', sha256('s'))`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt) VALUES (${id("1")}, 'own', ${id("1")}, ${event}, 'x', decode(repeat('00', 64), 'hex'), ${id("a")}, sha256('s'), '{}', sha256('s'))`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO incident_pack (pack, incident, body, content, event) VALUES (${id("1")}, ${id("1")}, 'own', 'x', ${event})`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES (${id("1")}, ${id("1")}, 'own', ${event}, ${id("1")}, 1, ${AGE})`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO finding (id, watcher, key, code, place, evidence, opened_at, seen_at, opened_event) VALUES (${id("1")}, 'monitor', ${id("2")}, 'route-open', '/', '[]', 1, 1, ${event})`,
    );
    await refused(
      "pb_staff",
      `INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) VALUES (${id("b")}, 'own', ${id("1")}, 1, decode(repeat('00', 64), 'hex'), 1, ${event})`,
    );
  }
});

test("a notice that was taken back is shown to nobody, and not put up again", async () => {
  const event = await put("incident.notice", 50);
  await owner(
    `INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt, withdrawn_at) VALUES (${id("1")}, 'own', ${id("1")}, $1, 'x', decode(repeat('00', 64), 'hex'), ${id("a")}, sha256('s'), '{}', sha256('s'), now())`,
    [event],
  );
  await refused("pb_public", "SELECT notice FROM public_notice");
  await refused("pb_staff", "UPDATE public_notice SET withdrawn_at = NULL");
});

test("a delivery that ended stays so, and no process invents one", async () => {
  await owner(`INSERT INTO mailing (incident, body) VALUES (${id("1")}, 'own')`);
  for (const [digit, state] of [
    ["1", "bounced"],
    ["2", "rejected"],
    ["3", "cancelled"],
  ] as const) {
    await owner(
      `INSERT INTO delivery (id, body, incident, person, channel, state, attempts) VALUES (${id(digit)}, 'own', ${id("1")}, ${id(digit)}, 'email', '${state}', 1)`,
    );
    for (const login of ["pb_jobs", "pb_staff"] as const)
      await refused(login, `UPDATE delivery SET state = 'handed-in' WHERE id = ${id(digit)}`);
  }
  await refused(
    "pb_staff",
    `INSERT INTO delivery (id, body, incident, person, channel, state) VALUES (${id("4")}, 'own', ${id("1")}, ${id("4")}, 'email', 'sent')`,
  );
});

// The login that migrates passes row security, and serves nobody. Were the tables anybody else's, that would not be
// enough to see a row of them.
test("whoever owns the tables sees no row of them by that alone", async () => {
  const tables = ["sealed", "account", "session", "delivery", "finding", "incident_act", "public_notice"];
  await owner("CREATE ROLE landlord NOLOGIN NOBYPASSRLS");
  await owner("GRANT USAGE ON SCHEMA pillarbox TO landlord");
  for (const table of tables) {
    const { rows } = await owner(`SELECT tableowner FROM pg_tables WHERE tablename = '${table}'`);
    await owner(`ALTER TABLE ${table} OWNER TO landlord`);
    await owner("SET ROLE landlord");
    const seen = (await owner(`SELECT FROM ${table}`)).rowCount;
    await owner("RESET ROLE");
    await owner(`ALTER TABLE ${table} OWNER TO ${rows[0].tableowner}`);
    assert.equal(seen, 0, table);
  }
  await owner("DROP OWNED BY landlord");
  await owner("DROP ROLE landlord");
  assert.equal((await owner("SELECT FROM sealed")).rowCount, 4, "and there is something to see");
});
