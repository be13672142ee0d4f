/**
 * Somebody who may work at the body reads what they may not: without access, after it has ended, or by what was released
 * to another. Slips, letters and documents alike; and each refusal stands in the log.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { confirm, end, makeDocumentInbox, openIncident, seal, untilAsked } from "../../demo/by-id.ts";
import { toUtf8 } from "../../src/domain/bytes.ts";
import { incidentInbox } from "../../src/domain/incident/document.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { untilThere } from "../support/in-time.ts";
import { askFor, withdraw } from "../../src/member/flows/asking.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
let owner: Visit;
let deputy: Visit;
let auditor: Visit;
let inbox: string;
let submission: string;
let incident: string;
let document: string;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  owner = await t.visit(t.person("owner", 0, BODY));
  deputy = await t.visit(t.person("deputy owner", 0, BODY));
  auditor = await t.visit(t.person("auditor"));
  inbox = await t.inboxOf(t.forms.complaint);
  ({ submission } = await t.write(t.forms.complaint, letterTo("complaint")));
  incident = await openIncident(
    owner,
    { kind: "incident.opened", what: "wrong-person", source: "none" },
    { summary: "The wrong colleague was let in." },
  );
  await makeDocumentInbox(owner, incident);
  document = await seal(owner, incident, "note", toUtf8("They were rung."), 1);
});
after(async () => {
  await db?.end();
  await t?.stop();
});

/** The two requests of each kind of reading: its beginning, and where it is fetched. */
const KINDS = {
  slips: { begin: (release: string) => [`/api/bodies/${BODY}/releases`, { release, inbox, purpose: "list" }] },
  letter: {
    begin: (release: string) => [
      `/api/bodies/${BODY}/releases`,
      { release, inbox, purpose: "open", submissions: [submission] },
    ],
  },
  document: {
    begin: (release: string) => [
      `/api/bodies/${BODY}/incidents/${incident}/documents/${document}/releases`,
      { release },
    ],
  },
} as const;
type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as Kind[];

async function begin(visit: Visit, kind: Kind): Promise<string> {
  const release = newId();
  const [path, content] = KINDS[kind].begin(release);
  await visit.client.post(path as string, content);
  return release;
}

const fetchPath = (kind: Kind, release: string): string =>
  kind === "document" ? `/api/bodies/${BODY}/incidents/${incident}/releases/${release}` : `/api/releases/${release}`;
/** Whether something was handed over; the log may take a moment to sign. */
async function fetched(visit: Visit, kind: Kind, release: string): Promise<boolean> {
  const handed = await untilThere(async () => {
    const { status, value } = await visit.client.get(fetchPath(kind, release));
    return status === 202 ? null : JSON.stringify(value);
  }, "a signed release");
  return handed.includes("YWdlLWVuY3J5cHRpb24");
}

/** What the log says was refused, newest last. */
const refusals = async (): Promise<readonly { code: string; role: string; inbox: string }[]> =>
  (await db.query<{ entry: Buffer }>("SELECT entry FROM event WHERE kind = 'release.refused' ORDER BY id")).rows.map(
    ({ entry }) => JSON.parse(entry.toString()) as { code: string; role: string; inbox: string },
  );

test("whoever has no access is refused slips, letter and document, and each refusal is logged", async () => {
  const colleague = await t.visit(t.person("colleague without a grant"));
  for (const [who, role, kind, of] of [
    [colleague, "reader", "slips", inbox],
    [colleague, "reader", "letter", inbox],
    [auditor, "auditor", "slips", inbox],
    [auditor, "auditor", "letter", inbox],
    [auditor, "auditor", "document", incidentInbox(incident)],
  ] as const) {
    const before = await refusals();
    await assert.rejects(begin(who, kind), is("REFUSED_NO_GRANT"), `${role} ${kind}`);
    const now = await refusals();
    assert.equal(now.length, before.length + 1, `${role} ${kind}`);
    const { code, role: said, inbox: where } = now.at(-1)!;
    assert.deepEqual({ code, role: said, where }, { code: "REFUSED_NO_GRANT", role, where: of });
  }
});

