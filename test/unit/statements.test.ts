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
import { wrapKey } from "../../src/domain/grant/wrap.ts";
import { sha256 } from "../../src/domain/bytes.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { randomBytes, newId } from "../../src/domain/seal/random.ts";
import { operator, signedAsk } from "../support/signed-ask.ts";
import { SignedChain, keyedPerson, type KeyedPerson } from "../support/signed-body.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;
const YEAR = 365 * 86_400_000;

let owner: KeyedPerson, deputy: KeyedPerson, officer: KeyedPerson, second: KeyedPerson, auditor: KeyedPerson;
let chain: SignedChain;
let inbox: string;

const asked = (people: readonly KeyedPerson[], over: Partial<GrantAsked> = {}): GrantAsked => {
  const wanted = {
    inbox,
    request: newId(),
    asker: operator,
    scope: "all",
    until: chain.now + YEAR,
    purpose: "case-handling",
    purposeCommitment: randomBytes(32),
    ...over,
  } as const;
  return { ...wanted, ...signedAsk({ ...wanted, persons: people.map((one) => one.keys.person) }) };
};

async function grant(people: readonly KeyedPerson[], over: Partial<GrantAsked> = {}, by = owner): Promise<string> {
  const epochs = chain.state.inboxes.get(inbox)!.epochs;
  const keys = await Promise.all(
    epochs.map((e) => openWrap(chain.state, by.keys, inbox, e.epoch, chain.wrapOf(by, inbox, e.epoch)!)),
  );
  const remaining = readersNow(chain.state, inbox, chain.now).map((r) =>
    chain.person([owner, deputy, officer, second, auditor].find((one) => one.keys.person === r.person)!),
  );
  const draft = await draftGrant(chain.state, by.actor, asked(people, over), {
    people: people.map((one) => chain.person(one)),
    keys,
    remaining,
    counted: 3,
    now: chain.now,
    kind: "x25519",
  });
  chain.add(draft);
  return draft.grant;
}

before(async () => {
  [owner, deputy, officer, second, auditor] = await Promise.all([
    keyedPerson("Olive Owner", "owner"),
    keyedPerson("Dan Deputy", "owner"),
    keyedPerson("Amal Officer", "reader"),
    keyedPerson("Ada Second", "reader"),
    keyedPerson("Una Auditor", "auditor"),
  ]);
  chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, deputy);
  for (const one of [officer, second, auditor]) chain.confirm(deputy, one);
  inbox = await chain.inbox(owner, [owner, deputy]);
});

test("every statement is written back to the same bytes", () => {
  for (const { bytes } of chain.signed) assert.deepEqual(encodeStatement(parseStatement(bytes)), bytes);
});

test("only holders of the key are counted and may read; the rest are nobody", () => {
  assert.deepEqual(publicReaders(chain.state, inbox), { count: 2, owners: 2, officers: 0, auditors: 0 });
  assert.equal(mayRead(chain.state, owner.keys.person, inbox, 1, chain.now).ok, true);
  for (const one of [officer, auditor])
    assert.deepEqual(mayRead(chain.state, one.keys.person, inbox, 1, chain.now), {
      ok: false,
      code: "REFUSED_NO_GRANT",
    });
  assert.equal(mayRead(chain.state, newId(), inbox, 1, chain.now).ok, false);
  assert.equal(mayRead(chain.state, owner.keys.person, newId(), 1, chain.now).ok, false);
});

