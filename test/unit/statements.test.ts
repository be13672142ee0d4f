/**
 * Statements: what an attacker who can write the database, or one dishonest owner, cannot make anybody believe (T1, T2,
 * T6, T14).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Fault } from "../../src/domain/problem.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import { confirmedPerson } from "../../src/domain/grant/confirmed.ts";
import { draftEnd, draftForm, draftGrant, draftPerson, type GrantAsked } from "../../src/domain/grant/drafts.ts";
import { mayRead, publicReaders, readersNow } from "../../src/domain/grant/readers.ts";
import { encodeStatement, parseStatement, signStatement, type Statement } from "../../src/domain/grant/statement.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { randomBytes, newId } from "../../src/domain/seal/random.ts";
import { House, inhabitant, type Inhabitant } from "../support/signed-body.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const YEAR = 365 * 86_400_000;

let owner: Inhabitant, deputy: Inhabitant, officer: Inhabitant, second: Inhabitant, auditor: Inhabitant;
let house: House;
let inbox: string;
const operator = newId();

const asked = (over: Partial<GrantAsked> = {}): GrantAsked => ({
  inbox,
  request: newId(),
  asker: operator,
  scope: "all",
  until: house.now + YEAR,
  purpose: "case-handling",
  purposeCommitment: randomBytes(32),
  ...over,
});

async function grant(people: readonly Inhabitant[], over: Partial<GrantAsked> = {}, by = owner): Promise<string> {
  const epochs = house.state.inboxes.get(inbox)!.epochs;
  const keys = await Promise.all(
    epochs.map((e) => openWrap(house.state, by.keys, inbox, e.epoch, house.wrapOf(by, inbox, e.epoch)!)),
  );
  const remaining = readersNow(house.state, inbox, house.now).map((r) =>
    house.person([owner, deputy, officer, second, auditor].find((one) => one.keys.person === r.person)!),
  );
  const draft = await draftGrant(house.state, by.actor, asked(over), {
    people: people.map((one) => house.person(one)),
    keys,
    remaining,
    counted: 3,
    now: house.now,
    kind: "x25519",
  });
  house.add(draft);
  return draft.grant;
}

before(async () => {
  [owner, deputy, officer, second, auditor] = await Promise.all([
    inhabitant("Olive Owner", "owner"),
    inhabitant("Dan Deputy", "owner"),
    inhabitant("Amal Officer", "reader"),
    inhabitant("Ada Second", "reader"),
    inhabitant("Una Auditor", "auditor"),
  ]);
  house = new House();
  house.found(owner);
  for (const one of [deputy, officer, second, auditor]) house.confirm(owner, one);
  inbox = await house.inbox(owner, [owner, deputy]);
});

test("every statement is written back to the same bytes", () => {
  for (const { bytes } of house.signed) assert.deepEqual(encodeStatement(parseStatement(bytes)), bytes);
});

test("only holders of the key are counted and may read; the rest are nobody", () => {
  assert.deepEqual(publicReaders(house.state, inbox), { count: 2, owners: 2, officers: 0 });
  assert.equal(mayRead(house.state, owner.keys.person, inbox, 1, house.now).ok, true);
  for (const one of [officer, auditor])
    assert.deepEqual(mayRead(house.state, one.keys.person, inbox, 1, house.now), {
      ok: false,
      code: "REFUSED_NO_GRANT",
    });
  assert.equal(mayRead(house.state, newId(), inbox, 1, house.now).ok, false);
  assert.equal(mayRead(house.state, owner.keys.person, newId(), 1, house.now).ok, false);
});

test("a grant lets exactly the named people read until its end, which re-keys without the leaver", async () => {
  const made = await grant([officer, second]);
  assert.deepEqual(publicReaders(house.state, inbox), { count: 4, owners: 2, officers: 2 });
  assert.equal(mayRead(house.state, officer.keys.person, inbox, 1, house.now).ok, true);
  assert.deepEqual(mayRead(house.state, officer.keys.person, inbox, 1, house.now + 2 * YEAR), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.deepEqual((await openWrap(house.state, officer.keys, inbox, 1, house.wrapOf(officer, inbox, 1)!)).epoch, 1);

  const remaining = [owner, deputy, second].map((one) => house.person(one));
  house.add(
    await draftEnd(house.state, deputy.actor, {
      grant: made,
      person: officer.keys.person,
      reason: "left",
      remaining,
      now: house.now,
      kind: "x25519",
    }),
  );
  assert.deepEqual(publicReaders(house.state, inbox), { count: 3, owners: 2, officers: 1 });
  assert.deepEqual(mayRead(house.state, officer.keys.person, inbox, 1, house.now), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.equal(mayRead(house.state, second.keys.person, inbox, 2, house.now).ok, true);
  // The leaver's complete set of keys opens no wrap of the new epoch, whoever's it is.
  for (const one of [owner, deputy, second])
    await assert.rejects(
      openWrap(house.state, officer.keys, inbox, 2, house.wrapOf(one, inbox, 2)!),
      is("WRAP_MISMATCH"),
    );
});

// Ending lets a person out even where two grants let them in, and leaves an owner the key that needs none.
test("ending lets a person out of two grants at once, and leaves an owner their key", async () => {
  const first = await grant([auditor]);
  await grant([auditor]);
  const holders = () => readersNow(house.state, inbox, house.now).map((r) => r.person);
  const people = (without?: Inhabitant) =>
    [owner, deputy, officer, second, auditor]
      .filter((one) => one !== without && holders().includes(one.keys.person))
      .map((one) => house.person(one));
  house.add(
    await draftEnd(house.state, owner.actor, {
      grant: first,
      person: auditor.keys.person,
      reason: "no-longer-needed",
      remaining: people(auditor),
      now: house.now,
      kind: "x25519",
    }),
  );
  assert.ok(!holders().includes(auditor.keys.person));
  assert.deepEqual(
    [...house.state.grants.values()].filter((g) => g.persons.some((p) => p.person === auditor.keys.person && !p.ended)),
    [],
  );

  const toDeputy = await grant([deputy]);
  house.add(
    await draftEnd(house.state, owner.actor, {
      grant: toDeputy,
      person: deputy.keys.person,
      reason: "other",
      remaining: people(),
      now: house.now,
      kind: "x25519",
    }),
  );
  assert.ok(holders().includes(deputy.keys.person));
});

test("a grant from now on gives a new epoch and nothing older", async () => {
  await grant([officer], { scope: "from-now" });
  const epoch = house.state.inboxes.get(inbox)!.epochs.length;
  assert.equal(mayRead(house.state, officer.keys.person, inbox, epoch, house.now).ok, true);
  assert.deepEqual(mayRead(house.state, officer.keys.person, inbox, epoch - 1, house.now), {
    ok: false,
    code: "REFUSED_EPOCH",
  });
});

test("a grant to nobody, by the asker, to asker or confirmer, or to the unconfirmed is not made", async () => {
  const stranger = await inhabitant("Sam Stranger", "reader");
  assert.throws(() => house.person(stranger), is("PERSON_UNCONFIRMED"));
  for (const [people, over] of [
    [[], {}],
    [[auditor], { asker: owner.keys.person }],
    [[deputy], { asker: deputy.keys.person }],
  ] as const)
    await assert.rejects(grant(people, over), is("CHAIN_BROKEN"));
  await assert.rejects(grant([owner]), is("CHAIN_BROKEN"));
  await assert.rejects(grant([auditor], { until: house.now - 1 }), is("CHAIN_BROKEN"));
});

test("a row with another name, address, role or key is not the person who was confirmed", () => {
  const rows = [
    { ...officer.row, name: "Amal 0fficer" },
    { ...officer.row, email: "amal@evil.example" },
    { ...officer.row, role: "owner" as const },
    { ...officer.row, recipient: second.row.recipient },
    { ...officer.row, signingKey: second.row.signingKey },
  ];
  for (const row of rows) assert.throws(() => confirmedPerson(house.state, row), is("PERSON_MISMATCH"));
});

// A chain that was edited, cut in the middle, reordered, doubled, moved or extended by anybody else does not hold.
test("a chain that was edited, cut, reordered, doubled, moved or extended by others fails", () => {
  const broken = (signed: typeof house.signed, expected = house.expected) =>
    assert.throws(() => verifyChain(signed, expected), is("CHAIN_BROKEN"));
  const all = house.signed;
  broken([]);
  broken(all.slice(1));
  broken([...all.slice(0, 2), ...all.slice(3)]);
  broken([...all.slice(0, 2), all[3]!, all[2]!, ...all.slice(4)]);
  broken([...all, all.at(-1)!]);
  broken(all, { ...house.expected, root: randomBytes(32) });
  broken(all, { ...house.expected, installation: newId() });
  broken(all, { ...house.expected, body: "eastvale" });
  for (const at of all.keys()) {
    const bytes = all[at]!.bytes.slice();
    bytes[bytes.length - 3]! ^= 1;
    broken(all.map((one, i) => (i === at ? { ...one, bytes } : one)));
    const signature = all[at]!.signature.slice();
    signature[5]! ^= 1;
    broken(all.map((one, i) => (i === at ? { ...one, signature } : one)));
  }
});

// A reader, an auditor or a stranger with a key of their own cannot add a statement, whatever it says.
test("a reader, an auditor or a stranger with their own key cannot add a statement", async () => {
  const mallory = await inhabitant("Mal Lory", "owner");
  for (const by of [officer, auditor, mallory])
    assert.throws(() => draftPerson(house.state, by.actor, mallory.act, house.now), is("CHAIN_BROKEN"));
  const { seq, hash } = house.state.head;
  const forged: Statement = {
    ...house.where,
    seq: seq + 1,
    prev: hash,
    at: house.now,
    actor: owner.keys.person,
    kind: "person.confirmed",
    ...mallory.act,
  };
  assert.throws(
    () => verifyChain([...house.signed, signStatement(forged, mallory.keys.signingSecret)], house.expected),
    is("CHAIN_BROKEN"),
  );
});

test("a wrapped key that no owner signed, or another epoch's or person's, is refused", async () => {
  const mine = house.wrapOf(owner, inbox, 1)!;
  await openWrap(house.state, owner.keys, inbox, 1, mine);
  await assert.rejects(openWrap(house.state, owner.keys, inbox, 2, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(house.state, deputy.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(house.state, auditor.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(house.state, owner.keys, inbox, 99, mine), is("WRAP_MISMATCH"));
});

test("a form keeps its inbox, its versions count up, and two forms never share one inbox", () => {
  const form = { form: "complaint", formHash: randomBytes(32), inbox, state: "open", browserOnly: false } as const;
  house.add(draftForm(house.state, owner.actor, form, house.now));
  house.add(draftForm(house.state, owner.actor, { ...form, formHash: randomBytes(32) }, house.now));
  assert.equal(house.state.forms.get("complaint")?.version, 2);
  house.add(draftForm(house.state, owner.actor, { ...form, state: "closed" }, house.now));
  assert.equal(house.state.forms.get("complaint")?.version, 1);
  assert.equal(house.state.forms.get("complaint")?.state, "closed");
  assert.throws(() => draftForm(house.state, owner.actor, { ...form, form: "contact" }, house.now), is("CHAIN_BROKEN"));
  assert.throws(() => draftForm(house.state, owner.actor, { ...form, inbox: newId() }, house.now), is("CHAIN_BROKEN"));
});
