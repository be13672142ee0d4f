/**
 * Holes opened for real, from outside and in the database: each is found within a round, named, told once, and closed
 * by the look after the repair and by nothing else.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type pg from "pg";
import { openIncident, peopleOfLetters } from "../../demo/by-id.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { fromHex, toHex, toBase64 } from "../../src/domain/bytes.ts";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { markerWords } from "../../src/domain/watch/marker.ts";
import { signReport, type Report } from "../../src/domain/watch/report.ts";
import { tellSilence } from "../../src/server/alerts/watching.ts";
import { Chains } from "../../src/server/statements/chains.ts";
import { parseConfig } from "../../src/server/config.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { front, type Front, type Hole } from "../support/front.ts";
import { untilThere } from "../support/in-time.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

const ROOT = resolve(import.meta.dirname, "../..");

type Row = {
  id: string;
  code: string;
  place: string;
  body: string | null;
  form: string | null;
  evidence: string[];
  clean_at: string | null;
  opened_at: string;
  seen_at: string;
  closed_at: string | null;
};

/** After so long without a round a watcher is silent. */
const THREE_MINUTES = 180_000;

let t: StaffedWorld;
let db: pg.Client;
let publicFront: Front;
let staffFront: Front;
let build: string;

before(async () => {
  build = copyOfPrograms();
  t = await staffedWorld({
    root: build,
    also: ["inspect", "monitor"],
    limits: { submissionsPerMinute: 10_000, signInsPerMinute: 10_000, requestsPerMinute: 100_000 },
    config: async (ports) => {
      publicFront = await front(ports.public);
      staffFront = await front(ports.staff);
      return { publicOrigin: publicFront.origin, staffOrigin: staffFront.origin, watch: { round: 1_000, apart: 20 } };
    },
  });
  db = await t.attacker();
  await until(
    "every form has its marker",
    async () => (await count("SELECT count(*) FROM marker m JOIN submission s ON s.id = m.submission")) >= 3,
  );
  const planted = Date.now();
  await until(
    "a whole round after that was clean",
    async () => (await looked("monitor", planted)) && (await open()).length === 0,
  );
});
after(async () => {
  await db?.end();
  await t?.stop();
  await Promise.all([publicFront?.stop(), staffFront?.stop()]);
  rmSync(build, { recursive: true, force: true });
});

/** A build of its own, whose programs a test may change. */
function copyOfPrograms(): string {
  const made = mkdtempSync(join(tmpdir(), "pillarbox-build-"));
  chmodSync(made, 0o711);
  for (const part of ["src", "demo", "supervisor", "sql", "views", "forms", "dist", "package.json"])
    cpSync(join(ROOT, part), join(made, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(made, "node_modules"));
  return made;
}

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await db.query(sql, values)).rows[0]["count"]);
const open = async (): Promise<Row[]> =>
  (await db.query<Row>("SELECT * FROM finding WHERE closed_at IS NULL ORDER BY opened_at, code")).rows;
const looked = async (watcher: string, since: number): Promise<boolean> =>
  (await count("SELECT count(*) FROM look WHERE watcher = $1 AND kind = 'round' AND began_at > $2", [
    watcher,
    since,
  ])) === 1;

/** Stops the monitor where it is; what it had reported by then has been written, or will not be. */
async function hold(): Promise<void> {
  process.kill(t.world.pid("monitor"), "SIGSTOP");
  // Whoever asks later is answered later: the staff process has read what had come before.
  for (const _ of [1, 2]) await fetch(`${t.config.staffOrigin}/health`);
  await until(
    "nothing is being written",
    async () =>
      (await db.query("SELECT FROM pg_stat_activity WHERE usename = 'pb_staff' AND state <> 'idle'")).rowCount === 0,
  );
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  await untilThere(holds, what).catch(async (late: Error) => {
    const said = (await open()).map(({ code, place, evidence }) => [code, place, evidence[0]]);
    throw new Error(`${late.message}; open are ${JSON.stringify(said)}`);
  });
}

const has = (rows: readonly Row[], code: string, place: RegExp): boolean =>
  rows.some((row) => row.code === code && place.test(row.place));

