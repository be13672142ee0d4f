/**
 * Answers are compared with what was asked, and with the log. The attacker is the staff server, which answers something
 * else and logs that properly, or whoever owns the database and changes a row by hand.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type pg from "pg";
import {
  inboxIn,
  incident as incidentOf,
  makeDocumentInbox,
  open,
  openDocument,
  openIncident,
  reachOf,
  seal as sealToIncident,
} from "../../demo/by-id.ts";
import { formKey, sealFields, sendSealed } from "../../demo/writing/send.ts";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import { toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { formHash } from "../../src/domain/form/form.ts";
import { slipOf } from "../../src/domain/form/slip.ts";
import type { Reached } from "../../src/domain/incident/reach.ts";
import { Fault } from "../../src/domain/problem.ts";
import { referenceOf } from "../../src/domain/seal/reference.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { kindOfRecipient } from "../../src/domain/seal/age.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { sealAnswers } from "../../src/domain/seal/seal.ts";
import { withMarker } from "../../src/domain/watch/marker.ts";
import { parseBundle, encodeBundle } from "../../src/domain/log/bundle.ts";
import { parseEntry } from "../../src/domain/log/event.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { checkStatus } from "../../src/domain/log/status-check.ts";
import { leafHash } from "../../src/domain/log/tree.ts";
import { receiptSignIn } from "../../src/domain/receipt/keys.ts";
import { parseStatus, type Held, type Reading, type Status } from "../../src/domain/receipt/status.ts";
import { toldOf } from "../../src/domain/receipt/told.ts";
import { wordsOf } from "../../src/domain/receipt/words.ts";
import { loadPeople } from "../../src/member/flows/reach.ts";
import { openList, type Range } from "../../src/member/flows/reading.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import type { Slips, Writers } from "../../src/member/hands/tasks.ts";
import { liedTo } from "../support/lying.ts";
import { BODY, is, letterTo, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

/** Enough that a list shortened by thirty is still a list. */
const LETTERS = 34;
const quiet = (): void => {};

let t: StaffedWorld;
let db: pg.Client;
let owner: Visit;
let officer: Visit;
let inbox: string;
let incident: string;
const sent: string[] = [];

before(async () => {
  t = await staffedWorld({
    also: ["counter"],
    limits: {
      submissionsPerMinute: 100_000,
      signInsPerMinute: 10_000,
      requestsPerMinute: 100_000,
      receiptsPerMinute: 100_000,
    },
  });
  db = await t.attacker();
  inbox = await t.inboxOf(t.forms.complaint);
  for (let i = 0; i < LETTERS; i++) sent.push((await t.write(t.forms.complaint, letterTo("complaint"))).submission);
  await t.grant(t.forms.complaint, [t.person("case officer")]);
  owner = await t.visit(t.person("owner", 0, BODY));
  officer = await t.visit(t.person("case officer"));
  incident = await openIncident(
    owner,
    { kind: "incident.opened", what: "wrong-person", source: "none" },
    { summary: "Two colleagues have nearly the same name." },
  );
});
after(async () => {
  await db?.end();
  await t?.stop();
});

/** Runs an attack on the rows and undoes it. */
async function during(
  attack: readonly [string, unknown[]],
  undo: readonly [string, unknown[]],
  check: () => Promise<void>,
) {
  await db.query(...attack);
  try {
    await check();
  } finally {
    await db.query(...undo);
  }
}

/** Refused with this code, and with the references of exactly these letters. */
const named =
  (...submissions: string[]) =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault &&
    thrown.code === "NOT_AS_RECEIVED" &&
    thrown.detail === submissions.map(referenceOf).join(", ");

const list = async (visit: Visit, range: Range = {}): Promise<Slips> =>
  openList(visit, await inboxIn(visit, BODY, inbox), range, quiet);
const reached = async (): Promise<readonly Reached[]> =>
  (await reachOf(owner, incident, { inbox, epochs: [1], until: null }, 0)).letters;
async function people(visit: Visit): Promise<Writers> {
  const [letters, found, standing] = [
    await reached(),
    await inboxIn(visit, BODY, inbox),
    await incidentOf(owner, incident),
  ];
  return loadPeople(visit, standing, found, letters, quiet);
}
const recordsOf = (some: readonly AffectedPerson[]): string[] => some.flatMap(({ records }) => records).sort();

