/**
 * Replies. The attacker is a server that exchanges one, drops one or shows another letter's; a session without its keys;
 * an officer without a grant; and whoever writes rows, as a login or as the owner of the database.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import { handle, open, reply } from "../../demo/by-id.ts";
import { formKey, sealFields } from "../../demo/writing/send.ts";
import { fromBase64, sha256, toBase64, toHex } from "../../src/domain/bytes.ts";
import { sealReply } from "../../src/domain/case/reply.ts";
import { draftSigned, type SignedEvent } from "../../src/domain/log/act.ts";
import { personCommitment } from "../../src/domain/log/commit.ts";
import { encodeEntry, parseEntry } from "../../src/domain/log/event.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { replyKeys } from "../../src/domain/receipt/binding.ts";
import { receiptSignIn } from "../../src/domain/receipt/keys.ts";
import type { SentAct, Status } from "../../src/domain/receipt/status.ts";
import type { ToldReply } from "../../src/domain/receipt/told.ts";
import { isSound, linesOf, type Report } from "../../src/domain/verify/report.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { erase } from "../../src/member/flows/erasing.ts";
import type { Letter } from "../../src/member/hands/tasks.ts";
import { askErasure } from "../../src/server/erasure/action.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { writeEvent } from "../../src/server/log/store/events.ts";
import { bringSignIn, noteFetched } from "../../src/server/receipts/store.ts";
import { keysOf } from "../support/by-hand.ts";
import { untilThere } from "../support/in-time.ts";
import { liedTo } from "../support/lying.ts";
import { untilSigned } from "../support/signed-log.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";
import { MANY, readIn, statusIn, verifiedIn, writtenIn, type Written } from "../support/writers.ts";

let t: StaffedWorld;
let db: pg.Client;
let staff: Pool;
let publicly: Pool;
let officer: Visit;
let colleague: Visit;
let inbox: string;

before(async () => {
  t = await staffedWorld({ limits: MANY });
  db = await t.attacker();
  staff = openPool(t.world.databaseUrl("pb_staff"), 1);
  publicly = openPool(t.world.databaseUrl("pb_public"), 1);
  inbox = await t.inboxOf(t.forms.complaint);
  await t.grant(t.forms.complaint, [t.person("case officer", 0), t.person("case officer", 1)]);
  officer = await t.visit(t.person("case officer", 0));
  colleague = await t.visit(t.person("case officer", 1));
});
after(async () => {
  await staff?.end();
  await publicly?.end();
  await db?.end();
  await t?.stop();
});

const written = (): Promise<Written> => writtenIn(t);

async function answer(visit: Visit, { submission }: Written, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await open(visit, BODY, inbox, submission);
    await reply(visit, BODY, inbox, submission, text);
    await untilSigned(t.world);
  }
}

const statusOf = (letter: Written): Promise<Status> => statusIn(t, letter);

const readBy = async (letter: Written, status: Status): Promise<readonly ToldReply[]> =>
  (await readIn(t, letter, status)).replies;
const shown = (told: readonly ToldReply[]): readonly string[] =>
  told.map((one) => (one.kind === "read" ? one.text : one.kind));
const textsIn = ({ thread }: Letter): readonly (string | null)[] | string =>
  thread.ok ? thread.acts.map((act) => ("text" in act ? act.text : act.kind)) : thread.code;

const verify = (): Promise<Report> => verifiedIn(t);
const found = async (): Promise<string> => (await verify()).findings.map(({ what }) => what).join("\n");

/** An act over a reply to a letter, by whoever's key is given. */
async function actBy(
  visit: Visit,
  { entropy, submission }: Written,
  change: { readonly prev?: string; readonly seq?: number } = {},
): Promise<{ act: SignedEvent<"case.replied">; bytes: Uint8Array }> {
  const { epoch, recipient } = await formKey(t.config, t.forms.complaint);
  const { recipient: writer } = await replyKeys(entropy, t.config.sealing);
  const id = newId();
  const bytes = await sealReply({ submission, reply: id }, "By hand.", writer, recipient);
  const status = await statusOf({ entropy, submission });
  const last = status.acts.at(-1)?.said ?? status.letter.received!;
  const act = draftSigned<"case.replied">(
    { ...keysOf(visit), role: visit.me.role },
    {
      kind: "case.replied",
      body: BODY,
      inbox,
      case: submission,
      seq: change.seq ?? status.acts.length,
      prev: change.prev ?? toHex(leafHash(fromBase64(last.entry))),
      submission,
      reply: id,
      epoch,
      digest: toHex(sha256(bytes)),
      size: bytes.length,
    },
  );
  return { act, bytes };
}
const pathOf = ({ submission }: Written): string => `/api/bodies/${BODY}/cases/${submission}/replies`;
const countOf = async ({ submission }: Written): Promise<number> =>
  (await db.query("SELECT FROM reply WHERE submission = $1", [submission])).rowCount ?? 0;

