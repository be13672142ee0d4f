/**
 * Yesterday's database is put back after something was erased: nothing is served from it until the newest log was
 * applied, and then the letter is gone again.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { end, list, open } from "../../demo/by-id.ts";
import { exportLog } from "../../src/cli/export-log.ts";
import type { LogSource } from "../../src/domain/verify/source.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { erase as decide } from "../../src/member/flows/erasing.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { entriesPath } from "../../src/domain/log/tile.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { parseConfig } from "../../src/server/config.ts";
import { restoreLog } from "../../src/server/log/restore.ts";
import { inTransaction, openPool } from "../../src/server/database/pool.ts";
import { homeOf } from "../../supervisor/embedded.ts";
import { logStoreOf } from "../../supervisor/installation.ts";
import { untilThere } from "../support/in-time.ts";
import { ran } from "../support/program.ts";
import { historyOf, untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
let inbox: string;
let made: string;
let stopped = false;
before(async () => {
  made = mkdtempSync(join(tmpdir(), "pillarbox-restore-"));
  mkdirSync(join(made, "data"), { mode: 0o700 });
  t = await staffedWorld({ data: join(made, "data") });
  db = await t.attacker();
  inbox = await t.inboxOf(t.forms.complaint);
});
after(async () => {
  if (!stopped) {
    await db?.end();
    await t?.stop();
  }
  rmSync(homeOf(t.world.data, t.world.installation.installation), { recursive: true, force: true });
  rmSync(made, { recursive: true, force: true });
});

const owner = (): Promise<Visit> => t.visit(t.person("owner", 0, BODY));
const letter = (): Promise<{ readonly submission: string }> => t.write(t.forms.complaint, letterTo("complaint"));

/** Every table as it is, and the way back to it: what a backup of the database holds. */
async function backup(): Promise<() => Promise<void>> {
  await untilSigned(t.world);
  const { rows } = await db.query<{ name: string; columns: string }>(
    "SELECT c.relname AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' WHERE c.relnamespace = 'pillarbox'::regnamespace AND c.relkind = 'r' GROUP BY 1",
  );
  await db.query(
    `DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept; ${rows.map(({ name }) => `CREATE TABLE kept.${name} AS TABLE pillarbox.${name}`).join("; ")}`,
  );
  return async () => {
    await db.query(
      `BEGIN; SET LOCAL session_replication_role = replica; ${rows.map(({ name, columns }) => `DELETE FROM pillarbox.${name}; INSERT INTO pillarbox.${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM kept.${name}`).join("; ")}; COMMIT`,
    );
  };
}

/** The newest log as files, as somebody keeps it outside the database. */
async function kept(name: string): Promise<string> {
  await untilSigned(t.world);
  // The entries of each body's log are had from its own people.
  const auditors = new Map<string, string>();
  for (const body of t.config.roots.keys())
    auditors.set(body, (await t.visit(t.person("owner", 0, body))).client.cookie());
  await untilSigned(t.world);
  const source = (cookie: string): LogSource =>
    httpSource(`${t.config.publicOrigin}/log`, {
      prefix: `${t.config.staffOrigin}/api/log`,
      ofBody: (body) => `${t.config.staffOrigin}/api/bodies/${body}/log`,
      headers: { cookie },
    });
  for (const [body, cookie] of auditors) {
    await exportLog(source(cookie), join(made, name), true);
    await exportLog(source(cookie).of(body), join(made, name, body), true);
  }
  return join(made, name);
}

const restored = (directory: string): Promise<readonly string[]> =>
  restoreLog(
    parseConfig(JSON.stringify(t.world.config)),
    t.world.databaseUrl("pb_superuser"),
    logStoreOf(t.world.data),
    directory,
  );
const sealed = async (submission: string): Promise<number> =>
  (await db.query("SELECT FROM sealed WHERE submission = $1", [submission])).rowCount ?? 0;
const verify = async (): Promise<Report> => {
  await untilSigned(t.world);
  return verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
  });
};

async function erase(submission: string): Promise<void> {
  const publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
  await publicly.end();
  const decider = await owner();
  const asked = (await decider.api.erasures(BODY)).find(
    (one) => one.submission === submission && one.state === "open",
  )!;
  await decide(decider, BODY, asked, "asked-for");
}

