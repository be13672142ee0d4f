/**
 * Somebody has a stolen session, or is the staff server itself, and wants a way to open a person's keys: a copy of them,
 * another person's copy in its place, or an unlocker of their own (T6, T16).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signInWith } from "../../src/cli/desk/desk.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { keysOfPassphrase } from "../../src/cli/stretch.ts";
import { fromUtf8, toBase64, toHex, toUtf8, type Bytes } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { draftSigned } from "../../src/domain/log/act.ts";
import { codeOf } from "../../src/domain/problem.ts";
import { newPersonKeys, sealPersonKeys } from "../../src/domain/person/keys.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { recipientOf } from "../../src/domain/seal/identity.ts";
import { enter } from "../../src/member/flows/entering.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import { totpAt } from "../../src/domain/person/totp.ts";
import { turnTotpOff, turnTotpOn } from "../../src/member/flows/totp.ts";
import { addPasskey, enterByPasskey, removeUnlocker, renewPassphrase } from "../../src/member/flows/unlockers.ts";
import { makeApi, type Send } from "../../src/member/wire/api.ts";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { newChallenges } from "../../src/server/unlockers/challenges.ts";
import { liedTo } from "../support/lying.ts";
import { newDevice, type Device } from "../support/passkey.ts";
import { BODY, is, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";
import { untilThere } from "../support/in-time.ts";
import { isWaiting } from "../support/waiting.ts";

let t: StaffedWorld;
let officer: PreparedPerson;
let owner: PreparedPerson;
before(async () => {
  t = await staffedWorld();
  officer = t.person("case officer", 0, BODY);
  owner = t.person("owner", 0, BODY);
});
after(() => t?.stop());

/** Somebody signs in at a server that hands over another copy than its own. */
async function enterGiven(who: PreparedPerson, sealedKeys: Uint8Array) {
  const honest = sessionAt(t.config.staffOrigin);
  const send: Send = async (request) => {
    const answer = await honest.send(request);
    if (request.path !== "/api/session") return answer;
    const said = parseJson(fromUtf8(answer.bytes)) as object;
    return { ...answer, bytes: toUtf8(JSON.stringify({ ...said, sealedKeys: toBase64(sealedKeys) })) };
  };
  return enter({ api: makeApi(send), hands: directHands(who.unlocked.unlock) }, who.email, who.unlocked.signIn);
}

test("a session alone is handed no copy of anybody's keys; whoever signs in gets their own", async () => {
  const visit = await t.visit(officer);
  const { value } = await visit.client.get("/api/me");
  assert.doesNotMatch(JSON.stringify(value), /sealed|YWdlLWVuY3J5cHRpb24/);
  const { me, sealedKeys } = await makeApi(sessionAt(t.config.staffOrigin).send).signIn(
    officer.email,
    officer.unlocked.signIn,
  );
  assert.equal(me.person, officer.person);
  assert.deepEqual(sealedKeys, officer.joining.copy.sealedKeys);
});

test("another person's copy in the place of one's own is not opened", async () => {
  await assert.rejects(enterGiven(officer, owner.joining.copy.sealedKeys), is("UNLOCK_FAILED"));
  assert.equal((await enterGiven(officer, officer.joining.copy.sealedKeys)).person, officer.person);
});

// What a server knows of an unlocker is a hash: it cannot seal to it. Were the recipient known, it would get as far as
// the person inside.
test("a server that makes up keys has nothing to seal them to; other people's are refused inside", async () => {
  const attacker = await t.attacker();
  const { rows } = await attacker.query(
    "SELECT u.recipient_hash, row_to_json(u)::text AS all FROM unlocker u WHERE account = $1",
    [officer.person],
  );
  await attacker.end();
  assert.equal(rows.length, 1);
  assert.deepEqual(new Uint8Array(rows[0].recipient_hash), officer.joining.copy.recipientHash);
  assert.doesNotMatch(rows[0].all, /age1/, "no recipient stands in the row");
  const own = officer.unlocked.unlock;
  const madeUp = await newPersonKeys(owner.person, "hybrid");
  await assert.rejects(enterGiven(officer, await sealPersonKeys(madeUp, await recipientOf(own))), is("OPEN_CONTEXT"));
});