// The control of all that follows: an honest server's replies are read, by the writer and at the body, and it is logged
// that the writer was given them.
test("a reply is read by whoever has the words, and by readers; its fetching is logged", async () => {
  const letter = await written();
  const secret = "Your complaint was upheld.\n\nWe are sorry. wrenfeather";
  await answer(officer, letter, secret);
  const before = await open(colleague, BODY, inbox, letter.submission);
  assert.ok(before.thread.ok);
  const [unfetched] = before.thread.acts;
  assert.ok(unfetched?.kind === "case.replied" && unfetched.fetchedAt === null);
  const status = await statusOf(letter);
  const [told] = await readBy(letter, status);
  assert.ok(told?.kind === "read");
  assert.deepEqual([told.text, told.role], [secret, "reader"]);
  await statusOf(letter);
  await untilSigned(t.world);
  const { thread } = await open(colleague, BODY, inbox, letter.submission);
  assert.ok(thread.ok);
  const [one, ...rest] = thread.acts;
  assert.ok(one?.kind === "case.replied");
  assert.deepEqual([one.text, one.person, rest], [secret, officer.me.person, []]);
  assert.ok(one.fetchedAt! >= one.at);
  const { rows } = await db.query<{ kind: string; entry: Buffer }>(
    "SELECT kind, entry FROM event WHERE position($1 IN entry) > 0 ORDER BY id",
    [Buffer.from(`"submission":"${letter.submission}"`)],
  );
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ["submission.received", "case.replied", "reply.fetched"],
    "fetched twice, and written down once",
  );
  const dump = await db.query<{ all: string }>(
    `SELECT concat((SELECT string_agg(encode(entry, 'escape'), '') FROM event), (SELECT string_agg(encode(bytes, 'escape'), '') FROM reply)) AS all`,
  );
  assert.ok(!dump.rows[0]!.all.includes("wrenfeather"));
  const stranger = { ...letter, entropy: randomBytes(16) };
  assert.deepEqual(shown(await readBy(stranger, status)), ["false"], "other words open nothing");
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

// Whoever has the officer's cookie and not their key; and an officer's signature over something else.
test("a session answers nothing without the signature of its person over this very reply", async () => {
  const [letter, other] = [await written(), await written()];
  const mine = await actBy(officer, letter);
  const post = (content: unknown): Promise<unknown> => officer.client.post(pathOf(letter), content);
  const bytesOfOther = (await actBy(officer, letter)).bytes;
  const attempts: readonly [string, unknown, string][] = [
    ["no act", { bytes: mine.bytes }, "BAD_REQUEST"],
    ["no signature", { ...mine, act: { ...mine.act, signature: new Uint8Array(64) } }, "ACT_UNSIGNED"],
    ["a colleague's", await actBy(colleague, letter), "ACT_UNSIGNED"],
    ["about another letter", await actBy(officer, other), "BAD_REQUEST"],
    ["over other bytes", { ...mine, bytes: bytesOfOther }, "BAD_REQUEST"],
    ["in another role", { ...mine, act: { ...mine.act, event: { ...mine.act.event, role: "owner" } } }, "ACT_UNSIGNED"],
    ["behind nothing", await actBy(officer, letter, { prev: "0".repeat(64) }), "CASE_MOVED"],
    ["further behind", await actBy(officer, letter, { seq: 1 }), "CASE_MOVED"],
  ];
  for (const [name, content, code] of attempts) await assert.rejects(post(content), is(code as never), name);
  assert.equal(await countOf(letter), 0);
  await post(mine);
  await assert.rejects(post(mine), is("CASE_MOVED"), "once");
  assert.equal(await countOf(letter), 1);
});

test("who may not read the inbox answers nothing: no grant, another body, the host", async () => {
  const letter = await written();
  const outsiders: readonly [Visit, string][] = [
    [await t.visit(t.person("case officer", 3)), "REFUSED_NO_GRANT"],
    [await t.visit(t.person("owner", 0, "eastvale")), "REFUSED_BODY"],
  ];
  for (const [visit, code] of outsiders)
    await assert.rejects(visit.client.post(pathOf(letter), await actBy(visit, letter)), is(code as never), code);
  const operator = await t.visit(t.person("operator at the host"));
  await assert.rejects(operator.client.post(pathOf(letter), await actBy(officer, letter)), is("REFUSED_ROLE"));
  assert.equal(await countOf(letter), 0);
});

// Both have the letter open; one is faster. The other is told, looks again, and sends what they wrote behind it.
test("of two who answer at once one wins, and the other answers behind them", async () => {
  const letter = await written();
  await open(officer, BODY, inbox, letter.submission);
  await open(colleague, BODY, inbox, letter.submission);
  await reply(officer, BODY, inbox, letter.submission, "First.");
  await assert.rejects(reply(colleague, BODY, inbox, letter.submission, "Second."), is("CASE_MOVED"));
  await answer(colleague, letter, "Second.");
  assert.deepEqual(shown(await readBy(letter, await statusOf(letter))), ["First.", "Second."]);
});

/** Another text in the place of a reply, by somebody who knows both keys. */
async function forged({ entropy, submission }: Written, entry: string): Promise<Uint8Array> {
  const act = parseEntry(fromBase64(entry));
  assert.ok(act.kind === "case.replied");
  const { recipient } = await formKey(t.config, t.forms.complaint);
  const { recipient: writer } = await replyKeys(entropy, t.config.sealing);
  return sealReply({ submission, reply: act.reply }, "Forged.", writer, recipient);
}

type Replies = { acts: Record<string, unknown>[] };

// The letter is shown, because it is what was received; of its replies none is, and nothing can be signed behind them.
test("a server that exchanges, drops or moves replies is seen, and nobody answers behind it", async () => {
  const [letter, other] = [await written(), await written()];
  await answer(officer, letter, "One.", "Two.");
  await answer(officer, other, "Of another.");
  const { acts: honest } = await statusOf(letter);
  const forgery = toBase64(await forged(letter, honest[0]!.said.entry));
  const given: Replies["acts"][] = [];
  const keep = liedTo(officer, {
    at: /^\/api\/releases\/[0-9a-f]+$/,
    answered: (answered: Replies) => (given.push(answered.acts), answered),
  });
  await open(keep, BODY, inbox, other.submission);
  const ofOther = given[0]!;
  const lies: { readonly [name: string]: (all: Replies["acts"]) => unknown } = {
    "the first is dropped": (all) => all.slice(1),
    "they change places": (all) => all.toReversed(),
    "the bytes of another": ([one, two]) => [{ ...one, sealed: two!["sealed"] }, two],
    "a forged text": ([one, two]) => [{ ...one, sealed: forgery }, two],
    "no bytes": ([one, two]) => [{ ...one, sealed: null }, two],
    "another letter's": () => ofOther,
    "another letter's behind them": (all) => [...all, ...ofOther],
    "said to be a colleague's": ([one, two]) => [{ ...one, person: colleague.me.person }, two],
    "another signature": ([one, two]) => [{ ...one, signature: two!["signature"] }, two],
    "fetched, by another event": ([one, two]) => [
      { ...one, fetched: { proof: two!["proof"], entry: two!["entry"] } },
      two,
    ],
  };
  for (const [name, lie] of Object.entries(lies)) {
    const lied = liedTo(officer, {
      at: /^\/api\/releases\/[0-9a-f]+$/,
      answered: (answered: Replies) => ({ ...answered, acts: lie(answered.acts) }),
    });
    const opened = await open(lied, BODY, inbox, letter.submission);
    assert.equal(textsIn(opened), "CASE_BROKEN", name);
    assert.ok(opened.rows.length > 0, "the letter is shown");
    await assert.rejects(reply(lied, BODY, inbox, letter.submission, "Behind a lie."), is("CASE_BROKEN"), name);
  }
  assert.deepEqual(textsIn(await open(officer, BODY, inbox, letter.submission)), ["One.", "Two."]);
  // The newest left out: the log says that there is more.
  const shortened = liedTo(officer, {
    at: /^\/api\/releases\/[0-9a-f]+$/,
    answered: (answered: Replies) => ({ ...answered, acts: answered.acts.slice(0, 1) }),
  });
  assert.equal(textsIn(await open(shortened, BODY, inbox, letter.submission)), "CASE_BROKEN");
  await assert.rejects(reply(shortened, BODY, inbox, letter.submission, "Unknowing."), is("CASE_BROKEN"));
});

// The key of an inbox is public, so anybody can be said to answer it; what decides is who signed, and under which key
// an owner signed that they may read.
test("a reply seals to the key that an owner signed, whatever key the server gives", async () => {
  const letter = await written();
  const { recipient } = await newIdentity(t.config.sealing);
  const lied = liedTo(officer, {
    at: /\/inboxes$/,
    answered: (answered: { inboxes: { epochs: { recipient: string }[] }[] }) => ({
      ...answered,
      inboxes: answered.inboxes.map((one) => ({
        ...one,
        epochs: one.epochs.map((epoch) => ({ ...epoch, recipient })),
      })),
    }),
  });
  await open(officer, BODY, inbox, letter.submission);
  await assert.rejects(reply(lied, BODY, inbox, letter.submission, "To whom?"), is("RECIPIENT_MISMATCH"));
  assert.equal(await countOf(letter), 0);
});

test("a server that exchanges, drops, invents or moves replies shows the writer none of them", async () => {
  const [letter, other] = [await written(), await written()];
  await answer(officer, letter, "One.", "Two.");
  await answer(officer, other, "Of another.");
  const [status, elsewhere] = [await statusOf(letter), await statusOf(other)];
  const [one, two] = status.acts as [SentAct, SentAct];
  const lied = async (replies: readonly SentAct[]): Promise<readonly string[]> =>
    shown(await readBy(letter, { ...status, acts: replies }));
  assert.deepEqual(await lied([one, two]), ["One.", "Two."]);
  assert.deepEqual(await lied([two]), ["false"], "the first is dropped");
  assert.deepEqual(await lied([two, one]), ["false", "false"], "they change places");
  assert.deepEqual(await lied([{ ...one, sealed: two.sealed }, two]), ["false", "false"], "other bytes");
  const forgery = toBase64(await forged(letter, one.said.entry));
  assert.deepEqual(await lied([{ ...one, sealed: forgery }, two]), ["false", "false"], "a forged text");
  assert.deepEqual(await lied([{ ...one, by: { ...one.by, signature: two.by.signature } }, two]), ["false", "false"]);
  assert.deepEqual(await lied([{ ...one, said: { ...one.said, proof: two.said.proof } }]), ["false"], "another proof");
  assert.deepEqual(await lied(elsewhere.acts), ["false"], "another letter's");
  assert.deepEqual(shown(await readBy(letter, elsewhere)), ["false"], "all of another letter's status");
  const colleagues = toHex(keysOf(colleague).signingKey);
  assert.deepEqual(await lied([{ ...one, by: { ...one.by, key: colleagues } }]), ["false"], "another signer");
  const nothing = { ...status, letter: { ...status.letter, received: null } };
  assert.deepEqual(shown(await readBy(letter, nothing)), ["false", "false"], "no letter that they follow");
});

test("an erased letter takes its replies with it, and the certificate counts them", async () => {
  const letter = await written();
  await answer(officer, letter, "One.", "Two.");
  await statusOf(letter);
  const { owner, asked } = await askedFor(letter);
  await erase(owner, BODY, asked, "asked-for");
  assert.equal(await countOf(letter), 0);
  const { rows } = await db.query<{ entry: Buffer }>("SELECT entry FROM event WHERE kind = 'erasure.done'");
  const done = rows.map(({ entry }) => parseEntry(new Uint8Array(entry)));
  assert.deepEqual(
    done.map((entry) => entry.kind === "erasure.done" && entry.parts),
    [4],
    "slip, letter and two replies",
  );
  assert.deepEqual((await statusOf(letter)).acts, []);
  await assert.rejects(officer.client.post(pathOf(letter), await actBy(officer, letter)), is("ERASED"));
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

/** An open request for its erasure, and the owner who decides. */
async function askedFor({ submission }: Written) {
  await inTransaction(publicly, (client) => askErasure(client, { body: BODY, submission }));
  const owner = await t.visit(t.person("owner", 0, BODY));
  return { owner, asked: (await owner.api.erasures(BODY)).find((one) => one.submission === submission)! };
}

/** Waits until somebody's statement waits for a lock. */
const waits = (text: string): Promise<unknown> =>
  untilThere(async () => {
    // Inside a transaction the first answer would be kept to its end.
    await db.query("SELECT pg_stat_clear_snapshot()");
    const { rowCount } = await db.query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1 AND pid <> pg_backend_pid()",
      [`%${text}%`],
    );
    return (rowCount ?? 0) > 0;
  }, `a statement with ${text} that waits`);

test("a reply is fetched while its letter is erased: the erasure waits, and takes that with it", async () => {
  const letter = await written();
  await answer(officer, letter, "Fetched.");
  const { owner, asked } = await askedFor(letter);
  const { rows } = await db.query<{ id: string }>("SELECT id FROM reply WHERE submission = $1", [letter.submission]);
  let erased: Promise<void> | null = null;
  await inTransaction(publicly, async (client) => {
    await bringSignIn(client, receiptSignIn(letter.entropy));
    const said = {
      kind: "reply.fetched",
      body: BODY,
      inbox,
      submission: letter.submission,
      reply: rows[0]!.id,
    } as const;
    await noteFetched(client, said.reply, async () => (await writeEvent(client, said)).id);
    erased = erase(owner, BODY, asked, "asked-for");
    // Heard below.
    erased.catch(() => {});
    await waits("eras");
  });
  await erased;
  assert.equal(await countOf(letter), 0);
  assert.deepEqual((await statusOf(letter)).acts, []);
});

test("a letter is erased while a reply to it is fetched: whoever fetches is told of the erasure", async () => {
  const letter = await written();
  await answer(officer, letter, "Too late.");
  await open(officer, BODY, inbox, letter.submission);
  await handle(officer, BODY, inbox, letter.submission, { kind: "case.noted", text: "Held." });
  await untilSigned(t.world);
  const { owner, asked } = await askedFor(letter);
  // The erasure is held when replies are deleted and notes are not.
  await db.query("BEGIN");
  await db.query("SELECT FROM case_note WHERE submission = $1 FOR UPDATE", [letter.submission]);
  const erased = erase(owner, BODY, asked, "asked-for");
  erased.catch(() => {});
  await waits("SELECT erase(");
  const looked = statusOf(letter);
  looked.catch(() => {});
  await waits("INTO reply_fetched");
  await db.query("ROLLBACK");
  await erased;
  const status = await looked;
  assert.deepEqual([status.acts, status.erasure?.state], [[], "granted"]);
  assert.equal(await countOf(letter), 0);
  const report = await verify();
  assert.ok(isSound(report), linesOf(report).join("\n"));
});

/** Writes a reply as the staff process could, without asking anybody. */
async function byHand(letter: Written, by: Visit, signature: Uint8Array | null, more = {}): Promise<void> {
  const { act, bytes } = await actBy(by, letter);
  await inTransaction(staff, async (client) => {
    const salt = randomBytes(32);
    const event = { ...act.event, by: personCommitment(salt, by.me.person), at: Date.now(), ...more };
    const { rows } = await client.query<{ id: number }>(
      "INSERT INTO event (at, kind, entry) VALUES ($1, 'case.replied', $2) RETURNING id",
      [event.at, encodeEntry(event, randomBytes(32))],
    );
    const { id } = rows[0]!;
    await client.query("INSERT INTO event_secret (event, person, salt) VALUES ($1, $2, $3)", [id, by.me.person, salt]);
    if (signature)
      await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [
        id,
        by.me.person,
        signature,
      ]);
    await client.query("INSERT INTO case_act (submission, seq, event) VALUES ($1, $2, $3)", [
      letter.submission,
      event.seq,
      id,
    ]);
    await client.query("INSERT INTO reply (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
      event.reply,
      letter.submission,
      id,
      bytes,
    ]);
    await client.query("NOTIFY pillarbox_event");
  });
}

