/** The catalogue lint: the second wall, as the database itself describes it (T24). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { resolve } from "node:path";
import { SIGNED } from "../../src/domain/person/signed.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { parseEntry } from "../../src/domain/log/event.ts";
import { catalogueOf, differenceOf, expectedCatalogue } from "../../src/server/watch/store/catalogue.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { startDatabase } from "../support/database.ts";

let database: Awaited<ReturnType<typeof startDatabase>>;
let owner: Pool;
let staff: Pool;
let publicly: Pool;
let inspector: Pool;
let jobs: Pool;

before(async () => {
  database = await startDatabase();
  owner = openPool(database.url("pb_superuser"), 2);
  staff = openPool(database.url("pb_staff"), 2);
  publicly = openPool(database.url("pb_public"), 2);
  inspector = openPool(database.url("pb_inspect"), 1);
  jobs = openPool(database.url("pb_jobs"), 1);
});

after(async () => {
  await Promise.all([owner?.end(), staff?.end(), publicly?.end(), inspector?.end(), jobs?.end()]);
  await database?.stop();
});

const rows = async (sql: string): Promise<{ [column: string]: unknown }[]> => (await owner.query(sql)).rows;

/** Writes an event as a login may: its entry says the kind that it is counted as. */
const putEvent = async (login: Pool, kind: string, at = 1, more: object = {}): Promise<string> =>
  (
    await login.query<{ id: string }>("INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id", [
      at,
      kind,
      Buffer.from(JSON.stringify({ at, kind, ...more })),
    ])
  ).rows[0]!.id;

const isInspectors = (roles: unknown): boolean => Array.isArray(roles) && roles.join() === "pb_inspect";

test("the catalogue is the pinned one, line by line, and whatever is changed by hand shows", async () => {
  const expected = expectedCatalogue(resolve(import.meta.dirname, "../.."));
  const now = async () => differenceOf(expected, await catalogueOf(inspector));
  assert.deepEqual(
    await now(),
    { added: [], missing: [] },
    "after a change of the numbered files: node test/store/pinned.ts, and look at every line that changed",
  );
  const byHand: readonly [done: string, undone: string, added: RegExp | null, missing: RegExp | null][] = [
    [
      "CREATE POLICY opened ON sealed FOR SELECT TO pb_public USING (true)",
      "DROP POLICY opened ON sealed",
      /^policy sealed opened: lets SELECT to pb_public using true$/,
      null,
    ],
    [
      "ALTER TABLE sealed NO FORCE ROW LEVEL SECURITY",
      "ALTER TABLE sealed FORCE ROW LEVEL SECURITY",
      /sealed: row security on, not forced/,
      /sealed: row security forced/,
    ],
    [
      "ALTER TABLE wrap DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE wrap ENABLE ROW LEVEL SECURITY",
      /wrap: row security off/,
      /wrap: row security forced/,
    ],
    [
      "GRANT SELECT ON sealed TO PUBLIC",
      "REVOKE SELECT ON sealed FROM PUBLIC",
      /right sealed: PUBLIC may SELECT/,
      null,
    ],
    [
      "GRANT SELECT (bytes) ON sealed TO pb_public",
      "REVOKE SELECT (bytes) ON sealed FROM pb_public",
      /right sealed.bytes: pb_public may SELECT/,
      null,
    ],
    [
      "CREATE VIEW public.seen AS SELECT * FROM pillarbox.sealed",
      "DROP VIEW public.seen",
      /elsewhere: view public.seen/,
      null,
    ],
    [
      "CREATE FUNCTION handout() RETURNS SETOF sealed LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM pillarbox.sealed'",
      "DROP FUNCTION handout()",
      /function handout\(\): sql as its owner/,
      null,
    ],
    [
      "GRANT pg_read_all_data TO pb_public",
      "REVOKE pg_read_all_data FROM pb_public",
      /member: pb_public of pg_read_all_data/,
      null,
    ],
    [
      "ALTER ROLE pb_staff BYPASSRLS",
      "ALTER ROLE pb_staff NOBYPASSRLS",
      /login pb_staff: enters passes row security/,
      /login pb_staff: enters$/,
    ],
    [
      "ALTER TABLE submission ADD COLUMN name text",
      "ALTER TABLE submission DROP COLUMN name",
      /column submission.name: text/,
      null,
    ],
    [
      "ALTER FUNCTION erase(text, text[], bigint) RESET search_path",
      "ALTER FUNCTION erase(text, text[], bigint) SET search_path = pillarbox, pg_temp",
      /function erase.* with no settings of its own/,
      /function erase.* with search_path=/,
    ],
    [
      "ALTER FUNCTION erase(text, text[], bigint) SECURITY INVOKER",
      "ALTER FUNCTION erase(text, text[], bigint) SECURITY DEFINER",
      /function erase.* as its caller/,
      /function erase.* as its owner/,
    ],
    [
      "ALTER FUNCTION erase(text, text[], bigint) OWNER TO pb_superuser",
      "ALTER FUNCTION erase(text, text[], bigint) OWNER TO pb_migrate",
      /function erase.* of the first superuser/,
      /function erase.* of the owner/,
    ],
    [
      "ALTER TABLE event ALTER COLUMN login SET DEFAULT 'pb_staff'",
      "ALTER TABLE event ALTER COLUMN login SET DEFAULT session_user",
      /column event.login: .*pb_staff/,
      /column event.login: .*SESSION_USER/i,
    ],
    [
      "ALTER TABLE event DROP CONSTRAINT event_aside",
      "ALTER TABLE event ADD CONSTRAINT event_aside CHECK (aside IS NULL OR leaf IS NULL)",
      null,
      /constraint event event_aside/,
    ],
    [
      "ALTER TABLE release DISABLE TRIGGER ALL",
      "ALTER TABLE release ENABLE TRIGGER ALL",
      /trigger release does not run/,
      null,
    ],
    [
      "CREATE FUNCTION always(id_hex, id_hex) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR = (LEFTARG = id_hex, RIGHTARG = id_hex, FUNCTION = always)",
      "DROP OPERATOR = (id_hex, id_hex); DROP FUNCTION always(id_hex, id_hex)",
      /operator = of/,
      null,
    ],
    [
      "GRANT TEMPORARY ON DATABASE pillarbox TO pb_staff",
      "REVOKE TEMPORARY ON DATABASE pillarbox FROM pb_staff",
      /right database: pb_staff may TEMPORARY/,
      null,
    ],
    ["CREATE PUBLICATION copied FOR ALL TABLES", "DROP PUBLICATION copied", /publication copied/, null],
  ];
  for (const [done, undone, added, missing] of byHand) {
    await owner.query(done);
    const found = await now();
    await owner.query(undone);
    assert.equal(
      found.added.some((line) => added?.test(line)),
      added !== null,
      done,
    );
    assert.equal(
      found.missing.some((line) => missing?.test(line)),
      missing !== null,
      done,
    );
  }
  assert.deepEqual(await now(), { added: [], missing: [] });
});