const officerAt = (nth: number): PreparedPerson => t.person("case officer", nth, BODY);
const device = (): Device => newDevice(t.config.staffOrigin);

/** Signs in with a passkey at a new browser. */
const enterWith = (one: Pick<Device, "use">, hands = directHands()) => {
  const session = sessionAt(t.config.staffOrigin);
  return enterByPasskey({ api: makeApi(session.send), hands }, one).then((me) => ({ me, hands, session }));
};

async function rowsOf(person: string): Promise<{ id: string; kind: string; used: boolean; sealed: Buffer }[]> {
  const attacker = await t.attacker();
  const { rows } = await attacker.query(
    "SELECT id, kind, sealed, used_at IS NOT NULL AS used FROM unlocker WHERE account = $1 ORDER BY kind DESC, id",
    [person],
  );
  await attacker.end();
  return rows;
}

/** What a browser sends to add a passkey, held back. */
async function toAdd(visit: Visit, one: Device): Promise<any> {
  let sent: unknown = null;
  const held: Visit = {
    ...visit,
    api: {
      ...visit.api,
      addPasskey: async (adding) => {
        sent = JSON.parse(
          JSON.stringify(adding, (_key, value) => (value instanceof Uint8Array ? toBase64(value) : value)),
        );
      },
    },
  };
  await addPasskey(held, one, "Key");
  return sent;
}

test("a passkey that has opened a copy is added, signs in, and gets its own copy and no other", async () => {
  const visit = await t.visit(officerAt(0));
  const one = device();
  await addPasskey(visit, one, "Key at home");
  const { me, hands, session } = await enterWith(one);
  assert.equal(me.person, officerAt(0).person);
  // The keys are there: what only they can sign is taken.
  const api = makeApi(session.send);
  const unlockers = await api.unlockers();
  assert.deepEqual(
    unlockers.map(({ kind, label }) => [kind, label]),
    [
      ["passphrase", "Passphrase"],
      ["passkey", "Key at home"],
    ],
  );
  assert.ok(unlockers.every(({ usedAt }) => usedAt !== null));
  const [passphrase, passkey] = await rowsOf(me.person);
  const shown = await one.use(await makeApi(sessionAt(t.config.staffOrigin).send).beginPasskeySignIn(), null);
  const { prf: _prf, ...asked } = shown;
  const { sealedKeys } = await makeApi(sessionAt(t.config.staffOrigin).send).signInByPasskey(asked);
  assert.deepEqual(sealedKeys, new Uint8Array(passkey!.sealed));
  assert.notDeepEqual(sealedKeys, new Uint8Array(passphrase!.sealed));
  hands.end();
  // It is in the log, by a commitment, and told to the person.
  const attacker = await t.attacker();
  const { rows: events } = await attacker.query(
    "SELECT convert_from(e.entry, 'UTF8')::jsonb AS said FROM event e JOIN unlocker u ON u.event = e.id WHERE u.account = $1",
    [me.person],
  );
  assert.deepEqual(
    events.map(({ said }) => [said.kind, said.body, said.unlocker, JSON.stringify(said).includes(me.person)]),
    [["unlocker.added", BODY, passkey!.id, false]],
  );
  const { rows: told } = await attacker.query("SELECT kind FROM alert WHERE account = $1", [me.person]);
  assert.deepEqual(told, [{ kind: "unlocker.added" }]);
  await attacker.end();
});