// The staff process's own login, in the hands of somebody else.
test("a reply written by hand as pb_staff is shown to nobody, and found; pb_public writes none", async () => {
  const letter = await written();
  await assert.rejects(byHand(letter, officer, null), /row-level security|needs its signed act/);
  const outsider = await t.visit(t.person("case officer", 3));
  await assert.rejects(
    byHand(letter, outsider, randomBytes(64)),
    /row-level security/,
    "who holds no key of the inbox",
  );
  await assert.rejects(byHand(letter, officer, randomBytes(64), { digest: "0".repeat(64) }), /row-level security/);
  assert.equal(await countOf(letter), 0);
  const closed = await written();
  await byHand(closed, officer, randomBytes(64));
  for (const table of ["reply", "case_act"])
    await assert.rejects(publicly.query(`INSERT INTO ${table} DEFAULT VALUES`), /permission denied/);
  assert.equal(
    (await staff.query("SELECT bytes FROM reply WHERE submission = $1", [closed.submission])).rowCount,
    0,
    "without a release no sealed reply is shown",
  );
  assert.equal((await publicly.query("SELECT bytes FROM reply")).rowCount, 0, "nor without somebody's words");

  await byHand(letter, officer, randomBytes(64));
  await untilSigned(t.world);
  assert.equal(textsIn(await open(colleague, BODY, inbox, letter.submission)), "CASE_BROKEN");
  assert.deepEqual(shown(await readBy(letter, await statusOf(letter))), ["false"]);
  assert.match(await found(), /it is no act of a member: the signature does not hold/);
  await db.query("DELETE FROM reply_fetched");
  await db.query("DELETE FROM reply WHERE submission = $1", [letter.submission]);
  assert.match(await found(), /its row of reply is not there/);
});