/** Waits until whatever was seen before this moment is told: a whole round that began after it. */
async function oneMoreLook(watcher = "monitor"): Promise<void> {
  const now = Date.now();
  await until(`a look of ${watcher}`, () => looked(watcher, now));
}

type Wanted = readonly [code: string, place: RegExp];

/** Opens holes, waits until each is found, looks that each is told once, mends them, waits until each is closed. */
async function foundAndClosed(
  wanted: readonly Wanted[],
  opened: () => unknown,
  mended: () => unknown,
  watcher = "monitor",
): Promise<Row[]> {
  const since = Date.now();
  await opened();
  await until(wanted.map(([code]) => code).join(", "), async () => {
    const rows = await open();
    return wanted.every(([code, place]) => has(rows, code, place));
  });
  await oneMoreLook(watcher);
  const rows = await open();
  assert.equal(new Set(rows.map((row) => `${row.code} ${row.place} ${row.body}`)).size, rows.length, "nothing twice");
  for (const row of rows)
    assert.ok(
      row.clean_at !== null &&
        Number(row.clean_at) <= Number(row.opened_at) &&
        Number(row.opened_at) >= since &&
        Number(row.seen_at) >= Number(row.opened_at),
      `${row.code} ${row.place}: ${row.evidence.join("; ")}`,
    );
  await mended();
  await until("all closed", async () => (await open()).length === 0);
  for (const row of rows)
    assert.equal(
      await count(
        "SELECT count(*) FROM event e JOIN finding f ON e.id IN (f.opened_event, f.closed_event) WHERE f.id = $1 AND e.kind IN ('finding.opened', 'finding.closed')",
        [row.id],
      ),
      2,
    );
  return rows;
}

const put = (where: Front, name: string, hole: Hole) => where.holes.set(name, hole);
const whole = (status: number, body: string, type = "application/json") => ({
  status,
  headers: { "content-type": type },
  body: Buffer.from(body),
});

// A staff address that a proxy serves to everybody is found, and a repair of one spelling of it leaves it open.
test("a staff address that a proxy serves to all is found, and half a repair leaves it open", async () => {
  const path = `/api/bodies/${BODY}/people`;
  await foundAndClosed(
    [
      ["route-open", /route staff GET \/api\/bodies\/:body\/people$/],
      ["header-missing", /people$/],
      ["denial-differs", /people$/],
    ],
    () =>
      put(staffFront, "people", ({ path: asked }) =>
        asked.split("?")[0]!.replace(/\/$/, "") === path ? whole(200, '[{"name":"A colleague"}]') : undefined,
      ),
    async () => {
      // The click is taken back; the same address with a stroke at its end still answers.
      put(staffFront, "people", ({ path: asked }) =>
        asked === `${path}/` ? whole(200, '[{"name":"A colleague"}]') : undefined,
      );
      await oneMoreLook();
      await oneMoreLook();
      const rows = await open();
      assert.ok(has(rows, "route-open", /people$/), "a partial fix stays open");
      assert.ok(!has(rows, "denial-differs", /people$/), "what is mended is closed");
      assert.match(rows.find((row) => row.code === "route-open")!.evidence.join("\n"), /people\/ answered 200/);
      staffFront.holes.clear();
    },
  );
});

test("a staff address that one word of a build makes public is found, until it is taken back", async () => {
  const file = join(build, "src/contract/people.ts");
  const text = readFileSync(file, "utf8");
  const opened = text.replace('action: "people.list"', 'action: "page.view"');
  assert.notEqual(opened, text);
  const restart = (now: string): void => {
    writeFileSync(file, now);
    t.world.kill("staff");
  };
  const rows = await foundAndClosed(
    [
      ["route-open", /route staff GET \/api\/bodies\/:body\/people$/],
      ["denial-differs", /people$/],
    ],
    () => restart(opened),
    () => restart(text),
  );
  assert.doesNotMatch(
    JSON.stringify(rows),
    new RegExp(t.person("owner", 0, BODY).name),
    "the names that stood in the answer stand in no finding",
  );
});