test("a device that gives no secret, or another one the second time, is not added", async () => {
  const visit = await t.visit(officerAt(1));
  const sent: string[] = [];
  const watched: Visit = liedTo(visit, {
    at: /^/,
    asked: (body) => {
      sent.push(JSON.stringify(body));
      return body;
    },
  });
  for (const answers of [
    [null],
    [randomBytes(32), null],
    [randomBytes(32), randomBytes(32)],
    [null, randomBytes(32), null],
  ]) {
    const one = device();
    one.answers = answers;
    await assert.rejects(addPasskey(watched, one, "Key"), is("PASSKEY_PRF"));
  }
  assert.deepEqual(
    sent.filter((body) => body.includes("passkey")),
    [],
  );
  assert.equal((await rowsOf(officerAt(1).person)).length, 1);
  // One that tells nothing when it is made, and the same afterwards, is as good as any.
  const late = device();
  late.answers = [null, ...late.answers];
  await addPasskey(visit, late, "Late");
  assert.equal((await enterWith(late)).me.person, officerAt(1).person);
  // One that stops giving it signs nobody in.
  late.answers = [null];
  await assert.rejects(enterWith(late), is("PASSKEY_UNFIT"));
  late.answers = [randomBytes(32)];
  await assert.rejects(enterWith(late), is("PASSKEY_UNFIT"));
});

test("a stolen session adds no unlocker: unsigned, or signed over another one", async () => {
  const visit = await t.visit(officerAt(2));
  const { person } = visit.me;
  const role = "reader";
  const add = (content: unknown) => visit.client.post("/api/me/unlockers", content);
  const others = await t.visit(officerAt(3));
  const mine = device();
  const theirs = await toAdd(others, device());
  const honest = await toAdd(visit, mine);
  const fresh = async () => toAdd(visit, mine);
  const { event } = honest.act;
  const said = {
    kind: "unlocker.added" as const,
    body: BODY,
    unlocker: event.unlocker,
    how: "passkey" as const,
    recipient: event.recipient,
    copy: event.copy,
    credential: event.credential,
  };
  const forged = draftSigned<"unlocker.added">({ person, role, signingSecret: randomBytes(32) }, said);
  const ofAnother = draftSigned<"unlocker.added">(
    { person: others.me.person, role, signingSecret: others.keys!.signingSecret },
    said,
  );
  const as = ({ event: own, signature, bySalt }: typeof forged) => ({
    event: own,
    signature: toBase64(signature),
    bySalt: toBase64(bySalt),
  });
  for (const [name, act] of [
    ["signed by nobody", { ...honest.act, signature: toBase64(new Uint8Array(64)) }],
    ["by a key of the thief", as(forged)],
    ["by somebody else", as(ofAnother)],
    ["somebody else's act", theirs.act],
  ] as const)
    await assert.rejects(add({ ...(await fresh()), act }), is("ACT_UNSIGNED"), name);
  // The act is true, and what comes with it is the thief's: other keys' copy, another recipient, another passkey.
  const swaps: [string, (adding: any) => Promise<unknown> | unknown][] = [
    ["another copy", (adding) => ({ ...adding, copy: { ...adding.copy, sealedKeys: theirs.copy.sealedKeys } })],
    [
      "another recipient",
      (adding) => ({ ...adding, copy: { ...adding.copy, recipientHash: theirs.copy.recipientHash } }),
    ],
    ["another unlocker", (adding) => ({ ...adding, copy: { ...adding.copy, unlocker: newId() } })],
    ["another passkey", (adding) => ({ ...adding, passkey: theirs.passkey })],
  ];
  for (const [name, swap] of swaps) await assert.rejects(add(await swap(await fresh())), is("ACT_UNSIGNED"), name);
  assert.equal((await rowsOf(person)).length, 1);
  // And the same, untouched, is taken: once.
  const last = await fresh();
  await add(last);
  await assert.rejects(add(last), is("ACT_MOVED"));
  assert.equal((await rowsOf(person)).length, 2);
});

