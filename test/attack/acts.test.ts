/**
 * Acts that nobody signed: a stolen session, and rows that somebody writes as the staff process's login or as the owner
 * of the database. Each tries to erase, to ask, to grant or to be somebody without that person's key.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { confirm, openIncident, untilAsked } from "../../demo/by-id.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { openRows } from "../../src/cli/verify/rows.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import { verifyLog } from "../../src/cli/verify/verify.ts";
import type { Erasure } from "../../src/contract/erasure.ts";
import { sha256, toBase64, toHex } from "../../src/domain/bytes.ts";
import { canonicalBytes, parseCanonical } from "../../src/domain/canonical.ts";
import type { SignedAsk } from "../../src/domain/grant/asked.ts";
import { draftGrant } from "../../src/domain/grant/drafts.ts";
import { draftSigned, type PlainKind, type SignedEvent } from "../../src/domain/log/act.ts";
import { verifyCertificate } from "../../src/domain/log/certificate.ts";
import { personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { parseVerifierKey } from "../../src/domain/log/note-key.ts";
import { sealMessage } from "../../src/domain/mail/message.ts";
import { callHash, handedInHash, postedHash } from "../../src/domain/mail/told.ts";
import { textCommitment } from "../../src/domain/person/details.ts";
import { signInHash } from "../../src/domain/person/sign-in.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { askFor, withdraw } from "../../src/member/flows/asking.ts";
import { erase } from "../../src/member/flows/erasing.ts";
import { hold, notePosted } from "../../src/member/flows/messages.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { operatorsStored } from "../../src/server/watch/store/inspect.ts";
import { confirmedOf, heldBy, inboxKeys, keysOf, postDraft } from "../support/by-hand.ts";
import { rawClient } from "../support/raw.ts";
import { signedAsk } from "../support/signed-ask.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
/** the owner of the database */
let db: pg.Client;
let publicly: Pool;
/** the staff process's own login */
let staff: Pool;
let owner: Visit;
let inbox: string;

before(async () => {
  t = await staffedWorld();
  db = await t.attacker();
  publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  staff = openPool(t.world.databaseUrl("pb_staff"), 2);
  owner = await t.visit(t.person("owner", 0, BODY));
  inbox = await t.inboxOf(t.forms.complaint);
});
after(async () => {
  await publicly?.end();
  await staff?.end();
  await db?.end();
  await t?.stop();
});

async function verify(): Promise<Report> {
  await untilSigned(t.world);
  return verifyLog({
    source: httpSource(`${t.config.publicOrigin}/log`),
    key: parseVerifierKey(t.config.logKey),
    entries: false,
    rows: () => openRows(t.world.databaseUrl("pb_inspect")),
    roots: t.config.roots,
    operators: t.config.operators,
  });
}
const said = async (): Promise<string> => (await verify()).findings.map(({ what }) => what).join("\n");

const at = `/api/bodies/${BODY}/erasures`;
const sealedOf = async (submission: string): Promise<number> =>
  (await db.query("SELECT FROM sealed WHERE submission = $1", [submission])).rowCount ?? 0;

/** A letter that its writer wants to be erased. */
async function asked(): Promise<Erasure> {
  const { submission } = await t.write(t.forms.complaint, letterTo("complaint"));
  await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
  return (await owner.api.erasures(BODY)).find((one) => one.submission === submission)!;
}

type Actor = Parameters<typeof draftSigned>[0];
const doneBy = (actor: Actor, { erasure, submission, additions }: Erasure): SignedEvent<"erasure.done"> =>
  draftSigned<"erasure.done">(actor, {
    kind: "erasure.done",
    body: BODY,
    inbox,
    erasure,
    submission,
    additions,
    reason: "asked-for",
  });
const actorOf = (visit: Visit): Actor => ({ ...keysOf(visit), role: visit.me.role });

