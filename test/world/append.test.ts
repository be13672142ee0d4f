/**
 * An owner's own acts over HTTP, each a little other than it should be: the server takes what was asked, signed and
 * stored, and nothing else.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { askFor } from "../../src/member/flows/asking.ts";
import { confirm, end, untilAsked } from "../../demo/by-id.ts";
import { closeForm, openForm } from "../../src/member/flows/forms.ts";
import { confirmPeople, inviteByHand, newcomer, personAct } from "../../src/member/flows/joining.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import { heldBy, confirmedOf, inboxKeys, keysOf, postDraft } from "../support/by-hand.ts";
import { untilThere } from "../support/in-time.ts";
import { signedAsk } from "../support/signed-ask.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import { fromHex } from "../../src/domain/bytes.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { formHash, formOf, type Form } from "../../src/domain/form/form.ts";
import { appendStatement } from "../../src/domain/grant/chain.ts";
import {
  draftEnd,
  draftForm,
  draftGrant,
  draftInbox,
  draftPerson,
  type Draft,
  type GrantAsked,
  type NewPerson,
} from "../../src/domain/grant/drafts.ts";
import { readersNow } from "../../src/domain/grant/readers.ts";
import { currentEpoch, type BodyState } from "../../src/domain/grant/state.ts";
import { textCommitment } from "../../src/domain/person/details.ts";
import { passphraseKeys } from "../../src/domain/person/passphrase.ts";
import { newPersonKeys } from "../../src/domain/person/keys.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { encodeSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { BODY, is, letterTo, staffedWorld, YEAR, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let db: pg.Client;
let owner: Visit;
let deputy: Visit;
let inbox: string;

before(async () => {
  t = await staffedWorld({
    limits: { submissionsPerMinute: 1_000_000, signInsPerMinute: 1000, requestsPerMinute: 1_000_000 },
  });
  db = await t.attacker();
  [owner, deputy] = [await t.visit(t.person("owner", 0, BODY)), await t.visit(t.person("deputy owner", 0, BODY))];
  inbox = await t.inboxOf(t.forms.complaint);
});
after(async () => {
  await db?.end();
  await t?.stop();
});

const here = () => stateOf(owner, BODY);
const bare = (statements: Draft["statements"]): Draft => ({ statements, wraps: [], recipients: [] });
const official = (nth: number) => t.person("case officer", nth);

/** The act is refused with the code, and neither a statement nor a key was stored. */
async function refusedAct(what: string, draft: Draft, code: string, request?: string): Promise<void> {
  const rows = async () =>
    (
      await db.query(
        "SELECT (SELECT count(*) FROM statement) AS statements, (SELECT count(*) FROM wrap) AS wraps, (SELECT count(*) FROM epoch_key) AS keys, (SELECT count(*) FROM event WHERE kind NOT IN ('session.started')) AS events",
      )
    ).rows;
  const before = await rows();
  await assert.rejects(postDraft(owner, BODY, draft, request), is(code), what);
  assert.deepEqual(await rows(), before, `${what}: nothing was stored`);
}

const holders = async (state: BodyState, people: readonly string[]) =>
  confirmedOf(state, await owner.api.people(BODY), people);
const owners = (): string[] => [owner.me.person, deputy.me.person];

async function spareInbox(kind: "hybrid" | "x25519" = "hybrid", now = Date.now()) {
  const state = await here();
  return draftInbox(state, keysOf(owner), await holders(state, owners()), kind, now);
}

test("an act whose clock is far from the server's is refused", async () => {
  const minutes = 60_000;
  await refusedAct(
    "a quarter of an hour ahead",
    await spareInbox("hybrid", Date.now() + 16 * minutes),
    "STATEMENT_INVALID",
  );
  await refusedAct("a year ahead", await spareInbox("hybrid", Date.now() + YEAR), "STATEMENT_INVALID");
  await postDraft(owner, BODY, await spareInbox("hybrid", Date.now() + 2000));
});