test("a body that holds what a passkey answered is refused, at adding and at signing in", async () => {
  const visit = await t.visit(officerAt(1));
  const secret = toBase64(randomBytes(32));
  const clientExtensionResults = { prf: { results: { first: secret } } };
  const adding = await toAdd(visit, device());
  for (const content of [
    { ...adding, clientExtensionResults },
    { ...adding, passkey: { ...adding.passkey, clientExtensionResults } },
    { ...adding, passkey: { ...adding.passkey, prf: secret } },
  ])
    await assert.rejects(visit.client.post("/api/me/unlockers", content), is("BAD_REQUEST"));
  const stranger = sessionAt(t.config.staffOrigin);
  const { prf, ...shown } = await device().use(await makeApi(stranger.send).beginPasskeySignIn(), null);
  assert.ok(prf);
  const body = JSON.stringify({ ...shown, clientExtensionResults }, (_key, value) =>
    value instanceof Uint8Array ? toBase64(value) : value,
  );
  const { status, bytes } = await stranger.send({ method: "POST", path: "/api/session/passkey", body });
  assert.deepEqual([status, JSON.parse(fromUtf8(bytes)).code], [400, "BAD_REQUEST"]);
});

test("what a passkey said counts once, on this page, by somebody who was asked who they are", async () => {
  const visit = await t.visit(officerAt(1));
  const one = device();
  await addPasskey(visit, one, "Once");
  const api = makeApi(sessionAt(t.config.staffOrigin).send);
  const shownNow = async () => {
    const { prf: _prf, ...shown } = await one.use(await api.beginPasskeySignIn(), null);
    return shown;
  };
  const shown = await shownNow();
  await api.signInByPasskey(shown);
  await assert.rejects(api.signInByPasskey(shown), is("PASSKEY_REFUSED"), "sent again");
  const { prf: _none, ...unasked } = await one.use(randomBytes(32), null);
  await assert.rejects(api.signInByPasskey(unasked), is("PASSKEY_REFUSED"), "a challenge that nobody made");
  const { challenge } = await visit.api.beginPasskey();
  const { prf: _prf, ...forAdding } = await one.use(challenge, null);
  await assert.rejects(api.signInByPasskey(forAdding), is("PASSKEY_REFUSED"), "a challenge for something else");
  const wrong: [string, () => void, () => void][] = [
    ["another page", () => (one.origin = "https://evil.example"), () => (one.origin = t.config.staffOrigin)],
    ["another port", () => (one.origin = t.config.publicOrigin), () => (one.origin = t.config.staffOrigin)],
    ["another host", () => (one.host = "evil.example"), () => (one.host = new URL(t.config.staffOrigin).hostname)],
    ["nobody was asked", () => (one.verified = false), () => (one.verified = true)],
    ["it counts back", () => (one.count = 0), () => (one.count = 100)],
  ];
  for (const [name, worse, better] of wrong) {
    worse();
    await assert.rejects(api.signInByPasskey(await shownNow()), is("PASSKEY_REFUSED"), name);
    better();
    await api.signInByPasskey(await shownNow());
  }
  // A passkey of another device says that it is this one.
  const other = device();
  const { prf: _other, ...lent } = await other.use(await api.beginPasskeySignIn(), null);
  await assert.rejects(
    api.signInByPasskey({ ...lent, credential: one.credential }),
    is("PASSKEY_REFUSED"),
    "another key",
  );
  // At adding, too: made elsewhere, or for another sign-in.
  for (const change of [
    (made: Device) => (made.origin = "https://evil.example"),
    (made: Device) => (made.verified = false),
  ]) {
    const made = device();
    change(made);
    await assert.rejects(addPasskey(visit, made, "Elsewhere"), is("PASSKEY_REFUSED"));
  }
  const again = await t.visit(officerAt(1));
  const adding = await toAdd(again, device());
  await assert.rejects(visit.client.post("/api/me/unlockers", adding), is("PASSKEY_REFUSED"), "another sign-in's");
});

test("what a device says of its maker is not read, so no certificate leads this server anywhere", async () => {
  const visit = await t.visit(officerAt(1));
  for (const format of ["apple", "android-key", "no-format"]) {
    const one = device();
    one.format = format;
    await addPasskey(visit, one, format);
  }
});

test("a challenge is open for five minutes", () => {
  let now = 1_000_000;
  const challenges = newChallenges(() => now);
  const [early, late, theirs] = [challenges.make("ada"), challenges.make("ada"), challenges.make("bea")];
  now += 299_999;
  assert.equal(challenges.take(early, "ada"), true);
  assert.equal(challenges.take(early, "ada"), false);
  assert.equal(challenges.take(theirs, "ada"), false);
  assert.equal(challenges.take(theirs, "bea"), false, "it is used up");
  now += 1;
  assert.equal(challenges.take(late, "ada"), false);
});

