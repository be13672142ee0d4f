/** An incident over HTTP, with real keys, a real log and an attacker who owns the database (T37, T38). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { askFor } from "../../src/member/flows/asking.ts";
import {
  act,
  confirm,
  end,
  incident,
  makeDocumentInbox,
  open as readLetter,
  openDocument,
  openIncident,
  peopleOfLetters,
  reachOf,
  seal,
  untilAsked,
} from "../../demo/by-id.ts";
import { record } from "../../src/member/flows/incidents.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { readLog, signed } from "../support/by-hand.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import { listBytes, parseList } from "../../src/domain/affected/list.ts";
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { clockOf, HOUR } from "../../src/domain/incident/clock.ts";
import type { ActFields } from "../../src/domain/incident/act.ts";
import { incidentInbox } from "../../src/domain/incident/document.ts";
import { epochsHeldBy } from "../../src/domain/incident/reach.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { untilThere } from "../support/in-time.ts";
import { historyOf, untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
let owner: Visit;
let auditor: Visit;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  owner = await t.visit(t.person("owner", 0, BODY));
  auditor = await t.visit(t.person("auditor"));
});
after(async () => {
  await db?.end();
  await t?.stop();
});

const SUMMARY = { summary: "Two colleagues have nearly the same name, and the wrong one was let in." };
const OPENED = { kind: "incident.opened", what: "wrong-person", source: "none" } as const;
const aware = (awareAt: number): ActFields => ({
  kind: "incident.aware",
  party: "controller",
  awareAt,
  basis: "staff",
});
const open = (): Promise<string> => openIncident(owner, OPENED, SUMMARY);

// Owner and auditor work on one incident; readers, the host and other bodies neither see it nor touch it.
test("owner and auditor work on one incident; readers, host and other bodies see nothing", async () => {
  const one = await open();
  const since = Date.now() - 3 * HOUR;
  await act(auditor, one, aware(since), { note: "Told by telephone." });
  await untilSigned(t.world);
  const { state } = await incident(owner, one);
  assert.deepEqual(
    state.awareness.map(({ awareAt, person, words }) => ({ awareAt, person, words })),
    [{ awareAt: since, person: t.person("auditor").person, words: { note: "Told by telephone." } }],
  );
  assert.ok(
    state.acts.every(({ leaf }) => leaf !== null),
    "each act stands in the log",
  );
  assert.equal(clockOf(state, Date.now()).kind, "runs");
  for (const [part, code, at] of [
    ["case officer", "REFUSED_ROLE"],
    ["operator at the host", "REFUSED_ROLE"],
    ["owner", "REFUSED_BODY", "eastvale"],
  ] as const) {
    const visit = await t.visit(t.person(part, 0, at));
    for (const path of ["", `/${one}`])
      await assert.rejects(visit.client.get(`/api/bodies/${BODY}/incidents${path}`), is(code), `${part} ${path}`);
    const drafted = signed(owner, { body: BODY, incident: one, seq: 2, prev: "0".repeat(64) }, aware(since), {});
    await assert.rejects(visit.client.post(`/api/bodies/${BODY}/incidents/${one}/acts`, drafted), is(code), part);
    await assert.rejects(visit.client.post(`/api/bodies/${BODY}/incidents`, drafted), is(code), part);
  }
});

// An act is refused when another came first, when the rules forbid it, when somebody else signed it, and when it is no
// act.
test("an act is refused when another came first, when it may not follow, or when another signed", async () => {
  const one = await open();
  const { head } = await incident(owner, one);
  const post = (visit: Visit, drafted: unknown) =>
    visit.client.post(`/api/bodies/${BODY}/incidents/${one}/acts`, drafted);
  const now = Date.now();
  await assert.rejects(post(owner, signed(owner, { ...head, seq: 0 }, aware(now), {})), is("INCIDENT_MOVED"));
  await assert.rejects(
    post(owner, signed(owner, { ...head, prev: "0".repeat(64) }, aware(now), {})),
    is("INCIDENT_MOVED"),
  );
  await assert.rejects(post(owner, signed(owner, head, aware(now + HOUR), {})), is("INCIDENT_RULE"));
  await assert.rejects(
    post(owner, signed(owner, head, { kind: "incident.moved", from: "open", to: "closed" }, {})),
    is("INCIDENT_RULE"),
  );
  await assert.rejects(post(auditor, signed(owner, head, aware(now), {})), is("INCIDENT_BROKEN"));
  await assert.rejects(
    post(owner, { ...signed(owner, head, aware(now), {}), signature: randomBytes(64) }),
    is("INCIDENT_BROKEN"),
  );
  await assert.rejects(
    post(owner, { ...signed(owner, head, aware(now), { note: "a" }), texts: { note: "b" } }),
    is("INCIDENT_BROKEN"),
  );
  for (const nonsense of [
    {},
    { ...signed(owner, head, aware(now), {}), extra: 1 },
    { ...signed(owner, head, aware(now), {}), event: { kind: "letter.released" } },
    signed(owner, head, OPENED, SUMMARY),
  ])
    await assert.rejects(post(owner, nonsense), is("BAD_REQUEST"));
  await assert.rejects(owner.client.get(`/api/bodies/${BODY}/incidents/${newId()}`), is("INCIDENT_UNKNOWN"));
  const race = await Promise.allSettled(
    [owner, auditor].map((visit) => post(visit, signed(visit, head, aware(now), {}))),
  );
  assert.deepEqual(
    race.map(({ status }) => status).sort(),
    ["fulfilled", "rejected"],
    "of two at once one is recorded",
  );
  assert.equal((await incident(owner, one)).state.awareness.length, 1);
});

// Whoever was shown the page too early was told to try again; until now that could not help.
test("who was shown an incident before the log was signed records once it is", async () => {
  const one = await open();
  const early = { ...(await incident(owner, one)), waiting: 1 };
  await record(owner, early, aware(Date.now()));
  assert.equal((await incident(owner, one)).state.awareness.length, 1);
  await assert.rejects(record(owner, early, aware(Date.now())), is("INCIDENT_MOVED"));
});

// Awareness edited in the database leaves no clock to believe: whoever shows it raises the alarm, and nothing more is
// recorded.
test("awareness edited in the database leaves no clock to believe, and raises the alarm (T37)", async () => {
  const one = await open();
  const since = Date.now() - 50 * HOUR;
  await act(owner, one, aware(since));
  // Edited before it has its leaf, an entry would come into the log as it was edited.
  await untilSigned(t.world);
  const {
    rows: [row],
  } = await db.query<{ id: number; entry: Buffer; proof: string }>(
    "SELECT e.id, e.entry, a.proof FROM incident_act a JOIN event e ON e.id = a.event WHERE a.incident = $1 AND a.seq = 1",
    [one],
  );
  const later = Buffer.from(row!.entry.toString("utf8").replace(String(since), String(since + 40 * HOUR)));
  assert.notDeepEqual(later, row!.entry);
  const attacks: readonly [string, unknown[], string, unknown[]][] = [
    [
      "UPDATE event SET entry = $2 WHERE id = $1",
      [row!.id, later],
      "UPDATE event SET entry = $2 WHERE id = $1",
      [row!.id, row!.entry],
    ],
    [
      "UPDATE incident_act SET seq = 5 WHERE incident = $1 AND seq = 0",
      [one],
      "UPDATE incident_act SET seq = 0 WHERE incident = $1 AND seq = 5",
      [one],
    ],
    [
      "UPDATE incident_act SET person = $2 WHERE incident = $1 AND seq = 1",
      [one, t.person("auditor").person],
      "UPDATE incident_act SET person = $2 WHERE incident = $1 AND seq = 1",
      [one, t.person("owner", 0, BODY).person],
    ],
  ];
  for (const [attack, given, undo, back] of attacks) {
    await db.query(attack, given);
    try {
      await assert.rejects(incident(owner, one), is("INCIDENT_BROKEN"), attack);
      await assert.rejects(act(owner, one, aware(since + HOUR)), is("INCIDENT_BROKEN"), attack);
    } finally {
      await db.query(undo, back);
    }
  }
  await act(auditor, one, aware(Date.now() - HOUR), { note: "We now think that we knew only an hour ago." });
  const clock = clockOf((await incident(owner, one)).state, Date.now());
  assert.ok(
    clock.kind === "runs" && clock.deadline === since + 72 * HOUR,
    "a correction changes the story, never the clock",
  );
});

// An incident that was written into the database by hand is nobody's: it is logged, and still an alarm.
test("an incident that was written in by hand is nobody's: it is logged, and still an alarm", async () => {
  const [forged, person] = [newId(), t.person("owner", 0, BODY).person];
  const mallory = { ...owner, keys: { ...owner.keys!, signingSecret: randomBytes(32) } };
  const drafted = signed(mallory, { body: BODY, incident: forged, seq: 0, prev: "0".repeat(64) }, OPENED, SUMMARY);
  const honest = await open();
  const {
    rows: [like],
  } = await db.query<{ entry: Buffer }>(
    "SELECT e.entry FROM incident_act a JOIN event e ON e.id = a.event WHERE a.incident = $1",
    [honest],
  );
  const entry = Buffer.from(
    JSON.stringify({
      ...JSON.parse(like!.entry.toString()),
      by: drafted.event.by,
      incident: forged,
      ...("words" in drafted.event ? { words: drafted.event.words } : {}),
    }),
  );
  const {
    rows: [event],
  } = await db.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) VALUES ($1, 'incident.opened', $2) RETURNING id",
    [Date.now(), entry],
  );
  await db.query(
    "INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature, texts, salt) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8)",
    [forged, BODY, event!.id, person, drafted.bySalt, drafted.signature, SUMMARY, drafted.salt],
  );
  // The log gives a place to whatever event is there: a place is not yet an act.
  await untilSigned(t.world);
  await assert.rejects(incident(owner, forged), is("INCIDENT_BROKEN"));
  await assert.rejects(act(owner, forged, aware(Date.now())), is("INCIDENT_BROKEN"));
  assert.equal((await incident(owner, honest)).state.stage, "open", "the others are read as before");
});

const NAMESAKE = "colleague without a grant";

// Documents of an incident open for those who were admitted, under the log, and for nobody else; readers of the form are
// none of them.
test("documents of an incident open for those who were admitted, and not for the form's readers", async () => {
  const one = await open();
  await assert.rejects(seal(owner, one, "note", toUtf8("x"), 1), is("INBOX_UNKNOWN"), "before it has an inbox");
  await makeDocumentInbox(owner, one);
  const document = await seal(auditor, one, "note", toUtf8("Zoë Example was rung."), 1);
  assert.equal(fromUtf8(await openDocument(owner, one, document)), "Zoë Example was rung.");
  await assert.rejects(
    openDocument(auditor, one, document),
    is("REFUSED_NO_GRANT"),
    "whoever sealed it was not admitted",
  );
  const request = await askFor(owner, BODY, {
    inbox: incidentInbox(one),
    persons: [t.person("auditor").person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "audit",
    purposeText: "They work on the incident.",
  });
  await untilAsked(owner, BODY, request);
  await assert.rejects(confirm(owner, BODY, request), is("CHAIN_BROKEN", "REFUSED_SAME_PERSON"));
  await confirm(await t.visit(t.person("deputy owner", 0, BODY)), BODY, request);
  assert.equal(fromUtf8(await openDocument(auditor, one, document)), "Zoë Example was rung.");
  const { items } = await historyOf(t.world, auditor, BODY);
  assert.deepEqual(
    items
      .filter(({ kind }) => kind === "document.released")
      .map(({ who }) => who?.name)
      .sort(),
    [t.person("auditor").name, t.person("owner", 0, BODY).name].sort(),
  );

  // The staff login sees no byte without a signed release, whatever it writes.
  const staff = new pg.Client({
    connectionString: t.world.databaseUrl("pb_staff"),
    options: "-c search_path=pillarbox",
  });
  await staff.connect();
  try {
    await db.query("UPDATE release SET expires_at = now() - interval '1 second' WHERE document IS NOT NULL");
    assert.equal((await staff.query("SELECT id FROM incident_document")).rowCount, 0);
    await assert.rejects(
      staff.query("UPDATE release SET expires_at = now() + interval '1 minute'"),
      /permission denied/,
    );
    const {
      rows: [event],
    } = await staff.query(
      'INSERT INTO event (at, kind, entry) VALUES (1, \'letter.released\', \'{"at":1,"kind":"letter.released"}\') RETURNING id',
    );
    await assert.rejects(
      staff.query(
        "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, document, expires_at) VALUES ($1, $2, $3, $4, $5, 'incident', 'document', $6, $7, now() + interval '1 minute')",
        [newId(), event.id, BODY, incidentInbox(one), t.person("auditor").person, randomBytes(32), document],
      ),
      /row-level security/,
      "another kind of event",
    );
    await staff.query("DELETE FROM event WHERE id = $1", [event.id]).catch(() => {});
  } finally {
    await staff.end();
    await db.query('DELETE FROM event WHERE entry = \'{"at":1,"kind":"letter.released"}\'');
  }
  // Exchanged for another's bytes, or for a document of another incident: not the bytes that were recorded.
  const other = await seal(owner, one, "note", toUtf8("another"), 1);
  const bytesOf = async (id: string): Promise<Buffer> =>
    (await db.query<{ bytes: Buffer }>("SELECT bytes FROM incident_document WHERE id = $1", [id])).rows[0]!.bytes;
  const [mine, theirs] = [await bytesOf(document), await bytesOf(other)];
  await db.query("UPDATE incident_document SET bytes = $2 WHERE id = $1", [document, theirs]);
  await assert.rejects(openDocument(owner, one, document), is("OPEN_CONTEXT"));
  await db.query("UPDATE incident_document SET bytes = $2 WHERE id = $1", [document, mine]);
});

// The wrong namesake: everything that the grant covered, what was read of it, over which hours; names only from letters
// that were released for that.
test("the wrong namesake: what the grant covered, what was read, over which hours (T38)", async () => {
  const form = t.forms.complaint;
  const inbox = await t.inboxOf(form);
  const before = await t.write(form, letterTo("complaint"));
  const joanne = t.person(NAMESAKE);
  const grant = await t.grant(form, [joanne]);
  const during = await t.write(form, letterTo("complaint"));
  const reading = await t.visit(joanne);
  await readLetter(reading, BODY, inbox, before.submission);
  await end(owner, BODY, { grant, person: joanne.person, reason: "granted-by-mistake" });
  const after = await t.write(form, letterTo("complaint"));

  const one = await openIncident(
    owner,
    { kind: "incident.opened", what: "wrong-person", source: "grant", sourceId: grant },
    SUMMARY,
  );
  await makeDocumentInbox(owner, one);
  const state = await stateOf(owner, BODY);
  const made = state.grants.get(grant)!;
  const until = made.persons[0]!.ended!.at;
  const scope = { inbox, epochs: epochsHeldBy(state, inbox, joanne.person), until };
  // That it was opened is in the log a little later than the reader has it.
  await untilSigned(t.world);
  const { letters, looks, evidence } = await reachOf(auditor, one, scope, made.at);
  assert.deepEqual(
    letters
      .map(({ submission }) => submission)
      .filter((id) => [before, during, after].some((sent) => sent.submission === id)),
    [before.submission, during.submission],
  );
  assert.deepEqual(
    looks.map(({ purpose, person, role, letters: of, opened }) => [purpose, person, role, [...of!], opened !== null]),
    [["open", joanne.person, "reader", [before.submission], true]],
  );
  assert.ok(evidence.kind === "looked-at" && evidence.covered?.until === until);

  // Names: a release of its own, for a key holder, in the log; the auditor holds no key, a reader of the form may not
  // ask, and an invented incident gives nothing.
  await assert.rejects(peopleOfLetters(auditor, one, inbox, letters), is("REFUSED_NO_GRANT"));
  await assert.rejects(
    peopleOfLetters(await t.visit(t.person("case officer")), one, inbox, letters),
    is("REFUSED_ROLE"),
  );
  await assert.rejects(peopleOfLetters(owner, newId(), inbox, letters), is("INCIDENT_UNKNOWN"));
  const people = await peopleOfLetters(owner, one, inbox, letters);
  assert.deepEqual(people.flatMap(({ records }) => records).sort(), letters.map(({ submission }) => submission).sort());
  assert.ok(people.every(({ name }) => name !== ""));
  const document = await seal(owner, one, "affected", listBytes(people), people.length);
  assert.deepEqual(parseList(await openDocument(owner, one, document)), people);
  await untilSigned(t.world);
  const released = [...(await readLog(auditor)).readings(inbox)].filter(({ purpose }) => purpose === "affected");
  assert.deepEqual(
    released.map(({ count, role, opened }) => [count, role, opened !== null]),
    [[letters.length, "owner", true]],
  );

  // The names stand nowhere in plaintext: not in a row, not in the log.
  const dump =
    JSON.stringify((await db.query("SELECT convert_from(entry, 'UTF8') AS entry FROM event")).rows) +
    JSON.stringify((await db.query("SELECT texts FROM incident_act")).rows);
  for (const { email } of people) if (email) assert.ok(!dump.includes(email));
});

// Readings for an incident are among what the verifier compares with the rows: honest ones hold, and one that was
// changed or taken away by hand is named.
test("readings for an incident are compared with the rows, and a changed one is named", async () => {
  const source = httpSource(`${t.config.publicOrigin}/log`);
  const verified = async (): Promise<readonly string[]> => {
    await untilSigned(t.world);
    return (
      await verifyLog({
        source,
        key: parseVerifierKey(t.config.logKey),
        entries: false,
        rows: () => openRows(t.world.databaseUrl("pb_inspect")),
      })
    ).findings
      .map(({ what }) => what)
      .filter((what) => what.includes("release"));
  };
  const { rows } = await db.query<{ id: string; purpose: string }>(
    "SELECT id, purpose FROM release WHERE purpose IN ('affected', 'incident') ORDER BY purpose",
  );
  assert.ok(rows.some(({ purpose }) => purpose === "affected") && rows.some(({ purpose }) => purpose === "incident"));
  assert.deepEqual(await verified(), []);
  const affected = rows.find(({ purpose }) => purpose === "affected")!.id;
  const sealed = rows.find(({ purpose }) => purpose === "incident")!.id;
  const {
    rows: [item],
  } = await db.query(
    "DELETE FROM release_item WHERE ctid = (SELECT ctid FROM release_item WHERE release = $1 LIMIT 1) RETURNING release, submission",
    [affected],
  );
  const {
    rows: [was],
  } = await db.query("SELECT document FROM release WHERE id = $1", [sealed]);
  await db.query(
    "UPDATE release SET document = (SELECT id FROM incident_document WHERE id <> $2 LIMIT 1) WHERE id = $1",
    [sealed, was.document],
  );
  const found = await verified();
  assert.ok(
    [affected, sealed].every((id) => found.some((what) => what.includes(id))),
    found.join("\n"),
  );
  await db.query("INSERT INTO release_item VALUES ($1, $2)", [item.release, item.submission]);
  await db.query("UPDATE release SET document = $2 WHERE id = $1", [sealed, was.document]);
  assert.deepEqual(await verified(), []);
});

// The attacker takes the newest acts of an incident away with their events: the log, read whole, does not fit any more.
test("acts taken away with their events: the log, read whole, does not fit any more", async () => {
  const one = await open();
  await act(owner, one, aware(Date.now() - HOUR));
  await act(
    owner,
    one,
    { kind: "incident.decided", about: "regulator", choice: "yes", reason: "risk-possible" },
    { why: "It is possible." },
  );
  await untilSigned(t.world);
  const row = (await db.query("SELECT * FROM incident_act WHERE incident = $1 AND seq = 2", [one])).rows[0];
  await db.query("DELETE FROM incident_act WHERE incident = $1 AND seq = 2", [one]);
  assert.equal((await incident(owner, one)).state.acts.length, 2, "what is left holds by itself");
  const scope = { inbox: await t.inboxOf(t.forms.complaint), epochs: [1], until: Date.now() };
  assert.equal((await reachOf(auditor, one, scope, 0)).hidden, 1, "and the log holds one more");
  await db.query(
    "INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature, texts, salt, proof, signed_at) VALUES ($1, 2, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [one, BODY, row.event, row.person, row.by_salt, row.signature, row.texts, row.salt, row.proof, row.signed_at],
  );
  assert.equal((await incident(owner, one)).state.acts.length, 3);
});

// Each reminder leaves once, to owners and auditors, also when the process is killed and started again.
test("each reminder leaves once, to owners and auditors, also over a kill and a restart", async () => {
  const one = await open();
  await act(owner, one, aware(Date.now() - 49 * HOUR));
  const reminders = async () =>
    (
      await db.query<{ hours: number; sent: boolean }>(
        "SELECT hours, sent FROM incident_reminder WHERE incident = $1 ORDER BY hours",
        [one],
      )
    ).rows;
  const notices = async () =>
    (await db.query("SELECT FROM delivery WHERE incident IS NULL AND channel = 'email'")).rowCount ?? 0;
  const until = (what: () => Promise<boolean>): Promise<unknown> => untilThere(what, "the reminders that are due");
  // Three notices for each reminder that was sent, whichever incident of this file it is of.
  const others = async () =>
    (
      await db.query<{ n: number }>(
        "SELECT ((SELECT count(*) FROM delivery WHERE incident IS NULL AND channel = 'email') - 3 * (SELECT count(*) FROM incident_reminder WHERE sent))::int AS n",
      )
    ).rows[0]!.n;
  const reminded = async (which: string) =>
    until(async () => (await db.query("SELECT FROM incident_reminder WHERE incident = $1", [which])).rowCount === 1);
  await until(async () => (await reminders()).length > 0);
  assert.deepEqual(
    await reminders(),
    [
      { hours: 24, sent: false },
      { hours: 48, sent: true },
    ],
    "the earlier one was overtaken",
  );
  assert.ok((await notices()) >= 3, "two owners and an auditor");
  const beside = await others();
  const before = t.world.pid("staff");
  t.world.kill("staff");
  await until(
    async () =>
      t.world.pid("staff") !== before &&
      (await fetch(`${t.config.staffOrigin}/health`).then(
        ({ ok }) => ok,
        () => false,
      )),
  );
  const again = await open().catch(async () => {
    owner = await t.visit(t.person("owner", 0, BODY));
    return open();
  });
  await act(owner, again, aware(Date.now() - 25 * HOUR));
  await reminded(again);
  // The next round begins when the one that reminded of it has gone through all of them.
  const last = await open();
  await act(owner, last, aware(Date.now() - 25 * HOUR));
  await reminded(last);
  assert.deepEqual(await reminders(), [
    { hours: 24, sent: false },
    { hours: 48, sent: true },
  ]);
  assert.equal(await others(), beside, "three for each new one, none again for the others");
});