test("row security is on and forced on every table", async () => {
  const found = await rows(
    "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind IN ('r', 'p')",
  );
  assert.ok(found.length >= 15);
  assert.deepEqual(
    found.filter((table) => !table["forced"]),
    [],
  );
});

test("no policy is for everybody, and none shows all rows of keys, people or sealed bytes", async () => {
  const policies = await rows(
    "SELECT tablename, policyname, roles::text[] AS roles, cmd, qual FROM pg_policies WHERE schemaname = 'pillarbox'",
  );
  assert.deepEqual(
    policies.filter((p) => (p["roles"] as string[]).includes("public")),
    [],
  );
  // What the verifier's login may see of those rows is a matter of columns, and has a test of its own.
  const whole = policies.filter((p) => p["qual"] === "true" && !isInspectors(p["roles"])).map((p) => p["tablename"]);
  assert.deepEqual([...new Set(whole)].sort(), [
    "body",
    "epoch_key",
    "event",
    "event_secret",
    "form_version",
    "head",
    "past_log",
    "request",
    "statement",
    "submission",
    "tile",
  ]);
});

// The verifier's login sees the hash of sealed bytes and never the bytes, no key and no person, and writes nothing.
test("the verifier's login sees the hash of sealed bytes, no byte, no key, no person", async () => {
  const columns = await rows(
    "SELECT table_name || '.' || column_name AS seen FROM information_schema.column_privileges WHERE table_schema = 'pillarbox' AND grantee = 'pb_inspect' AND table_name NOT IN ('statement', 'event', 'tile', 'head', 'past_log') ORDER BY 1",
  );
  assert.deepEqual(
    columns.map((c) => c["seen"]),
    [
      "account.id",
      "account.role",
      "act.event",
      "act.person",
      "act.signature",
      "case_act.event",
      "case_act.seq",
      "case_act.submission",
      "case_note.digest",
      "case_note.event",
      "case_note.id",
      "case_note.submission",
      "epoch_key.body",
      "epoch_key.epoch",
      "epoch_key.inbox",
      "epoch_key.recipient",
      "erasure.asked_by",
      "erasure.event",
      "erasure.id",
      "erasure.reason",
      "erasure.state",
      "erasure.submission",
      "finding.body",
      "finding.closed_event",
      "finding.code",
      "finding.form",
      "finding.id",
      "finding.opened_event",
      "finding.watcher",
      "incident_act.body",
      "incident_act.event",
      "incident_act.incident",
      "incident_act.person",
      "incident_act.seq",
      "incident_act.signature",
      "incident_document.body",
      "incident_document.epoch",
      "incident_document.event",
      "incident_document.id",
      "incident_document.incident",
      "incident_pack.body",
      "incident_pack.event",
      "incident_pack.incident",
      "incident_pack.pack",
      "incident_report.body",
      "incident_report.event",
      "incident_report.incident",
      "incident_report.version",
      "marker.body",
      "marker.epoch",
      "marker.event",
      "marker.inbox",
      "marker.signature",
      "marker.submission",
      "public_notice.body",
      "public_notice.event",
      "public_notice.incident",
      "public_notice.notice",
      "reading.at",
      "reading.body",
      "reading.count",
      "reading.part",
      "reading.release",
      "reading.role",
      "receipt.event",
      "receipt.submission",
      "release.body",
      "release.document",
      "release.event",
      "release.id",
      "release.ids_salt",
      "release.inbox",
      "release.part",
      "release.purpose",
      "release_item.release",
      "release_item.submission",
      "reply.digest",
      "reply.event",
      "reply.id",
      "reply.submission",
      "reply_fetched.event",
      "reply_fetched.reply",
      "request.asker",
      "request.body",
      "request.event",
      "request.id",
      "request.inbox",
      "request.persons",
      "request.persons_salt",
      "request.purpose",
      "request.scope",
      "request.state",
      "request.until",
      "returned_mail.body",
      "returned_mail.delivery",
      "returned_mail.document",
      "returned_mail.epoch",
      "returned_mail.event",
      "returned_mail.incident",
      "returned_mail.kind",
      "sealed.digest",
      "sealed.part",
      "sealed.submission",
      "submission.body",
      "submission.epoch",
      "submission.erased_at",
      "submission.first",
      "submission.form_hash",
      "submission.id",
      "submission.inbox",
      "submission.path",
      "submission.received_at",
      "submission.size",
      "wrap.digest",
      "wrap.epoch",
      "wrap.inbox",
      "wrap.person",
    ],
  );
  assert.deepEqual(
    await rows(
      "SELECT privilege_type FROM information_schema.column_privileges WHERE table_schema = 'pillarbox' AND grantee = 'pb_inspect' AND privilege_type <> 'SELECT'",
    ),
    [],
  );
  await assert.rejects(inspector.query("SELECT bytes FROM sealed"), /permission denied/);
  await assert.rejects(inspector.query("SELECT substring(bytes FROM 1 FOR 1) FROM sealed"), /permission denied/);
  await assert.rejects(inspector.query("SELECT bytes FROM wrap"), /permission denied/);
  await assert.rejects(inspector.query("SELECT person FROM event_secret"), /permission denied/);
  await assert.rejects(inspector.query("SELECT hash FROM receipt"), /permission denied/);
  await assert.rejects(inspector.query("SELECT texts FROM incident_act"), /permission denied/);
  await assert.rejects(inspector.query("SELECT bytes FROM incident_document"), /permission denied/);
  await assert.rejects(inspector.query("SELECT name FROM account"), /permission denied/);
  await inspector.query("SELECT digest FROM sealed");
});