test("a grant lets exactly the named people read until its end, which re-keys without the leaver", async () => {
  const made = await grant([officer, second]);
  assert.deepEqual(publicReaders(chain.state, inbox), { count: 4, owners: 2, officers: 2, auditors: 0 });
  assert.equal(mayRead(chain.state, officer.keys.person, inbox, 1, chain.now).ok, true);
  assert.deepEqual(mayRead(chain.state, officer.keys.person, inbox, 1, chain.now + 2 * YEAR), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.deepEqual((await openWrap(chain.state, officer.keys, inbox, 1, chain.wrapOf(officer, inbox, 1)!)).epoch, 1);

  const remaining = [owner, deputy, second].map((one) => chain.person(one));
  chain.add(
    await draftEnd(chain.state, deputy.actor, {
      grant: made,
      person: officer.keys.person,
      reason: "left",
      remaining,
      now: chain.now,
      kind: "x25519",
    }),
  );
  assert.deepEqual(publicReaders(chain.state, inbox), { count: 3, owners: 2, officers: 1, auditors: 0 });
  assert.deepEqual(mayRead(chain.state, officer.keys.person, inbox, 1, chain.now), {
    ok: false,
    code: "REFUSED_GRANT_ENDED",
  });
  assert.equal(mayRead(chain.state, second.keys.person, inbox, 2, chain.now).ok, true);
  // The leaver's complete set of keys opens no wrap of the new epoch, whoever's it is.
  for (const one of [owner, deputy, second])
    await assert.rejects(
      openWrap(chain.state, officer.keys, inbox, 2, chain.wrapOf(one, inbox, 2)!),
      is("WRAP_MISMATCH"),
    );
});

// Ending lets a person out even where two grants let them in, and leaves an owner the key that needs none.
test("ending lets a person out of two grants at once, and leaves an owner their key", async () => {
  const first = await grant([auditor]);
  await grant([auditor]);
  const holders = () => readersNow(chain.state, inbox, chain.now).map((r) => r.person);
  const people = (without?: KeyedPerson) =>
    [owner, deputy, officer, second, auditor]
      .filter((one) => one !== without && holders().includes(one.keys.person))
      .map((one) => chain.person(one));
  chain.add(
    await draftEnd(chain.state, owner.actor, {
      grant: first,
      person: auditor.keys.person,
      reason: "no-longer-needed",
      remaining: people(auditor),
      now: chain.now,
      kind: "x25519",
    }),
  );
  assert.ok(!holders().includes(auditor.keys.person));
  assert.deepEqual(
    [...chain.state.grants.values()].filter((g) => g.persons.some((p) => p.person === auditor.keys.person && !p.ended)),
    [],
  );

  const toDeputy = await grant([deputy]);
  chain.add(
    await draftEnd(chain.state, owner.actor, {
      grant: toDeputy,
      person: deputy.keys.person,
      reason: "other",
      remaining: people(),
      now: chain.now,
      kind: "x25519",
    }),
  );
  assert.ok(holders().includes(deputy.keys.person));
});

test("a grant from now on gives a new epoch and nothing older", async () => {
  await grant([officer], { scope: "from-now" });
  const epoch = chain.state.inboxes.get(inbox)!.epochs.length;
  assert.equal(mayRead(chain.state, officer.keys.person, inbox, epoch, chain.now).ok, true);
  assert.deepEqual(mayRead(chain.state, officer.keys.person, inbox, epoch - 1, chain.now), {
    ok: false,
    code: "REFUSED_EPOCH",
  });
});

test("a grant to nobody, by the asker, to asker or confirmer, or to the unconfirmed is not made", async () => {
  const stranger = await keyedPerson("Sam Stranger", "reader");
  assert.throws(() => chain.person(stranger), is("PERSON_UNCONFIRMED"));
  for (const [people, over] of [
    [[], {}],
    [[auditor], { asker: owner.keys.person }],
    [[deputy], { asker: deputy.keys.person }],
  ] as const)
    await assert.rejects(grant(people, over), is("CHAIN_BROKEN"));
  await assert.rejects(grant([owner]), is("CHAIN_BROKEN"));
  await assert.rejects(grant([auditor], { until: chain.now - 1 }), is("CHAIN_BROKEN"));
});

test("a row with another name, address, role or key is not the person who was confirmed", () => {
  const rows = [
    { ...officer.row, name: "Amal 0fficer" },
    { ...officer.row, email: "amal@evil.example" },
    { ...officer.row, role: "owner" as const },
    { ...officer.row, recipient: second.row.recipient },
    { ...officer.row, signingKey: second.row.signingKey },
  ];
  for (const row of rows) assert.throws(() => confirmedPerson(chain.state, row), is("PERSON_MISMATCH"));
});

// A chain that was edited, cut in the middle, reordered, doubled, moved or extended by anybody else does not hold.
test("a chain that was edited, cut, reordered, doubled, moved or extended by others fails", () => {
  const broken = (signed: typeof chain.signed, expected = chain.expected) =>
    assert.throws(() => verifyChain(signed, expected), is("CHAIN_BROKEN"));
  const all = chain.signed;
  broken([]);
  broken(all.slice(1));
  broken([...all.slice(0, 2), ...all.slice(3)]);
  broken([...all.slice(0, 2), all[3]!, all[2]!, ...all.slice(4)]);
  broken([...all, all.at(-1)!]);
  broken(all, { ...chain.expected, root: randomBytes(32) });
  broken(all, { ...chain.expected, installation: newId() });
  broken(all, { ...chain.expected, body: "eastvale" });
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
  const mallory = await keyedPerson("Mal Lory", "owner");
  for (const by of [officer, auditor, mallory])
    assert.throws(() => draftPerson(chain.state, by.actor, mallory.act, chain.now), is("CHAIN_BROKEN"));
  const { seq, hash } = chain.state.head;
  const forged: Statement = {
    ...chain.where,
    seq: seq + 1,
    prev: hash,
    at: chain.now,
    actor: owner.keys.person,
    kind: "person.confirmed",
    ...mallory.act,
  };
  assert.throws(
    () => verifyChain([...chain.signed, signStatement(forged, mallory.keys.signingSecret)], chain.expected),
    is("CHAIN_BROKEN"),
  );
});

// Signed by an owner and well numbered: only what it says of where it belongs is not so.
test("a statement of another body or installation, or after another one, is not this chain's", () => {
  const { seq, hash } = chain.state.head;
  const next: Statement = {
    ...chain.where,
    seq: seq + 1,
    prev: hash,
    at: chain.now,
    actor: owner.keys.person,
    kind: "form.published",
    form: "elsewhere",
    version: 1,
    formHash: randomBytes(32),
    inbox,
    state: "open",
    browserOnly: false,
  };
  const extended = (statement: Statement): unknown =>
    verifyChain([...chain.signed, signStatement(statement, owner.keys.signingSecret)], chain.expected);
  extended(next);
  for (const wrong of [
    { body: "eastvale" },
    { installation: newId() },
    { prev: randomBytes(32) },
    { seq: seq + 2 },
    { at: chain.state.head.at - 1 },
    // An owner's signature in the name of another owner.
    { actor: deputy.keys.person },
  ])
    assert.throws(() => extended({ ...next, ...wrong }), is("CHAIN_BROKEN"), JSON.stringify(wrong));
});

test("who reads one inbox reads no other", async () => {
  const other = await chain.inbox(owner, [owner, deputy]);
  await grant([second]);
  assert.equal(mayRead(chain.state, second.keys.person, inbox, 1, chain.now).ok, true);
  assert.deepEqual(mayRead(chain.state, second.keys.person, other, 1, chain.now), {
    ok: false,
    code: "REFUSED_NO_GRANT",
  });
  assert.deepEqual(
    readersNow(chain.state, other, chain.now).map(({ person }) => person),
    [owner, deputy].map(({ keys }) => keys.person),
  );
});

// One owner signs a wrap that holds something else than it says: its hash is right, and whoever opens it still looks.
test("a signed wrap of another inbox, epoch, person or key is not used", async () => {
  const key = await openWrap(chain.state, owner.keys, inbox, 1, chain.wrapOf(owner, inbox, 1)!);
  const to = chain.person(deputy);
  const another = await newIdentity("x25519");
  const signedAs = (wrap: Uint8Array) => {
    const found = chain.state.inboxes.get(inbox)!;
    const [first, ...rest] = found.epochs;
    const holders = new Map(first!.holders).set(deputy.keys.person, sha256(wrap));
    const epochs = [{ ...first!, holders }, ...rest];
    return { ...chain.state, inboxes: new Map(chain.state.inboxes).set(inbox, { ...found, epochs }) };
  };
  const opened = async (wrap: Uint8Array) => openWrap(signedAs(wrap), deputy.keys, inbox, 1, wrap);
  assert.equal((await opened(await wrapKey(to, key))).identity, key.identity);
  const lie = { ...to, person: auditor.keys.person } as typeof to;
  for (const wrap of [
    await wrapKey(to, { ...key, inbox: newId() }),
    await wrapKey(to, { ...key, epoch: 2 }),
    await wrapKey(lie, key),
  ])
    await assert.rejects(opened(wrap), is("OPEN_CONTEXT"));
  await assert.rejects(opened(await wrapKey(to, { ...key, identity: another.identity })), is("RECIPIENT_MISMATCH"));
});

test("a wrapped key that no owner signed, or another epoch's or person's, is refused", async () => {
  const mine = chain.wrapOf(owner, inbox, 1)!;
  await openWrap(chain.state, owner.keys, inbox, 1, mine);
  await assert.rejects(openWrap(chain.state, owner.keys, inbox, 2, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(chain.state, deputy.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(chain.state, auditor.keys, inbox, 1, mine), is("WRAP_MISMATCH"));
  await assert.rejects(openWrap(chain.state, owner.keys, inbox, 99, mine), is("WRAP_MISMATCH"));
});

test("a form keeps its inbox, its versions count up, and two forms never share one inbox", () => {
  const form = { form: "complaint", formHash: randomBytes(32), inbox, state: "open", browserOnly: false } as const;
  chain.add(draftForm(chain.state, owner.actor, form, chain.now));
  chain.add(draftForm(chain.state, owner.actor, { ...form, formHash: randomBytes(32) }, chain.now));
  assert.equal(chain.state.forms.get("complaint")?.version, 2);
  chain.add(draftForm(chain.state, owner.actor, { ...form, state: "closed" }, chain.now));
  assert.equal(chain.state.forms.get("complaint")?.version, 1);
  assert.equal(chain.state.forms.get("complaint")?.state, "closed");
  assert.throws(() => draftForm(chain.state, owner.actor, { ...form, form: "contact" }, chain.now), is("CHAIN_BROKEN"));
  assert.throws(() => draftForm(chain.state, owner.actor, { ...form, inbox: newId() }, chain.now), is("CHAIN_BROKEN"));
});

// "1 case officer" once was the data protection officer: what the public is told is a promise.
test("each holder is counted as what they are, the auditor too", async () => {
  const before = publicReaders(chain.state, inbox);
  await grant([auditor]);
  assert.deepEqual(publicReaders(chain.state, inbox), { ...before, count: before.count + 1, auditors: 1 });
});
