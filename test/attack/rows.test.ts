/**
 * What each login could do to rows over SQL, and may not: a hostile query for each policy and each table that only
 * grows. That a query is refused by its policy, and by nothing else, is shown each time: with the policy taken away it
 * succeeds.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { sha256 } from "../../src/domain/bytes.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { wrapsOf } from "../../src/server/statements/store.ts";
import { strays } from "../../src/server/watch/strays.ts";
import { newSweeper } from "../../supervisor/sweeper.ts";
import { startDatabase } from "../support/database.ts";
import { POLICIES, TRIVIAL, type Hostile } from "./hostile.ts";
import { untilThere } from "../support/in-time.ts";

/** A row in each table. */
const ROWS = join(import.meta.dirname, "../store/releases/0.1/rows.sql");
const LOGINS = ["pb_public", "pb_staff", "pb_log", "pb_inspect", "pb_jobs"] as const;

let database: Awaited<ReturnType<typeof startDatabase>>;
let owner: Pool;

before(async () => {
  database = await startDatabase();
  owner = openPool(database.url("pb_superuser"), 2);
  await owner.query(readFileSync(ROWS, "utf8"));
});
after(async () => {
  await owner?.end();
  await database?.stop();
});

/** Runs `work` in a transaction that leaves nothing behind. */
async function undone<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await owner.connect();
  try {
    await client.query("BEGIN");
    return await work(client);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** How many rows somebody's query shows or changes; or why it is refused. */
async function attempt(
  client: pg.PoolClient,
  { login, given, hostile }: Pick<Hostile, "login" | "given" | "hostile">,
): Promise<number | string> {
  if (given) await client.query(given);
  await client.query(`SET LOCAL SESSION AUTHORIZATION ${login}`);
  try {
    return (await client.query(hostile)).rowCount ?? 0;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const isRefused = (found: number | string): boolean =>
  found === 0 || (typeof found === "string" && /row-level security policy|permission denied/.test(found));

test("each policy refuses a hostile query, and with it taken away the query succeeds", async () => {
  for (const one of POLICIES) {
    const found = await undone((client) => attempt(client, one));
    assert.ok(isRefused(found), `${one.policy}: ${one.hostile}: ${found}`);
    const open = await undone(async (client) => {
      const [table, policy] = one.policy.split(" ");
      const { rows } = await client.query<{ cmd: string }>(
        "SELECT cmd FROM pg_policies WHERE schemaname = 'pillarbox' AND tablename = $1 AND policyname = $2",
        [table, policy],
      );
      const [{ cmd }] = rows as [{ cmd: string }];
      await client.query(
        `ALTER POLICY ${policy} ON ${table} ${cmd === "INSERT" ? "" : "USING (true)"} ${cmd === "INSERT" || cmd === "UPDATE" ? "WITH CHECK (true)" : ""}`,
      );
      return attempt(client, one);
    });
    assert.ok(typeof open === "number" && open > 0, `${one.policy} is what refuses it: ${one.hostile}: ${open}`);
  }
});

test("no policy is without its hostile query, or the reason why there is none", async () => {
  const { rows } = await owner.query<{ name: string; open: boolean }>(
    `SELECT tablename || ' ' || policyname AS name, coalesce(qual, 'true') = 'true' AND coalesce(with_check, 'true') = 'true' AS open
     FROM pg_policies WHERE schemaname = 'pillarbox' ORDER BY 1`,
  );
  const named = new Set([...POLICIES.map((one) => one.policy), ...TRIVIAL]);
  assert.deepEqual(
    rows.filter(({ name, open }) => !open && !named.has(name)).map(({ name }) => name),
    [],
  );
  const there = new Set(rows.map(({ name }) => name));
  assert.deepEqual(
    [...named].filter((name) => !there.has(name)),
    [],
  );
});

/** Only these columns of these tables may be changed by a process, and only these rows may be deleted by one. */
const MAY_CHANGE = {
  pb_public: [],
  pb_staff: [
    "account.state",
    "delivery.bytes",
    "delivery.changed_at",
    "delivery.code",
    "delivery.commitment",
    "delivery.handed_at",
    "delivery.handed_in",
    "delivery.mailroom",
    "delivery.next_at",
    "delivery.salt",
    "delivery.state",
    "erasure.decided_at",
    "erasure.decided_by",
    "erasure.event",
    "erasure.reason",
    "erasure.reason_salt",
    "erasure.reason_text",
    "erasure.state",
    "finding.closed_at",
    "finding.closed_event",
    "finding.evidence",
    "finding.seen_at",
    "incident_act.proof",
    "incident_act.signed_at",
    "incident_answer.at",
    "incident_answer.person",
    "incident_answer.value",
    "incident_pack.content",
    "incident_pack.event",
    "incident_pack.made_at",
    "incident_pack.pack",
    "invitation.used_at",
    "invitation.used_by",
    "look.began_at",
    "look.clean_at",
    "look.ended_at",
    "look.reported_at",
    "mailing.paused",
    "public_notice.withdrawn_at",
    "reading.opened_at",
    "reading.opened_event",
    "request.decided_at",
    "request.decided_by",
    "request.reason",
    "request.reason_salt",
    "request.state",
    "returned_mail.said",
    "returned_mail.said_at",
    "session.seen_at",
    "totp.last_step",
    "totp.recovery",
    "totp.wrong",
    "totp.wrong_since",
    "unlocker.sign_count",
    "unlocker.used_at",
  ],
  pb_log: [
    "event.aside",
    "event.body",
    "event.leaf",
    "event.log",
    "head.checkpoint",
    "head.ended",
    "head.log",
    "head.root",
    "head.signed_at",
    "head.signed_size",
    "head.size",
    "past_log.next_entry",
    "tile.hashes",
  ],
  pb_inspect: [],
  pb_jobs: [
    "delivery.attempts",
    "delivery.bytes",
    "delivery.changed_at",
    "delivery.code",
    "delivery.handed_in",
    "delivery.mailroom",
    "delivery.next_at",
    "delivery.refusals",
    "delivery.state",
    "mailroom.said",
    "mailroom.seen_at",
    "mailroom.signature",
  ],
} as const satisfies { readonly [login in (typeof LOGINS)[number]]: readonly string[] };
const MAY_DELETE = {
  pb_public: [],
  pb_staff: ["incident_answer", "session", "totp", "unlocker"],
  pb_log: [],
  pb_inspect: [],
  pb_jobs: ["alert"],
} as const satisfies { readonly [login in (typeof LOGINS)[number]]: readonly string[] };

test("each login changes and deletes what it needs to, tried column by column", async () => {
  const { rows: columns } = await owner.query<{ table: string; column: string }>(
    `SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'pillarbox'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = '' ORDER BY 1, 2`,
  );
  const tables = [...new Set(columns.map((one) => one.table))];
  assert.ok(tables.length > 30);
  const isAllowed = (login: string, hostile: string): Promise<boolean> =>
    undone(async (client) => !/permission denied/.test(String(await attempt(client, { login, hostile }))));
  for (const login of LOGINS) {
    const changes: string[] = [];
    for (const { table, column } of columns)
      if (await isAllowed(login, `UPDATE ${table} SET ${column} = DEFAULT WHERE false`))
        changes.push(`${table}.${column}`);
    assert.deepEqual(changes, [...MAY_CHANGE[login]], login);
    const deletes: string[] = [];
    for (const table of tables) {
      if (await isAllowed(login, `DELETE FROM ${table} WHERE false`)) deletes.push(table);
      assert.equal(await isAllowed(login, `TRUNCATE ${table} CASCADE`), false, `${login} empties ${table}`);
    }
    assert.deepEqual(deletes, [...MAY_DELETE[login]], login);
  }
});

test("a wrapped key or a statement is changed by no login, and one put beside it displaces none", async () => {
  const bytes = "convert_to('age-encryption.org/v1 of an attacker', 'UTF8')";
  const place = "repeat('c', 32), 1, repeat('a', 32)";
  for (const login of LOGINS)
    for (const hostile of [
      `UPDATE wrap SET bytes = ${bytes}`,
      "DELETE FROM wrap",
      `INSERT INTO wrap (inbox, epoch, person, bytes) VALUES (${place}, ${bytes}) ON CONFLICT (inbox, epoch, person, digest) DO UPDATE SET bytes = excluded.bytes`,
      "UPDATE statement SET bytes = 'other'",
      "UPDATE statement SET seq = seq + 1",
      "DELETE FROM statement",
      "INSERT INTO statement (body, seq, bytes, signature) SELECT body, seq, 'other', signature FROM statement ON CONFLICT (body, seq) DO UPDATE SET bytes = excluded.bytes",
    ]) {
      const found = await undone((client) => attempt(client, { login, hostile }));
      assert.match(String(found), /permission denied/, `${login}: ${hostile}`);
    }
  await undone(async (client) => {
    const { rows: before } = await client.query("SELECT encode(digest, 'hex') AS digest FROM wrap");
    assert.equal(
      await attempt(client, {
        login: "pb_staff",
        hostile: `INSERT INTO wrap (inbox, epoch, person, bytes) VALUES (${place}, ${bytes})`,
      }),
      1,
    );
    await client.query("RESET SESSION AUTHORIZATION");
    const { rows: now } = await client.query("SELECT encode(digest, 'hex') AS digest FROM wrap");
    assert.ok(
      now.length === 2 && now.some(({ digest }) => digest === before[0]!.digest),
      "the true one is still there",
    );
  });
});

test("a sealed copy of somebody's keys is changed and moved by no login, nor gone by a row alone", async () => {
  for (const login of LOGINS)
    for (const hostile of [
      "UPDATE unlocker SET sealed = 'age-encryption.org/v1 of an attacker'",
      "UPDATE unlocker SET recipient_hash = sha256('other')",
      "UPDATE unlocker SET sign_in_hash = sha256('other')",
      "UPDATE unlocker SET account = repeat('0', 32)",
      "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) SELECT id, account, kind, label, salt, sha256('other'), recipient_hash, sealed FROM unlocker ON CONFLICT (id) DO UPDATE SET sign_in_hash = excluded.sign_in_hash",
    ]) {
      const found = await undone((client) => attempt(client, { login, hostile }));
      assert.match(String(found), /permission denied/, `${login}: ${hostile}`);
    }
  for (const login of LOGINS) {
    const gone = await undone((client) => attempt(client, { login, hostile: "DELETE FROM unlocker" }));
    assert.ok(isRefused(gone), `${login}: ${gone}`);
  }
});

// Of many rows for one place the database gives any, unless it is told which.
test("a wrapped key is the one that a statement names, whatever stands beside it", async () => {
  const [inbox, person] = ["7".repeat(32), "a".repeat(32)];
  const bytes = [...Array(12).keys()].map((n) => Buffer.from(`age-encryption.org/v1 key ${n} ${"x".repeat(200)}`));
  await undone(async (client) => {
    for (const one of bytes)
      await client.query("INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, 1, $2, $3)", [inbox, person, one]);
    for (const one of bytes)
      assert.deepEqual(await wrapsOf(client, inbox, person, new Map([[1, sha256(new Uint8Array(one))]])), [
        { epoch: 1, bytes: one },
      ]);
  });
});

test("the jobs login reads who held an incident's letters, and no other entry or signature", async () => {
  const incident = "3".repeat(32);
  const said = (number: number, kind: string, of = incident, aside = "NULL"): string =>
    `INSERT INTO event (id, at, kind, entry, leaf, aside) OVERRIDING SYSTEM VALUE VALUES (${number}, 9, '${kind}', '{"incident":"${of}","kind":"${kind}"}', ${aside === "NULL" ? number : "NULL"}, ${aside}); INSERT INTO act VALUES (${number}, repeat('a', 32), decode(repeat('${number}', 64), 'hex'));`;
  await undone(async (client) => {
    await client.query(
      said(91, "messages.resumed") +
        said(90, "messages.paused") +
        said(92, "messages.handed-in") +
        said(93, "messages.resumed", "4".repeat(32)) +
        said(94, "messages.resumed", incident, "'not-theirs'"),
    );
    await client.query("SET LOCAL SESSION AUTHORIZATION pb_jobs");
    const { rows } = await client.query<{ entry: Buffer; signature: Buffer }>("SELECT * FROM holds_of($1)", [incident]);
    assert.deepEqual(
      rows.map(({ entry, signature }) => [JSON.parse(String(entry)).kind, signature.toString("hex").slice(0, 2)]),
      [
        ["messages.paused", "90"],
        ["messages.resumed", "91"],
      ],
    );
  });
  for (const [login, hostile] of [
    ["pb_jobs", "SELECT entry FROM event"],
    ["pb_jobs", "SELECT signature FROM act"],
    ["pb_public", `SELECT * FROM holds_of('${incident}')`],
    ["pb_staff", `SELECT * FROM holds_of('${incident}')`],
  ] as const)
    assert.match(String(await undone((client) => attempt(client, { login, hostile }))), /permission denied/, hostile);
});

test("an alert holds no text, no address and no link, whatever is written", async () => {
  const { rows } = await owner.query<{ column: string; type: string }>(
    "SELECT attname AS column, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'alert'::regclass AND attnum > 0 ORDER BY 1",
  );
  assert.deepEqual(
    rows.map(({ column, type }) => `${column} ${type}`),
    [
      "about id_hex",
      "account id_hex",
      "code slug",
      "count integer",
      "delivery id_hex",
      "form slug",
      "hours integer",
      "invitation id_hex",
      "kind text",
      "time bigint",
    ],
  );
  for (const [column, value] of [
    ["kind", "Please open https://evil.example"],
    ["kind", "finding.opened\n\nCall this number"],
    ["about", "https://evil.example/"],
    ["code", "Ada was seen"],
    ["form", "evil.example"],
    ["account", "somebody@evil.example"],
  ]) {
    const row: { [column: string]: string } = { account: "a".repeat(32), kind: "monitor.silent", [column!]: value! };
    const found = await undone((client) =>
      attempt(client, {
        login: "pb_staff",
        given: "INSERT INTO delivery (id, channel, state) VALUES (repeat('9', 32), 'email', 'handed-in')",
        hostile: `INSERT INTO alert (delivery, ${Object.keys(row).join(", ")}) VALUES (repeat('9', 32), ${Object.values(
          row,
        )
          .map((text) => `'${text}'`)
          .join(", ")})`,
      }),
    );
    assert.match(String(found), /check constraint|row-level security/, `${column}: ${value}`);
  }
});

test("no login makes large objects or temporary tables, or holds a lock that is not its own", async () => {
  const OWN: { readonly [login: string]: readonly string[] } = {
    pb_staff: ["pg_advisory_xact_lock(7212, 1)", "pg_advisory_xact_lock_shared(7212, 1)"],
    pb_log: ["pg_advisory_xact_lock(7212)"],
  };
  const locks = [
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_try_advisory_xact_lock",
  ].flatMap((name) => [name, `${name}_shared`].flatMap((one) => [`${one}(7212)`, `${one}(7212, 1)`]));
  for (const login of LOGINS) {
    for (const hostile of [
      "CREATE TEMPORARY TABLE head (log integer)",
      "CREATE TABLE mine (x integer)",
      "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "CREATE SCHEMA mine",
      "SELECT lo_create(0)",
      "SELECT lo_creat(-1)",
      "SELECT lo_from_bytea(0, 'x')",
      "SELECT lo_put(1, 0, 'x')",
      ...locks.filter((lock) => !OWN[login]?.includes(lock)).map((lock) => `SELECT ${lock}`),
    ])
      assert.match(
        String(await undone((client) => attempt(client, { login, hostile }))),
        /permission denied|must be owner/,
        `${login}: ${hostile}`,
      );
    for (const lock of OWN[login] ?? [])
      assert.equal(await undone((client) => attempt(client, { login, hostile: `SELECT ${lock}` })), 1);
  }
});

test("no login says who it is: the database writes the login beside an event", async () => {
  for (const [login, kind] of [
    ["pb_public", "erasure.requested"],
    ["pb_staff", "letter.released"],
    ["pb_jobs", "delivery.ended"],
    ["pb_jobs", "document.returned"],
    ["pb_log", "log.set-aside"],
  ] as const) {
    const entry = `'{"at":9,"kind":"${kind}"}'`;
    await undone(async (client) => {
      const put = `INSERT INTO event (at, kind, entry) VALUES (9, '${kind}', ${entry})`;
      assert.equal(await attempt(client, { login, hostile: put }), 1);
      await client.query("RESET SESSION AUTHORIZATION");
      const { rows } = await client.query("SELECT login FROM event ORDER BY id DESC LIMIT 1");
      assert.deepEqual(rows, [{ login }]);
    });
    for (const hostile of [
      `INSERT INTO event (at, kind, entry, login) VALUES (9, '${kind}', ${entry}, 'pb_migrate')`,
      "UPDATE event SET login = 'pb_migrate'",
    ])
      assert.match(String(await undone((client) => attempt(client, { login, hostile }))), /permission denied/, hostile);
  }
});

test("a large object, a temporary table and a lock that lasts are found, whoever made them", async () => {
  const inspector = openPool(database.url("pb_inspect"), 1);
  const locks = new Set<string>();
  const look = async (): Promise<string[]> => (await strays(inspector, locks)).map((one) => one.place).sort();
  const staff = await openStaff();
  try {
    assert.deepEqual(await look(), []);
    const { rows } = await owner.query<{ id: number }>("SELECT lo_create(0) AS id");
    // As in a PostgreSQL whose superuser took nothing away.
    await owner.query("GRANT TEMPORARY ON DATABASE pillarbox TO pb_staff");
    await staff.client.query("CREATE TEMPORARY TABLE head (log integer)");
    await staff.client.query("BEGIN; SELECT pg_advisory_xact_lock(7212, 1)");
    const [large, temporary] = [`large object ${rows[0]!.id} of pb_superuser`, "temporary table of pb_staff"];
    assert.deepEqual(await look(), [large, temporary], "a lock that its process needs may be held for a moment");
    assert.deepEqual(await look(), [large, "lock of pb_staff", temporary]);
    await staff.client.query("ROLLBACK; DROP TABLE head");
    await owner.query("GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO pb_staff");
    await staff.client.query("SELECT pg_advisory_lock(7212)");
    assert.deepEqual(await look(), [large, "lock of pb_staff"], "the log's own lock, held by another, is told at once");
    await owner.query("SELECT lo_unlink($1)", [rows[0]!.id]);
    await staff.close();
    // The lock goes with its connection, a moment later.
    await untilThere(async () => (await look()).length === 0, "the end of what was said of the lock");
  } finally {
    await staff.close();
    await owner.query(
      "REVOKE TEMPORARY ON DATABASE pillarbox FROM pb_staff; REVOKE EXECUTE ON FUNCTION pg_advisory_lock(bigint) FROM pb_staff",
    );
    await inspector.end();
  }
});

async function openStaff(): Promise<{ readonly client: pg.PoolClient; readonly close: () => Promise<void> }> {
  const pool = openPool(database.url("pb_staff"), 1);
  const client = await pool.connect();
  let open = true;
  return {
    client,
    close: async () => {
      if (!open) return;
      open = false;
      client.release(true);
      await pool.end();
    },
  };
}

test("what was erased leaves the files although nobody says that something was erased", async () => {
  const unswept = async (): Promise<number> =>
    (await owner.query("SELECT FROM erasure WHERE state = 'granted' AND swept_at IS NULL")).rowCount ?? 0;
  assert.equal(await unswept(), 1);
  const sweeper = newSweeper(database.config, database.url("pb_superuser"), () => {});
  try {
    sweeper.watch(50);
    await untilThere(async () => (await unswept()) === 0, "a sweep");
    // And again: one look is not the last.
    await owner.query("UPDATE erasure SET swept_at = NULL WHERE state = 'granted'");
    await untilThere(async () => (await unswept()) === 0, "a sweep");
  } finally {
    await sweeper.stop();
  }
});
