/** An incident over HTTP, with real keys, a real log and an attacker who owns the database (T37, T38). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { act, incident, openIncident, signed } from "../../src/cli/act/incident.ts";
import type { Visit } from "../../src/cli/act/visit.ts";
import { clockOf, HOUR } from "../../src/domain/incident/clock.ts";
import type { ActFields } from "../../src/domain/incident/act.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { BODY, is, town, type Town } from "./town.ts";

let t: Town;
let db: pg.Client;
let owner: Visit;
let auditor: Visit;

before(async () => {
  t = await town();
  db = await t.attacker();
  owner = await t.visit(t.player("owner", 0, BODY));
  auditor = await t.visit(t.player("auditor"));
});
after(async () => {
  await db?.end();
  await t?.stop();
});

const SUMMARY = { summary: "Two colleagues have nearly the same name, and the wrong one was let in." };
const OPENED = { kind: "incident.opened", what: "wrong-person", source: "none" } as const;
const aware = (awareAt: number): ActFields => ({ kind: "incident.aware", party: "controller", awareAt, basis: "staff" });
const open = (): Promise<string> => openIncident(owner, BODY, OPENED, SUMMARY);

test("owner and auditor work on one incident; readers, the host and other bodies neither see it nor touch it", async () => {
  const one = await open();
  const since = Date.now() - 3 * HOUR;
  await act(auditor, BODY, one, aware(since), { note: "Told by telephone." });
  const { state } = await incident(owner, BODY, one);
  assert.deepEqual(state.awareness.map(({ awareAt, person, words }) => ({ awareAt, person, words })), [{ awareAt: since, person: t.player("auditor").person, words: { note: "Told by telephone." } }]);
  assert.ok(state.acts.every(({ leaf }) => leaf !== null), "each act stands in the log");
  assert.equal(clockOf(state, Date.now()).kind, "runs");
  for (const [part, code, at] of [["case officer", "REFUSED_ROLE"], ["operator at the host", "REFUSED_ROLE"], ["owner", "REFUSED_BODY", "eastvale"]] as const) {
    const visit = await t.visit(t.player(part, 0, at));
    for (const path of ["", `/${one}`]) await assert.rejects(visit.client.get(`/api/bodies/${BODY}/incidents${path}`), is(code), `${part} ${path}`);
    const drafted = signed(owner, { body: BODY, incident: one, seq: 2, prev: "0".repeat(64) }, aware(since), {});
    await assert.rejects(visit.client.post(`/api/bodies/${BODY}/incidents/${one}/acts`, drafted), is(code), part);
    await assert.rejects(visit.client.post(`/api/bodies/${BODY}/incidents`, drafted), is(code), part);
  }
});

test("an act is refused when another came first, when the rules forbid it, when somebody else signed it, and when it is no act", async () => {
  const one = await open();
  const { head } = await incident(owner, BODY, one);
  const post = (visit: Visit, drafted: unknown) => visit.client.post(`/api/bodies/${BODY}/incidents/${one}/acts`, drafted);
  const now = Date.now();
  await assert.rejects(post(owner, signed(owner, { ...head, seq: 0 }, aware(now), {})), is("INCIDENT_MOVED"));
  await assert.rejects(post(owner, signed(owner, { ...head, prev: "0".repeat(64) }, aware(now), {})), is("INCIDENT_MOVED"));
  await assert.rejects(post(owner, signed(owner, head, aware(now + HOUR), {})), is("INCIDENT_RULE"));
  await assert.rejects(post(owner, signed(owner, head, { kind: "incident.moved", from: "open", to: "closed" }, {})), is("INCIDENT_RULE"));
  await assert.rejects(post(auditor, signed(owner, head, aware(now), {})), is("INCIDENT_BROKEN"));
  await assert.rejects(post(owner, { ...signed(owner, head, aware(now), {}), signature: randomBytes(64) }), is("INCIDENT_BROKEN"));
  await assert.rejects(post(owner, { ...signed(owner, head, aware(now), { note: "a" }), texts: { note: "b" } }), is("INCIDENT_BROKEN"));
  for (const nonsense of [{}, { ...signed(owner, head, aware(now), {}), extra: 1 }, { ...signed(owner, head, aware(now), {}), event: { kind: "letter.released" } }, signed(owner, head, OPENED, SUMMARY)]) await assert.rejects(post(owner, nonsense), is("BAD_REQUEST"));
  await assert.rejects(owner.client.get(`/api/bodies/${BODY}/incidents/${newId()}`), is("INCIDENT_UNKNOWN"));
  const race = await Promise.allSettled([owner, auditor].map((visit) => post(visit, signed(visit, head, aware(now), {}))));
  assert.deepEqual(race.map(({ status }) => status).sort(), ["fulfilled", "rejected"], "of two at once one is recorded");
  assert.equal((await incident(owner, BODY, one)).state.awareness.length, 1);
});

test("awareness edited in the database leaves no clock to believe: whoever shows it raises the alarm, and nothing more is recorded (T37)", async () => {
  const one = await open();
  const since = Date.now() - 50 * HOUR;
  await act(owner, BODY, one, aware(since));
  const { rows: [row] } = await db.query<{ id: number; entry: Buffer; proof: string }>("SELECT e.id, e.entry, a.proof FROM incident_act a JOIN event e ON e.id = a.event WHERE a.incident = $1 AND a.seq = 1", [one]);
  const later = Buffer.from(row!.entry.toString("utf8").replace(String(since), String(since + 40 * HOUR)));
  assert.notDeepEqual(later, row!.entry);
  const attacks: readonly [string, unknown[], string, unknown[]][] = [
    ["UPDATE event SET entry = $2 WHERE id = $1", [row!.id, later], "UPDATE event SET entry = $2 WHERE id = $1", [row!.id, row!.entry]],
    ["UPDATE incident_act SET seq = 5 WHERE incident = $1 AND seq = 0", [one], "UPDATE incident_act SET seq = 0 WHERE incident = $1 AND seq = 5", [one]],
    ["UPDATE incident_act SET person = $2 WHERE incident = $1 AND seq = 1", [one, t.player("auditor").person], "UPDATE incident_act SET person = $2 WHERE incident = $1 AND seq = 1", [one, t.player("owner", 0, BODY).person]],
  ];
  for (const [attack, given, undo, back] of attacks) {
    await db.query(attack, given);
    try {
      await assert.rejects(incident(owner, BODY, one), is("INCIDENT_BROKEN"), attack);
      await assert.rejects(act(owner, BODY, one, aware(since + HOUR)), is("INCIDENT_BROKEN"), attack);
    } finally {
      await db.query(undo, back);
    }
  }
  await act(auditor, BODY, one, aware(Date.now() - HOUR), { note: "We now think that we knew only an hour ago." });
  const clock = clockOf((await incident(owner, BODY, one)).state, Date.now());
  assert.ok(clock.kind === "runs" && clock.deadline === since + 72 * HOUR, "a correction changes the story, never the clock");
});

test("an incident that was written into the database by hand is nobody's: it is logged, and still an alarm", async () => {
  const [forged, person] = [newId(), t.player("owner", 0, BODY).person];
  const mallory = { ...owner, keys: { ...owner.keys!, signingSecret: randomBytes(32) } };
  const drafted = signed(mallory, { body: BODY, incident: forged, seq: 0, prev: "0".repeat(64) }, OPENED, SUMMARY);
  const honest = await open();
  const { rows: [like] } = await db.query<{ entry: Buffer }>("SELECT e.entry FROM incident_act a JOIN event e ON e.id = a.event WHERE a.incident = $1", [honest]);
  const entry = Buffer.from(JSON.stringify({ ...JSON.parse(like!.entry.toString()), by: drafted.event.by, incident: forged, ...("words" in drafted.event ? { words: drafted.event.words } : {}) }));
  const { rows: [event] } = await db.query<{ id: number }>("INSERT INTO event (at, kind, entry) VALUES ($1, 'incident.opened', $2) RETURNING id", [Date.now(), entry]);
  await db.query("INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature, texts, salt) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8)", [forged, BODY, event!.id, person, drafted.bySalt, drafted.signature, SUMMARY, drafted.salt]);
  await assert.rejects(incident(owner, BODY, forged), is("INCIDENT_BROKEN"));
  await assert.rejects(act(owner, BODY, forged, aware(Date.now())), is("INCIDENT_BROKEN"));
  assert.equal((await incident(owner, BODY, honest)).state.stage, "open", "the others are read as before");
});