/** A letter that the attacker invents, under the id of a true one: the key to seal to is public. */
async function invented(submission: string, marked = (content: object): object => content) {
  const form = t.forms.complaint;
  const { epoch, recipient } = await formKey(t.config, form);
  const checked = checkAnswers(form, letterTo("complaint", "invented"));
  assert.ok(checked.ok);
  return sealAnswers(
    marked(checked.answers),
    marked(slipOf(form, checked.answers)),
    { form: form.id, formHash: formHash(form), inbox, epoch, submission, first: null },
    {
      receipt: randomBytes(32),
      nonce: randomBytes(32),
      reply: (await newIdentity(kindOfRecipient(recipient))).recipient,
    },
    recipient,
  );
}

// The control of all that follows: an honest server's list and load are whole.
test("an honest list is whole for owner and officer, and everybody who wrote is loaded", async () => {
  for (const visit of [owner, officer]) {
    const { rows, missing } = await list(visit);
    assert.deepEqual(rows.map(({ submission }) => submission).sort(), sent.toSorted());
    assert.deepEqual(missing, []);
    assert.ok(rows.every(({ code }) => code === null));
  }
  assert.equal((await list(owner)).withheld, 0, "an owner is shown the whole log");
  assert.ok((await list(officer)).withheld > 0, "a reader is told that some of it is not shown");
  const { people: found, markers } = await people(owner);
  assert.deepEqual([recordsOf(found), markers], [sent.toSorted(), []]);
});

// The server asks itself for fewer, more or other letters than the browser did, logs that, and answers that.
test("an affected load of fewer, more or other letters than were asked for is refused", async () => {
  const at = /\/affected$/;
  const own = sent.toSorted();
  const extra = (await t.write(t.forms.complaint, letterTo("complaint"))).submission;
  sent.push(extra);
  const before = (await reached()).filter(({ submission }) => submission !== extra);
  const lies: [string, (submissions: string[]) => string[]][] = [
    ["thirty left out", (all) => all.slice(30)],
    ["one left out", (all) => all.slice(1)],
    ["one more", (all) => [...all, extra]],
    ["another in the place of one", (all) => [extra, ...all.slice(1)]],
  ];
  for (const [what, change] of lies) {
    const lying = liedTo(owner, { at, asked: (body) => ({ ...body, submissions: change(body.submissions) }) });
    const [found, standing] = [await inboxIn(owner, BODY, inbox), await incidentOf(owner, incident)];
    await assert.rejects(loadPeople(lying, standing, found, before, quiet), is("PROOF_INVALID"), what);
  }
  // Left out of the bytes alone, with the entry of all of them.
  const short = liedTo(owner, {
    at: /\/releases\/[0-9a-f]{32}$/,
    answered: (answer) => ({ ...answer, items: answer.items.slice(1) }),
  });
  await assert.rejects(people(short), is("PROOF_INVALID"));
  assert.equal(own.length, LETTERS);
});

test("another letter, another purpose or another document than was asked for is refused", async () => {
  const [one, other] = [sent[0]!, sent[1]!];
  const at = /\/bodies\/[a-z-]+\/releases$/;
  const exchanged = liedTo(owner, { at, asked: (body) => ({ ...body, submissions: [other] }) });
  await assert.rejects(open(exchanged, BODY, inbox, one), is("PROOF_INVALID"));
  const listed = liedTo(owner, { at, asked: ({ submissions: _, ...body }) => ({ ...body, purpose: "list" }) });
  await assert.rejects(open(listed, BODY, inbox, one), is("PROOF_INVALID"));
  await makeDocumentInbox(owner, incident);
  const [mine, theirs] = [
    await sealToIncident(owner, incident, "note", toUtf8("mine"), 1),
    await sealToIncident(owner, incident, "note", toUtf8("theirs"), 1),
  ];
  // The address says which document; the server releases and logs another.
  const swapped: Visit = {
    ...owner,
    api: makeApi(({ method, path, body }) => owner.send({ method, path: path.replace(mine, theirs), body })),
  };
  await assert.rejects(openDocument(swapped, incident, mine), is("PROOF_INVALID"));
});

// A server that answers a narrower time than was asked for, to an owner and to an officer.
test("a list of a narrower time than was asked for names what is missing, by the log", async () => {
  const times = new Map((await list(owner)).rows.map(({ submission, receivedAt }) => [submission, receivedAt]));
  const last = sent.at(-1)!;
  const at = /\/bodies\/[a-z-]+\/releases$/;
  for (const visit of [owner, officer]) {
    const lying = liedTo(visit, { at, asked: (body) => ({ ...body, before: times.get(last)! }) });
    const { rows, missing } = await list(lying);
    assert.equal(rows.length, sent.length - 1);
    assert.deepEqual(missing, [{ submission: last, reference: referenceOf(last), receivedAt: times.get(last) }]);
  }
  // Asked for that time by the reader, it is whole.
  assert.deepEqual((await list(owner, { before: times.get(last)! })).missing, []);
  const more = liedTo(owner, { at, asked: ({ before: _, ...body }) => body });
  await assert.rejects(list(more, { before: times.get(last)! }), is("PROOF_INVALID"), "and more than that is refused");
});