test("wrapped keys and recipients are exactly those that were signed", async () => {
  const draft = await spareInbox();
  const [first, second] = draft.wraps;
  const stray = (await newIdentity("hybrid")).recipient;
  await refusedAct("one is missing", { ...draft, wraps: [first!] }, "WRAP_MISMATCH");
  await refusedAct("none at all", { ...draft, wraps: [] }, "WRAP_MISMATCH");
  await refusedAct(
    "one too many",
    { ...draft, wraps: [first!, second!, { ...first!, person: official(0).person }] },
    "WRAP_MISMATCH",
  );
  await refusedAct("one twice, beside all others", { ...draft, wraps: [first!, second!, first!] }, "WRAP_MISMATCH");
  await refusedAct("one twice in place of the other", { ...draft, wraps: [first!, first!] }, "WRAP_MISMATCH");
  await refusedAct(
    "another's bytes",
    { ...draft, wraps: [first!, { ...second!, wrap: first!.wrap }] },
    "WRAP_MISMATCH",
  );
  await refusedAct(
    "for somebody else",
    { ...draft, wraps: [first!, { ...second!, person: official(0).person }] },
    "WRAP_MISMATCH",
  );
  await refusedAct("for another epoch", { ...draft, wraps: [first!, { ...second!, epoch: 2 }] }, "WRAP_MISMATCH");
  await refusedAct("for another inbox", { ...draft, wraps: [first!, { ...second!, inbox }] }, "WRAP_MISMATCH");
  await refusedAct("no recipient", { ...draft, recipients: [] }, "WRAP_MISMATCH");
  await refusedAct(
    "a recipient too many",
    { ...draft, recipients: [...draft.recipients, { inbox, epoch: 9, recipient: stray }] },
    "WRAP_MISMATCH",
  );
  await refusedAct(
    "another recipient",
    { ...draft, recipients: [{ ...draft.recipients[0]!, recipient: stray }] },
    "RECIPIENT_MISMATCH",
  );
  await refusedAct(
    "a recipient of another inbox",
    { ...draft, recipients: [{ ...draft.recipients[0]!, inbox }] },
    "RECIPIENT_MISMATCH",
  );
  await refusedAct("the weaker kind, signed as such", await spareInbox("x25519"), "RECIPIENT_MISMATCH");
  await postDraft(owner, BODY, draft);
});

test("a person is confirmed only as they joined: name, address, role and both keys", async () => {
  const one = { name: "Wren Alderton", email: "wren.alderton@opj.harrowmere.example", role: "reader" } as const;
  const passphrase = passphraseKeys(randomBytes(32));
  const wren = await newcomer(directHands(passphrase.unlock), passphrase.signIn, "hybrid");
  const stranger = makeApi(sessionAt(t.config.staffOrigin).send);
  await stranger.join(await inviteByHand(owner, BODY, one), wren);
  const honest = personAct(wren, one);
  const stray = await newPersonKeys(newId(), "hybrid");
  const cases: [what: string, act: NewPerson][] = [
    ["another name", personAct(wren, { ...one, name: "Wren Aldertom" })],
    ["another address", personAct(wren, { ...one, email: "wren@evil.example" })],
    ["another role", personAct(wren, { ...one, role: "owner" })],
    ["another key to seal to", { ...honest, recipientHash: recipientHash(stray.recipient) }],
    ["another key to sign with", { ...honest, signingKey: stray.signingKey }],
  ];
  for (const [what, act] of cases)
    await refusedAct(what, draftPerson(await here(), keysOf(owner), act, Date.now()), "PERSON_MISMATCH");
  await refusedAct(
    "nobody who joined",
    draftPerson(await here(), keysOf(owner), { ...honest, person: newId() }, Date.now()),
    "PERSON_UNKNOWN",
  );
  await refusedAct(
    "somebody of another body",
    draftPerson(
      await here(),
      keysOf(owner),
      { ...honest, person: t.person("owner", 0, "eastvale").person },
      Date.now(),
    ),
    "PERSON_UNKNOWN",
  );
  const { rows } = await db.query("SELECT state FROM account WHERE id = $1", [wren.person]);
  assert.deepEqual(rows, [{ state: "waiting" }]);
  await confirmPeople(owner, BODY, [honest]);
  assert.ok((await here()).persons.has(wren.person));
});