test("sealed bytes are shown by one policy, to one login, and by no view and no function", async () => {
  const policies = await rows(
    "SELECT policyname, roles::text[] AS roles, cmd FROM pg_policies WHERE tablename = 'sealed' AND cmd IN ('SELECT', 'ALL')",
  );
  assert.deepEqual(
    policies.filter((p) => !isInspectors(p["roles"])),
    [{ policyname: "released", roles: ["pb_staff"], cmd: "SELECT" }],
  );
  assert.deepEqual(
    await rows("SELECT relname FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind IN ('v', 'm')"),
    [],
  );
  // They delete or count, and give back nothing or numbers, but for three: what holds letters back, what was received
  // before, and invitations, which never held a letter.
  assert.deepEqual(
    await rows(
      "SELECT proname, prosecdef, proallargtypes::regtype[]::text[] AS types, coalesce((SELECT array_agg(DISTINCT grantee::text) FROM information_schema.routine_privileges WHERE routine_schema = 'pillarbox' AND routine_name = proname AND grantee <> 'pb_migrate'), '{}') AS callers FROM pg_proc WHERE pronamespace = 'pillarbox'::regnamespace ORDER BY 1",
    ),
    [
      { proname: "begin_log", prosecdef: true, types: null, callers: [] },
      { proname: "demand_act", prosecdef: true, types: null, callers: [] },
      { proname: "erase", prosecdef: true, types: null, callers: ["pb_staff"] },
      { proname: "erasing", prosecdef: true, types: ["text", "text[]", "integer", "integer"], callers: ["pb_staff"] },
      { proname: "forget", prosecdef: false, types: ["text[]", "integer", "integer"], callers: [] },
      { proname: "forget_invitations", prosecdef: true, types: null, callers: ["pb_jobs"] },
      // The acts of holding letters back, which the mailroom verifies: no other entry, and no other signature.
      { proname: "hold_letter", prosecdef: true, types: null, callers: [] },
      {
        proname: "holds_of",
        prosecdef: true,
        types: ["text", "bytea", "bytea"],
        callers: ["pb_jobs"],
      },
      // Invitations of a body with their state and that of their mail: nothing that was sent.
      {
        proname: "invitations_of",
        prosecdef: true,
        types: [
          "text",
          "text",
          "text",
          "text",
          "text",
          "boolean",
          "timestamp with time zone",
          "timestamp with time zone",
          "text",
          "text",
        ],
        callers: ["pb_staff"],
      },
      // It keeps the last unlocker of a person.
      { proname: "keep_one", prosecdef: true, types: null, callers: [] },
      // Of events that it is given the numbers of those that name what is another body's: numbers, and nothing else.
      { proname: "of_others", prosecdef: true, types: null, callers: ["pb_log"] },
      // Of ids that it is given and that were taken: digest and time, which the public login may read anyway.
      {
        proname: "receive",
        prosecdef: true,
        types: ["text[]", "integer[]", "text[]", "bigint", "integer[]", "bytea", "integer", "bytea", "bigint"],
        callers: ["pb_public"],
      },
      { proname: "turn_away", prosecdef: true, types: null, callers: ["pb_staff"] },
    ],
  );
});

