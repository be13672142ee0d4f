/**
 * The judge finds nothing in a world where everything went its way, and finds each thing that somebody changes by hand.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { askFor, decline } from "../../src/member/flows/asking.ts";
import { end, list, open } from "../../demo/by-id.ts";
import { assertSound, judge } from "../support/judge.ts";
import { BODY, letterTo, staffedWorld, YEAR, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let database: pg.Client;
/** table → the columns that hold what was put there */
let columns: ReadonlyMap<string, string>;
before(async () => {
  t = await staffedWorld();
  database = await t.attacker();
  const { rows } = await database.query<{ table: string; columns: string }>(
    "SELECT table_name AS table, string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns WHERE table_schema = 'pillarbox' AND is_generated = 'NEVER' GROUP BY table_name",
  );
  columns = new Map(rows.map((row) => [row.table, row.columns]));
});
after(async () => {
  await database?.end();
  if (t) process.kill(t.world.pid("log"), "SIGCONT");
  await t?.stop();
});

test("a world in which letters were written, granted and opened and a grant ended is sound", async () => {
  const form = t.forms.contact;
  const inbox = await t.inboxOf(form);
  const [first, second] = [await t.write(form, letterTo("contact")), await t.write(form, letterTo("contact"))];
  const [leaver, stayer] = [t.person("case officer", 0), t.person("case officer", 1)];
  const grant = await t.grant(form, [leaver, stayer]);
  const visit = await t.visit(leaver);
  assert.equal((await list(visit, BODY, inbox)).length, 2);
  await open(visit, BODY, inbox, first.submission);
  const owner = await t.visit(t.person("owner", 0, BODY));
  await end(owner, BODY, { grant, person: leaver.person, reason: "left" });
  await assert.rejects(list(visit, BODY, inbox));
  await open(await t.visit(stayer), BODY, inbox, second.submission);
  const request = await askFor(await t.visit(t.person("operator at the host")), BODY, {
    inbox,
    persons: [leaver.person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "audit",
    purposeText: "To look again.",
  });
  await decline(owner, BODY, request, "Not now.");
  const judgement = await assertSound(t.world);
  assert.equal(judgement.submissions, 2);
  assert.equal(judgement.releases, 3);
});

test("the log process is held, so that it signs nothing of what follows", () => {
  process.kill(t.world.pid("log"), "SIGSTOP");
});

/** What is done by hand, and a word of the finding that it must make. Each is undone again. */
const TAMPERED: readonly [what: string, sql: string, finding: RegExp][] = [
  [
    "a row is taken away",
    "DELETE FROM submission WHERE id = (SELECT submission FROM release_item LIMIT 1)",
    /without a row/,
  ],
  ["an event is taken away", "DELETE FROM event WHERE kind = 'submission.received'", /0 events instead of one/],
  ["a letter is taken away", "DELETE FROM sealed WHERE part = 'letter'", /a sealed part is missing/],
  [
    "a letter is exchanged",
    "UPDATE sealed SET bytes = (SELECT bytes FROM sealed WHERE part = 'slip' LIMIT 1) WHERE part = 'letter'",
    /names other sealed bytes/,
  ],
  ["a row moves to another epoch", "UPDATE submission SET epoch = 2", /say different things/],
  [
    "two leaves are exchanged",
    "UPDATE event SET leaf = 5 - leaf - 1000 WHERE leaf IN (2, 3); UPDATE event SET leaf = leaf + 1000 WHERE leaf < 0",
    /root is not that of the entries/,
  ],
  ["a leaf is taken back", "UPDATE event SET leaf = NULL WHERE leaf = (SELECT max(leaf) FROM event)", /has no leaf/],
  ["the head is moved", "UPDATE head SET root = sha256('x')", /root is not that of the entries/],
  [
    "a tile is rewritten",
    "UPDATE tile SET hashes = sha256('x') || substring(hashes FROM 33) WHERE level = 0",
    /tiles give another root/,
  ],
  [
    "a reader is written in",
    "INSERT INTO wrap (inbox, epoch, person, bytes) SELECT inbox, epoch, (SELECT id FROM account WHERE role = 'auditor' LIMIT 1), bytes FROM wrap WHERE epoch = 1 LIMIT 1",
    /whom no statement names/,
  ],
  [
    "a key is exchanged",
    "UPDATE epoch_key SET recipient = (SELECT recipient FROM account WHERE recipient IS NOT NULL LIMIT 1)",
    /public key is not the signed one/,
  ],
  ["a statement is taken away", "DELETE FROM statement WHERE seq = 3", /CHAIN_BROKEN/],
  ["a request is confirmed", "UPDATE request SET state = 'confirmed'", /and a grant for it was not signed/],
  [
    "a release goes to somebody else",
    "UPDATE release SET person = (SELECT id FROM account WHERE role = 'auditor' LIMIT 1); UPDATE event_secret SET person = (SELECT id FROM account WHERE role = 'auditor' LIMIT 1)",
    /could not read it then/,
  ],
  ["a release is taken away", "DELETE FROM release_item; DELETE FROM release", /tells of a release that is not there/],
  [
    "a receipt is given to another letter",
    "UPDATE receipt SET hash = sha256('x')",
    /its digest is not that of its bytes/,
  ],
  ["a reading is kept from the submitter", "DELETE FROM reading WHERE part = 'letter'", /not told what the log says/],
  [
    "a letter is added to a release",
    "INSERT INTO release_item SELECT (SELECT id FROM release WHERE part = 'letter' LIMIT 1), id FROM submission ON CONFLICT DO NOTHING",
    /says something else/,
  ],
];

for (const [what, sql, finding] of TAMPERED) {
  test(`the judge sees it when ${what}`, async () => {
    // The judge looks from a connection of its own, so what is done must be committed; a copy of every table undoes it.
    await database.query(
      `SET session_replication_role = replica; CREATE SCHEMA kept; ${TABLES.map((table) => `CREATE TABLE kept.${table} AS TABLE ${table}`).join("; ")}`,
    );
    try {
      await database.query(sql);
      const { findings } = await judge(t.world, 0);
      assert.ok(
        findings.some((one) => finding.test(one)),
        `${what}: ${findings.join("\n")}`,
      );
    } finally {
      await database.query(
        `${TABLES.map((table) => `DELETE FROM ${table}; ${again(table)}`).join("; ")}; DROP SCHEMA kept CASCADE`,
      );
    }
  });
}

/** What a column computes by itself cannot be put back, and need not be. */
const again = (table: string): string =>
  `INSERT INTO ${table} (${columns.get(table)}) OVERRIDING SYSTEM VALUE SELECT ${columns.get(table)} FROM kept.${table}`;

const TABLES = [
  "submission",
  "sealed",
  "event",
  "event_secret",
  "head",
  "tile",
  "statement",
  "epoch_key",
  "wrap",
  "request",
  "release",
  "release_item",
  "receipt",
  "reading",
];

test("and nothing once all of it is undone", async () => {
  await assertSound(t.world);
});