// A marker's traces on a page, sealed bytes, a file left behind, an altered script, another key and a lost header are
// each found and named by form.
test("whatever shows a letter or changes a page is each found and named by form", async () => {
  const [marker] = (
    await db.query<{ submission: string; bytes: Buffer }>(
      "SELECT m.submission, b.bytes FROM marker m JOIN sealed b ON b.submission = m.submission AND b.part = 'letter' ORDER BY 1",
    )
  ).rows;
  const form = t.forms.complaint.id;
  const other = t.forms.contact.id;
  const another = (await newIdentity("hybrid")).recipient;
  const secret = fromHex(t.world.installation.watchers.monitor);
  const rows = await foundAndClosed(
    [
      ["marker-seen", new RegExp(`page public /forms/${form}$`)],
      ["sealed-bytes", /page public \/bodies\/harrowmere\/contact$/],
      ["marker-seen", /page public \/bodies\/harrowmere\/contact$/],
      ["file-exposed", /file public \/dump.sql$/],
      ["script-altered", /asset public .*form-page/],
      ["key-differs", new RegExp(`key ${other}$`)],
      ["header-missing", /page public \/bodies\/harrowmere\/privacy$/],
      ["third-party", /page public \/bodies\/harrowmere\/cookies$/],
      ["script-altered", /page public \/bodies\/harrowmere\/cookies$/],
      ["from-cache", /page public \/bodies\/harrowmere\/accessibility$/],
    ],
    () => {
      const added = (path: string, text: string) =>
        put(publicFront, path, (asked, passed) =>
          asked.path === path
            ? { ...passed, body: Buffer.from(passed.body.toString().replace("</main>", `${text}</main>`)) }
            : undefined,
        );
      added(`/forms/${form}`, `<p>${markerWords(secret, marker!.submission)}</p>`);
      added(`/bodies/${BODY}/contact`, `<p>${marker!.bytes.toString("base64")}</p>`);
      added(`/bodies/${BODY}/cookies`, '<script src="https://statistics.example/count.js"></script>');
      put(publicFront, "file", ({ path }) =>
        path === "/dump.sql" ? whole(200, "COPY submission FROM stdin;", "text/plain") : undefined,
      );
      put(publicFront, "script", ({ path }, passed) =>
        /^\/assets\/form-page-.*\.js$/.test(path)
          ? { ...passed, body: Buffer.concat([passed.body, Buffer.from("\n//")]) }
          : undefined,
      );
      put(publicFront, "key", ({ path }, passed) =>
        path === `/forms/${other}/key`
          ? {
              ...passed,
              body: Buffer.from(JSON.stringify({ ...JSON.parse(passed.body.toString()), recipient: another })),
            }
          : undefined,
      );
      put(publicFront, "header", ({ path }, passed) =>
        path === `/bodies/${BODY}/privacy`
          ? { ...passed, headers: { ...passed.headers, "cache-control": "public, max-age=600" } }
          : undefined,
      );
      put(publicFront, "cache", ({ path }, passed) =>
        path === `/bodies/${BODY}/accessibility` ? { ...passed, headers: { ...passed.headers, age: "12" } } : undefined,
      );
    },
    () => publicFront.holes.clear(),
  );
  const of = (code: string) => rows.find((row) => row.code === code)!;
  assert.deepEqual([of("key-differs").body, of("key-differs").form], [BODY, other]);
  assert.equal(rows.find((row) => row.code === "marker-seen" && row.form !== null)!.form, form);
  // Evidence says what was asked and what came, and never what stood in it.
  assert.doesNotMatch(JSON.stringify(rows), /COPY submission|A colleague|age-encryption|statistics.example\/count/);
});