test("each login has exactly its rights, and none is more than a login", async () => {
  const grants = await rows(
    "SELECT grantee || ' ' || privilege_type || ' ' || table_name AS right FROM information_schema.role_table_grants WHERE table_schema = 'pillarbox' AND grantee LIKE 'pb\\_%' AND grantee NOT IN ('pb_migrate', 'pb_superuser') ORDER BY 1",
  );
  assert.deepEqual(
    grants
      .map((g) => g["right"])
      .filter((right) => / (?:UPDATE|DELETE|TRUNCATE|TRIGGER|REFERENCES) /.test(String(right))),
    [
      "pb_jobs DELETE alert",
      "pb_staff DELETE incident_answer",
      "pb_staff DELETE session",
      "pb_staff DELETE totp",
      "pb_staff DELETE unlocker",
    ],
  );
  assert.deepEqual(
    grants.map((g) => g["right"]).filter((right) => String(right).startsWith("pb_public ")),
    [
      "pb_public INSERT reply_fetched",
      "pb_public SELECT act",
      "pb_public SELECT body",
      "pb_public SELECT case_act",
      "pb_public SELECT epoch_key",
      "pb_public SELECT form_version",
      "pb_public SELECT past_log",
      "pb_public SELECT public_notice",
      "pb_public SELECT statement",
      "pb_public SELECT tile",
    ],
  );
  const logins = await rows(
    "SELECT rolname FROM pg_roles WHERE rolname IN ('pb_public', 'pb_staff', 'pb_log', 'pb_inspect', 'pb_jobs') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
  );
  assert.deepEqual(logins, []);
  assert.deepEqual(
    await rows(
      "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE 'pb\\_%' AND r.rolname NOT IN ('pb_migrate', 'pb_superuser')",
    ),
    [],
  );
});

// The public login can put sealed bytes in and never get any out; plaintext is not accepted at all.
test("the public login puts sealed bytes in and gets none out; plaintext is not accepted at all", async () => {
  await assert.rejects(publicly.query("SELECT * FROM sealed"), /permission denied/);
  await assert.rejects(publicly.query("SELECT * FROM account"), /permission denied/);
  await assert.rejects(publicly.query("SELECT inbox FROM submission"), /permission denied/);
  await assert.rejects(publicly.query("SELECT size FROM head"), /permission denied/);
  await publicly.query("SELECT checkpoint FROM head");
  await assert.rejects(
    publicly.query(
      "INSERT INTO sealed (submission, part, bytes) VALUES (repeat('a', 32), 'letter', convert_to(repeat('my name is Zoë', 40), 'UTF8'))",
    ),
    /permission denied/,
  );
  // By the one function that writes letters it is no other: test/attack/receiving.test.ts.
  await assert.rejects(publicly.query("SELECT nextval('event_id_seq')"), /permission denied/);
});

// Without the words of a letter the public login sees no receipt, no reading and no event, and with them those of that
// letter only.
test("the public login sees of receipts, readings and events those of the words it brings only", async () => {
  const [mine, theirs] = ["11".repeat(32), "22".repeat(32)];
  for (const [nth, secret] of [
    [1, mine],
    [2, theirs],
  ] as const) {
    await owner.query(
      "INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES (repeat($1, 32), 'own', repeat('c', 32), 1, 'f', sha256('f'), now(), 1, 'browser', sha256('d'))",
      [String(nth)],
    );
    const event = await putEvent(owner, "submission.received", 1, { submission: String(nth).repeat(32) });
    await owner.query(
      "INSERT INTO receipt (submission, hash, event) VALUES (repeat($1, 32), sha256(decode($2, 'hex')), $3)",
      [String(nth), secret, event],
    );
    await owner.query("UPDATE event SET leaf = 90 + id WHERE id = $1", [event]);
  }
  await owner.query("INSERT INTO body VALUES ('read', 'Read', '{}')");
  await owner.query(
    "INSERT INTO account (id, body, role, name, email, state) VALUES (repeat('9', 32), 'read', 'reader', 'R', 'r@example.org', 'confirmed')",
  );
  const event = await putEvent(staff, "slips.released", 7);
  await staff.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (repeat('8', 32), $1, 'read', repeat('c', 32), repeat('9', 32), 'list', 'slip', sha256('s'), now() + interval '5 minutes')",
    [event],
  );
  await staff.query(
    "INSERT INTO release_item VALUES (repeat('8', 32), repeat('1', 32)), (repeat('8', 32), repeat('2', 32))",
  );
  for (const wrong of ["'letter', 7", "'slip', 8"])
    await assert.rejects(
      staff.query(
        `INSERT INTO reading (release, part, at, body, role, count) VALUES (repeat('8', 32), ${wrong}, 'read', 'reader', 2)`,
      ),
      /row-level security/,
      "not as the release and its event are",
    );
  await staff.query(
    "INSERT INTO reading (release, part, at, body, role, count) VALUES (repeat('8', 32), 'slip', 7, 'read', 'reader', 2)",
  );
  await assert.rejects(staff.query("UPDATE reading SET count = 1"), /permission denied/);
  assert.equal((await staff.query("UPDATE reading SET opened_at = 1")).rowCount, 0, "a list is not opened");

  const client = await publicly.connect();
  const seen = async (secret: string | null): Promise<unknown[]> => {
    await client.query("BEGIN");
    if (secret !== null) await client.query("SELECT set_config('pillarbox.receipt', $1, true)", [secret]);
    const {
      rows: [row],
    } = await client.query(
      "SELECT (SELECT count(*) FROM receipt)::int AS receipts, (SELECT count(*) FROM release_item)::int AS items, (SELECT count(*) FROM reading)::int AS readings, (SELECT count(*) FROM event WHERE leaf IS NOT NULL)::int AS events",
    );
    await client.query("ROLLBACK");
    return Object.values(row);
  };
  try {
    for (const nothing of [null, "", "33".repeat(32), "11".repeat(31)])
      assert.deepEqual(await seen(nothing), [0, 0, 0, 0], String(nothing));
    const {
      rows: [hash],
    } = await owner.query<{ hash: string }>(
      "SELECT encode(hash, 'hex') AS hash FROM receipt WHERE submission = repeat('1', 32)",
    );
    assert.deepEqual(await seen(hash!.hash), [0, 0, 0, 0], "the stored hash opens nothing");
    assert.deepEqual(await seen(mine), [1, 1, 1, 1]);
    assert.deepEqual(await seen(null), [0, 0, 0, 0], "and nothing is left over for the next");
    await assert.rejects(client.query("SELECT person FROM release"), /permission denied/);
    // Somebody has put receipts of their own into the rows, for every event that there is.
    const forged = "44".repeat(32);
    await owner.query(
      "INSERT INTO receipt (submission, hash, event) SELECT lpad(n::text, 32, '0'), sha256(decode($1, 'hex')), n FROM generate_series(1, 50) AS n",
      [forged],
    );
    assert.deepEqual(await seen(forged), [50, 0, 0, 0], "a receipt shows no event but that of its own submission");
    await owner.query("DELETE FROM receipt WHERE hash = sha256(decode($1, 'hex'))", [forged]);
  } finally {
    client.release();
  }
});