test("a copy that the server exchanged opens nothing, and signs nobody in", async () => {
  const visit = await t.visit(officerAt(0));
  const one = device();
  await addPasskey(visit, one, "Exchanged");
  const honest = sessionAt(t.config.staffOrigin);
  const mine = officerAt(0).joining.copy.sealedKeys;
  for (const copy of [owner.joining.copy.sealedKeys, mine]) {
    const send: Send = async (request) => {
      const answer = await honest.send(request);
      if (request.path !== "/api/session/passkey") return answer;
      const said = parseJson(fromUtf8(answer.bytes)) as object;
      return { ...answer, bytes: toUtf8(JSON.stringify({ ...said, sealedKeys: toBase64(copy) })) };
    };
    await assert.rejects(enterByPasskey({ api: makeApi(send), hands: directHands() }, one), is("PASSKEY_UNFIT"));
    await assert.rejects(makeApi(honest.send).me(), is("NOT_SIGNED_IN"), "and the session is ended");
  }
});

test("a stolen session removes nothing; the person does, and every other sign-in ends", async () => {
  const visit = await t.visit(officerAt(3));
  const thief = await t.visit(officerAt(3));
  const [one, two] = [device(), device()];
  await addPasskey(visit, one, "One");
  await addPasskey(visit, two, "Two");
  const there = await visit.api.unlockers();
  const idOf = (label: string): string => there.find((found) => found.label === label)!.unlocker;
  const { person, role } = visit.me;
  const remove = (unlocker: string, act: any, by: Visit = thief) =>
    by.client.post(`/api/me/unlockers/${unlocker}/removal`, { act });
  const signed = (unlocker: string, signingSecret: Bytes, who = person) =>
    draftSigned<"unlocker.removed">(
      { person: who, role, signingSecret },
      { kind: "unlocker.removed", body: BODY, unlocker },
    );
  await assert.rejects(remove(idOf("One"), signed(idOf("One"), randomBytes(32))), is("ACT_UNSIGNED"));
  await assert.rejects(remove(idOf("One"), signed(idOf("Two"), visit.keys!.signingSecret)), is("ACT_UNSIGNED"));
  // Another person's, with one's own true signature.
  const boss = await t.visit(owner);
  const mine = signed(idOf("One"), boss.keys!.signingSecret, owner.person);
  await assert.rejects(
    remove(idOf("One"), { ...mine, event: { ...mine.event, role: "owner" } }, boss),
    is("NOT_FOUND"),
  );
  assert.equal((await visit.api.unlockers()).length, 3);
  await removeUnlocker(visit, idOf("One"));
  await assert.rejects(enterWith(one), is("PASSKEY_REFUSED"));
  await assert.rejects(thief.client.get("/api/me"), is("NOT_SIGNED_IN"));
  assert.equal((await enterWith(two)).me.person, person);
  // Down to one, and no further: whichever it is.
  const again = await t.visit(officerAt(3));
  await removeUnlocker(again, idOf("Passphrase"));
  await assert.rejects(removeUnlocker(again, idOf("Two")), is("UNLOCKER_LAST"));
  assert.deepEqual(
    (await rowsOf(person)).map(({ id }) => id),
    [idOf("Two")],
  );
  await assert.rejects(t.visit(officerAt(3)), is("SIGN_IN_REFUSED"));
});

