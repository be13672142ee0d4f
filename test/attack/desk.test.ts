/**
 * What is done about a letter: giving it to somebody, notes, closing, opening it again. The attacker is a session
 * without its keys; whoever may not read; a server that hides, exchanges, doubles or moves acts; and whoever writes
 * rows, as a login or as the owner of the tables.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { end, handle, inboxIn, list, open, reply } from "../../demo/by-id.ts";
import { formKey } from "../../demo/writing/send.ts";
import { sha256, toBase64, toHex } from "../../src/domain/bytes.ts";
import { caseOf } from "../../src/domain/case/fold.ts";
import { sealNote } from "../../src/domain/case/note.ts";
import { draftSigned, type SignedEvent } from "../../src/domain/log/act.ts";
import { personCommitment } from "../../src/domain/log/commit.ts";
import { encodeBundle, parseBundle } from "../../src/domain/log/bundle.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { newSalt } from "../../src/domain/person/details.ts";
import type { SentAct, Status } from "../../src/domain/receipt/status.ts";
import type { ToldCase } from "../../src/domain/receipt/told.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { erase } from "../../src/member/flows/erasing.ts";
import { readLog } from "../../src/member/flows/entries.ts";
import { openLetter, openList } from "../../src/member/flows/reading.ts";
import { stateOf } from "../../src/member/flows/world.ts";
import type { Letter, Stand, To, Wish } from "../../src/member/hands/tasks.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { keysOf } from "../support/by-hand.ts";
import { liedTo } from "../support/lying.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";
import { MANY, readIn, statusIn, verifiedIn, writtenIn, type Written } from "../support/writers.ts";
import { tablesWith } from "../support/traces.ts";

let t: StaffedWorld;
let db: pg.Client;
let staff: Pool;
let publicly: Pool;
let officer: Visit;
let colleague: Visit;
let inbox: string;
let grant: string;

before(async () => {
  t = await staffedWorld({ limits: MANY });
  db = await t.attacker();
  staff = openPool(t.world.databaseUrl("pb_staff"), 1);
  publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  inbox = await t.inboxOf(t.forms.complaint);
  const people = [0, 1, 2].map((nth) => t.person("case officer", nth));
  grant = await t.grant(t.forms.complaint, people);
  officer = await t.visit(people[0]!);
  colleague = await t.visit(people[1]!);
});
after(async () => {
  await staff?.end();
  await publicly?.end();
  await db?.end();
  await t?.stop();
});

const written = (): Promise<Written> => writtenIn(t);

/** One act behind the other, each in the log before the next. */
async function does(visit: Visit, { submission }: Written, ...wishes: readonly Wish[]): Promise<void> {
  for (const wish of wishes) {
    await open(visit, BODY, inbox, submission);
    await handle(visit, BODY, inbox, submission, wish);
    await untilSigned(t.world);
  }
}
const NOTE = { kind: "case.noted", text: "She rang. fernglass" } as const satisfies Wish;
const CLOSE = { kind: "case.closed", outcome: "partly" } as const satisfies Wish;
const REOPEN = { kind: "case.reopened" } as const satisfies Wish;
const give = (to: Visit): Wish => ({ kind: "case.assigned", to: to.me.person });

const kindsIn = ({ thread }: Letter): readonly string[] | string =>
  thread.ok ? thread.acts.map(({ kind }) => kind.replace("case.", "")) : thread.code;
const standIn = async (visit: Visit, { submission }: Written): Promise<Stand | null | undefined> =>
  (await list(visit, BODY, inbox)).find((row) => row.submission === submission)?.stand;

const statusOf = (letter: Written): Promise<Status> => statusIn(t, letter);

const readBy = (letter: Written, status: Status): Promise<ToldCase> => readIn(t, letter, status);

const verify = (): Promise<Report> => verifiedIn(t);
const found = async (): Promise<string> => (await verify()).findings.map(({ what }) => what).join("\n");

type Act = SignedEvent<Wish["kind"]>;
type Content = { readonly act: Act; readonly bytes: Uint8Array | null; readonly to: To | null };

