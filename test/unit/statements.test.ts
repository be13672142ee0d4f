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
import { SignedBody, newPerson, type SignedPerson } from "../support/signed-body.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const YEAR = 365 * 86_400_000;

let owner: SignedPerson, deputy: SignedPerson, officer: SignedPerson, second: SignedPerson, auditor: SignedPerson;
let signedBody: SignedBody;
let inbox: string;
const operator = newId();

const asked = (over: Partial<GrantAsked> = {}): GrantAsked => ({
  inbox,
  request: newId(),
  asker: operator,
  scope: "all",
  until: signedBody.now + YEAR,
  purpose: "case-handling",
  purposeCommitment: randomBytes(32),
  ...over,
});

async function grant(people: readonly SignedPerson[], over: Partial<GrantAsked> = {}, by = owner): Promise<string> {
  const epochs = signedBody.state.inboxes.get(inbox)!.epochs;
  const keys = await Promise.all(
    epochs.map((e) => openWrap(signedBody.state, by.keys, inbox, e.epoch, signedBody.wrapOf(by, inbox, e.epoch)!)),
  );
  const remaining = readersNow(signedBody.state, inbox, signedBody.now).map((r) =>
    signedBody.person([owner, deputy, officer, second, auditor].find((one) => one.keys.person === r.person)!),
  );
  const draft = await draftGrant(signedBody.state, by.actor, asked(over), {
    people: people.map((one) => signedBody.person(one)),
    keys,
    remaining,
    counted: 3,
    now: signedBody.now,
    kind: "x25519",
  });
  signedBody.add(draft);
  return draft.grant;
}

before(async () => {
  [owner, deputy, officer, second, auditor] = await Promise.all([
    newPerson("Olive Owner", "owner"),
    newPerson("Dan Deputy", "owner"),
    newPerson("Amal Officer", "reader"),
    newPerson("Ada Second", "reader"),
    newPerson("Una Auditor", "auditor"),
  ]);
  signedBody = new SignedBody();
  signedBody.found(owner);
  for (const one of [deputy, officer, second, auditor]) signedBody.confirm(owner, one);
  inbox = await signedBody.inbox(owner, [owner, deputy]);
});

test("every statement is written back to the same bytes", () => {
  for (const { bytes } of signedBody.signed) assert.deepEqual(encodeStatement(parseStatement(bytes)), bytes);
});

test("only holders of the key are counted and may read; the rest are nobody", () => {
  assert.deepEqual(publicReaders(signedBody.state, inbox), { count: 2, owners: 2, officers: 0 });
  assert.equal(mayRead(signedBody.state, owner.keys.person, inbox, 1, signedBody.now).ok, true);
  for (const one of [officer, auditor])
    assert.deepEqual(mayRead(signedBody.state, one.keys.person, inbox, 1, signedBody.now), {
      ok: false,
      code: "REFUSED_NO_GRANT",
    });
  assert.equal(mayRead(signedBody.state, newId(), inbox, 1, signedBody.now).ok, false);
  assert.equal(mayRead(signedBody.state, owner.keys.person, newId(), 1, signedBody.now).ok, false);
});