test("the last unlocker stays when both are taken away at once, and when a row says so", async () => {
  const visit = await t.visit(officerAt(2));
  const one = device();
  await addPasskey(visit, one, "At once");
  const all = await visit.api.unlockers();
  const gone = await Promise.allSettled(all.map(({ unlocker }) => removeUnlocker(visit, unlocker)));
  const left = await rowsOf(visit.me.person);
  assert.equal(left.length, 1);
  assert.equal(gone.filter(({ status }) => status === "fulfilled").length, all.length - 1);
  const attacker = await t.attacker();
  await assert.rejects(
    attacker.query("DELETE FROM unlocker WHERE account = $1", [visit.me.person]),
    /the last unlocker of a person stays/,
  );
  // Two who do not see each other: each sees the other's row, and one fails.
  await addPasskey(visit, device(), "Unseen");
  const [first, second] = [attacker, await t.attacker()];
  const [a, b] = (await rowsOf(visit.me.person)).map(({ id }) => id);
  for (const one of [first, second]) {
    await one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await one.query("SELECT FROM unlocker");
  }
  await first.query("DELETE FROM unlocker WHERE id = $1", [a]);
  const late = second.query("DELETE FROM unlocker WHERE id = $1", [b]).then(
    () => "deleted",
    (thrown: Error) => thrown.message,
  );
  await first.query("COMMIT");
  assert.match(await late, /could not serialize/);
  await second.query("ROLLBACK");
  await Promise.all([first.end(), second.end()]);
});

test("new words end the old ones, which sign nobody in any more; the server has seen neither", async () => {
  const auditor = t.person("auditor", 0, BODY);
  const visit = await t.visit(auditor);
  const thief = await t.visit(auditor);
  const sent: string[] = [];
  const watched = liedTo(visit, {
    at: /^/,
    asked: (body) => {
      sent.push(JSON.stringify(body));
      return body;
    },
  });
  const words = await visit.hands.call("newPassphrase", null);
  await renewPassphrase(watched, words);
  const keys = await keysOfPassphrase(t.config.installation, auditor.email, words);
  const all = sent.join("");
  assert.match(all, /signInHash/);
  for (const secret of [words, keys.unlock, toBase64(keys.signIn), toHex(keys.signIn)])
    assert.ok(!all.includes(secret), "it left the browser");
  await assert.rejects(t.visit(auditor), is("SIGN_IN_REFUSED"));
  await assert.rejects(thief.api.me(), is("NOT_SIGNED_IN"));
  assert.equal((await visit.api.me()).person, auditor.person);
  assert.equal((await signInWith(t.config, auditor.email, keys)).me.person, auditor.person);
  const rows = await rowsOf(auditor.person);
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ["passphrase"],
  );
  assert.notDeepEqual(new Uint8Array(rows[0]!.sealed), auditor.joining.copy.sealedKeys);
  const attacker = await t.attacker();
  const { rows: told } = await attacker.query("SELECT kind FROM alert WHERE account = $1", [auditor.person]);
  const { rows: said } = await attacker.query(
    "SELECT convert_from(e.entry, 'UTF8')::jsonb ->> 'kind' AS kind, convert_from(e.entry, 'UTF8')::jsonb ->> 'how' AS how FROM event e JOIN act a ON a.event = e.id WHERE a.person = $1 ORDER BY e.id",
    [auditor.person],
  );
  await attacker.end();
  assert.deepEqual(told, [{ kind: "passphrase.changed" }]);
  assert.deepEqual(said, [
    { kind: "unlocker.added", how: "passphrase" },
    { kind: "unlocker.removed", how: null },
  ]);
});