test("a row that is hidden, or marked as erased by hand, is named as missing from the list", async () => {
  const hidden = sent[3]!;
  const set = "UPDATE submission SET inbox = $2 WHERE id = $1";
  await during([set, [hidden, newId()]], [set, [hidden, inbox]], async () => {
    for (const visit of [owner, officer])
      assert.deepEqual(
        (await list(visit)).missing.map(({ reference }) => reference),
        [referenceOf(hidden)],
      );
  });
  const erased = "UPDATE submission SET erased_at = now() WHERE id = $1";
  await during([erased, [hidden]], ["UPDATE submission SET erased_at = NULL WHERE id = $1", [hidden]], async () => {
    for (const visit of [owner, officer])
      assert.deepEqual(
        (await list(visit)).missing.map(({ submission }) => submission),
        [hidden],
      );
  });
  assert.deepEqual((await list(officer)).missing, []);
});

// The worst: the true writer would leave the list of people to be told, and an invented person would be put on it.
test("an invented letter in a true one's row is refused by list, opening and affected load", async () => {
  const victim = sent[5]!;
  const false_ = await invented(victim);
  const set = "UPDATE sealed SET bytes = $2 WHERE submission = $1 AND part = $3";
  for (const part of ["letter", "slip"] as const) {
    const {
      rows: [was],
    } = await db.query<{ bytes: Buffer }>("SELECT bytes FROM sealed WHERE submission = $1 AND part = $2", [
      victim,
      part,
    ]);
    await during([set, [victim, Buffer.from(false_[part]), part]], [set, [victim, was!.bytes, part]], async () => {
      for (const visit of [owner, officer]) {
        if (part === "slip") await assert.rejects(list(visit), named(victim));
        else await assert.rejects(open(visit, BODY, inbox, victim), named(victim));
      }
      if (part === "letter") await assert.rejects(people(owner), named(victim));
    });
  }
  assert.match(JSON.stringify((await open(owner, BODY, inbox, victim)).rows), /./);
});

// The row called an addition to something, its writer would be passed over.
test("a letter that a row calls an addition, or of another path or epoch, is refused everywhere", async () => {
  const victim = sent[6]!;
  for (const [field, value, was] of [
    ["first", sent[7], null],
    ["path", "counter", "browser"],
  ] as const) {
    const set = `UPDATE submission SET ${field} = $2 WHERE id = $1`;
    await during([set, [victim, value]], [set, [victim, was]], async () => {
      await assert.rejects(list(owner), named(victim), field);
      await assert.rejects(open(officer, BODY, inbox, victim), named(victim), field);
      await assert.rejects(people(owner), named(victim), field);
      // It would be shown as something added to the other letter.
      if (field === "first") await assert.rejects(open(owner, BODY, inbox, sent[7]!), named(sent[7]!));
    });
  }
});

test("the time shown is the entry's, whatever the row says; moved away, a letter is missed", async () => {
  const moved = sent[8]!;
  const honest = (await list(owner)).rows.find(({ submission }) => submission === moved)!.receivedAt;
  const set = "UPDATE submission SET received_at = $2 WHERE id = $1";
  const was = (await db.query<{ at: Date }>("SELECT received_at AS at FROM submission WHERE id = $1", [moved])).rows[0]!
    .at;
  await during([set, [moved, new Date(honest - 86_400_000)]], [set, [moved, was]], async () => {
    const row = (await list(owner)).rows.find(({ submission }) => submission === moved);
    assert.equal(row?.receivedAt, honest);
    assert.equal((await open(officer, BODY, inbox, moved)).receivedAt, honest);
    const { missing } = await list(officer, { since: honest - 3_600_000 });
    assert.deepEqual(
      missing.map(({ submission }) => submission),
      [moved],
    );
  });
});

