/**
 * Report, what followed, notice and pack over HTTP, with those who may not, and an attacker who owns the database (T37,
 * T42, T43).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import {
  act,
  evidencePack,
  followUp,
  incident,
  makeVersion,
  openIncident,
  publishNotice,
  reportStands,
} from "../../demo/by-id.ts";
import { signed } from "../support/by-hand.ts";
import { verifyPack } from "../../src/cli/verify-pack.ts";
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { HOUR } from "../../src/domain/incident/clock.ts";
import { overdue } from "../../src/domain/incident/follow-up.ts";
import { REPORT_FIELDS, type ReportField } from "../../src/domain/incident/report-fields.ts";
import { encodeReport, missingFields, parseReport } from "../../src/domain/incident/report.ts";
import { reportCommitment, versionOf } from "../../src/domain/incident/reported.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

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

const at = (one: string): string => `/api/bodies/${BODY}/incidents/${one}`;
const MARKER = "ZOËMARKER-OF-CLAPTON-LANE";

/** Opened, and the body aware since some hours. */
async function opened(hours = 3): Promise<string> {
  const one = await openIncident(
    owner,
    { kind: "incident.opened", what: "elsewhere", source: "none" },
    { summary: "The results of a form could be seen by everybody." },
  );
  await act(owner, one, {
    kind: "incident.aware",
    party: "controller",
    awareAt: Date.now() - hours * HOUR,
    basis: "staff",
  });
  return one;
}

/** Everything that the form asks and an officer types. */
async function typeAll(one: string): Promise<void> {
  for (const { id, kind, codes, from } of REPORT_FIELDS as readonly ReportField[]) {
    if (from === "incident" || (from === "suggested" && kind === "words")) continue;
    const value =
      kind === "words"
        ? { kind, words: `What an officer wrote for ${id}` }
        : kind === "count"
          ? { kind, count: 394, how: "at-most" }
          : kind === "choice"
            ? { kind, code: Object.keys(codes!)[0]! }
            : { kind, codes: [Object.keys(codes!)[0]!] };
    await auditor.api.typeAnswer(BODY, one, id, value);
  }
}

const press = (one: string, over: object = {}, texts = {}): Promise<void> =>
  followUp(
    owner,
    one,
    {
      what: "press",
      item: "e".repeat(32),
      revision: 1,
      on: Date.now() - HOUR,
      due: Date.now() - 1000,
      done: null,
      code: null,
      ...over,
    },
    { outlet: "The Harrowmere Herald", question: "What happened?", owner: "Press office", ...texts },
  );

// A report is typed in pieces that stay, lacks what it lacks, and is made once nothing that cannot wait is missing.
test("a report is typed in pieces that stay, and made once nothing that cannot wait is missing", async () => {
  const one = await opened();
  await act(
    owner,
    one,
    {
      kind: "incident.window",
      earliest: Date.now() - 9 * 24 * HOUR,
      earliestBasis: "log",
      latest: Date.now() - 8 * 24 * HOUR,
      latestBasis: "log",
      end: Date.now() - HOUR,
      endBasis: "statement",
    },
    { why: "From the access log." },
  );
  assert.ok((await reportStands(owner, one))!.missing.initial.includes("what"));
  await typeAll(one);
  await owner.api.typeAnswer(BODY, one, "what", { kind: "words", words: "Typed again by somebody else." });
  const stands = (await reportStands(owner, one))!;
  assert.deepEqual(stands.missing.initial, []);
  assert.deepEqual(stands.answers.what, { kind: "words", words: "Typed again by somebody else." });
  const report = await makeVersion(auditor, one, "initial");
  assert.deepEqual(report.missing, []);
  assert.match(report.regulator, /Information Commission/);
  const { versions } = await owner.api.filings(BODY, one);
  assert.deepEqual(parseReport(toUtf8(versions[0]!.content)), report);
  await owner.api.typeAnswer(BODY, one, "what", null);
  assert.ok((await reportStands(owner, one))!.missing.initial.includes("what"), "an answer can be taken away again");
  for (const [field, value] of [
    ["aware", { kind: "moment", at: 1, estimated: false }],
    ["nothing", { kind: "words", words: "x" }],
    ["what", { kind: "words", words: "" }],
    ["people", { kind: "count", count: -1, how: "exact" }],
    ["notice-title", { kind: "words", words: "x".repeat(121) }],
  ] as const)
    await assert.rejects(owner.api.typeAnswer(BODY, one, field, value), is("BAD_REQUEST"), field);
});