// What is changed in the database by hand is found from inside: a policy, a right, a view, a wrapped key, a public key.
test("what is changed in the database by hand is found from inside", async () => {
  const inbox = await t.inboxOf(t.forms.complaint);
  const person = t.person("colleague without a grant").person;
  const { recipient } = (
    await db.query<{ recipient: string }>("SELECT recipient FROM epoch_key WHERE inbox = $1 AND epoch = 1", [inbox])
  ).rows[0]!;
  const { qual } = (
    await db.query<{ qual: string }>(
      "SELECT qual FROM pg_policies WHERE tablename = 'sealed' AND policyname = 'released'",
    )
  ).rows[0]!;
  const rows = await foundAndClosed(
    [
      ["catalogue-added", /^sealed$/],
      ["catalogue-missing", /^sealed$/],
      ["catalogue-added", /^wrap$/],
      ["catalogue-added", /view public.seen/],
      ["wrap-unstated", new RegExp(inbox)],
      ["recipient-unstated", new RegExp(inbox)],
      ["statements-broken", new RegExp(`^key ${t.forms.complaint.id}$`)],
    ],
    async () => {
      for (const sql of [
        "DROP POLICY released ON sealed",
        "CREATE POLICY released ON sealed FOR SELECT TO pb_staff USING (true)",
        "GRANT SELECT ON wrap TO PUBLIC",
        "CREATE VIEW public.seen AS SELECT * FROM pillarbox.sealed",
      ])
        await db.query(sql);
      await db.query(
        "INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, 1, $2, convert_to('age-encryption.org/v1 by hand', 'UTF8'))",
        [inbox, person],
      );
      await db.query("UPDATE epoch_key SET recipient = $2 WHERE inbox = $1 AND epoch = 1", [
        inbox,
        (await newIdentity("hybrid")).recipient,
      ]);
    },
    async () => {
      for (const sql of [
        "DROP POLICY released ON sealed",
        `CREATE POLICY released ON sealed FOR SELECT TO pb_staff USING (${qual})`,
        "REVOKE SELECT ON wrap FROM PUBLIC",
        "DROP VIEW public.seen",
      ])
        await db.query(sql);
      await db.query("DELETE FROM wrap WHERE inbox = $1 AND person = $2", [inbox, person]);
      await db.query("UPDATE epoch_key SET recipient = $2 WHERE inbox = $1 AND epoch = 1", [inbox, recipient]);
    },
    "inspect",
  );
  // `statements-broken`: the server sees the swapped key, too, and says so to the monitor as it would to anybody.
  assert.equal(rows.find((row) => row.code === "wrap-unstated")!.form, t.forms.complaint.id);
});

test("markers are counted for nobody; a row that the monitor did not sign takes nothing away", async () => {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const inbox = await t.inboxOf(t.forms.complaint);
  const received = async (): Promise<number> => {
    const { inboxes } = (await owner.client.get(`/api/bodies/${BODY}/inboxes`)).value as {
      inboxes: { inbox: string; epochs: { received: number }[] }[];
    };
    return inboxes.find((one) => one.inbox === inbox)!.epochs.reduce((sum, one) => sum + one.received, 0);
  };
  assert.equal(await received(), 0, "one row stands there, and it is the monitor's");
  const { submission } = await t.write(t.forms.complaint, letterTo("complaint", "countedword"));
  assert.equal(await received(), 1);
  await db.query(
    "INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) SELECT $1::text, $2, $3, 1, $4, 1, event FROM receipt WHERE submission = $1::text",
    [submission, BODY, inbox, Buffer.from(randomBytes(64))],
  );
  assert.equal(await received(), 1, "a real letter cannot be called a marker by a row");
  await db.query("DELETE FROM marker WHERE submission = $1", [submission]);
  // The inspector may have seen the row: whatever it says of it is closed by its next look.
  await oneMoreLook("inspect");
  await until("nothing is open", async () => (await open()).length === 0);
});

// A letter of the monitor is nobody's when the people of an incident are counted, and its seal alone hides nobody.
test("a letter of the monitor is nobody's when people are counted; its seal alone hides nobody", async () => {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const inbox = await t.inboxOf(t.forms.complaint);
  const incident = await openIncident(
    owner,
    { kind: "incident.opened", what: "other", source: "none" },
    { summary: "Who would be affected?" },
  );
  const letters = (
    await db.query<{ submission: string }>("SELECT id AS submission FROM submission WHERE inbox = $1", [inbox])
  ).rows.map(({ submission }) => ({ submission, epoch: 1, receivedAt: 0, first: null }));
  const planted = new Set((await owner.api.markers(BODY)).map(({ submission }) => submission));
  const written = letters.filter(({ submission }) => !planted.has(submission)).map(({ submission }) => submission);
  assert.ok(written.length > 0 && written.length < letters.length);
  const monitorKey = toHex(signingKeyOf(randomBytes(32)));
  assert.deepEqual(
    (await peopleOfLetters(owner, incident, inbox, letters)).flatMap(({ records }) => records).sort(),
    written.sort(),
  );
  assert.equal(
    (await peopleOfLetters({ ...owner, setup: { ...owner.setup, monitorKey } }, incident, inbox, letters)).length,
    letters.length,
    "without the monitor's signature it is somebody's",
  );
});