test("without a signed release the staff login sees no sealed byte, whatever it writes", async () => {
  await owner.query("INSERT INTO body VALUES ('own', 'Own', '{}')");
  await owner.query(
    "INSERT INTO account (id, body, role, name, email, state) VALUES (repeat('a', 32), 'own', 'reader', 'A', 'a@example.org', 'confirmed')",
  );
  await owner.query(
    "INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES (repeat('b', 32), 'own', repeat('c', 32), 1, 'f', sha256('f'), now(), 1, 'browser', sha256('d'))",
  );
  await owner.query(
    "INSERT INTO sealed VALUES (repeat('b', 32), 'letter', convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8')), (repeat('b', 32), 'slip', convert_to('age-encryption.org/v1' || repeat('y', 300), 'UTF8'))",
  );
  const visible = async (): Promise<unknown[]> =>
    (await staff.query("SELECT part FROM sealed ORDER BY part")).rows.map((row) => row.part);
  assert.deepEqual(await visible(), []);

  const released = await putEvent(staff, "letter.released");
  await staff.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (repeat('d', 32), $1, 'own', repeat('c', 32), repeat('a', 32), 'open', 'letter', sha256('s'), now() + interval '5 minutes')",
    [released],
  );
  await staff.query("INSERT INTO release_item VALUES (repeat('d', 32), repeat('b', 32))");
  assert.deepEqual(await visible(), [], "a release that no checkpoint covers shows nothing");
  await assert.rejects(staff.query("UPDATE event SET leaf = 0"), /permission denied/);
  await assert.rejects(staff.query("UPDATE head SET signed_size = 99"), /permission denied/);
  await assert.rejects(staff.query("INSERT INTO tile VALUES (0, 0, sha256('x'))"), /permission denied/);
  await assert.rejects(staff.query("SET ROLE pb_log"), /permission denied/);
  await assert.rejects(
    staff.query("INSERT INTO event (at, kind, entry, leaf) VALUES (1, 'letter.released', 'x', 0)"),
    /permission denied/,
  );

  await owner.query("UPDATE event SET leaf = 0 WHERE id = $1", [released]);
  await owner.query("UPDATE head SET size = 1, signed_size = 1");
  assert.deepEqual(await visible(), ["letter"], "under a checkpoint the released part is shown, and only that part");
  await owner.query("UPDATE release SET expires_at = now() - interval '1 second'");
  assert.deepEqual(await visible(), [], "and no longer once it has run out");
});