test("a grant lets exactly the named people read until its end, and ending it re-keys without the leaver", async () => {
  const made = await grant([officer, second]);
  assert.deepEqual(publicReaders(signedBody.state, inbox), { count: 4, owners: 2, officers: 2 });
  assert.equal(mayRead(signedBody.state, officer.keys.person, inbox, 1, signedBody.now).ok, true);
  assert.deepEqual(mayRead(signedBody.state, officer.keys.person, inbox, 1, signedBody.now + 2 * YEAR), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.deepEqual(
    (await openWrap(signedBody.state, officer.keys, inbox, 1, signedBody.wrapOf(officer, inbox, 1)!)).epoch,
    1,
  );

  const remaining = [owner, deputy, second].map((one) => signedBody.person(one));
  signedBody.add(
    await draftEnd(signedBody.state, deputy.actor, {
      grant: made,
      person: officer.keys.person,
      reason: "left",
      remaining,
      now: signedBody.now,
      kind: "x25519",
    }),
  );
  assert.deepEqual(publicReaders(signedBody.state, inbox), { count: 3, owners: 2, officers: 1 });
  assert.deepEqual(mayRead(signedBody.state, officer.keys.person, inbox, 1, signedBody.now), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.equal(mayRead(signedBody.state, second.keys.person, inbox, 2, signedBody.now).ok, true);
  // The leaver's complete set of keys opens no wrap of the new epoch, whoever's it is.
  for (const one of [owner, deputy, second])
    await assert.rejects(
      openWrap(signedBody.state, officer.keys, inbox, 2, signedBody.wrapOf(one, inbox, 2)!),
      is("WRAP_MISMATCH"),
    );
});

test("ending lets a person out even where two grants let them in, and leaves an owner the key that needs none", async () => {
  const first = await grant([auditor]);
  await grant([auditor]);
  const holders = () => readersNow(signedBody.state, inbox, signedBody.now).map((r) => r.person);
  const people = (without?: SignedPerson) =>
    [owner, deputy, officer, second, auditor]
      .filter((one) => one !== without && holders().includes(one.keys.person))
      .map((one) => signedBody.person(one));
  signedBody.add(
    await draftEnd(signedBody.state, owner.actor, {
      grant: first,
      person: auditor.keys.person,
      reason: "no-longer-needed",
      remaining: people(auditor),
      now: signedBody.now,
      kind: "x25519",
    }),
  );
  assert.ok(!holders().includes(auditor.keys.person));
  assert.deepEqual(
    [...signedBody.state.grants.values()].filter((g) =>
      g.persons.some((p) => p.person === auditor.keys.person && !p.ended),
    ),
    [],
  );

  const toDeputy = await grant([deputy]);
  signedBody.add(
    await draftEnd(signedBody.state, owner.actor, {
      grant: toDeputy,
      person: deputy.keys.person,
      reason: "other",
      remaining: people(),
      now: signedBody.now,
      kind: "x25519",
    }),
  );
  assert.ok(holders().includes(deputy.keys.person));
});

test("a grant from now on gives a new epoch and nothing older", async () => {
  await grant([officer], { scope: "from-now" });
  const epoch = signedBody.state.inboxes.get(inbox)!.epochs.length;
  assert.equal(mayRead(signedBody.state, officer.keys.person, inbox, epoch, signedBody.now).ok, true);
  assert.deepEqual(mayRead(signedBody.state, officer.keys.person, inbox, epoch - 1, signedBody.now), {
    ok: false,
    code: "REFUSED_EPOCH",
  });
});

test("a grant to nobody, by the asker, to the confirmer, to the asker or to somebody unconfirmed cannot be made", async () => {
  const stranger = await newPerson("Sam Stranger", "reader");
  assert.throws(() => signedBody.person(stranger), is("PERSON_UNCONFIRMED"));
  for (const [people, over] of [
    [[], {}],
    [[auditor], { asker: owner.keys.person }],
    [[deputy], { asker: deputy.keys.person }],
  ] as const)
    await assert.rejects(grant(people, over), is("CHAIN_BROKEN"));
  await assert.rejects(grant([owner]), is("CHAIN_BROKEN"));
  await assert.rejects(grant([auditor], { until: signedBody.now - 1 }), is("CHAIN_BROKEN"));
});

test("a row with another name, address, role or key is not the person who was confirmed", () => {
  const rows = [
    { ...officer.row, name: "Amal 0fficer" },
    { ...officer.row, email: "amal@evil.example" },
    { ...officer.row, role: "owner" as const },
    { ...officer.row, recipient: second.row.recipient },
    { ...officer.row, signingKey: second.row.signingKey },
  ];
  for (const row of rows) assert.throws(() => confirmedPerson(signedBody.state, row), is("PERSON_MISMATCH"));
});

test("a chain that was edited, cut in the middle, reordered, doubled, moved or extended by anybody else does not hold", () => {
  const broken = (signed: typeof signedBody.signed, expected = signedBody.expected) =>
    assert.throws(() => verifyChain(signed, expected), is("CHAIN_BROKEN"));
  const all = signedBody.signed;
  broken([]);
  broken(all.slice(1));
  broken([...all.slice(0, 2), ...all.slice(3)]);
  broken([...all.slice(0, 2), all[3]!, all[2]!, ...all.slice(4)]);
  broken([...all, all.at(-1)!]);
  broken(all, { ...signedBody.expected, root: randomBytes(32) });
  broken(all, { ...signedBody.expected, installation: newId() });
  broken(all, { ...signedBody.expected, body: "eastvale" });
  for (const at of all.keys()) {
    const bytes = all[at]!.bytes.slice();
    bytes[bytes.length - 3]! ^= 1;
    broken(all.map((one, i) => (i === at ? { ...one, bytes } : one)));
    const signature = all[at]!.signature.slice();
    signature[5]! ^= 1;
    broken(all.map((one, i) => (i === at ? { ...one, signature } : one)));
  }
});

test("a reader, an auditor or a stranger with a key of their own cannot add a statement, whatever it says", async () => {
  const mallory = await newPerson("Mal Lory", "owner");
  for (const by of [officer, auditor, mallory])
    assert.throws(() => draftPerson(signedBody.state, by.actor, mallory.act, signedBody.now), is("CHAIN_BROKEN"));
  const { seq, hash } = signedBody.state.head;
  const forged: Statement = {
    ...signedBody.where,
    seq: seq + 1,
    prev: hash,
    at: signedBody.now,
    actor: owner.keys.person,
    kind: "person.confirmed",
    ...mallory.act,
  };
  assert.throws(
    () => verifyChain([...signedBody.signed, signStatement(forged, mallory.keys.signingSecret)], signedBody.expected),
    is("CHAIN_BROKEN"),
  );
});

test("a wrapped key that an owner did not sign, or another epoch's, or another person's, is refused", async () => {
  const mine = signedBody.wrapOf(owner, inbox, 1)!;
  await openWrap(signedBody.state, owner.keys, inbox, 1, mine);
  await assert.rejects(openWrap(signedBody.state, owner.keys, inbox, 2, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(signedBody.state, deputy.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(signedBody.state, auditor.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(signedBody.state, owner.keys, inbox, 99, mine), is("WRAP_MISMATCH"));
});

test("a form keeps its inbox, its versions count up, and two forms never share one inbox", () => {
  const form = { form: "complaint", formHash: randomBytes(32), inbox, state: "open", browserOnly: false } as const;
  signedBody.add(draftForm(signedBody.state, owner.actor, form, signedBody.now));
  signedBody.add(draftForm(signedBody.state, owner.actor, { ...form, formHash: randomBytes(32) }, signedBody.now));
  assert.equal(signedBody.state.forms.get("complaint")?.version, 2);
  signedBody.add(draftForm(signedBody.state, owner.actor, { ...form, state: "closed" }, signedBody.now));
  assert.equal(signedBody.state.forms.get("complaint")?.version, 1);
  assert.equal(signedBody.state.forms.get("complaint")?.state, "closed");
  assert.throws(
    () => draftForm(signedBody.state, owner.actor, { ...form, form: "contact" }, signedBody.now),
    is("CHAIN_BROKEN"),
  );
  assert.throws(
    () => draftForm(signedBody.state, owner.actor, { ...form, inbox: newId() }, signedBody.now),
    is("CHAIN_BROKEN"),
  );
});