test("after 72 hours a version needs the reasons for the delay; a sent report stops the clock", async () => {
  const one = await opened(80);
  await typeAll(one);
  await owner.api.typeAnswer(BODY, one, "delay", null);
  await assert.rejects(makeVersion(owner, one, "initial"), is("REPORT_INCOMPLETE"));
  // A browser that leaves the check out is refused by the server.
  const { state, head } = await incident(owner, one);
  const lacking = {
    v: 1 as const,
    incident: one,
    body: BODY,
    regulator: "R",
    phase: "initial" as const,
    version: 1,
    madeAt: Date.now(),
    deadline: state.awareness[0]!.awareAt + 72 * HOUR,
    firstAt: null,
    answers: {},
    missing: [],
  };
  const all = (await reportStands(owner, one))!.missing.initial;
  const send = (
    report: Parameters<typeof encodeReport>[0],
    salt = randomBytes(32),
    content = fromUtf8(encodeReport(report)),
  ) =>
    owner.client.post(`${at(one)}/report/versions`, {
      act: signed(
        owner,
        head,
        {
          kind: "incident.reported",
          version: 1,
          phase: "initial",
          report: reportCommitment(salt, encodeReport(report)),
        },
        {},
      ),
      content,
      salt,
    });
  assert.ok(all.includes("delay"));
  await assert.rejects(send(lacking), is("BAD_REQUEST"), "it says that nothing is missing");
  await owner.api.typeAnswer(BODY, one, "delay", { kind: "words", words: "We were told late." });
  const report = await makeVersion(owner, one, "initial");
  await followUp(
    owner,
    one,
    { what: "report-sent", item: newId(), revision: 1, on: Date.now() - 60_000, due: null, done: null, code: null },
    { version: "1", reference: "IC-000000-A0A0" },
  );
  const after = await reportStands(owner, one);
  assert.deepEqual(after!.answers["case-reference"], { kind: "words", words: "IC-000000-A0A0" });
  await assert.rejects(makeVersion(owner, one, "initial"), is("INCIDENT_RULE"), "there is one first report");
  assert.ok((await makeVersion(owner, one, "follow-up")).answers.delay, "the reasons stay in what follows");
  assert.equal(report.version, 1);
});

// A version that somebody changes in its row is no version any more, and another clock than the incident's is refused.
test("a version that was changed in its row is none, and another clock is refused", async () => {
  const one = await opened();
  const { head, state } = await incident(owner, one);
  const salt = randomBytes(32);
  const made = {
    v: 1 as const,
    incident: one,
    body: BODY,
    regulator: "R",
    phase: "initial" as const,
    version: 1,
    madeAt: Date.now(),
    deadline: state.awareness[0]!.awareAt + 99 * HOUR,
    firstAt: null,
    answers: {},
    missing: [],
  };
  const report = { ...made, missing: missingFields({}, "initial", false) };
  await assert.rejects(
    owner.client.post(`${at(one)}/report/versions`, {
      act: signed(
        owner,
        head,
        {
          kind: "incident.reported",
          version: 1,
          phase: "initial",
          report: reportCommitment(salt, encodeReport(report)),
        },
        {},
      ),
      content: fromUtf8(encodeReport(report)),
      salt,
    }),
    is("BAD_REQUEST"),
  );
  await makeVersion(owner, one, "initial");
  const {
    rows: [row],
  } = await db.query<{ content: Buffer; salt: Buffer }>(
    "SELECT content, salt FROM incident_report WHERE incident = $1",
    [one],
  );
  const said = (await incident(owner, one)).state.reports[0]!;
  assert.ok(versionOf({ ...said, incident: one, body: BODY }, row!.content, row!.salt));
  const changed = Buffer.from(row!.content.toString().replace('"phase":"initial"', '"phase":"final"'));
  assert.equal(versionOf({ ...said, incident: one, body: BODY }, changed, row!.salt), null);
});

test("an enquiry from the press is overdue until it is answered, with its answer", async () => {
  const one = await opened();
  await press(one);
  const items = async () => (await incident(owner, one)).state.followed;
  assert.equal(overdue(await items(), Date.now()).length, 1);
  await assert.rejects(press(one, { revision: 2, done: Date.now() }), is("BAD_REQUEST"));
  await assert.rejects(press(one, { revision: 1 }, { answer: "Answered." }), is("INCIDENT_RULE"));
  await press(one, { revision: 2, done: Date.now() }, { answer: "We told them what we tell everybody." });
  assert.equal(overdue(await items(), Date.now()).length, 0);
  assert.equal((await items()).length, 2, "what was there before stays");
  // By the way of acts in general nothing slips past the look at its texts.
  const { head } = await incident(owner, one);
  await assert.rejects(
    owner.client.post(
      `${at(one)}/acts`,
      signed(
        owner,
        head,
        { kind: "incident.followed", what: "outcome", item: newId(), revision: 1, on: 1, code: "fine" },
        { note: "x" },
      ),
    ),
    is("BAD_REQUEST"),
  );
});