test("tables that the staff login makes do not stand in for those that the wall asks", async () => {
  await assert.rejects(staff.query("CREATE TEMPORARY TABLE head (log integer)"), /permission denied/);
  // This wall holds without that one, too.
  await owner.query("GRANT TEMPORARY ON DATABASE pillarbox TO pb_staff");
  const client = await staff.connect();
  try {
    await client.query("BEGIN");
    // A temporary table is found before ours of the same name: by whatever looks names up while it runs.
    for (const [table, row] of [
      ["release_item", "repeat('9', 32) AS release, id AS submission FROM pillarbox.submission"],
      [
        "release",
        "repeat('9', 32) AS id, 1::bigint AS event, repeat('1', 32) AS document, kind AS purpose, part, now() + interval '1 hour' AS expires_at FROM (VALUES ('list', 'slip'), ('open', 'letter'), ('incident', 'document')) AS each (kind, part)",
      ],
      [
        "event",
        "1::bigint AS id, '' AS body, 0 AS log, 0::bigint AS leaf, kind FROM unnest(ARRAY['slips.released', 'letter.released', 'document.released']) AS kind",
      ],
      ["head", "'' AS body, 0 AS log, 99::bigint AS signed_size"],
      ["past_log", "'' AS body, 0 AS log, 99::bigint AS size"],
    ])
      await client.query(`CREATE TEMPORARY TABLE ${table} AS SELECT ${row}`);
    assert.deepEqual(
      (await client.query("SELECT signed_size FROM head")).rows,
      [{ signed_size: 99 }],
      "they are found",
    );
    assert.equal((await owner.query("SELECT FROM sealed")).rowCount, 2, "and there is something to see");
    assert.equal((await client.query("SELECT FROM pillarbox.sealed")).rowCount, 0);
  } finally {
    await client.query("ROLLBACK");
    client.release();
    await owner.query("REVOKE TEMPORARY ON DATABASE pillarbox FROM pb_staff");
  }
});

// An event that has its place in the log, or one of another kind, releases nothing; nothing is added to a release that
// has its place.
test("an event with a place in the log, or of another kind, releases nothing", async () => {
  const policy = (table: string) => new RegExp(`row-level security policy.* for table "${table}"`);
  for (const submission of ["e", "f"]) {
    await owner.query(
      "INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES (repeat($1, 32), 'own', repeat('c', 32), 1, 'f', sha256('f'), now(), 1, 'browser', sha256('d'))",
      [submission],
    );
    await owner.query(
      "INSERT INTO sealed VALUES (repeat($1, 32), 'letter', convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8')), (repeat($1, 32), 'slip', convert_to('age-encryption.org/v1' || repeat('y', 300), 'UTF8'))",
      [submission],
    );
  }
  const event = (kind: string): Promise<string> => putEvent(staff, kind);
  const release = (of: string, id: string, part: "slip" | "letter", minutes = 5) =>
    staff.query(
      "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (repeat($2, 32), $1, 'own', repeat('c', 32), repeat('a', 32), 'open', $3, sha256('s'), now() + make_interval(mins => $4))",
      [of, id, part, minutes],
    );
  const item = (id: string, submission: string) =>
    staff.query("INSERT INTO release_item VALUES (repeat($1, 32), repeat($2, 32))", [id, submission]);
  const visible = async (): Promise<unknown[]> =>
    (
      await staff.query("SELECT substring(submission FROM 1 FOR 1) || ' ' || part AS row FROM sealed ORDER BY 1")
    ).rows.map((row) => row.row);

  for (const kind of ["letter.released", "slips.released"]) {
    const old = await event(kind);
    // Numbered and not signed yet is as much the past as numbered and signed.
    for (const signed of [0, 1000]) {
      await owner.query("UPDATE event SET leaf = 500 + id WHERE id = $1", [old]);
      await owner.query("UPDATE head SET size = 1000, signed_size = $1", [signed]);
      await assert.rejects(
        release(old, "1", kind === "letter.released" ? "letter" : "slip"),
        policy("release"),
        `${kind}, signed up to ${signed}`,
      );
    }
  }
  for (const [kind, part] of [
    ["slips.released", "letter"],
    ["letter.released", "slip"],
    ["session.started", "letter"],
    ["release.refused", "slip"],
    ["letter.opened", "letter"],
  ] as const)
    await assert.rejects(release(await event(kind), "1", part), policy("release"), `${kind} for a ${part}`);
  for (const minutes of [61, -1])
    await assert.rejects(
      release(await event("letter.released"), "1", "letter", minutes),
      policy("release"),
      `${minutes} minutes`,
    );

  const fresh = await event("letter.released");
  await release(fresh, "2", "letter");
  await assert.rejects(release(fresh, "3", "letter"), /duplicate key/, "one event, one release");
  await item("2", "e");
  await owner.query("UPDATE event SET leaf = 500 + id WHERE id = $1", [fresh]);
  await owner.query("UPDATE head SET signed_size = 0");
  await assert.rejects(item("2", "f"), policy("release_item"), "numbered");
  assert.deepEqual(await visible(), []);
  await owner.query("UPDATE head SET signed_size = 1000");
  await assert.rejects(item("2", "f"), policy("release_item"), "signed");
  assert.deepEqual(await visible(), ["e letter"]);
  for (const change of [
    "UPDATE release_item SET submission = repeat('f', 32)",
    "UPDATE release SET part = 'slip'",
    "UPDATE release SET expires_at = now() + interval '1 day'",
    "DELETE FROM release_item",
  ])
    await assert.rejects(staff.query(change), /permission denied/, change);
});