test("what is confirmed is what was asked: people, inbox, scope, end, purpose and its words", async () => {
  const operator = await t.visit(t.person("operator at the host"));
  const contact = await t.inboxOf(t.forms.contact);
  const request = await askFor(operator, BODY, {
    inbox,
    persons: [official(0).person, official(1).person],
    scope: "all",
    until: Date.now() + YEAR,
    purpose: "case-handling",
    purposeText: "They handle these cases.",
  });
  await untilAsked(owner, BODY, request);
  const row = (await owner.api.requests(BODY)).find((one) => one.request === request)!;
  const asked: GrantAsked = {
    inbox,
    request,
    asker: row.asker.person,
    scope: row.scope,
    until: row.until,
    purpose: "case-handling",
    purposeCommitment: textCommitment(row.purposeSalt, row.purposeText),
    ...heldBy(row, t.config.operators),
  };
  const reader = await t.visit(official(2));
  const granting = async (
    over: Partial<GrantAsked> = {},
    people = [official(0), official(1)],
    from?: BodyState,
  ): Promise<Draft> => {
    const state = from ?? (await here());
    // Whoever changes what was asked has it signed anew, by the same person: so that only the server is left to refuse.
    const other = Object.keys(over).length > 0 || people.length !== 2 || people[1] !== official(1);
    const plain = { ...asked, ...over };
    const by = plain.asker === asked.asker ? operator : reader;
    const persons = people.map((one) => one.person);
    const what = { ...plain, ...(other && signedAsk({ ...plain, persons }, { ...keysOf(by), role: by.me.role })) };
    return draftGrant(state, keysOf(owner), what, {
      people: await holders(
        state,
        people.map((one) => one.person),
      ),
      keys: await inboxKeys(owner, state, what.inbox),
      remaining: await holders(state, owners()),
      counted: 0,
      now: Date.now(),
      kind: "hybrid",
    });
  };
  const no = "STATEMENT_INVALID";
  await refusedAct("fewer people", await granting({}, [official(0)]), no, request);
  await refusedAct("more people", await granting({}, [official(0), official(1), official(2)]), no, request);
  await refusedAct("other people", await granting({}, [official(0), official(2)]), no, request);
  await refusedAct("another inbox", await granting({ inbox: contact }), no, request);
  await refusedAct("another scope", await granting({ scope: "from-now" }), no, request);
  await refusedAct("a later end", await granting({ until: row.until + 1 }), no, request);
  await refusedAct("another purpose", await granting({ purpose: "audit" }), no, request);
  await refusedAct(
    "other words",
    await granting({ purposeCommitment: textCommitment(row.purposeSalt, "They read whatever they like.") }),
    no,
    request,
  );
  await refusedAct("another asker", await granting({ asker: official(2).person }), no, request);
  await refusedAct("another request's number", await granting({ request: newId() }), no, request);
  const honest = await granting();
  const beside = await granting(
    { request: newId() },
    [official(2)],
    honest.statements.reduce(appendStatement, await here()),
  );
  await refusedAct(
    "a second grant beside the one asked for",
    {
      statements: [...honest.statements, ...beside.statements],
      wraps: [...honest.wraps, ...beside.wraps],
      recipients: [],
    },
    no,
    request,
  );
  await refusedAct("another act altogether", await spareInbox(), no, request);
  await refusedAct("a request that nobody made", await granting({ request: newId() }), "REQUEST_UNKNOWN", newId());
  await refusedAct("a grant for which no request is named", await granting(), "REQUEST_UNKNOWN");
  assert.equal((await owner.api.requests(BODY)).find((one) => one.request === request)!.state, "open");
  await confirm(owner, BODY, request);
  assert.equal((await owner.api.requests(BODY)).find((one) => one.request === request)!.state, "confirmed");
});

// An end without a new key for that inbox is refused; with it, the leaver's session ends at once and nobody else's.
test("an end without a new key is refused; with it, only the leaver's session ends at once", async () => {
  const officer = official(3);
  const grant = await t.grant(t.forms.complaint, [officer]);
  const state = await here();
  const remaining = await holders(
    state,
    readersNow(state, inbox, Date.now())
      .map((one) => one.person)
      .filter((one) => one !== officer.person),
  );
  const draft = await draftEnd(state, keysOf(owner), {
    grant,
    person: officer.person,
    reason: "left",
    remaining,
    now: Date.now(),
    kind: "hybrid",
  });
  await refusedAct("the end alone", bare([draft.statements[0]!]), "STATEMENT_INVALID");
  const [leaver, colleague] = [await t.visit(officer), await t.visit(official(1))];
  await leaver.client.get("/api/me");
  await end(owner, BODY, { grant, person: officer.person, reason: "left" });
  await assert.rejects(leaver.client.get("/api/me"), is("NOT_SIGNED_IN"));
  await colleague.client.get("/api/me");
});

const eastvaleContact = (body: string, id = "eastvale-contact"): Form =>
  formOf({ ...JSON.parse(canonicalJson(t.forms.contact)), id, body });