test("a notice is public by an owner's act alone: no auditor, no draft, no row makes it so", async () => {
  const one = await opened();
  const [notice, texts] = [
    newId(),
    {
      title: "Results of a form could be seen",
      text: "Between two days in November everybody could see the results of a form.\n\nIf you wrote to us, call us.",
    },
  ];
  const page = (id: string): Promise<Response> => fetch(`${t.config.publicOrigin}/bodies/${BODY}/notices/${id}`);
  await owner.api.typeAnswer(BODY, one, "notice-text", { kind: "words", words: "A draft that nobody has published." });
  assert.ok(!(await (await fetch(t.config.publicOrigin)).text()).includes("nobody has published"));
  await assert.rejects(publishNotice(auditor, one, notice, texts), is("REFUSED_ROLE"));
  assert.equal((await page(notice)).status, 404);
  await publishNotice(owner, one, notice, texts);
  const shown = await (await page(notice)).text();
  assert.ok(
    shown.includes(texts.title) &&
      shown.includes("If you wrote to us, call us.") &&
      !/<script(?! type="module")/.test(shown),
  );
  assert.ok((await (await fetch(t.config.publicOrigin)).text()).includes(`/bodies/${BODY}/notices/${notice}`));
  assert.equal(
    (await fetch(`${t.config.publicOrigin}/bodies/eastvale/notices/${notice}`)).status,
    404,
    "under its own body only",
  );

  // The attacker rewrites the notice, and writes one of another body's owner.
  await db.query(
    `UPDATE public_notice SET texts = jsonb_set(texts, '{text}', '"Send your name to this address."') WHERE notice = $1`,
    [notice],
  );
  assert.equal((await page(notice)).status, 404, "a text that was changed in the row is no notice");
  await db.query("UPDATE public_notice SET texts = $2 WHERE notice = $1", [notice, texts]);
  assert.equal((await page(notice)).status, 200);
  const {
    rows: [event],
  } = await db.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) SELECT e.at, e.kind, e.entry FROM event e JOIN public_notice n ON n.event = e.id WHERE n.notice = $1 RETURNING id",
    [notice],
  );
  await db.query(
    "INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt) SELECT $2, 'eastvale', incident, $3, entry, signature, person, by_salt, texts, salt FROM public_notice WHERE notice = $1",
    [notice, "9".repeat(32), event!.id],
  );
  assert.equal(
    (await fetch(`${t.config.publicOrigin}/bodies/eastvale/notices/${notice}`)).status,
    404,
    "another body says nothing by it",
  );
  await db.query("DELETE FROM public_notice WHERE notice = $1", ["9".repeat(32)]);
  await db.query("DELETE FROM event WHERE id = $1", [event!.id]);

  await publishNotice(owner, one, notice, null);
  assert.equal((await page(notice)).status, 404);
  await assert.rejects(publishNotice(owner, one, notice, texts), is("INCIDENT_RULE"));
});

test("readers, the host, strangers and other bodies' owners see and do nothing of all this", async () => {
  const one = await opened();
  const { head } = await incident(owner, one);
  const drafted = signed(
    owner,
    head,
    { kind: "incident.packed", pack: newId(), content: "1".repeat(64), count: 1 },
    {},
  );
  const tries: readonly [string, string, unknown][] = [
    ["GET", `${at(one)}/report`, null],
    ["POST", `${at(one)}/report/answers`, { field: "what", value: null }],
    ["POST", `${at(one)}/report/versions`, {}],
    ["POST", `${at(one)}/follow-up`, drafted],
    ["POST", `${at(one)}/notices`, drafted],
    ["POST", `${at(one)}/packs/prepare`, {}],
    ["POST", `${at(one)}/packs`, drafted],
    ["GET", `${at(one)}/packs/${newId()}`, null],
    ["GET", `/api/bodies/${BODY}/register`, null],
  ];
  for (const [part, code, where] of [
    ["case officer", "REFUSED_ROLE"],
    ["operator at the host", "REFUSED_ROLE"],
    ["owner", "REFUSED_BODY", "eastvale"],
  ] as const) {
    const visit = await t.visit(t.person(part, 0, where));
    for (const [method, path, content] of tries)
      await assert.rejects(
        method === "GET" ? visit.client.get(path) : visit.client.post(path, content),
        is(code),
        `${part} ${method} ${path}`,
      );
  }
  for (const [method, path] of tries)
    assert.equal(
      (
        await fetch(t.config.staffOrigin + path, {
          method,
          headers: { origin: t.config.staffOrigin, "content-type": "application/json" },
          ...(method === "POST" ? { body: "{}" } : {}),
        })
      ).status,
      401,
      path,
    );
  // An owner of another body asks for this incident under their own body's address.
  const other = await t.visit(t.person("owner", 0, "eastvale"));
  for (const [method, path, content] of tries.slice(0, 1))
    await assert.rejects(
      method === "GET"
        ? other.client.get(path.replace(BODY, "eastvale"))
        : other.client.post(path.replace(BODY, "eastvale"), content),
      is("INCIDENT_UNKNOWN"),
    );
});