test("erasure deletes what an open request is about and nothing else, and shows nothing", async () => {
  const sealed = async (id: string): Promise<number> =>
    (await owner.query("SELECT FROM sealed WHERE submission = repeat($1, 32)", [id])).rowCount ?? 0;
  await assert.rejects(staff.query("DELETE FROM sealed"), /permission denied/);
  await assert.rejects(staff.query("UPDATE release SET ids_salt = NULL"), /permission denied/);
  await assert.rejects(staff.query("UPDATE submission SET erased_at = now()"), /permission denied/);
  await assert.rejects(staff.query("SELECT forget(ARRAY[repeat('e', 32)])"), /permission denied/);
  for (const login of [publicly, inspector])
    for (const call of ["erase(repeat('9', 32), '{}', 1)", "erasing(repeat('9', 32), '{}')"])
      await assert.rejects(login.query(`SELECT ${call}`), /permission denied/);
  await assert.rejects(staff.query("SELECT erase(repeat('9', 32), '{}', 1)"), /without an open request/);
  await assert.rejects(
    publicly.query(
      "INSERT INTO erasure (id, submission, asked_by, state) VALUES (repeat('9', 32), repeat('e', 32), 'submitter', 'granted')",
    ),
    /permission denied/,
  );
  await assert.rejects(
    publicly.query(
      "INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('9', 32), repeat('e', 32), 'retention')",
    ),
    /row-level security/,
  );
  await assert.rejects(
    staff.query(
      "INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('9', 32), repeat('e', 32), 'submitter')",
    ),
    /row-level security/,
  );
  await assert.rejects(
    publicly.query(
      "INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('9', 32), repeat('7', 32), 'submitter')",
    ),
    /foreign key/,
  );
  await publicly.query(
    "INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('9', 32), repeat('e', 32), 'submitter')",
  );
  assert.equal(
    (
      await publicly.query(
        "INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('8', 32), repeat('e', 32), 'submitter') ON CONFLICT DO NOTHING",
      )
    ).rowCount,
    0,
    "asked twice is asked once",
  );
  await assert.rejects(publicly.query("UPDATE erasure SET state = 'granted'"), /permission denied/);
  await assert.rejects(publicly.query("SELECT decided_by FROM erasure"), /permission denied/);
  await assert.rejects(
    staff.query(
      "UPDATE erasure SET state = 'granted', decided_at = now(), reason = 'asked-for' WHERE id = repeat('9', 32)",
    ),
    /row-level security/,
    "not without an event and its act",
  );
  await assert.rejects(
    staff.query("SELECT erasing(repeat('9', 32), ARRAY[repeat('f', 32)])"),
    /only what was added to it/,
    "another letter does not go along",
  );
  assert.deepEqual((await staff.query("SELECT parts, releases FROM erasing(repeat('9', 32), '{}')")).rows, [
    { parts: 2, releases: 1 },
  ]);

  const about = {
    at: 1,
    kind: "erasure.done",
    erasure: "9".repeat(32),
    submission: "e".repeat(32),
    additions: [],
    parts: 2,
  };
  type Act = { readonly said?: object; readonly act?: boolean };
  const erasing = async ({ said = { ...about, releases: 1 }, act = true }: Act, more = ""): Promise<void> => {
    const client = await staff.connect();
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<{ id: string }>(
        "INSERT INTO event (at, kind, entry) VALUES (1, 'erasure.done', $1) RETURNING id",
        [Buffer.from(JSON.stringify(said))],
      );
      const { id } = rows[0]!;
      if (act) await client.query("INSERT INTO act VALUES ($1, repeat('a', 32), $2)", [id, randomBytes(64)]);
      if (more === "later") await client.query("COMMIT; BEGIN");
      await client.query("SELECT erase(repeat('9', 32), '{}', $1)", [id]);
      await client.query(
        "UPDATE erasure SET state = 'granted', decided_at = now(), decided_by = repeat('a', 32), reason = 'asked-for', event = $1 WHERE id = repeat('9', 32)",
        [id],
      );
      await client.query("COMMIT");
    } catch (thrown) {
      await client.query("ROLLBACK");
      throw thrown;
    } finally {
      client.release();
    }
  };
  const none = /without its event and its signed act/;
  await assert.rejects(staff.query("SELECT erase(repeat('9', 32), '{}', 1)"), none, "an event that is no erasure");
  await assert.rejects(erasing({ act: false }), none, "an event that nobody signed");
  await assert.rejects(erasing({}, "later"), none, "an event of another transaction");
  for (const other of [
    { ...about, releases: 1, erasure: "8".repeat(32) },
    { ...about, releases: 1, submission: "f".repeat(32) },
    { ...about, releases: 1, additions: ["f".repeat(32)] },
    { ...about, releases: 0 },
    { ...about, releases: 1, parts: 1 },
  ])
    await assert.rejects(erasing({ said: other }), /of another erasure/, JSON.stringify(other));
  for (const kind of Object.keys(SIGNED).filter((one) => !one.startsWith("incident.")))
    await assert.rejects(
      staff.query("INSERT INTO event (at, kind, entry) VALUES (1, $1, $2)", [kind, JSON.stringify({ at: 1, kind })]),
      /needs its signed act/,
      kind,
    );
  assert.equal(await sealed("e"), 2, "nothing was erased yet");
  await erasing({});
  assert.deepEqual([await sealed("e"), await sealed("f")], [0, 2]);
  assert.equal((await owner.query("SELECT FROM release_item WHERE submission = repeat('e', 32)")).rowCount, 0);
  assert.equal(
    (await staff.query("UPDATE erasure SET reason = 'other' WHERE id = repeat('9', 32)")).rowCount,
    0,
    "and decided once",
  );
});