test("only a watcher reports: by its credential, under its key, and nothing twice", async () => {
  const { installation, watchers } = t.world.installation;
  const send = async (
    authorization: string,
    report: Partial<Report>,
    secret = fromHex(watchers.monitor),
  ): Promise<string> => {
    const signed = signReport(secret, {
      installation,
      watcher: "monitor",
      at: Date.now(),
      look: null,
      seen: [],
      cleared: [],
      plants: [],
      ...report,
    });
    const answer = await fetch(`${t.config.staffOrigin}/api/watch/reports`, {
      method: "POST",
      headers: { origin: t.config.staffOrigin, "content-type": "application/json", authorization },
      body: JSON.stringify({ report: toBase64(signed.report), signature: toBase64(signed.signature) }),
    });
    return `${answer.status} ${((await answer.json()) as { code?: string }).code ?? ""}`;
  };
  // Who has stolen the key and not the credential is a stranger.
  for (const guess of [
    "",
    "Pillarbox-Watch ",
    `Pillarbox-Watch ${"0".repeat(64)}`,
    `Pillarbox-Counter ${"0".repeat(64)}`,
  ])
    assert.equal(await send(guess, {}), "401 NOT_SIGNED_IN");
  const cookie = await t.visit(t.person("owner", 0, BODY));
  await assert.rejects(cookie.client.post("/api/watch/reports", { report: "", signature: "" }), is("REFUSED_ROLE"));
});

// A silent monitor raises the alarm for everybody at the staff pages, the form page keeps the time of the last clean
// look, and the log says that the monitor proved itself.
test("a silent monitor raises the alarm for everybody at the staff pages", async () => {
  const officer = await t.visit(t.person("case officer"));
  const state = async () =>
    (await officer.client.get("/api/watch")).value as {
      open: number;
      silent: boolean;
      broken: boolean;
      lookedAt: number;
      provedAt: number | null;
    };
  await until("all is well", async () => {
    const { open: found, silent, broken } = await state();
    return found === 0 && !silent && !broken;
  });
  const before = await state();
  assert.ok(before.provedAt !== null);
  assert.ok(
    (await count(
      "SELECT count(*) FROM event WHERE kind = 'watch.proved' AND convert_from(entry, 'UTF8') LIKE '%\"result\":\"found\"%'",
    )) >= 1,
  );
  const page = async (): Promise<string> =>
    /data-looked>([^<]*)</.exec(
      await (await fetch(`${t.config.publicOrigin}/forms/${t.forms.complaint.id}`)).text(),
    )?.[1] ?? "";
  assert.match(await page(), /^Last checked from outside: \d+ \w+ 20\d\d/);
  await hold();
  try {
    // Four minutes pass for the rows.
    await db.query(
      "UPDATE look SET ended_at = ended_at - 240000, began_at = began_at - 240000, clean_at = clean_at - 240000 WHERE watcher = 'monitor' AND kind = 'round'",
    );
    assert.equal((await state()).silent, true);
    const said = await page();
    const { clean_at: cleanAt } = (
      await db.query<{ clean_at: string }>("SELECT clean_at FROM look WHERE watcher = 'monitor' AND kind = 'round'")
    ).rows[0]!;
    const minute = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/London",
      hour: "numeric",
      minute: "2-digit",
      hour12: true,
    })
      .format(new Date(Number(cleanAt)))
      .replace(/\s/g, "");
    assert.ok(said.replace(/\s/g, "").includes(minute), `${said} holds ${minute}`);
  } finally {
    process.kill(t.world.pid("monitor"), "SIGCONT");
  }
  await until("it looks again", async () => !(await state()).silent);
});