// An evidence pack holds offline, holds nothing of what was written, and what the attacker does to the rows is in no
// pack that holds.
test("an evidence pack holds offline, holds nothing of what was written, and no forged row", async () => {
  await t.write(t.forms.complaint, letterTo("complaint", MARKER));
  const one = await opened();
  await typeAll(one);
  await makeVersion(owner, one, "initial");
  await press(one);
  await act(
    owner,
    one,
    { kind: "incident.decided", about: "people", choice: "no", reason: "not-high-risk" },
    { why: "Nothing that could harm anybody was seen." },
  );
  const key = parseVerifierKey(t.config.logKey);
  const root = [BODY, t.config.roots.get(BODY)!] as const;
  const { file } = await evidencePack(auditor, one);
  const report = await verifyPack({ bytes: file, key, root });
  assert.deepEqual(report.findings, []);
  assert.ok(report.holds.some((line) => /Version 1 of the report/.test(line)));
  const text = fromUtf8(file);
  for (const secret of [MARKER, ...t.prepared.people.flatMap(({ name, email }) => [name, email])])
    assert.ok(!text.includes(secret) && !text.includes(Buffer.from(secret).toString("base64").slice(0, 12)), secret);

  // The attacker: a text, a version of the report, an act taken away. Each pack made after that names it, or none is
  // made.
  const remade = async (): Promise<readonly { readonly wrong: string; readonly what: string }[]> =>
    (await verifyPack({ bytes: (await evidencePack(owner, one)).file, key, root })).findings;
  await db.query(
    "UPDATE incident_act SET texts = jsonb_set(texts, '{why}', '\"Everything was seen.\"') WHERE incident = $1 AND texts ? 'why'",
    [one],
  );
  await assert.rejects(remade(), is("INCIDENT_BROKEN"));
  await db.query(
    "UPDATE incident_act SET texts = jsonb_set(texts, '{why}', '\"Nothing that could harm anybody was seen.\"') WHERE incident = $1 AND texts ? 'why'",
    [one],
  );
  await db.query("UPDATE incident_act SET seq = seq + 100 WHERE incident = $1 AND seq = 2", [one]);
  await assert.rejects(remade(), is("INCIDENT_BROKEN"));
  await db.query("UPDATE incident_act SET seq = seq - 100 WHERE incident = $1 AND seq = 102", [one]);
  const {
    rows: [row],
  } = await db.query<{ content: Buffer }>("SELECT content FROM incident_report WHERE incident = $1", [one]);
  await db.query("UPDATE incident_report SET content = $2 WHERE incident = $1", [
    one,
    Buffer.from(row!.content.toString().replace('for what"', 'for that"')),
  ]);
  assert.ok((await remade()).some(({ wrong, what }) => wrong === "altered" && /version 1 of the report/.test(what)));
  await db.query("UPDATE incident_report SET content = $2 WHERE incident = $1", [one, row!.content]);
  const {
    rows: [kept],
  } = await db.query<{ pack: string; content: Buffer }>(
    "SELECT pack, content FROM incident_pack WHERE incident = $1 AND event IS NOT NULL ORDER BY event LIMIT 1",
    [one],
  );
  await db.query("UPDATE incident_pack SET content = $2 WHERE pack = $1", [
    kept!.pack,
    Buffer.from(kept!.content.toString().replace("Nothing that could", "Nothing which could")),
  ]);
  const { value } = await owner.client.get(`${at(one)}/packs/${kept!.pack}`);
  assert.ok((await verifyPack({ bytes: toUtf8(JSON.stringify(value)), key, root })).findings.length > 0);
  await db.query("UPDATE incident_pack SET content = $2 WHERE pack = $1", [kept!.pack, kept!.content]);
  assert.deepEqual(await remade(), [], "with everything back where it was the next one holds");
});