test("an event is counted as what its entry says: no login has signed what it may not write", async () => {
  const put = (login: Pool, kind: string, entry: string): Promise<unknown> =>
    login.query("INSERT INTO event (at, kind, entry) VALUES (1, $1, $2)", [kind, Buffer.from(entry)]);
  const done = (kind: string): string => JSON.stringify({ at: 1, kind, submission: "e".repeat(32) });
  // An erasure that nobody decided, which the next restoring would carry out; a restoring that hides what is lost; a
  // reading that the log calls something else.
  const disguised: readonly [Pool, string, string][] = [
    [publicly, "erasure.requested", done("erasure.done")],
    [jobs, "delivery.ended", done("erasure.done")],
    [staff, "session.refused", done("database.restored")],
    [staff, "letter.released", done("messages.paused")],
    [staff, "session.refused", "x"],
    [staff, "session.refused", '"session.refused"'],
    [staff, "session.refused", JSON.stringify({ account: '"kind":"session.refused"', kind: "erasure.done" })],
  ];
  for (const [login, kind, entry] of disguised)
    await assert.rejects(put(login, kind, entry), /row-level security policy "as_its_entry_says"/, `${kind}: ${entry}`);
  for (const [login, kind] of [
    [publicly, "erasure.requested"],
    [jobs, "delivery.ended"],
    [staff, "letter.released"],
  ] as const)
    await put(login, kind, done(kind));
  // What bears two kinds is no entry of either: nobody who reads the log believes it.
  assert.throws(
    () =>
      parseEntry(
        Buffer.from(
          '{"account":"' +
            "0".repeat(64) +
            '","at":1,"kind":"session.refused","kind":"session.refused","nonce":"' +
            "0".repeat(64) +
            '","v":1}',
        ),
      ),
    (thrown: { code?: string }) => thrown.code === "MALFORMED",
  );
});

// A document of an incident is shown under a checkpoint of the log that its release stands in, and under no other.
test("a document of an incident is shown under the log that its release stands in, and no other", async () => {
  const event = await putEvent(staff, "incident.sealed");
  await staff.query(
    "INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES (repeat('1', 32), repeat('2', 32), 'own', $1, repeat('c', 32), 1, convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8'))",
    [event],
  );
  const released = await putEvent(staff, "document.released");
  await staff.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, document, ids_salt, expires_at) VALUES (repeat('7', 32), $1, 'own', repeat('c', 32), repeat('a', 32), 'incident', 'document', repeat('1', 32), sha256('s'), now() + interval '5 minutes')",
    [released],
  );
  const visible = async (): Promise<number> => (await staff.query("SELECT FROM incident_document")).rowCount ?? 0;
  await owner.query("UPDATE event SET leaf = 5000 WHERE id = $1", [released]);
  await owner.query("UPDATE head SET size = 9000, signed_size = 5000");
  assert.equal(await visible(), 0, "numbered, not signed");
  await owner.query("UPDATE head SET log = 1, signed_size = 9000");
  assert.equal(await visible(), 0, "another log's checkpoint says nothing of it");
  await owner.query("INSERT INTO past_log (log, vkey, size, checkpoint) VALUES (0, 'lost', 5000, 'c')");
  assert.equal(await visible(), 0, "lost before it was signed");
  await owner.query("UPDATE past_log SET size = 5001");
  assert.equal(await visible(), 1, "signed by the log that ended");
  await owner.query("DELETE FROM past_log");
  await owner.query("UPDATE head SET log = 0");
});

// The staff login cannot say that an e-mail was handed on which was never tried, and the jobs login writes no letter
// and no alert.
test("neither the staff login nor the jobs login can say that mail went out which did not", async () => {
  await owner.query("INSERT INTO mailing (incident, body) VALUES (repeat('2', 32), 'own')");
  await owner.query(
    "INSERT INTO mailroom (start, at, said, recipient, signature) VALUES (repeat('3', 32), 1, 1, 'r', decode(repeat('00', 64), 'hex'))",
  );
  await staff.query(
    "INSERT INTO delivery (id, body, incident, person, channel, state, mailroom, bytes) VALUES (repeat('4', 32), 'own', repeat('2', 32), repeat('5', 32), 'email', 'handed-in', repeat('3', 32), convert_to('age-encryption.org/v1' || repeat('x', 300), 'UTF8'))",
  );
  await assert.rejects(
    staff.query("UPDATE delivery SET state = 'sent', bytes = NULL WHERE id = repeat('4', 32)"),
    /row-level security/,
  );
  await assert.rejects(staff.query("UPDATE delivery SET attempts = 1"), /permission denied/);
  await owner.query("UPDATE delivery SET state = 'uncertain', attempts = 1, bytes = NULL WHERE id = repeat('4', 32)");
  assert.equal(
    (await staff.query("UPDATE delivery SET state = 'sent' WHERE id = repeat('4', 32)")).rowCount,
    1,
    "a person decides of what is uncertain",
  );
  await assert.rejects(
    jobs.query("INSERT INTO delivery (id, channel, state) VALUES (repeat('6', 32), 'email', 'handed-in')"),
    /permission denied/,
  );
  await assert.rejects(
    jobs.query(
      "INSERT INTO alert (delivery, account, kind) VALUES (repeat('4', 32), repeat('a', 32), 'monitor.silent')",
    ),
    /permission denied/,
  );
});