/** An act by whoever's key is given, behind what the rows have, whatever any screen would let them do. */
async function actBy(visit: Visit, { submission }: Written, wish: Wish, change: object = {}): Promise<Content> {
  const entries = async (sql: string): Promise<Uint8Array[]> =>
    (await db.query<{ entry: Buffer }>(sql, [submission])).rows.map(({ entry }) => new Uint8Array(entry));
  const [letter] = await entries("SELECT entry FROM receipt r JOIN event e ON e.id = r.event WHERE r.submission = $1");
  const acts = await entries(
    "SELECT entry FROM case_act a JOIN event e ON e.id = a.event WHERE a.submission = $1 ORDER BY seq",
  );
  const { epoch, recipient } = await formKey(t.config, t.forms.complaint);
  const of = { ...caseOf(letter!, acts).head, epoch };
  const bySalt = newSalt();
  const who = { ...keysOf(visit), role: visit.me.role };
  const signed = (fields: object): Act =>
    draftSigned<Wish["kind"]>(who, { ...of, ...fields, ...change } as never, bySalt);
  if (wish.kind === "case.assigned") {
    const to = { person: wish.to, salt: wish.to === visit.me.person ? bySalt : newSalt() };
    return { act: signed({ kind: wish.kind, to: personCommitment(to.salt, to.person) }), bytes: null, to };
  }
  if (wish.kind === "case.noted") {
    const note = newId();
    const bytes = await sealNote({ case: submission, note }, wish.text, recipient);
    return {
      act: signed({ kind: wish.kind, note, digest: toHex(sha256(bytes)), size: bytes.length }),
      bytes,
      to: null,
    };
  }
  return { act: signed(wish), bytes: null, to: null };
}
const pathOf = ({ submission }: Written): string => `/api/bodies/${BODY}/cases/${submission}/acts`;
const post = (visit: Visit, letter: Written, content: object): Promise<unknown> =>
  visit.client.post(pathOf(letter), content);
const countOf = async ({ submission }: Written): Promise<number> =>
  (await db.query("SELECT FROM case_act WHERE submission = $1", [submission])).rowCount ?? 0;