test("a form is published as it was stored, by the body it is of", async () => {
  const state = await here();
  const complaint = state.forms.get(t.forms.complaint.id)!;
  const used = new Set([...state.forms.values()].map((one) => one.inbox));
  const spare = [...state.inboxes.keys()].find((one) => !used.has(one))!;
  const publish = (over: Partial<Parameters<typeof draftForm>[2]>): Draft =>
    draftForm(
      state,
      keysOf(owner),
      {
        form: complaint.form,
        formHash: complaint.formHash,
        inbox: complaint.inbox,
        state: "open",
        browserOnly: complaint.browserOnly,
        ...over,
      },
      Date.now(),
    );
  await refusedAct("under another name", publish({ form: "another-name", inbox: spare }), "STATEMENT_INVALID");
  await refusedAct(
    "the contact form's bytes",
    publish({ formHash: state.forms.get(t.forms.contact.id)!.formHash }),
    "STATEMENT_INVALID",
  );
  await refusedAct(
    "another word on who may send",
    publish({ browserOnly: !complaint.browserOnly }),
    "STATEMENT_INVALID",
  );
  await refusedAct("bytes that nobody stored", publish({ formHash: randomBytes(32) }), "FORM_UNKNOWN");
  const theirs = eastvaleContact("eastvale", "eastvale-only");
  await (await t.visit(t.person("owner", 0, "eastvale"))).api.addForm(theirs.body, theirs);
  await refusedAct(
    "bytes of another body",
    publish({ form: theirs.id, inbox: spare, formHash: fromHex(formHash(theirs)) }),
    "FORM_UNKNOWN",
  );
  // Nor when the row beside the bytes was changed by hand: the bytes say whose form it is.
  await db.query("UPDATE form_version SET body = $2 WHERE form = $1", [theirs.id, BODY]);
  await refusedAct(
    "bytes of another body, in a row of this one",
    publish({ form: theirs.id, inbox: spare, formHash: fromHex(formHash(theirs)) }),
    "STATEMENT_INVALID",
  );
});

// One body cannot sit down at another's address, although it stored a form of that name first.
test("one body cannot sit down at another's address, even with a form of that name", async () => {
  const ours = eastvaleContact(BODY);
  const theirs = eastvaleContact("eastvale");
  const eastvale = await t.visit(t.person("owner", 0, "eastvale"));
  await owner.api.addForm(ours.body, ours);
  await eastvale.api.addForm(theirs.body, theirs);
  await openForm(eastvale, theirs);
  const served = async () =>
    ((await (await fetch(`${t.config.publicOrigin}/forms/${theirs.id}/definition`)).json()) as Form).body;
  assert.equal(await served(), "eastvale");
  for (const state of ["open", "closed"] as const) {
    const at = await here();
    const used = new Set([...at.forms.values()].map((one) => one.inbox));
    const spare = [...at.inboxes.keys()].find((one) => !used.has(one))!;
    await refusedAct(
      state,
      draftForm(
        at,
        keysOf(owner),
        { form: ours.id, formHash: fromHex(formHash(ours)), inbox: spare, state, browserOnly: false },
        Date.now(),
      ),
      "FORM_NAME_TAKEN",
    );
  }
  await assert.rejects(openForm(owner, ours), is("FORM_NAME_TAKEN"));
  await assert.rejects(
    owner.api.addForm(
      formOf({ ...JSON.parse(canonicalJson(ours)), title: "Write to us" }).body,
      formOf({ ...JSON.parse(canonicalJson(ours)), title: "Write to us" }),
    ),
    is("FORM_NAME_TAKEN"),
  );
  assert.equal(await served(), "eastvale");
  assert.equal((await fetch(`${t.config.publicOrigin}/forms/${theirs.id}`)).status, 200);
});

test("a body whose record lacks a page cannot open a form, and can still close one", async () => {
  const { rows } = await db.query<{ record: object }>("SELECT record FROM body WHERE id = $1", [BODY]);
  const set = (record: object) => db.query("UPDATE body SET record = $2 WHERE id = $1", [BODY, JSON.stringify(record)]);
  const publish = async (state: "open" | "closed"): Promise<Draft> => {
    const at = await here();
    const { form, formHash: hash, inbox: of, browserOnly } = at.forms.get(t.forms.contact.id)!;
    return draftForm(at, keysOf(owner), { form, formHash: hash, inbox: of, state, browserOnly }, Date.now());
  };
  try {
    for (const page of ["privacy", "accessibility", "contact"]) {
      await set(Object.fromEntries(Object.entries(rows[0]!.record).filter(([name]) => name !== page)));
      await refusedAct(page, await publish("open"), "BODY_INCOMPLETE");
    }
    await postDraft(owner, BODY, await publish("closed"));
  } finally {
    await set(rows[0]!.record);
  }
  await postDraft(owner, BODY, await publish("open"));
});