test("what was released to one is fetched by nobody else, and called opened by nobody else", async () => {
  for (const kind of ALL) {
    const release = await begin(owner, kind);
    for (const other of [deputy, auditor])
      await assert.rejects(other.client.get(fetchPath(kind, release)), is("RELEASE_UNKNOWN"), kind);
    if (kind === "letter") {
      const opened = async (): Promise<number> =>
        (await db.query("SELECT FROM event WHERE kind = 'letter.opened'")).rowCount ?? 0;
      const before = await opened();
      for (const other of [deputy, auditor])
        await assert.rejects(other.client.post(`/api/releases/${release}/opened`, {}), is("RELEASE_UNKNOWN"));
      assert.equal(await opened(), before);
      assert.equal((await db.query("SELECT FROM reading WHERE opened_at IS NOT NULL")).rowCount, 0);
    }
    assert.ok(await fetched(owner, kind, release), `${kind}: its own reader has it`);
  }
});

test("a release runs for five minutes, and hands over nothing afterwards", async () => {
  for (const kind of ALL) {
    const release = await begin(owner, kind);
    const { rows } = await db.query(
      "SELECT extract(epoch FROM r.expires_at)::float8 - e.at / 1000.0 AS seconds FROM release r JOIN event e ON e.id = r.event WHERE r.id = $1",
      [release],
    );
    const seconds = Number(rows[0].seconds);
    assert.ok(seconds > 295 && seconds < 305, `${kind}: ${seconds} seconds`);
    await db.query("UPDATE release SET expires_at = now() - interval '1 second' WHERE id = $1", [release]);
    await assert.rejects(owner.client.get(fetchPath(kind, release)), is("RELEASE_UNKNOWN"), kind);
  }
});

// The first request was made while they might; the second comes when they may not any more.
test("access that ended between the two requests hands over no slips, no letter and no document", async () => {
  const officer = t.person("case officer");
  const grant = await t.grant(t.forms.complaint, [officer]);
  const asked = await askFor(owner, BODY, {
    inbox: incidentInbox(incident),
    persons: [t.person("auditor").person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "audit",
    purposeText: "They work on the incident.",
  });
  await untilAsked(deputy, BODY, asked);
  const admitted = await confirm(deputy, BODY, asked);
  const reader = await t.visit(officer);
  const begun = [
    [officer, "slips", await begin(reader, "slips")],
    [officer, "letter", await begin(reader, "letter")],
    [t.person("auditor"), "document", await begin(auditor, "document")],
  ] as const;
  await end(owner, BODY, { grant, person: officer.person, reason: "left" });
  await end(deputy, BODY, { grant: admitted, person: t.person("auditor").person, reason: "no-longer-needed" });
  for (const [who, kind, release] of begun) {
    const visit = await t.visit(who);
    await assert.rejects(fetched(visit, kind, release), is("REFUSED_GRANT_ENDED"), kind);
  }
  auditor = await t.visit(t.person("auditor"));
});

test("a request is taken back by whoever asked, and by no colleague, owner or host", async () => {
  const asker = await t.visit(t.person("case officer", 1));
  const request = await askFor(asker, BODY, {
    inbox,
    persons: [t.person("case officer", 2).person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "absence-cover",
    purposeText: "While I am away.",
  });
  for (const other of [t.person("case officer", 2), t.person("owner", 0, BODY), t.person("operator at the host")])
    await assert.rejects(withdraw(await t.visit(other), BODY, request), is("REFUSED_ROLE"), other.part);
  const state = async (): Promise<unknown> =>
    (await db.query("SELECT state FROM request WHERE id = $1", [request])).rows[0]?.state;
  assert.equal(await state(), "open");
  await withdraw(asker, BODY, request);
  assert.equal(await state(), "withdrawn");
  await assert.rejects(withdraw(asker, BODY, request), is("REFUSED_STATE"));
});