// An older database serves no letter; brought to the newest log, it has erased again what was erased since, goes on,
// and says what is lost.
test("an older database serves nothing until it has erased again what was erased since", async () => {
  const [gone, stays] = [await letter(), await letter()];
  await open(await owner(), BODY, inbox, gone.submission);
  const back = await backup();
  await erase(gone.submission);
  const lost = await letter();
  const log = await kept("newest");
  await back();
  assert.deepEqual([await sealed(gone.submission), await sealed(lost.submission)], [2, 0], "yesterday's rows");

  // Without it: the log refuses, so nothing can be released.
  const visit = await owner();
  await visit.client.post(`/api/bodies/${BODY}/releases`, {
    release: "1".repeat(32),
    inbox,
    purpose: "open",
    submissions: [gone.submission],
  });
  assert.equal(
    (await visit.client.get(`/api/releases/${"1".repeat(32)}`)).status,
    202,
    "not signed, and so not handed over",
  );
  await untilThere(
    async () =>
      /LOG_DIVERGED[^\n]*older than the last signed checkpoint/.test(
        readFileSync(join(t.world.data, "logs/log.log"), "utf8"),
      ),
    "the word of the log process that it does not fit",
  );

  const words = (await restored(log)).join("\n");
  assert.match(words, /1 letters in it had been erased since, and were erased again/);
  assert.match(words, /1 letters and additions were received and are lost[^]*The log goes on/);
  assert.equal(await sealed(gone.submission), 0);
  assert.equal(await sealed(stays.submission), 2);
  await assert.rejects(
    visit.client.get(`/api/releases/${"1".repeat(32)}`),
    is("NOT_SIGNED_IN"),
    "everybody was signed out",
  );
  const again = await owner();
  await assert.rejects(open(again, BODY, inbox, gone.submission), is("ERASED"));
  assert.deepEqual(
    (await list(again, BODY, inbox)).map((slip) => slip.submission),
    [stays.submission],
  );

  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
  assert.match(report.open.join("\n"), /an older database was put in place/);
  const { items } = await historyOf(t.world, again, BODY, "erasure");
  assert.equal(items[0]?.kind, "database.restored");
  // What is lost is lost only for the entries of that time.
  await db.query("SET session_replication_role = replica");
  await db.query("DELETE FROM submission WHERE id = $1", [stays.submission]);
  assert.ok(!isSound(await verify()));
});

// Files that are not the newest, not whole, or another log's are refused, and nothing is changed; nor is it run beside
// a running installation.
test("files not the newest, not whole, or another log's are refused, and nothing is changed", async () => {
  const older = await kept("older");
  await letter();
  const newest = await kept("newest-2");
  const size = async (): Promise<string> =>
    JSON.stringify((await db.query("SELECT size, root FROM head ORDER BY body")).rows);
  const before = await size();
  await assert.rejects(
    restored(older),
    (thrown: Error) => is("RESTORE_REFUSED")(thrown) && /files only|an erasure among the last/.test(thrown.message),
  );
  const altered = join(made, "altered");
  cpSync(newest, altered, { recursive: true });
  const {
    rows: [head],
  } = await db.query<{ size: string }>("SELECT size FROM head WHERE body = ''");
  const file = join(altered, entriesPath(0, Math.min(Number(head!.size), 256)));
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('"nonce":"') + 12]! ^= 1;
  writeFileSync(file, bytes);
  await assert.rejects(restored(altered), is("RESTORE_REFUSED", "MALFORMED"));
  await assert.rejects(restored(join(made, "nowhere")), is("RESTORE_REFUSED"));
  assert.equal(await size(), before);
  const command = (...args: string[]) =>
    ran(join(t.config.root, "supervisor/restore.ts"), args, { PATH: "/usr/bin:/bin", PILLARBOX_DATA: t.world.data });
  assert.match((await command("--log", newest)).stderr, /already|running|another/i);
  assert.match((await command()).stderr, /--log DIRECTORY/);
});

// Where a grant was ended since, the letters are erased again and reading stays closed: whoever was let out does not
// come back.
test("where a grant was ended since, reading stays closed: the leaver does not come back", async () => {
  const gone = await letter();
  const officer = t.person("case officer");
  const grant = await t.grant(t.forms.complaint, [officer]);
  const back = await backup();
  await erase(gone.submission);
  await end(await owner(), BODY, { grant, person: officer.person, reason: "left" });
  const log = await kept("ended");
  await back();
  assert.equal(await sealed(gone.submission), 2);
  assert.match((await restored(log)).join("\n"), /were erased again[^]*The log does not go on: 1 grants were ended/);
  assert.equal(await sealed(gone.submission), 0);
  // A server that starts now knows only these rows, by which the officer may read.
  const pid = t.world.pid("staff");
  t.world.kill("staff");
  await untilThere(
    async () => t.world.pid("staff") !== pid && (await fetch(`${t.config.staffOrigin}/health`).catch(() => null))?.ok,
    "the staff process again",
  );
  const visit = await t.visit(officer);
  const release = "2".repeat(32);
  await visit.client.post(`/api/bodies/${BODY}/releases`, { release, inbox, purpose: "list" });
  assert.equal((await visit.client.get(`/api/releases/${release}`)).status, 202, "nothing is handed over");
});

test("the command does it to an installation that is stopped, and leaves nothing running", async () => {
  await db.end();
  await t.stop();
  stopped = true;
  const { stdout, stderr, status } = await ran(
    join(t.config.root, "supervisor/restore.ts"),
    ["--log", join(made, "ended")],
    { PATH: process.env["PATH"], PILLARBOX_DATA: t.world.data },
  );
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /Nothing in it had been erased since[^]*The log does not go on/);
  assert.ok(!existsSync(join(t.world.data, "pillarbox.lock")));
});