test("of two acts at once one is taken and one is told to look again; neither is lost", async () => {
  const state = await here();
  const people = await holders(state, owners());
  const acts = await Promise.all(
    [owner, deputy].map(async (visit) => ({
      visit,
      draft: await draftInbox(state, keysOf(visit), people, "hybrid", Date.now()),
    })),
  );
  const outcomes = await Promise.allSettled(acts.map(({ visit, draft }) => postDraft(visit, BODY, draft)));
  const taken = outcomes.findIndex((one) => one.status === "fulfilled");
  const lost = outcomes[1 - taken]!;
  assert.ok(taken >= 0 && lost.status === "rejected" && is("CHAIN_MOVED")(lost.reason));
  const between = await here();
  assert.equal(between.head.seq, state.head.seq + 1);
  assert.ok(between.inboxes.has(acts[taken]!.draft.inbox) && !between.inboxes.has(acts[1 - taken]!.draft.inbox));
  await postDraft(
    acts[1 - taken]!.visit,
    BODY,
    await draftInbox(between, keysOf(acts[1 - taken]!.visit), people, "hybrid", Date.now()),
  );
  assert.equal((await here()).inboxes.size, state.inboxes.size + 2);
});

/** Whether an act comes to wait for the lock of its body's statements; false when it settled without. */
async function waitsForTheChain(act: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const done = () => void (settled = true);
  act.then(done, done);
  for (;;) {
    if (
      (await db.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7212 AND NOT granted")).rowCount
    )
      return true;
    if (settled) return false;
  }
}

// An act waits for letters that are being stored, and letters for an act: none slips in between.
test("an act waits for letters that are being stored, and letters for an act", async () => {
  const draft = await spareInbox();
  const letter = await t.seal(t.forms.complaint, letterTo("complaint"));
  const cases: [held: string, act: () => Promise<unknown>][] = [
    ["SELECT pg_advisory_xact_lock_shared(7212, hashtext($1))", () => postDraft(owner, BODY, draft)],
    ["SELECT pg_advisory_xact_lock(7212, hashtext($1))", async () => assert.equal((await send(letter)).status, 201)],
  ];
  for (const [held, begin] of cases) {
    await db.query("BEGIN");
    await db.query(held, [BODY]);
    const act = begin();
    const waited = await waitsForTheChain(act).finally(() => db.query("ROLLBACK"));
    await act;
    assert.ok(waited, held);
  }
});

type Sent = { readonly status: number; readonly text: string; readonly code: string | undefined };

async function send(sealed: SealedSubmission): Promise<Sent> {
  const answer = await fetch(`${t.config.publicOrigin}/submissions`, {
    method: "POST",
    headers: { "content-type": SUBMISSION_TYPE },
    body: encodeSubmission(sealed) as BodyInit,
  });
  const text = await answer.text();
  return { status: answer.status, text, code: (JSON.parse(text) as { code?: string }).code };
}

// Once an end has returned, no letter sealed to the old key is taken, however many are on their way; what was taken is
// answered again.
test("once an end has returned, no letter sealed to the old key is taken", async () => {
  const grant = await t.grant(t.forms.complaint, [official(2)]);
  const sealed = await t.seal(t.forms.complaint, letterTo("complaint"));
  const first = await send(sealed);
  assert.equal(first.status, 201);
  const count = async () =>
    Number(
      (await db.query("SELECT count(*) FROM submission WHERE inbox = $1 AND epoch = $2", [inbox, sealed.epoch])).rows[0]
        .count,
    );
  const earlier = await count();

  let over = false;
  const sent: Sent[] = [];
  const late: Sent[] = [];
  const writers = Array.from({ length: 12 }, async () => {
    while (!over) sent.push(await send({ ...sealed, submission: newId() }));
    late.push(await send({ ...sealed, submission: newId() }));
  });
  await untilThere(async () => sent.some(({ status }) => status === 201), "a letter that came in time");
  await end(owner, BODY, { grant, person: official(2).person, reason: "left" });
  const atEnd = await count();
  over = true;
  await Promise.all(writers);
  assert.equal(await count(), atEnd, "not one more under the old key");
  assert.equal(
    sent.filter((one) => one.status === 201).length,
    atEnd - earlier,
    "every letter that was answered is there, and no other",
  );
  assert.ok(atEnd > earlier, "some came in time");
  assert.deepEqual(
    [...new Set([...sent.filter((one) => one.status !== 201), ...late].map((one) => one.code))],
    ["EPOCH_ENDED"],
  );
  assert.equal(late.length, writers.length);
  assert.equal(currentEpoch((await here()).inboxes.get(inbox)!).epoch, sealed.epoch + 1);

  // Somebody whose answer was lost asks again, whatever has changed since, and is told the same.
  assert.deepEqual(await send(sealed), first);
  assert.equal(await closeForm(owner, BODY, t.forms.complaint.id), true);
  assert.deepEqual(await send(sealed), first);
  assert.equal((await send({ ...sealed, submission: newId() })).code, "FORM_CLOSED");
  assert.notEqual((await send({ ...sealed, slip: sealed.letter })).status, 201, "other bytes under its number");
  await openForm(owner, t.forms.complaint);
  assert.equal(await count(), atEnd);
});

test("an address that cannot be is refused with a code and the usual headers, and never quoted", async () => {
  const session = await fetch(`${t.config.staffOrigin}/api/session`, {
    method: "POST",
    headers: { origin: t.config.staffOrigin, "content-type": "application/json" },
    body: JSON.stringify({
      account: t.person("owner", 0, BODY).email,
      signIn: Buffer.from(t.person("owner", 0, BODY).unlocked.signIn).toString("base64"),
    }),
  });
  const cookie = session.headers.getSetCookie()[0]!.split(";")[0]!;
  const cases: [address: string, quoted: RegExp][] = [
    ...["/bodies/%00/record", "/bodies/%00/privacy", "/bodies/%00/contact", "/%zz", "/forms/%ff", "/forms/%ff/key"].map(
      (path): [string, RegExp] => [t.config.publicOrigin + path, /%|zz|\u0000/],
    ),
    ...["/api/bodies/%00/people", "/api/bodies/%00/chain", "/%zz", "/api/bodies/%ff/people"].map(
      (path): [string, RegExp] => [t.config.staffOrigin + path, /%|zz|\u0000/],
    ),
    ...["constructor", "__proto__", "toString"].map((kind): [string, RegExp] => [
      `${t.config.staffOrigin}/api/bodies/${BODY}/log?kind=${kind}`,
      /constructor|__proto__|toString/,
    ]),
  ];
  for (const [address, quoted] of cases) {
    const answer = await fetch(address, { headers: { cookie } });
    const text = await answer.text();
    assert.equal(answer.status, 400, address);
    assert.equal((JSON.parse(text) as { code: string }).code, "BAD_REQUEST", address);
    assert.deepEqual(Object.keys(JSON.parse(text) as object).sort(), ["code", "sentence"], address);
    assert.doesNotMatch(text, quoted, address);
    assert.equal(answer.headers.get("cache-control"), "no-store", address);
    assert.match(answer.headers.get("x-robots-tag") ?? "", /noindex/, address);
    assert.match(
      answer.headers.get("content-security-policy") ?? "",
      /default-src 'none'.*frame-ancestors 'none'/,
      address,
    );
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", address);
  }
  for (const kind of ["access", "reading"])
    assert.equal(
      (await fetch(`${t.config.staffOrigin}/api/bodies/${BODY}/log?kind=${kind}`, { headers: { cookie } })).status,
      200,
    );
});

test("the worker that holds keys may connect to nobody, and the public is not served it", async () => {
  const names = JSON.parse(await readFile(pathOf(t.world.config.dist, "manifest.json"), "utf8")) as {
    [name: string]: string;
  };
  const worker = names["staff-worker.js"]!;
  const answer = await fetch(t.config.staffOrigin + worker);
  assert.equal(answer.status, 200);
  const directives = (answer.headers.get("content-security-policy") ?? "").split(";").map((one) => one.trim());
  assert.ok(directives.includes("default-src 'none'"));
  assert.deepEqual(
    directives.filter((one) => /^(?:connect|script|worker|child|img|frame)-src/.test(one)),
    [],
  );
  assert.equal((await fetch(t.config.publicOrigin + worker)).status, 404);
});