test("a stolen session changes no passphrase: unsigned, with other words, or of another person", async () => {
  const deputy = t.person("deputy owner", 0, BODY);
  const visit = await t.visit(deputy);
  let sent: any = null;
  const held = (one: Visit): Visit => ({
    ...one,
    api: { ...one.api, renewPassphrase: async (renewing) => void (sent = renewing) },
  });
  await renewPassphrase(held(visit), await visit.hands.call("newPassphrase", null));
  const mine = sent;
  const boss = await t.visit(owner);
  await renewPassphrase(held(boss), await boss.hands.call("newPassphrase", null));
  const theirs = sent;
  const nobodys = { ...mine.act, signature: new Uint8Array(64) };
  const { person, role } = visit.me;
  const { by: _by, role: _role, ...said } = mine.act.event;
  const ofPasskey = draftSigned<"unlocker.added">(
    { person, role, signingSecret: visit.keys!.signingSecret },
    { ...said, how: "passkey" },
  );
  for (const [name, renewing] of [
    ["unsigned", { ...mine, act: nobodys }],
    ["a passkey's", { ...mine, act: ofPasskey }],
    ["another's act", { ...mine, act: theirs.act }],
    ["another's copy", { ...mine, copy: theirs.copy }],
    ["words of the thief", { ...mine, signInHash: theirs.signInHash }],
    ["the removal unsigned", { ...mine, removed: { ...mine.removed, signature: new Uint8Array(64) } }],
  ] as const)
    await assert.rejects(visit.api.renewPassphrase(renewing), is("ACT_UNSIGNED"), name);
  for (const [name, removed] of [
    ["none removed", null],
    ["another's removed", theirs.removed],
  ] as const)
    await assert.rejects(visit.api.renewPassphrase({ ...mine, removed }), is("REFUSED_STATE"), name);
  assert.deepEqual(
    (await rowsOf(deputy.person)).map(({ sealed }) => new Uint8Array(sealed)),
    [deputy.joining.copy.sealedKeys],
  );
  // Twice at once: one of the two, and the other is told that it is another by now.
  const both = await Promise.allSettled([visit.api.renewPassphrase(mine), visit.api.renewPassphrase(mine)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  assert.equal((await rowsOf(deputy.person)).length, 1);
  // Words that do not open their own copy are never signed for.
  const unsure = await t.visit(owner);
  await assert.rejects(
    unsure.hands.call("renew", { body: BODY, signInHash: randomBytes(32) }),
    is("UNLOCK_FAILED"),
    "nothing was typed",
  );
});

test("whom only a row calls an operator is signed in by a passkey as little as by words", async () => {
  const visit = await t.visit(officerAt(1));
  const one = device();
  await addPasskey(visit, one, "Moved");
  await enterWith(one);
  const attacker = await t.attacker();
  const invented = newId();
  await attacker.query(
    "INSERT INTO account (id, role, name, email, state) VALUES ($1, 'operator', 'Nobody', 'nobody@host.example', 'confirmed')",
    [invented],
  );
  await attacker.query("UPDATE unlocker SET account = $1 WHERE credential = $2", [
    invented,
    Buffer.from(one.credential),
  ]);
  await attacker.end();
  await assert.rejects(enterWith(one), is("PASSKEY_REFUSED"));
});

test("a code is turned on and off by its person alone; words are asked for it, a passkey is not", async () => {
  const who = officerAt(1);
  const [visit, thief] = [await t.visit(who), await t.visit(who)];
  const one = device();
  await addPasskey(visit, one, "Beside a code");
  const step = (): number => Math.floor(Date.now() / 30_000);
  const { person, role } = visit.me;
  const on = (totp: string, signingSecret = visit.keys!.signingSecret) =>
    draftSigned<"totp.on">({ person, role, signingSecret }, { kind: "totp.on", body: BODY, totp });
  // A thief of the session gets a secret shown, and can do nothing with it.
  const shown = await thief.api.beginTotp();
  const codeOf = ({ secret }: { secret: Bytes }, off = 0): string => totpAt(secret, step() + off);
  await assert.rejects(
    thief.api.turnTotpOn({ act: on(shown.totp, randomBytes(32)), code: codeOf(shown) }),
    is("ACT_UNSIGNED"),
  );
  const begun = await visit.api.beginTotp();
  await assert.rejects(turnTotpOn(visit, begun, codeOf(shown)), is("TOTP_REFUSED"), "of another secret");
  await assert.rejects(turnTotpOn(visit, shown, codeOf(begun)), is("ACT_MOVED"), "signed over another secret");
  const codes = await turnTotpOn(visit, begun, codeOf(begun));
  assert.equal(codes.length, 10);
  await assert.rejects(thief.api.me(), is("NOT_SIGNED_IN"), "whoever was in by words alone is out");
  await assert.rejects(t.visit(who), is("TOTP_NEEDED"));
  assert.equal((await enterWith(one)).me.person, person);
  const again = await signInWith(t.config, who.email, who.unlocked, async () => codeOf(begun, 1));
  assert.equal(again.me.person, person);
  const { totp, left } = (await again.api.totp())!;
  assert.deepEqual([totp, left], [begun.totp, 10]);
  const off = (signingSecret: Bytes, which = totp) =>
    draftSigned<"totp.off">({ person, role, signingSecret }, { kind: "totp.off", body: BODY, totp: which });
  const own = visit.keys!.signingSecret;
  await assert.rejects(again.api.turnTotpOff({ act: off(randomBytes(32)), code: codes[0]! }), is("ACT_UNSIGNED"));
  const unsigned = { act: off(randomBytes(32)), code: "000 00" };
  await assert.rejects(again.api.turnTotpOff(unsigned), is("ACT_UNSIGNED"), "a thief uses up none of the tries");
  await assert.rejects(again.api.turnTotpOff({ act: off(own, newId()), code: codes[0]! }), is("NOT_FOUND"));
  await assert.rejects(again.api.turnTotpOff({ act: off(own), code: "000 00" }), is("TOTP_REFUSED"));
  assert.equal((await again.api.totp())!.left, 10, "a thief used up no recovery code");
  await turnTotpOff(again, totp, codes[0]!);
  assert.equal((await t.visit(who)).me.person, person);
  const attacker = await t.attacker();
  const { rows } = await attacker.query(
    "SELECT e.kind FROM event e JOIN act a ON a.event = e.id WHERE a.person = $1 AND e.kind LIKE 'totp.%' ORDER BY e.id",
    [person],
  );
  const { rows: told } = await attacker.query(
    "SELECT kind FROM alert WHERE account = $1 AND kind LIKE 'totp.%' ORDER BY kind",
    [person],
  );
  await attacker.end();
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ["totp.on", "totp.off"],
  );
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["totp.off", "totp.on", "totp.recovered"],
  );
});

