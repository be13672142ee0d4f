/** A person is let out by a statement, an owner too: the next keys are without them, and a body keeps two owners. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { appendStatement } from "../../src/domain/grant/chain.ts";
import { confirmedPerson } from "../../src/domain/grant/confirmed.ts";
import { draftForm, draftInbox, draftLeave, draftPerson, type Draft } from "../../src/domain/grant/drafts.ts";
import { mayRead, publicReaders, readersNow } from "../../src/domain/grant/readers.ts";
import { currentEpoch, memberOf } from "../../src/domain/grant/state.ts";
import { signStatement, type Act, type SignedStatement } from "../../src/domain/grant/statement.ts";
import { Fault } from "../../src/domain/problem.ts";
import { keyedPerson, SignedChain, type KeyedPerson } from "../support/signed-body.ts";

let owner: KeyedPerson, deputy: KeyedPerson, third: KeyedPerson, fourth: KeyedPerson;
let chain: SignedChain;
let inbox: string;

const is =
  (code: string, why = "") =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault && thrown.code === code && thrown.detail.includes(why);
const id = (one: KeyedPerson): string => one.keys.person;

before(async () => {
  [owner, deputy, third, fourth] = await Promise.all(
    ["Olive Owner", "Dan Deputy", "Thea Third", "Finn Fourth"].map((name) => keyedPerson(name, "owner")) as [
      Promise<KeyedPerson>,
      Promise<KeyedPerson>,
      Promise<KeyedPerson>,
      Promise<KeyedPerson>,
    ],
  );
  chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, deputy);
  inbox = await chain.inbox(owner, [owner, deputy]);
});

const leave = (by: KeyedPerson, who: KeyedPerson, state = chain.state): Promise<Draft> => {
  const people = [owner, deputy, third, fourth].filter((one) => memberOf(state, id(one)));
  return draftLeave(state, by.actor, {
    person: id(who),
    reason: "left",
    people: new Map(people.map((one) => [id(one), confirmedPerson(state, one.row)])),
    now: chain.now,
    kind: "x25519",
  });
};

/** One statement more, signed by somebody with their own key. */
function said(by: KeyedPerson, act: Act): SignedStatement {
  const { installation, body, head } = chain.state;
  const place = { installation, body, seq: head.seq + 1, prev: head.hash, at: chain.now };
  return signStatement({ ...place, actor: id(by), ...act }, by.keys.signingSecret);
}

test("with two owners nobody is let out, and it is said what must be done first", async () => {
  await assert.rejects(leave(owner, deputy), is("REFUSED_LAST_OWNERS"));
  const act: Act = { kind: "person.ended", person: id(deputy), reason: "left" };
  assert.throws(() => appendStatement(chain.state, said(owner, act)), is("CHAIN_BROKEN", "a body keeps two owners"));
});

test("an owner who is let out holds no next key, is counted no more, and signs nothing", async () => {
  chain.confirm(owner, third);
  await assert.rejects(leave(owner, owner), is("REFUSED_SAME_PERSON"));
  chain.add(await leave(owner, deputy));
  const { state } = chain;
  const { epoch, holders } = currentEpoch(state.inboxes.get(inbox)!);
  assert.equal(epoch, 2);
  assert.deepEqual(new Set(holders.keys()), new Set([id(owner), id(third)]));
  assert.deepEqual(publicReaders(state, inbox), { count: 2, owners: 2, officers: 0, auditors: 0 });
  assert.deepEqual(
    readersNow(state, inbox, chain.now).map(({ person }) => person),
    [id(owner), id(third)],
  );
  for (const one of [1, 2])
    assert.deepEqual(mayRead(state, id(deputy), inbox, one, chain.now), { ok: false, code: "REFUSED_NO_GRANT" });
  assert.throws(() => chain.person(deputy), is("PERSON_ENDED"));

  const form = { form: "contact", formHash: new Uint8Array(32), inbox, state: "open", browserOnly: false } as const;
  assert.throws(() => draftForm(state, deputy.actor, form, chain.now), is("CHAIN_BROKEN", "not signed by an owner"));
});

test("letters that nobody else could open keep their last holder, until somebody else can", async () => {
  chain.confirm(owner, fourth);
  // Third and fourth came later: what is sealed to the first key only the first owner can open.
  await assert.rejects(leave(third, owner), is("REFUSED_LAST_HOLDER"));
  assert.throws(
    () => appendStatement(chain.state, said(third, { kind: "person.ended", person: id(owner), reason: "left" })),
    is("CHAIN_BROKEN", "letters that nobody can open"),
  );
  // Fourth holds no key yet, so that letting them out makes none.
  const draft = await leave(owner, fourth);
  assert.deepEqual([draft.statements.length, draft.wraps.length], [1, 0]);
});

test("an owner lets nobody out twice, nor themselves, and nobody comes back by a statement", async () => {
  const ended = (person: KeyedPerson): Act => ({ kind: "person.ended", person: id(person), reason: "other" });
  const { state } = chain;
  assert.throws(() => appendStatement(state, said(owner, ended(deputy))), is("CHAIN_BROKEN", "no such person"));
  assert.throws(() => appendStatement(state, said(owner, ended(owner))), is("CHAIN_BROKEN", "lets themselves out"));
  assert.throws(() => draftPerson(state, owner.actor, deputy.act, chain.now), is("CHAIN_BROKEN", "already confirmed"));
  await assert.rejects(
    draftInbox(state, deputy.actor, [chain.person(owner), chain.person(third)], "x25519", chain.now),
    is("CHAIN_BROKEN", "not signed by an owner"),
  );
});
