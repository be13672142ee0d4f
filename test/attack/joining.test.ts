/**
 * A server that lies while somebody joins: it shows the owner other keys, changes them after the comparison began, or
 * gives the person another nonce. Each time the words differ, and nobody is confirmed (T2, T11, T14, T17).
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeApi, type Send } from "../../src/member/wire/api.ts";
import { sessionAt } from "../../src/cli/desk/session.ts";
import { keysOfPassphrase } from "../../src/cli/stretch.ts";
import { canonicalJson, parseJson, type Json } from "../../src/domain/canonical.ts";
import { fromUtf8, toBase64, toUtf8 } from "../../src/domain/bytes.ts";
import { newPersonKeys } from "../../src/domain/person/keys.ts";
import { newPassphrase } from "../../src/domain/person/passphrase.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { signInWith, type Desk } from "../../src/cli/desk/desk.ts";
import { beginComparing, confirmCompared, inviteByHand, newcomer } from "../../src/member/flows/joining.ts";
import { loadWorld, stateOf } from "../../src/member/flows/world.ts";
import { directHands } from "../../src/member/hands/direct.ts";
import type { CheckedPerson } from "../../src/member/hands/tasks.ts";
import { BODY, is, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let owner: Visit;
before(async () => {
  t = await staffedWorld();
  owner = await t.visit(t.person("owner", 0, BODY));
});
after(() => t?.stop());

let nth = 0;
/** Somebody has joined, and waits with their keys unlocked. */
async function waiting(): Promise<Desk> {
  nth += 1;
  const one = { name: `Wren Alderton ${nth}`, email: `wren.${nth}@opj.harrowmere.example`, role: "reader" } as const;
  const unlocked = await keysOfPassphrase(t.config.installation, one.email, newPassphrase());
  const made = await newcomer(directHands(unlocked.unlock), unlocked.signIn, "hybrid");
  const token = await inviteByHand(owner, BODY, one);
  await makeApi(sessionAt(t.config.staffOrigin).send).join(token, made);
  return signInWith(t.config, one.email, unlocked);
}

/** The six words on the person's own screen, for the nonce that they are given. */
async function heard({ api, hands, me }: Desk, other?: Uint8Array): Promise<string> {
  const { nonce } = (await api.comparison())!;
  const { name, email, role } = me;
  return hands.call("ownWords", { nonce: other ?? nonce, body: BODY, name, email, role: role as "reader" });
}

const rowOf = async (of: Pick<Visit, "api" | "hands" | "setup" | "me" | "memory" | "documents">, person: string) =>
  (await loadWorld(of, { id: BODY, name: "" })).people.find((one) => one.person === person)!;
const typing = (by: Visit, person: string, typed: string) =>
  by.hands.call("tryWords", { person, typed, now: Date.now() });

/** The owner behind a server that answers the list of people with another key for one of them. */
function behind(swap: () => { readonly person: string; readonly with: Json } | null): Visit {
  const send: Send = async (request) => {
    const answer = await owner.send(request);
    const wanted = swap();
    if (wanted === null || request.path !== `/api/bodies/${BODY}/people`) return answer;
    const { people } = parseJson(fromUtf8(answer.bytes)) as { people: { person: string }[] };
    const lied = people.map((one) => (one.person === wanted.person ? { ...one, ...(wanted.with as object) } : one));
    return { ...answer, bytes: toUtf8(canonicalJson({ people: lied } as unknown as Json)) };
  };
  return { ...owner, api: makeApi(send) };
}

test("without a lie the words fit, and the person is confirmed: the attacks below could succeed", async () => {
  const person = await waiting();
  const row = await rowOf(owner, person.me.person);
  assert.equal(row.code, "PERSON_UNCONFIRMED");
  await beginComparing(owner, BODY, row);
  await assert.rejects(confirmCompared(owner, BODY, row.person), is("PERSON_UNCONFIRMED"), "not before they fit");
  assert.deepEqual(await typing(owner, row.person, await heard(person)), { same: true, left: 3 });
  await confirmCompared(owner, BODY, row.person);
  assert.ok((await stateOf(owner, BODY)).persons.has(row.person));
  assert.equal((await person.api.me()).confirmed, true);
});

test("a server that shows the owner a key of its own gets nobody confirmed by the words", async () => {
  const person = await waiting();
  const theirs = await newPersonKeys(person.me.person, "hybrid");
  for (const other of [{ recipient: theirs.recipient }, { signingKey: toBase64(theirs.signingKey) }] as const) {
    const lied = behind(() => ({ person: person.me.person, with: other }));
    const row = await rowOf(lied, person.me.person);
    await beginComparing(lied, BODY, row);
    assert.deepEqual(await typing(lied, row.person, await heard(person)), { same: false, left: 2 });
    await assert.rejects(confirmCompared(lied, BODY, row.person), is("PERSON_UNCONFIRMED"));
  }
  assert.ok(!(await stateOf(owner, BODY)).persons.has(person.me.person));
});

test("keys that are exchanged after the words were compared are not the ones that are signed", async () => {
  const person = await waiting();
  const theirs = await newPersonKeys(newId(), "hybrid");
  let swapping = false;
  const lied = behind(() => (swapping ? { person: person.me.person, with: { recipient: theirs.recipient } } : null));
  const row: CheckedPerson = await rowOf(lied, person.me.person);
  await beginComparing(lied, BODY, row);
  assert.ok((await typing(lied, row.person, await heard(person))).same);
  swapping = true;
  assert.equal((await rowOf(lied, row.person)).recipient, theirs.recipient);
  await confirmCompared(lied, BODY, row.person);
  assert.equal((await rowOf(owner, row.person)).code, null, "the key of whoever read the words");
  assert.equal((await rowOf(lied, row.person)).code, "PERSON_MISMATCH");
});

test("a person who is given another nonce reads other words, and so fails closed", async () => {
  const person = await waiting();
  const row = await rowOf(owner, person.me.person);
  await beginComparing(owner, BODY, row);
  for (const left of [2, 1, 0])
    assert.deepEqual(await typing(owner, row.person, await heard(person, randomBytes(32))), { same: false, left });
  await assert.rejects(typing(owner, row.person, await heard(person)), is("WORDS_OVER"), "three tries, then none");
  assert.ok(!(await stateOf(owner, BODY)).persons.has(row.person));
});