// Somebody of the body without a grant, whose own signature holds, together with the owner of the tables.
test("a reply by a member who was never given the key is shown to nobody", async () => {
  const letter = await written();
  const outsider = await t.visit(t.person("case officer", 3));
  const { act, bytes } = await actBy(outsider, letter);
  const { person } = outsider.me;
  const at = Date.now();
  await db.query("BEGIN");
  const { rows } = await db.query<{ id: string }>(
    "INSERT INTO event (at, kind, entry) VALUES ($1, 'case.replied', $2) RETURNING id",
    [at, encodeEntry({ ...act.event, at }, randomBytes(32))],
  );
  const { id } = rows[0]!;
  const { submission } = letter;
  await db.query("INSERT INTO event_secret (event, person, salt) VALUES ($1, $2, $3)", [id, person, act.bySalt]);
  await db.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [id, person, act.signature]);
  await db.query("INSERT INTO case_act (submission, seq, event) VALUES ($1, 0, $2)", [submission, id]);
  await db.query("INSERT INTO reply (id, submission, event, bytes) VALUES ($1, $2, $3, $4)", [
    act.event.reply,
    submission,
    id,
    bytes,
  ]);
  await db.query("COMMIT; NOTIFY pillarbox_event");
  await untilSigned(t.world);
  assert.equal(textsIn(await open(officer, BODY, inbox, submission)), "CASE_BROKEN");
  assert.deepEqual(shown(await readBy(letter, await statusOf(letter))), ["false"]);
});

// Whoever holds the inbox's key, too, and puts a key of their own into the letter.
test("an exchanged key for replies in the stored letter is refused, and nobody answers to it", async () => {
  const letter = await written();
  const key = await formKey(t.config, t.forms.complaint);
  const forged = await sealFields(t.forms.complaint, key, letterTo("complaint"), letter.submission, randomBytes(16));
  const { rows } = await db.query("SELECT bytes FROM sealed WHERE submission = $1 AND part = 'letter'", [
    letter.submission,
  ]);
  const put = (bytes: Uint8Array): Promise<unknown> =>
    db.query("UPDATE sealed SET bytes = $2 WHERE submission = $1 AND part = 'letter'", [letter.submission, bytes]);
  await put(forged.letter);
  await assert.rejects(open(officer, BODY, inbox, letter.submission), is("NOT_AS_RECEIVED"));
  await assert.rejects(reply(officer, BODY, inbox, letter.submission, "To whom?"), is("CASE_BROKEN"));
  await put(rows[0].bytes);
});