// The control of all that follows: an honest server's acts are shown, at the body with texts and names, to whoever wrote
// by role and without notes; and nobody's words stand in a row or the log.
test("a letter is taken, noted, answered and closed; its writer reads where it stands, by role", async () => {
  const letter = await written();
  assert.deepEqual(await standIn(officer, letter), {
    step: "new",
    outcome: null,
    to: null,
    since: null,
    replied: null,
  });
  assert.deepEqual((await readBy(letter, await statusOf(letter))).stands, []);
  await does(officer, letter, give(officer), NOTE);
  const [taken] = (await readBy(letter, await statusOf(letter))).stands;
  assert.match(taken!, /^Somebody at .* is looking at it\.$/);
  await open(colleague, BODY, inbox, letter.submission);
  await reply(colleague, BODY, inbox, letter.submission, "We agree in part. fernglass");
  await does(colleague, letter, give(colleague), CLOSE);
  const { thread } = await open(officer, BODY, inbox, letter.submission);
  assert.ok(thread.ok);
  assert.deepEqual(
    thread.acts.map(({ kind }) => kind),
    ["case.assigned", "case.noted", "case.replied", "case.assigned", "case.closed"],
  );
  const [, note] = thread.acts;
  assert.ok(note?.kind === "case.noted" && note.text === NOTE.text && note.person === officer.me.person);
  const stand = { step: "closed", outcome: "partly", to: colleague.me.person } as const;
  const { since, replied, ...shown } = (await standIn(officer, letter))!;
  assert.deepEqual(shown, stand);
  assert.deepEqual(thread.stand, { ...stand, since, replied });
  const status = await statusOf(letter);
  const told = await readBy(letter, status);
  assert.match(told.stands.join(), /^Closed by a case officer at .*: they agree with a part of what you wrote\.$/);
  assert.equal(told.steps.length, 4, "notes are not told");
  assert.deepEqual([told.replies.length, told.isWrong], [1, false]);
  const said = JSON.stringify([told, status]);
  for (const one of [officer, colleague]) assert.ok(!said.includes(one.me.person) && !said.includes(one.me.name));
  assert.deepEqual((await tablesWith(db, ["fernglass"])).found, []);
  await does(officer, letter, REOPEN);
  assert.equal((await standIn(colleague, letter))!.step, "in-hand");
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

// An act of giving commits to two people; whichever stands first among the rows, the history names who did it.
test("the history of the body says who gave a letter to whom, and never the other way round", async () => {
  const letter = await written();
  await does(officer, letter, give(colleague));
  await does(colleague, letter, give(officer), give(colleague));
  const owner = await t.visit(t.person("owner", 0, BODY));
  const { items } = await owner.api.log(BODY, null, "submissions");
  const given = items.filter(
    ({ kind, event }) => kind === "case.assigned" && (event as { case: string }).case === letter.submission,
  );
  assert.deepEqual(
    given.map(({ who, about }) => [who?.person, ...about.people.map(({ person }) => person)]),
    [
      [colleague, colleague],
      [colleague, officer],
      [officer, colleague],
    ].map((people) => people.map(({ me }) => me.person)),
  );
});

// Whoever has the officer's cookie and not their key; and an officer's own signature over what makes no sense.
test("a session does nothing about a letter without its person's key, nor what makes no sense", async () => {
  const [letter, other] = [await written(), await written()];
  const mine = await actBy(officer, letter, NOTE);
  const given = await actBy(officer, letter, give(colleague));
  const outsider = await t.visit(t.person("case officer", 3));
  const elsewhere = t.person("owner", 0, "eastvale").person;
  const attempts: readonly [string, object, string][] = [
    ["no signature", { ...mine, act: { ...mine.act, signature: new Uint8Array(64) } }, "ACT_UNSIGNED"],
    ["a colleague's", await actBy(colleague, letter, CLOSE), "ACT_UNSIGNED"],
    ["in another role", { ...mine, act: { ...mine.act, event: { ...mine.act.event, role: "owner" } } }, "ACT_UNSIGNED"],
    ["about another letter", await actBy(officer, other, CLOSE), "BAD_REQUEST"],
    ["a note without its bytes", { ...mine, bytes: null }, "BAD_REQUEST"],
    ["over other bytes", { ...mine, bytes: (await actBy(officer, letter, NOTE)).bytes }, "BAD_REQUEST"],
    ["bytes of no note", { ...(await actBy(officer, letter, CLOSE)), bytes: mine.bytes }, "BAD_REQUEST"],
    ["given to nobody", { ...given, to: null }, "BAD_REQUEST"],
    ["given to another", { ...given, to: { ...given.to!, person: t.person("case officer", 2).person } }, "BAD_REQUEST"],
    ["taken under two salts", { ...given, to: { ...given.to!, person: officer.me.person } }, "BAD_REQUEST"],
    ["behind nothing", await actBy(officer, letter, CLOSE, { prev: "0".repeat(64) }), "CASE_MOVED"],
    ["further behind", await actBy(officer, letter, CLOSE, { seq: 1 }), "CASE_MOVED"],
    ["under a key to come", await actBy(officer, letter, CLOSE, { epoch: 9 }), "EPOCH_UNKNOWN"],
    ["opened while it is open", await actBy(officer, letter, REOPEN), "CASE_OPEN"],
    ["given to one without a grant", await actBy(officer, letter, give(outsider)), "CASE_NOT_THEIRS"],
    [
      "given to another body",
      await actBy(officer, letter, { kind: "case.assigned", to: elsewhere }),
      "CASE_NOT_THEIRS",
    ],
  ];
  for (const [name, content, code] of attempts) await assert.rejects(post(officer, letter, content), is(code), name);
  assert.equal(await countOf(letter), 0);
  await open(officer, BODY, inbox, letter.submission);
  for (const wish of [give(outsider), REOPEN])
    await assert.rejects(handle(officer, BODY, inbox, letter.submission, wish), is("CASE_NOT_THEIRS", "CASE_OPEN"));
  await does(officer, letter, CLOSE);
  for (const wish of [CLOSE, give(colleague)]) {
    await assert.rejects(post(officer, letter, await actBy(officer, letter, wish)), is("CASE_CLOSED"), wish.kind);
    await open(officer, BODY, inbox, letter.submission);
    await assert.rejects(handle(officer, BODY, inbox, letter.submission, wish), is("CASE_CLOSED"), wish.kind);
  }
  assert.equal(await countOf(letter), 1);
});

// Each login that is not let in: of the body without a grant, of another body, of the host; and one who was let in once.
test("who may not read the inbox does nothing about its letters", async () => {
  const letter = await written();
  const left = await t.visit(t.person("case officer", 2));
  await open(left, BODY, inbox, letter.submission);
  const before = await actBy(left, letter, CLOSE);
  const owner = await t.visit(t.person("owner", 0, BODY));
  await end(owner, BODY, { grant, person: left.me.person, reason: "left" });
  await untilSigned(t.world);
  // The end of their grant ended their session; they can still sign in.
  await assert.rejects(post(left, letter, before), is("NOT_SIGNED_IN"));
  const back = await t.visit(t.person("case officer", 2));
  const outsiders: readonly [Visit, string][] = [
    [await t.visit(t.person("case officer", 3)), "REFUSED_NO_GRANT"],
    [await t.visit(t.person("auditor", 0, BODY)), "REFUSED_NO_GRANT"],
    [await t.visit(t.person("owner", 0, "eastvale")), "REFUSED_BODY"],
    [back, "REFUSED_GRANT_ENDED"],
  ];
  for (const [visit, code] of outsiders)
    for (const wish of [give(visit), NOTE, CLOSE])
      await assert.rejects(post(visit, letter, await actBy(visit, letter, wish)), is(code), `${code} ${wish.kind}`);
  await assert.rejects(post(back, letter, before), is("REFUSED_GRANT_ENDED"), "signed while they were let in");
  await assert.rejects(post(officer, letter, await actBy(officer, letter, give(back))), is("CASE_NOT_THEIRS"));
  const operator = await t.visit(t.person("operator at the host"));
  await assert.rejects(post(operator, letter, await actBy(officer, letter, CLOSE)), is("REFUSED_ROLE"));
  assert.equal(await countOf(letter), 0);
  // An owner may, as any reader.
  await does(owner, letter, give(officer));
  assert.equal((await standIn(officer, letter))!.to, officer.me.person);
});

// Both have the letter open; one is faster. The other is told, looks again, and does theirs behind it.
test("of two who act at once one wins, and the other acts behind them", async () => {
  const letter = await written();
  await open(officer, BODY, inbox, letter.submission);
  await open(colleague, BODY, inbox, letter.submission);
  const both = await Promise.allSettled([
    handle(officer, BODY, inbox, letter.submission, give(officer)),
    handle(colleague, BODY, inbox, letter.submission, give(colleague)),
  ]);
  const lost = both.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  assert.equal(lost.length, 1);
  assert.ok(is("CASE_MOVED")(lost[0]));
  await untilSigned(t.world);
  const { thread } = await open(officer, BODY, inbox, letter.submission);
  assert.ok(thread.ok && thread.acts.length === 1);
  assert.equal(thread.acts[0]!.person, both[0]!.status === "fulfilled" ? officer.me.person : colleague.me.person);
  await does(colleague, letter, NOTE);
  assert.equal(await countOf(letter), 2);
});

type Json = Record<string, unknown>;
type Answer = { acts: Json[]; done: Json[] };
const RELEASE = /^\/api\/releases\/[0-9a-f]+$/;
const lyingTo = (visit: Visit, lie: (answered: Answer) => Partial<Answer>): Visit =>
  liedTo(visit, { at: RELEASE, answered: (answered: Answer) => ({ ...answered, ...lie(answered) }) });

// The letter is shown, because it is what was received; of what was done nothing is, and nothing is signed behind it.
test("a server that hides, exchanges, doubles or moves acts is seen by whoever reads", async () => {
  const [letter, other] = [await written(), await written()];
  await does(officer, letter, give(colleague), NOTE, CLOSE);
  await does(officer, other, give(officer), NOTE);
  let ofOther: Json[] = [];
  await open(
    lyingTo(officer, ({ acts }) => ((ofOther = acts), {})),
    BODY,
    inbox,
    other.submission,
  );
  const self = { person: officer.me.person, salt: toBase64(newSalt()) };
  const lies: { readonly [name: string]: (all: Json[]) => Json[] } = {
    "the newest is hidden": (all) => all.slice(0, -1),
    "all are hidden": () => [],
    "the first is hidden": (all) => all.slice(1),
    "one between is hidden": ([one, , three]) => [one!, three!],
    "two change places": ([one, two, three]) => [two!, one!, three!],
    "one is doubled": ([one, two, three]) => [one!, one!, two!, three!],
    "the newest is doubled": (all) => [...all, all.at(-1)!],
    "another letter's": () => ofOther,
    "another letter's behind them": (all) => [...all, ...ofOther],
    "said to be a colleague's": ([one, ...more]) => [{ ...one, person: colleague.me.person }, ...more],
    "another signature": ([one, two, three]) => [{ ...one, signature: two!["signature"] }, two!, three!],
    "given to somebody else": ([one, ...more]) => [{ ...one, to: self }, ...more],
    "given to nobody": ([one, ...more]) => [{ ...one, to: null }, ...more],
    "another note": ([one, two, three]) => [one!, { ...two, sealed: ofOther[1]!["sealed"] }, three!],
    "no note": ([one, two, three]) => [one!, { ...two, sealed: null }, three!],
  };
  for (const [name, lie] of Object.entries(lies)) {
    const lied = lyingTo(officer, ({ acts }) => ({ acts: lie(acts) }));
    const opened = await open(lied, BODY, inbox, letter.submission);
    assert.equal(kindsIn(opened), "CASE_BROKEN", name);
    assert.ok(opened.rows.length > 0, "the letter is shown");
    await assert.rejects(handle(lied, BODY, inbox, letter.submission, NOTE), is("CASE_BROKEN"), name);
  }
  assert.deepEqual(kindsIn(await open(officer, BODY, inbox, letter.submission)), ["assigned", "noted", "closed"]);
  // Of the list: a letter whose acts are not all there, or not signed, is not shown as if they were.
  const inList = { "another note": false, "no note": false, "another letter's behind them": false } as const;
  for (const [name, lie] of Object.entries(lies)) {
    const seen = await standIn(
      lyingTo(officer, ({ done }) => ({ done: lie(ofThis(done, letter)) })),
      letter,
    );
    // The list has no texts; and order and number are those of the log there, whatever the server sends.
    if (seen !== null) assert.ok(name in inList || /places|doubled/.test(name), name);
    else assert.ok(!(name in inList), name);
  }
});

// What the log says of the second form was withheld while this visit read it, and must not be called broken, nor missed.
test("who is let in in the middle of a visit is shown what was done, and what is hidden is told", async () => {
  const second = await t.inboxOf(t.forms.contact);
  const [owner, late] = [await t.visit(t.person("owner", 0, BODY)), t.person("case officer", 2)];
  const { submission } = await t.write(t.forms.contact, letterTo("contact"));
  await untilSigned(t.world);
  const acts = async (visit: Visit, ...wishes: readonly Wish[]): Promise<void> => {
    for (const wish of wishes) {
      await open(visit, BODY, second, submission);
      await handle(visit, BODY, second, submission, wish);
      await untilSigned(t.world);
    }
  };
  await acts(owner, NOTE, CLOSE);
  const [visit, other] = [await t.visit(late), await t.visit(late)];
  for (const one of [visit, other]) {
    await stateOf(one, BODY);
    await readLog(one, BODY, () => {});
  }
  await t.grant(t.forms.contact, [late]);
  await untilSigned(t.world);
  const hiding = lyingTo(visit, () => ({ acts: [], done: [] }));
  assert.equal(kindsIn(await open(hiding, BODY, second, submission)), "CASE_BROKEN");
  assert.equal((await list(hiding, BODY, second))[0]!.stand, null);
  assert.deepEqual(kindsIn(await open(visit, BODY, second, submission)), ["noted", "closed"]);
  assert.equal((await list(other, BODY, second))[0]!.stand?.step, "closed");

  // And whoever did something may have come since, while a screen stands open.
  const shown = [await inboxIn(visit, BODY, second), await inboxIn(other, BODY, second)] as const;
  await t.grant(t.forms.contact, [t.person("case officer", 3)]);
  await acts(await t.visit(t.person("case officer", 3)), REOPEN);
  assert.deepEqual(kindsIn(await openLetter(visit, shown[0], submission)), ["noted", "closed", "reopened"]);
  const { rows } = await openList(other, shown[1], {}, () => {});
  assert.equal(rows[0]!.stand?.step, "in-hand");
  const newest = lyingTo(visit, ({ acts: all }) => ({ acts: all.slice(0, -1) }));
  assert.equal(kindsIn(await open(newest, BODY, second, submission)), "CASE_BROKEN");
  // Read again, a visit forgets nothing of what it was shown: a server could withhold it then.
  const withholding: Visit["api"]["letterEntries"] = async (...asked) =>
    encodeBundle(
      parseBundle(await visit.api.letterEntries(...asked)).map((one) =>
        Buffer.from(one).includes(`"kind":"case.reopened"`) ? leafHash(one) : one,
      ),
    );
  const forgetting = { ...newest, api: { ...newest.api, letterEntries: withholding } };
  assert.equal(kindsIn(await open(forgetting, BODY, second, submission)), "CASE_BROKEN");
  assert.deepEqual(kindsIn(await open(visit, BODY, second, submission)), ["noted", "closed", "reopened"]);
});

/** Of a list's acts those about one letter, in their order. */
const ofThis = (done: Json[], { submission }: Written): Json[] =>
  done.filter(({ entry }) => Buffer.from(String(entry), "base64").includes(`"case":"${submission}"`));

test("a server that exchanges, drops, doubles or moves acts tells the writer nothing of them", async () => {
  const [letter, other] = [await written(), await written()];
  await does(officer, letter, give(officer), CLOSE, REOPEN);
  await does(officer, other, CLOSE);
  const [status, elsewhere] = [await statusOf(letter), await statusOf(other)];
  const [one, two, three] = status.acts as [SentAct, SentAct, SentAct];
  const lied = async (acts: readonly SentAct[]): Promise<boolean> => {
    const told = await readBy(letter, { ...status, acts });
    if (told.isWrong) assert.match(told.stands.join(), /does not fit its signed log or its signatures/);
    return told.isWrong;
  };
  assert.equal(await lied([one, two, three]), false);
  assert.equal(await lied([one, two]), false, "that the newest is left out cannot be seen: the page says so");
  assert.ok(await lied([two, three]));
  assert.ok(await lied([one, three]));
  assert.ok(await lied([two, one, three]));
  assert.ok(await lied([one, one, two, three]));
  assert.ok(await lied([one, two, three, three]));
  assert.ok(await lied([one, two, { ...three, by: two.by }]), "another's signature");
  assert.ok(await lied([one, two, { ...three, said: { ...three.said, proof: two.said.proof } }]));
  assert.ok(await lied([one, { ...two, sealed: "AAAA" }]), "bytes that no act names");
  assert.ok(await lied(elsewhere.acts), "another letter's end");
});

/** Writes an act into the tables without asking the server: by its own login, or as their owner. */
async function byHand(
  client: { readonly query: (sql: string, values: unknown[]) => Promise<{ rows: any[] }> },
  letter: Written,
  { act, bytes, to }: Content,
  by: Visit,
  signature: Uint8Array,
): Promise<void> {
  const at = Date.now();
  const event = { ...act.event, at } as Parameters<typeof encodeEntry>[0];
  const { rows } = await client.query("INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id", [
    at,
    event.kind,
    encodeEntry(event, randomBytes(32)),
  ]);
  const { id } = rows[0];
  const secrets = [{ person: by.me.person, salt: act.bySalt }, ...(to ? [to] : [])];
  for (const { person, salt } of secrets)
    await client.query("INSERT INTO event_secret (event, person, salt) VALUES ($1, $2, $3)", [id, person, salt]);
  await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [id, by.me.person, signature]);
  await client.query("INSERT INTO case_act (submission, seq, event) VALUES ($1, $2, $3)", [
    letter.submission,
    act.event.seq,
    id,
  ]);
  if (bytes && act.event.kind === "case.noted")
    await client.query("INSERT INTO case_note (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
      act.event.note,
      letter.submission,
      id,
      bytes,
    ]);
}

