/** Whoever confirmed a person at joining confirms no request by them or for them, while another owner could. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ownersWhoMayConfirm, mayConfirm, type ToConfirm } from "../../src/domain/grant/confirmers.ts";
import { draftGrant, draftLeave, type Draft } from "../../src/domain/grant/drafts.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { Fault, type Code } from "../../src/domain/problem.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { operator, signedAsk } from "../support/signed-ask.ts";
import { keyedPerson, SignedChain, type KeyedPerson } from "../support/signed-body.ts";

const YEAR = 365 * 86_400_000;
const is =
  (code: Code, why = "") =>
  (thrown: unknown): boolean =>
    thrown instanceof Fault && thrown.code === code && thrown.detail.includes(why);
const id = (one: KeyedPerson): string => one.keys.person;

let owner: KeyedPerson, deputy: KeyedPerson, third: KeyedPerson, hers: KeyedPerson, his: KeyedPerson;
let chain: SignedChain;
let inbox: string;

/** Two owners hold the inbox. The first confirmed the deputy and one reader, the deputy the other reader. */
beforeEach(async () => {
  [owner, deputy, third, hers, his] = await Promise.all([
    keyedPerson("Olive Owner", "owner"),
    keyedPerson("Dan Deputy", "owner"),
    keyedPerson("Thea Third", "owner"),
    keyedPerson("Hana Hers", "reader"),
    keyedPerson("Hari His", "reader"),
  ]);
  chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, deputy);
  chain.confirm(owner, hers);
  chain.confirm(deputy, his);
  inbox = await chain.inbox(owner, [owner, deputy]);
});

const asked = (persons: readonly KeyedPerson[], asker = operator, scope: "all" | "from-now" = "all"): ToConfirm => ({
  inbox,
  scope,
  asker,
  persons: persons.map(id),
});
const who = (what: ToConfirm): readonly string[] => ownersWhoMayConfirm(chain.state, what);

/** A whole grant by one owner. @param seen the statements as the owner's program takes them to be */
async function grant(
  by: KeyedPerson,
  persons: readonly KeyedPerson[],
  asker?: KeyedPerson,
  seen: BodyState = chain.state,
): Promise<Draft> {
  const what = {
    inbox,
    request: newId(),
    asker: asker ? id(asker) : operator,
    scope: "all",
    until: chain.now + YEAR,
    purpose: "case-handling",
    purposeCommitment: randomBytes(32),
  } as const;
  const actor = asker && { ...asker.actor, role: asker.act.role };
  const key = await openWrap(chain.state, by.keys, inbox, 1, chain.wrapOf(by, inbox, 1)!);
  return draftGrant(
    seen,
    by.actor,
    { ...what, ...signedAsk({ ...what, persons: persons.map(id) }, actor) },
    {
      people: persons.map((one) => chain.person(one)),
      keys: [key],
      remaining: [],
      counted: 0,
      now: chain.now,
      kind: "x25519",
    },
  );
}

/** The statements with other words about who confirmed whom: what a changed program of an owner would sign over. */
const lied = (person: KeyedPerson, by: KeyedPerson): BodyState => ({
  ...chain.state,
  persons: new Map(chain.state.persons).set(id(person), {
    ...chain.state.persons.get(id(person))!,
    confirmedBy: id(by),
  }),
});

test("whoever confirmed somebody at joining confirms no grant for them, and another owner does", async () => {
  assert.deepEqual(who(asked([hers])), [id(deputy)]);
  assert.deepEqual(who(asked([his])), [id(owner)]);
  await assert.rejects(grant(owner, [hers]), is("REFUSED_BROUGHT"));
  const draft = await grant(owner, [hers], undefined, lied(hers, deputy));
  assert.throws(() => chain.add(draft) ?? chain.state, is("CHAIN_BROKEN", "another owner confirms whom this one"));
  chain.signed.pop();
  chain.add(await grant(deputy, [hers]));
  assert.equal(chain.state.grants.size, 1);
});

test("nor what somebody asks whom they confirmed, or one among others", async () => {
  assert.deepEqual(who(asked([his], id(hers))), []);
  const [one, another] = await Promise.all([keyedPerson("Nia Next", "reader"), keyedPerson("Una Other", "auditor")]);
  chain.confirm(deputy, one);
  chain.confirm(owner, another);
  assert.deepEqual(who(asked([his, one])), [id(owner)]);
  assert.deepEqual(who(asked([one], id(his))), [id(owner)]);
  assert.deepEqual(who(asked([another], id(hers))), [id(deputy)]);
  // That the other owner is to read as well is no way around, whoever asks.
  for (const asker of [operator, id(hers)]) assert.deepEqual(who(asked([hers, deputy], asker)), []);
  assert.deepEqual(who(asked([another, deputy], id(his))), []);
  await assert.rejects(grant(owner, [hers, deputy]), is("REFUSED_BROUGHT"));
  const around = await grant(owner, [hers, deputy], undefined, lied(hers, deputy));
  assert.throws(() => chain.add(around) ?? chain.state, is("CHAIN_BROKEN", "another owner confirms whom this one"));
  chain.signed.pop();
  await assert.rejects(grant(owner, [one], hers), is("REFUSED_BROUGHT"));
  const draft = await grant(owner, [one], hers, lied(hers, deputy));
  assert.throws(() => chain.add(draft) ?? chain.state, is("CHAIN_BROKEN", "another owner confirms whom this one"));
});

test("where each owner confirmed one of a request, nobody confirms it; each alone is confirmed", async () => {
  assert.deepEqual(who(asked([hers, his])), []);
  for (const by of [owner, deputy]) await assert.rejects(grant(by, [hers, his]), is("REFUSED_BROUGHT"));
  chain.add(await grant(deputy, [hers]));
  chain.add(await grant(owner, [his]));
  assert.equal(chain.state.grants.size, 2);
});

test("while no other owner could, the one who is left does: the other asks, reads, or is out", async () => {
  assert.deepEqual(who(asked([hers], id(deputy))), [id(owner)], "the other asks");
  assert.deepEqual(who(asked([deputy])), [id(owner)], "the other is to read");
  chain.add(await grant(owner, [hers], deputy));
  assert.equal(chain.state.grants.size, 1);

  // A third owner has no key of what came earlier, and cannot give it.
  chain.confirm(owner, third);
  const people = [owner, deputy, third];
  chain.add(
    await draftLeave(chain.state, owner.actor, {
      person: id(deputy),
      reason: "left",
      people: new Map([...people, hers].map((one) => [id(one), chain.person(one)])),
      now: chain.now,
      kind: "x25519",
    }),
  );
  assert.deepEqual(who(asked([hers])), [id(owner)], "let out, and without the key");
  assert.deepEqual(
    who(asked([hers], operator, "from-now")),
    [id(third)],
    "a key of its own is made by whoever confirms",
  );
  assert.deepEqual(mayConfirm(chain.state, asked([hers], operator, "from-now"), id(owner)), {
    ok: false,
    code: "REFUSED_BROUGHT",
  });
});