// Anybody may send a letter that calls itself a marker, and whoever writes rows may say that the monitor planted it.
test("no letter is a marker by its own word and a row's, and none by subtraction", async () => {
  const sealed = await invented(newId(), (content) => withMarker(content, "eight words that nobody planted at all"));
  await sendSealed(t.config.publicOrigin, sealed);
  sent.push(sealed.submission);
  const claimed = liedTo(owner, {
    at: /\/markers$/,
    answered: () => ({
      markers: [
        { body: BODY, inbox, epoch: 1, submission: sealed.submission, signature: Buffer.alloc(64).toString("base64") },
      ],
    }),
  });
  const row = (await list(claimed)).rows.find(({ submission }) => submission === sealed.submission);
  assert.deepEqual([row?.code, row?.marker], [null, false]);
  const { people: found, markers } = await people(claimed);
  assert.deepEqual([recordsOf(found), markers], [sent.toSorted(), []]);
});

// The leaf in the place of the entry proves that something stands there, and not what.
test("an owner takes no leaf in the place of an entry, and nobody takes another entry for one", async () => {
  const hidden = sent[9]!;
  const thinned = (change: (entry: Uint8Array) => Uint8Array) => (visit: Visit) => ({
    ...visit,
    api: {
      ...visit.api,
      entries: async (...asked: Parameters<Visit["api"]["entries"]>) =>
        encodeBundle(parseBundle(await visit.api.entries(...asked)).map(change)),
    },
  });
  const isOf = (entry: Uint8Array): boolean => {
    const said = parseEntry(entry);
    return said.kind === "submission.received" && said.submission === hidden;
  };
  const fresh = () => t.visit(t.person("owner", 0, BODY));
  const leaf = thinned((entry) => (isOf(entry) ? leafHash(entry) : entry))(await fresh());
  await assert.rejects(list(leaf), is("LOG_REFUSED"));
  const altered = thinned((entry) =>
    isOf(entry) ? toUtf8(Buffer.from(entry).toString().replace('"at":1', '"at":2')) : entry,
  );
  await assert.rejects(list(altered(await fresh())), is("LOG_REFUSED"));
});

// What a writer sees: the attacker changes rows, or the public server answers something else.

/** A letter whose words are known, listed and opened by an officer. */
async function readLetter(): Promise<{ readonly entropy: Uint8Array; readonly submission: string }> {
  const form = t.forms.complaint;
  const [entropy, submission] = [randomBytes(16), newId()];
  const fields = letterTo("complaint");
  await sendSealed(
    t.config.publicOrigin,
    await sealFields(form, await formKey(t.config, form), fields, submission, entropy),
  );
  sent.push(submission);
  await list(officer);
  await open(officer, BODY, inbox, submission);
  // The opening is said after the letter is shown; the next reading is signed after it.
  await list(owner);
  return { entropy, submission };
}

async function statusOf(entropy: Uint8Array): Promise<Status> {
  const response = await fetch(`${t.config.publicOrigin}/status/find`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ signIn: toHex(receiptSignIn(entropy)) }),
  });
  return parseStatus(new Uint8Array(await response.arrayBuffer()))!;
}
const check = (status: Status): Held => checkStatus(status, t.world.config.logKey);
const standings = (status: Status): string[] =>
  [...check(status).readings.values()].map(({ released, opened }) => `${released} ${opened}`);
const toldIn = (status: Status): string => JSON.stringify(toldOf(status, { held: check(status), by: "browser" }));

/** The page of the counter, for somebody without script. */
async function counterPage(entropy: Uint8Array): Promise<string> {
  const response = await fetch(`${t.config.counterOrigin}/counter/status`, {
    method: "POST",
    body: new URLSearchParams({ words: wordsOf(entropy).join(" ") }),
  });
  assert.equal(response.status, 200);
  return response.text();
}

test("every reading that a writer is told of stands in the log, with their letter in it", async () => {
  const { entropy, submission } = await readLetter();
  const status = await statusOf(entropy);
  assert.deepEqual(
    status.letter.readings.map(({ part, role, openedAt }) => [part, role, openedAt !== null]),
    [
      ["slip", "owner", false],
      ["letter", "reader", true],
      ["slip", "reader", false],
    ],
  );
  assert.deepEqual(standings(status), ["proven proven", "proven proven", "proven proven"]);
  assert.equal(check(status).sent.get(submission), "proven");
  assert.doesNotMatch(toldIn(status), /does not fit|word: it is not shown/);
  assert.match(
    toldIn(status),
    /That these are all the times.+is this website’s word/,
    "and what cannot be seen is said",
  );
  assert.doesNotMatch(await counterPage(entropy), /does not fit|word: it is not shown/);
});