// Whoever has the owner's cookie, and even another owner's key, and even what the owner signed about another letter,
// erases nothing with it.
test("a stolen session erases nothing: without a signature, by another key, or by another act", async () => {
  const [one, other] = [await asked(), await asked()];
  const { signingSecret: strangers } = keysOf(await t.visit(t.person("owner", 0, "eastvale")));
  const deputy = await t.visit(t.person("deputy owner", 0, BODY));
  const mine = actorOf(owner);
  const own = doneBy(mine, one);
  const attempts: readonly [unknown, string][] = [
    [{ reason: "asked-for" }, "BAD_REQUEST"],
    [{ act: { event: own.event, bySalt: own.bySalt } }, "BAD_REQUEST"],
    [{ act: { ...own, signature: new Uint8Array(64) } }, "ACT_UNSIGNED"],
    [{ act: doneBy({ ...mine, signingSecret: strangers }, one) }, "ACT_UNSIGNED"],
    [{ act: doneBy(actorOf(deputy), one) }, "ACT_UNSIGNED"],
    [{ act: { ...own, event: { ...own.event, reason: "not-lawful" } } }, "ACT_UNSIGNED"],
    [{ act: { ...own, event: { ...own.event, role: "auditor" } } }, "ACT_UNSIGNED"],
    [{ act: doneBy(mine, other) }, "ACT_MOVED"],
    [{ act: doneBy(mine, { ...one, submission: other.submission }) }, "ACT_MOVED"],
    [{ act: doneBy(mine, { ...one, additions: [newId()] }) }, "ACT_MOVED"],
  ];
  for (const [content, code] of attempts)
    await assert.rejects(owner.client.post(`${at}/${one.erasure}/grant`, content), is(code), code);
  await assert.rejects(owner.client.post(`${at}/${one.erasure}/refuse`, { act: own, words: "No." }), is("BAD_REQUEST"));
  await assert.rejects(owner.client.post(`${at}/due`, { submissions: [one.submission] }), is("BAD_REQUEST"));
  assert.deepEqual([await sealedOf(one.submission), await sealedOf(other.submission)], [2, 2]);
  assert.equal((await db.query("SELECT FROM event WHERE kind = 'erasure.done'")).rowCount, 0);
  await owner.client.post(`${at}/${one.erasure}/grant`, { act: own });
  assert.equal(await sealedOf(one.submission), 0);
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

// The staff process's login, in the hands of somebody else, must at least write down who is said to have signed; and
// that this is not so is found, and never certified.
test("an erasure written by hand as pb_staff needs an act, and a forged one is found", async () => {
  const one = await asked();
  const erasing = (act: boolean): Promise<void> =>
    inTransaction(staff, async (client) => {
      const { rows } = await client.query<{ parts: number; releases: number }>("SELECT * FROM erasing($1, '{}')", [
        one.erasure,
      ]);
      const salt = randomBytes(32);
      const event: LogEvent = {
        ...doneBy(actorOf(owner), one).event,
        ...rows[0]!,
        by: personCommitment(salt, owner.me.person),
        backupsUntil: 0,
      };
      const entry = encodeEntry({ ...event, at: Date.now() }, randomBytes(32));
      const { rows: written } = await client.query<{ id: number }>(
        "INSERT INTO event (at, kind, entry) VALUES ($1, 'erasure.done', $2) RETURNING id",
        [JSON.parse(Buffer.from(entry).toString()).at, entry],
      );
      const id = written[0]!.id;
      if (act)
        await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [
          id,
          owner.me.person,
          randomBytes(64),
        ]);
      await client.query("SELECT erase($1, '{}', $2)", [one.erasure, id]);
      await client.query(
        "UPDATE erasure SET state = 'granted', decided_at = now(), decided_by = $2, reason = 'asked-for', event = $3 WHERE id = $1",
        [one.erasure, owner.me.person, id],
      );
      await client.query("NOTIFY pillarbox_event");
    });
  await assert.rejects(erasing(false), /nothing is erased without its event and its signed act/);
  assert.equal(await sealedOf(one.submission), 2);
  await erasing(true);
  assert.match(await said(), /it is no act of a member: the signature does not hold/);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
});

// The owner of the database takes the act away, and puts another in its place.
test("an act of erasure that was changed or taken away is found, and certifies nothing", async () => {
  const [one, other] = [await asked(), await asked()];
  await erase(owner, BODY, one, "asked-for");
  await erase(owner, BODY, other, "asked-for");
  await untilSigned(t.world);
  const key = parseVerifierKey(t.config.logKey);
  assert.equal(verifyCertificate(await owner.api.certificate(BODY, one.erasure), key).entry.erasure, one.erasure);
  const earlier = await said();
  const act = (erasure: string) => `act WHERE event = (SELECT event FROM erasure WHERE id = '${erasure}')`;
  const { rows } = await db.query(`SELECT event, person, signature FROM ${act(one.erasure)}`);
  // Whoever owns the tables takes their rules away, too.
  await db.query("ALTER TABLE act DROP CONSTRAINT act_signature_key");
  await db.query(`UPDATE act SET signature = (SELECT signature FROM ${act(other.erasure)}) WHERE event = $1`, [
    rows[0].event,
  ]);
  const broken = (text: string): number => text.match(/the signature does not hold/g)?.length ?? 0;
  assert.equal(broken(await said()), broken(earlier) + 1);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
  await db.query("DELETE FROM act WHERE event = $1", [rows[0].event]);
  assert.match(await said(), /nobody signed it/);
  await assert.rejects(owner.api.certificate(BODY, one.erasure), is("ACT_UNSIGNED"));
  await db.query("INSERT INTO act VALUES ($1, $2, $3)", [rows[0].event, rows[0].person, rows[0].signature]);
  await db.query("ALTER TABLE act ADD CONSTRAINT act_signature_key UNIQUE (signature)");
  assert.equal(await said(), earlier);
});

const asking = (persons: readonly string[]) =>
  ({
    inbox,
    persons,
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "They handle these cases.",
  }) as const;
const officer = (nth: number): string => t.person("case officer", nth).person;
const countRequests = async (): Promise<number> => (await db.query("SELECT FROM request")).rowCount ?? 0;

// Somebody has the cookie of the operator, or of a reader, and no key of theirs.
test("a stolen session asks for nobody, and neither declines nor takes back", async () => {
  const operator = await t.visit(t.person("operator at the host"));
  const at = `/api/bodies/${BODY}/requests`;
  const before = await countRequests();
  const sent: { path: string; content: Record<string, unknown> }[] = [];
  const keptBack: Visit = {
    ...operator,
    api: makeApi(async ({ method, path, body }) => {
      if (method !== "POST" || body === null) return operator.send({ method, path, body });
      sent.push({ path, content: JSON.parse(body) });
      return { status: 200, bytes: Buffer.from("{}") };
    }),
  };
  await askFor(keptBack, BODY, asking([officer(0)]));
  const { content } = sent[0]!;
  const act = content["act"] as { event: Record<string, unknown>; signature: string; bySalt: string };
  const { signingSecret } = keysOf(await t.visit(t.person("case officer", 1)));
  const { by: _by, role: _role, ...fields } = act.event;
  const actor = { person: operator.me.person, role: "operator", signingSecret } as const;
  const attempts: readonly [object, string][] = [
    [asking([officer(0)]), "BAD_REQUEST"],
    [{ ...content, act: { ...act, signature: toBase64(new Uint8Array(64)) } }, "ACT_UNSIGNED"],
    [{ ...content, act: draftSigned(actor, fields as never) }, "ACT_UNSIGNED"],
    [{ ...content, act: { ...act, event: { ...act.event, inbox: await t.inboxOf(t.forms.contact) } } }, "ACT_UNSIGNED"],
    [{ ...content, persons: [officer(1)] }, "ACT_MOVED"],
    [{ ...content, purposeText: "Because." }, "ACT_MOVED"],
  ];
  for (const [given, code] of attempts) await assert.rejects(operator.client.post(at, given), is(code), code);
  assert.equal(await countRequests(), before);

  const request = await askFor(operator, BODY, asking([officer(0)]));
  await assert.rejects(owner.client.post(`${at}/${request}/decline`, { reason: "No." }), is("BAD_REQUEST"));
  await assert.rejects(operator.client.post(`${at}/${request}/withdraw`, {}), is("BAD_REQUEST"));
  const taken = draftSigned(actor, { kind: "request.withdrawn", body: BODY, request, reason: "none" });
  await assert.rejects(operator.client.post(`${at}/${request}/withdraw`, { act: taken }), is("ACT_UNSIGNED"));
  const strangers = draftSigned(
    { ...actor, person: owner.me.person, role: "owner" },
    { kind: "request.declined", body: BODY, request, reason: "none" },
  );
  await assert.rejects(
    owner.client.post(`${at}/${request}/decline`, { act: strangers, reason: "No.", salt: new Uint8Array(32) }),
    is("BAD_REQUEST", "ACT_UNSIGNED"),
  );
  assert.equal((await owner.api.requests(BODY)).find((one) => one.request === request)?.state, "open");
  await withdraw(operator, BODY, request);
  assert.equal((await owner.api.requests(BODY)).find((one) => one.request === request)?.state, "withdrawn");
});

// With the cookie of somebody who tells the people affected, and without their key, nobody writes in the body's name,
// stops what is on its way, or says that somebody was told who was not.
test("a stolen session hands in, holds, posts, decides and notes nothing", async () => {
  const open = (): Promise<string> =>
    openIncident(owner, { kind: "incident.opened", what: "wrong-person", source: "none" }, { summary: "It is old." });
  const [incident, elsewhere] = [await open(), await open()];
  const at = `/api/bodies/${BODY}/incidents`;
  const { signingSecret } = keysOf(await t.visit(t.person("owner", 0, "eastvale")));
  const deputy = actorOf(await t.visit(t.person("deputy owner", 0, BODY)));
  const mine = actorOf(owner);
  const [person, delivery, call] = [newId(), newId(), newId()];
  const posted = [{ delivery, person }];
  const commitment = randomBytes(32);
  const sealed = await sealMessage(
    { delivery, to: "ada@people.example", subject: "letter", text: "Dear Ada." },
    (await newIdentity("hybrid")).recipient,
  );
  type Told = Exclude<PlainKind, `${"grant" | "request" | "erasure"}.${string}`>;
  const steps: readonly {
    readonly path: string;
    readonly says: Record<string, unknown> & { readonly kind: Told };
    readonly beside: object;
    /** the same act with something else beside it */
    readonly others: readonly object[];
    readonly end?: string;
  }[] = [
    {
      path: "messages/hand-in",
      says: { kind: "messages.handed-in", count: 1, template: "d".repeat(64), messages: handedInHash([commitment]) },
      beside: {
        start: newId(),
        messages: [{ delivery, person, bytes: sealed, salt: randomBytes(32), commitment: toHex(commitment) }],
      },
      others: [
        { messages: [{ delivery, person, bytes: sealed, salt: randomBytes(32), commitment: "c".repeat(64) }] },
        {
          messages: [delivery, newId()].map((one) => ({
            delivery: one,
            person,
            bytes: sealed,
            salt: randomBytes(32),
            commitment: toHex(commitment),
          })),
        },
      ],
      end: "MAILROOM_AWAY",
    },
    { path: "messages/hold", says: { kind: "messages.paused" }, beside: {}, others: [] },
    { path: "messages/resume", says: { kind: "messages.resumed" }, beside: {}, others: [] },
    {
      path: "messages/posted",
      says: { kind: "messages.posted", count: 1, messages: postedHash(posted) },
      beside: { posted },
      others: [
        { posted: [{ delivery, person: newId() }] },
        { posted: [{ delivery: newId(), person }] },
        { posted: [...posted, { delivery: newId(), person }] },
      ],
    },
    {
      path: `messages/${delivery}/decide`,
      says: { kind: "delivery.decided", delivery, decision: "returned" },
      beside: {},
      others: [],
    },
    {
      path: "calls",
      says: { kind: "call.made", outcome: "told", call: callHash({ call, person, document: null }) },
      beside: { call, person },
      others: [{ call: newId() }, { person: newId() }, { document: newId() }],
    },
  ];
  const rows = async (): Promise<unknown> => [
    (await db.query("SELECT id, state FROM delivery")).rows,
    (await db.query("SELECT id FROM call_note")).rows,
    (await db.query("SELECT paused FROM mailing")).rows,
  ];
  for (const { path, says, beside, others, end } of steps) {
    const fields = { ...says, body: BODY, incident } as never;
    const own = draftSigned<Told>(mine, fields);
    const before = await rows();
    const attempts: readonly [object, string][] = [
      [beside, "BAD_REQUEST"],
      [{ ...beside, act: { ...own, signature: new Uint8Array(64) } }, "ACT_UNSIGNED"],
      [{ ...beside, act: draftSigned<Told>({ ...mine, signingSecret }, fields) }, "ACT_UNSIGNED"],
      [{ ...beside, act: draftSigned<Told>(deputy, fields) }, "ACT_UNSIGNED"],
      [{ ...beside, act: { ...own, event: { ...own.event, role: "auditor" } } }, "ACT_UNSIGNED"],
      [{ ...beside, act: draftSigned<Told>(mine, { ...says, body: BODY, incident: elsewhere } as never) }, "ACT_MOVED"],
      ...others.map((one): [object, string] => [{ ...beside, ...one, act: own }, "ACT_MOVED"]),
    ];
    for (const [content, code] of attempts)
      await assert.rejects(owner.client.post(`${at}/${incident}/${path}`, content), is(code), `${path} ${code}`);
    assert.deepEqual(await rows(), before, path);
    const done = owner.client.post(`${at}/${incident}/${path}`, { ...beside, act: own });
    if (end) await assert.rejects(done, is(end), path);
    else await done;
  }
  const another = { delivery: newId(), person: newId() };
  await notePosted(owner, { body: BODY, incident }, [another]);
  const cancelled = draftSigned<"delivery.decided">(mine, {
    kind: "delivery.decided",
    body: BODY,
    incident,
    delivery,
    decision: "returned",
  });
  await assert.rejects(
    owner.client.post(`${at}/${incident}/messages/${another.delivery}/decide`, { act: cancelled }),
    is("ACT_MOVED"),
  );
  // Signed together, noted together: not the half that was not noted before.
  const both = [...posted, { delivery: newId(), person: newId() }];
  const halves = draftSigned<"messages.posted">(mine, {
    kind: "messages.posted",
    body: BODY,
    incident,
    count: 2,
    messages: postedHash(both),
  });
  await assert.rejects(
    owner.client.post(`${at}/${incident}/messages/posted`, { act: halves, posted: both }),
    is("ACT_MOVED"),
  );
  assert.equal((await owner.api.messages(BODY, incident)).deliveries.length, 2);
  // What was signed once counts once: an act of holding that was done is not sent again after somebody let it go on.
  const holding = draftSigned<"messages.paused">(mine, { kind: "messages.paused", body: BODY, incident });
  await owner.client.post(`${at}/${incident}/messages/hold`, { act: holding });
  await hold(owner, { body: BODY, incident }, false);
  await assert.rejects(owner.client.post(`${at}/${incident}/messages/hold`, { act: holding }), is("ACT_MOVED"));
  assert.equal((await owner.api.messages(BODY, incident)).paused, false);
  // By hand, as the staff process: not without an act, and a forged one is found.
  await assert.rejects(
    inTransaction(staff, async (client) => {
      const said = draftSigned<"messages.paused">(mine, { kind: "messages.paused", body: BODY, incident }).event;
      const entry = encodeEntry({ ...said, at: Date.now() }, randomBytes(32));
      await client.query("INSERT INTO event (at, kind, entry) VALUES ($1, 'messages.paused', $2)", [
        JSON.parse(Buffer.from(entry).toString()).at,
        entry,
      ]);
    }),
    /an event of this kind needs its signed act/,
  );
  const earlier = await said();
  await db.query(
    "UPDATE act SET signature = $1 WHERE event = (SELECT id FROM event WHERE kind = 'call.made' ORDER BY id DESC LIMIT 1)",
    [randomBytes(64)],
  );
  const broken = (text: string): number => text.match(/the signature does not hold/g)?.length ?? 0;
  assert.equal(broken(await said()), broken(earlier) + 1);
  // The owner of the tables writes the act of holding once more, with its true signature.
  assert.doesNotMatch(earlier, /stands beside another event/);
  await db.query("ALTER TABLE act DROP CONSTRAINT act_signature_key");
  const entry = encodeEntry({ ...holding.event, at: Date.now() }, randomBytes(32));
  await db.query(
    `WITH written AS (INSERT INTO event (at, kind, entry) VALUES ($1, 'messages.paused', $2) RETURNING id)
     INSERT INTO act SELECT written.id, $3, $4 FROM written`,
    [JSON.parse(Buffer.from(entry).toString()).at, entry, owner.me.person, holding.signature],
  );
  await db.query("NOTIFY pillarbox_event");
  assert.match(await said(), /its signature stands beside another event, too/);
  await db.query("DELETE FROM act WHERE event = (SELECT max(event) FROM act)");
  await db.query("ALTER TABLE act ADD CONSTRAINT act_signature_key UNIQUE (signature)");
});

// Between asking and confirming somebody puts other people, another form or a later end into the answer or the row.
test("a request exchanged between asking and granting lets nobody in, by answer or by row", async () => {
  const operator = await t.visit(t.person("operator at the host"));
  const request = await askFor(operator, BODY, asking([officer(0)]));
  await untilAsked(owner, BODY, request);
  const other = await t.inboxOf(t.forms.contact);
  /** The owner's own browser, and a server that answers otherwise. */
  const lied = (change: (row: Record<string, unknown>) => object): Visit => ({
    ...owner,
    api: makeApi(async (asked) => {
      const answer = await owner.send(asked);
      if (!asked.path.endsWith("/requests")) return answer;
      const { requests } = JSON.parse(Buffer.from(answer.bytes).toString()) as {
        requests: Record<string, unknown>[];
      };
      const told = requests.map((row) => (row["request"] === request ? { ...row, ...change(row) } : row));
      return { ...answer, bytes: Buffer.from(JSON.stringify({ requests: told })) };
    }),
  });
  const altered = (row: Record<string, unknown>, over: object): object => ({
    act: { ...(row["act"] as object), ...over },
  });
  const lies: readonly [string, (row: Record<string, unknown>) => object, string?][] = [
    ["other people", () => ({ persons: [officer(1)] })],
    ["more people", () => ({ persons: [officer(0), officer(1)] })],
    ["another form", () => ({ inbox: other })],
    ["a later end", (row) => ({ until: Number(row["until"]) + 1 })],
    ["another scope", () => ({ scope: "from-now" })],
    ["another purpose", () => ({ purpose: "audit" })],
    ["other words", () => ({ purposeText: "For the archive." })],
    ["another asker", (row) => ({ asker: { ...(row["asker"] as object), person: officer(2) } })],
    ["no proof", (row) => altered(row, { proof: null }), "LOG_NOT_SIGNED"],
    ["another signature", (row) => altered(row, { signature: toBase64(new Uint8Array(64)) })],
  ];
  for (const [what, change, code = "REQUEST_ALTERED"] of lies)
    await assert.rejects(confirm(lied(change), BODY, request), is(code), what);

  // By row; and past the owner's browser, the server itself.
  const changed = async (persons: readonly string[]): Promise<void> => {
    await db.query("UPDATE request SET persons = $2 WHERE id = $1", [request, persons]);
  };
  await changed([officer(1)]);
  await assert.rejects(confirm(owner, BODY, request), is("REQUEST_ALTERED"));
  assert.match(await said(), new RegExp(`the row of request ${request} says something else`));
  const state = await stateOf(owner, BODY);
  const row = (await owner.api.requests(BODY)).find((one) => one.request === request)!;
  const wanted = {
    ...row,
    asker: row.asker.person,
    purpose: row.purpose as "case-handling",
    purposeCommitment: textCommitment(row.purposeSalt, row.purposeText),
  };
  // Without the asker's key the statement itself holds no other people; with it, the server compares with the log.
  const given = async (asked: SignedAsk): ReturnType<typeof draftGrant> =>
    draftGrant(
      state,
      keysOf(owner),
      { ...wanted, ...asked },
      {
        people: confirmedOf(state, await owner.api.people(BODY), [officer(1)]),
        keys: await inboxKeys(owner, state, inbox),
        remaining: [],
        counted: 0,
        now: Date.now(),
        kind: "hybrid",
      },
    );
  await assert.rejects(given(heldBy(row, t.config.operators)), is("CHAIN_BROKEN"));
  const both = await given(signedAsk(wanted, { ...keysOf(operator), role: "operator" }));
  await assert.rejects(postDraft(owner, BODY, both, request), is("REQUEST_ALTERED"));
  await changed([officer(0)]);
  // The asker's own signature holds over it: time and nonce are the log's, and nobody signs them. It is not what the log has.
  const { asked, ...held } = heldBy(row, t.config.operators);
  const dated = canonicalBytes({ ...(parseCanonical(asked) as object), at: 1 });
  const again = await draftGrant(
    state,
    keysOf(owner),
    { ...wanted, ...held, asked: dated },
    {
      people: confirmedOf(state, await owner.api.people(BODY), [officer(0)]),
      keys: await inboxKeys(owner, state, inbox),
      remaining: [],
      counted: 0,
      now: Date.now(),
      kind: "hybrid",
    },
  );
  await assert.rejects(postDraft(owner, BODY, again, request), is("REQUEST_ALTERED"));

  // A row that nobody asked for, beside the event of another.
  const invented = newId();
  await staff.query(
    "INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt, persons_salt, event) SELECT $2, body, inbox, asker, ARRAY[$3], scope, until, purpose, purpose_text, purpose_salt, persons_salt, event + 1000000 FROM request WHERE id = $1",
    [request, invented, officer(1)],
  );
  await assert.rejects(confirm(owner, BODY, invented), is("LOG_NOT_SIGNED", "REQUEST_ALTERED"));
  assert.match(await said(), new RegExp(`no event speaks of the request ${invented}`));
  await db.query("DELETE FROM request WHERE id = $1", [invented]);

  await db.query("UPDATE request SET state = 'declined' WHERE id = $1", [request]);
  assert.match(await said(), new RegExp(`the request ${request} is declined, and its events say open`));
  await db.query("UPDATE request SET state = 'open' WHERE id = $1", [request]);
  await confirm(owner, BODY, request);
  // After the grant, too, it shows that other people were asked for.
  await changed([officer(1)]);
  assert.match(await said(), /says something else/);
  await changed([officer(0)]);
});

// A row says "operator", with a passphrase of the attacker's own.
test("a row that says operator makes nobody one, and is found", async () => {
  const person = newId();
  const signIn = randomBytes(32);
  await db.query(
    "INSERT INTO account (id, role, name, email, state) VALUES ($1, 'operator', 'Otto', 'otto@evil.example', 'confirmed')",
    [person],
  );
  await db.query(
    "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES ($1, $2, 'passphrase', 'x', 1, $3, $3, 'age-encryption.org/v1 x')",
    [newId(), person, signInHash(signIn)],
  );
  const { send, cookie } = sessionAt(t.config.staffOrigin);
  const client = rawClient({ send, cookie });
  await assert.rejects(makeApi(send).signIn("otto@evil.example", signIn), is("SIGN_IN_REFUSED"));
  for (const path of ["/api/bodies", `/api/bodies/${BODY}/people`, "/api/me"])
    await assert.rejects(client.get(path), is("NOT_SIGNED_IN"), path);
  // Nor with a session that was written by hand, too.
  const token = randomBytes(32);
  await db.query("INSERT INTO session (token_hash, account, expires_at) VALUES ($1, $2, now() + interval '1 hour')", [
    sha256(token),
    person,
  ]);
  for (const path of ["/api/bodies", `/api/bodies/${BODY}/people`]) {
    const answer = await fetch(t.config.staffOrigin + path, {
      headers: { cookie: `pillarbox-staff=${Buffer.from(token).toString("hex")}` },
    });
    assert.equal(answer.status, 401, path);
  }
  assert.match(await said(), new RegExp(`a row calls ${person} an operator, and the configuration does not`));
  const inspector = openPool(t.world.databaseUrl("pb_inspect"), 1);
  try {
    assert.ok((await operatorsStored(inspector)).includes(person));
  } finally {
    await inspector.end();
  }
  await db.query("DELETE FROM session WHERE account = $1", [person]);
  await db.query("UPDATE account SET state = 'closed' WHERE id = $1", [person]);
  await db.query("DELETE FROM unlocker WHERE account = $1", [person]);
  await db.query("DELETE FROM account WHERE id = $1", [person]);
});