test("a sign-in that is ended at this very moment adds no passkey any more", async () => {
  const visit = await t.visit(officerAt(1));
  const { person } = visit.me;
  const [held, looking] = [await t.attacker(), await t.attacker()];
  const earlier = await rowsOf(person);
  await held.query("BEGIN");
  // The passkey's request is in, and waits where its act is written; meanwhile every sign-in of the person ends.
  await held.query("LOCK TABLE act IN SHARE MODE");
  const adding = addPasskey(visit, device(), "Late").then(
    () => "added",
    (thrown: unknown) => codeOf(thrown),
  );
  await untilThere(() => isWaiting(looking), "somebody who waits");
  await held.query("DELETE FROM session WHERE account = $1", [person]);
  await held.query("COMMIT");
  assert.equal(await adding, "NOT_SIGNED_IN");
  assert.deepEqual(
    (await rowsOf(person)).map(({ id }) => id),
    earlier.map(({ id }) => id),
  );
  await Promise.all([held.end(), looking.end()]);
});

test("a sign-in by words that begins while a code is turned on is ended with the others", async () => {
  const visit = await t.visit(officerAt(1));
  const { person } = visit.me;
  const [held, looking] = [await t.attacker(), await t.attacker()];
  const begun = await visit.api.beginTotp();
  await held.query("BEGIN");
  // As a sign-in by words does: it has looked, saw no code, and is about to begin.
  await held.query("SELECT FROM unlocker WHERE account = $1 FOR UPDATE", [person]);
  const turning = turnTotpOn(visit, begun, totpAt(begun.secret, Math.floor(Date.now() / 30_000)));
  await untilThere(() => isWaiting(looking), "somebody who waits");
  await held.query(
    "INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('late'), $1, now() + interval '1 hour')",
    [person],
  );
  await held.query("COMMIT");
  const codes = await turning;
  assert.equal((await looking.query("SELECT FROM session WHERE token_hash = sha256('late')")).rowCount, 0);
  await turnTotpOff(visit, begun.totp, codes[0]!);
  await Promise.all([held.end(), looking.end()]);
});