// A silence is told by mail once, whoever looks how often and whatever was started anew; an old website's after a day,
// and after a week it is none.
test("a silence is told by mail once; an old website's after a day, and after a week not", async () => {
  const config = parseConfig(canonicalJson(t.world.config));
  const told = async (kind: string): Promise<string[]> =>
    (
      await db.query<{ email: string }>(
        "SELECT a.email FROM alert n JOIN account a ON a.id = n.account WHERE n.kind = $1",
        [kind],
      )
    ).rows
      .map(({ email }) => email)
      .sort();
  const everybody = t.prepared.people
    .filter(({ role }) => ["owner", "auditor"].includes(role))
    .map(({ email }) => email)
    .sort();
  const processes = [1, 2, 3].map(() => openPool(t.world.databaseUrl("pb_staff"), 1));
  // Each as if it had just been started: nothing is remembered but what is in the rows.
  const look = (now: number, started = 0) =>
    Promise.all(processes.map((pool) => tellSilence(pool, new Chains(config), config, started, now)));
  const [monitor, site] = ["monitor.silent", "site.silent"];
  const hour = 3_600_000;
  await hold();
  try {
    const { ended_at: last } = (
      await db.query<{ ended_at: string }>("SELECT ended_at FROM look WHERE watcher = 'monitor' AND kind = 'round'")
    ).rows[0]!;
    // The silence of the test before may have been told, where this machine was slow: the staff process looks as well.
    await db.query("DELETE FROM alert WHERE kind = 'monitor.silent'");
    await look(Number(last) + THREE_MINUTES);
    assert.deepEqual(await told(monitor), []);
    await look(Number(last) + hour, Number(last) + hour - THREE_MINUTES);
    assert.deepEqual(
      await told(monitor),
      [],
      "an installation that was switched off meanwhile waits for the first look",
    );
    for (const later of [THREE_MINUTES + 1, THREE_MINUTES + 60_000, 2 * hour]) await look(Number(last) + later);
    assert.deepEqual(await told(monitor), everybody, "once");
    await db.query("UPDATE look SET ended_at = ended_at + 5000 WHERE watcher = 'monitor' AND kind = 'round'");
    await look(Number(last) + 2 * hour);
    assert.equal((await told(monitor)).length, 2 * everybody.length, "another silence is another");

    const day = 24 * hour;
    await look(Number(last) + 30 * day);
    assert.deepEqual(await told(site), [], "where nobody ever watched one, nobody is silent");
    const now = Date.now();
    await db.query(
      "INSERT INTO look (watcher, kind, reported_at, began_at, ended_at) VALUES ('site', 'round', $1, $1, $1)",
      [now - 2 * day],
    );
    const officer = await t.visit(t.person("case officer"));
    const since = async () =>
      ((await officer.client.get("/api/watch")).value as { siteSince: number | null }).siteSince;
    assert.equal(await since(), now - 2 * day);
    for (const age of [8, 2, 3]) await look(now + (age - 2) * day);
    assert.deepEqual(await told(site), everybody);
    await db.query("UPDATE look SET ended_at = $1, began_at = $1 WHERE watcher = 'site'", [now - 8 * day]);
    assert.equal(await since(), null);
  } finally {
    await db.query("DELETE FROM look WHERE watcher = 'site'");
    process.kill(t.world.pid("monitor"), "SIGCONT");
    await Promise.all(processes.map((pool) => pool.end()));
  }
});

test("owners and auditors of the body were told by mail, once a finding; readers were not", async () => {
  const findings = await count("SELECT count(*) FROM finding WHERE watcher = 'monitor' AND code = 'key-differs'");
  assert.equal(findings, 1);
  const people = t.prepared.people.filter(
    (one) => one.body === BODY && ["owner", "deputy owner", "auditor"].includes(one.part),
  );
  // That it is there, and that it is over.
  const alerts = "FROM alert n JOIN account a ON a.id = n.account";
  for (const kind of ["finding.opened", "finding.closed"]) {
    const told = (
      await db.query<{ email: string }>(`SELECT a.email ${alerts} WHERE n.kind = $1 AND n.code = 'key-differs'`, [kind])
    ).rows;
    assert.deepEqual(told.map((one) => one.email).sort(), people.map((one) => one.email).sort(), kind);
  }
  const readers = t.prepared.people.filter((one) => one.part === "case officer");
  for (const one of readers) assert.equal(await count(`SELECT count(*) ${alerts} WHERE a.email = $1`, [one.email]), 0);
});