// The staff process's own login, and the owner of the tables with a member's own, honest signature.
test("acts written by hand are believed by nobody, and found; no note is seen unreleased", async () => {
  const [closed, given, twice] = [await written(), await written(), await written()];
  const forged = await actBy(officer, closed, CLOSE);
  await inTransaction(staff, (client) => byHand(client, closed, forged, officer, randomBytes(64)));
  const outsider = await t.visit(t.person("case officer", 3));
  const note = await actBy(outsider, given, NOTE);
  await assert.rejects(
    inTransaction(staff, (client) => byHand(client, given, note, outsider, note.act.signature)),
    /row-level security/,
    "a note by somebody who was given no key",
  );
  const toOutsider = await actBy(officer, given, give(outsider));
  await db.query("BEGIN");
  await byHand(db, given, toOutsider, officer, toOutsider.act.signature);
  await db.query("COMMIT; NOTIFY pillarbox_event");
  await does(officer, twice, NOTE, CLOSE);
  const again = await actBy(officer, twice, CLOSE);
  await db.query("BEGIN");
  await byHand(db, twice, again, officer, again.act.signature);
  await db.query("COMMIT; NOTIFY pillarbox_event");
  await untilSigned(t.world);
  for (const letter of [closed, given, twice]) {
    assert.equal(kindsIn(await open(colleague, BODY, inbox, letter.submission)), "CASE_BROKEN");
    assert.equal(await standIn(colleague, letter), null);
  }
  for (const letter of [closed, twice]) assert.ok((await readBy(letter, await statusOf(letter))).isWrong);
  for (const table of ["case_note", "case_act"])
    await assert.rejects(publicly.query(`INSERT INTO ${table} DEFAULT VALUES`), /permission denied/);
  await assert.rejects(publicly.query("SELECT bytes FROM case_note"), /permission denied/);
  assert.equal(
    (await staff.query("SELECT bytes FROM case_note WHERE submission = $1", [given.submission])).rowCount,
    0,
  );
  const lines = await found();
  assert.match(lines, /it is no act of a member: the signature does not hold/);
  assert.match(lines, /it does not follow the act before in its case/);
  await db.query("DELETE FROM case_note WHERE submission = $1", [twice.submission]);
  assert.match(await found(), /its row of note is not there/);
});

test("an erased letter takes its notes with it, and nothing is done about it any more", async () => {
  const letter = await written();
  await does(officer, letter, NOTE, CLOSE);
  await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission: letter.submission }));
  const owner = await t.visit(t.person("owner", 0, BODY));
  const asked = (await owner.api.erasures(BODY)).find((one) => one.submission === letter.submission)!;
  await erase(owner, BODY, asked, "asked-for");
  assert.equal((await db.query("SELECT FROM case_note WHERE submission = $1", [letter.submission])).rowCount, 0);
  assert.deepEqual((await statusOf(letter)).acts, []);
  await assert.rejects(post(officer, letter, await actBy(officer, letter, REOPEN)), is("ERASED"));
  assert.ok(!(await found()).includes(letter.submission));
});