test("a reading that was changed in its row is called what it is, by the page and by the counter", async () => {
  const { entropy, submission } = await readLetter();
  const { rows } = await db.query<{ release: string; role: string; at: string; opened_at: string }>(
    "SELECT release, role, at, opened_at FROM reading WHERE part = 'letter' AND release IN (SELECT release FROM release_item WHERE submission = $1)",
    [submission],
  );
  const [{ release, role, at, opened_at }] = rows as [(typeof rows)[0] & object];
  for (const [field, value, was, expected] of [
    ["role", "owner", role, "false false"],
    ["at", Number(at) - 60_000, at, "false false"],
    ["count", 5, 1, "false false"],
    ["opened_at", Number(opened_at) + 3_600_000, opened_at, "proven false"],
  ] as const) {
    const set = `UPDATE reading SET ${field} = $2 WHERE release = $1`;
    await during([set, [release, value]], [set, [release, was]], async () => {
      const status = await statusOf(entropy);
      assert.ok(standings(status).includes(expected), field);
      assert.match(toldIn(status), /Something here does not fit.+do not rely on it/, field);
      assert.match(await counterPage(entropy), /Something here does not fit[^]+do not rely on it/, field);
    });
  }
  assert.deepEqual(standings(await statusOf(entropy)), ["proven proven", "proven proven", "proven proven"]);
});

test("a reading that is invented, or is of another's letter, is never shown as proven", async () => {
  const [mine, theirs] = [await readLetter(), await readLetter()];
  const before = (await statusOf(mine.entropy)).letter.readings.length;
  const {
    rows: [other],
  } = await db.query<{ release: string }>(
    "SELECT i.release FROM release_item i JOIN release r ON r.id = i.release WHERE i.submission = $1 AND r.purpose = 'open'",
    [theirs.submission],
  );
  const item = "release_item WHERE release = $1 AND submission = $2";
  const link = [other!.release, mine.submission];
  await during(["INSERT INTO release_item VALUES ($1, $2)", link], [`DELETE FROM ${item}`, link], async () => {
    const status = await statusOf(mine.entropy);
    assert.equal(status.letter.readings.length, before + 1);
    assert.equal(standings(status).filter((one) => one === "proven proven").length, before);
    assert.match(toldIn(status), /this website’s word: it is not shown from the signed log/);
    assert.match(await counterPage(mine.entropy), /this website’s word: it is not shown from the signed log/);
  });
  // A server that lends the other's place among the ids, or their whole reading.
  const [own, foreign] = [await statusOf(mine.entropy), await statusOf(theirs.entropy)];
  const opened = foreign.letter.readings.find(({ part }) => part === "letter")!;
  const lent: Status = { ...own, letter: { ...own.letter, readings: [opened] } };
  assert.deepEqual(standings(lent), ["false false"]);
});

test("whatever a server changes in what it tells a writer does not hold", async () => {
  const { entropy } = await readLetter();
  const honest = await statusOf(entropy);
  const [first, second] = honest.letter.readings as [Reading, Reading];
  const readings: [string, Reading][] = [
    ["time", { ...first, at: first.at + 1 }],
    ["role", { ...first, role: "auditor" }],
    ["part", { ...first, part: "letter" }],
    ["count", { ...first, count: first.count + 1 }],
    ["another's proof", { ...first, released: second.released }],
    ["no entry of this kind", { ...first, released: honest.letter.received }],
    ["another's place", { ...first, among: second.among }],
    ["a changed salt", { ...first, among: { ...first.among!, salt: Buffer.alloc(32).toString("base64") } }],
    ["no salt at all", { ...first, among: { ...first.among!, salt: "" } }],
    ["an opening by another entry", { ...second, opened: first.released }],
    ["an opening at another time", { ...second, openedAt: second.openedAt! + 1 }],
  ];
  for (const [what, reading] of readings) {
    const [standing] = standings({ ...honest, letter: { ...honest.letter, readings: [reading] } });
    assert.match(standing!, /false/, what);
  }
  // What came without its entry is only said, and is told as that.
  const bare = { ...honest, letter: { ...honest.letter, readings: [{ ...first, released: null }] } };
  assert.deepEqual(standings(bare), ["said said"]);
  assert.match(toldIn(bare), /this website’s word/);
  for (const letter of [
    { ...honest.letter, at: honest.letter.at - 1 },
    { ...honest.letter, path: "counter" as const },
    { ...honest.letter, received: first.released },
    { ...honest.letter, submission: newId() },
  ])
    assert.equal(check({ ...honest, letter }).sent.get(letter.submission), "false");
  // Another log than that of the page's key proves nothing.
  const other = formatVerifierKey(signerKey("example.com/log", randomBytes(32)).verifier);
  assert.deepEqual([...checkStatus(honest, other).sent.values()], ["false"]);
});
