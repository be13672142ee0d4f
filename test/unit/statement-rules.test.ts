/**
 * Each rule of the statements hit alone, by a statement that a real owner signed: a verifier that forgot one rule fails
 * here by its name.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { decodeFields, encodeFields, fromHex, sha256, tag, type Bytes } from "../../src/domain/bytes.ts";
import { appendStatement, verifyChain } from "../../src/domain/grant/chain.ts";
import { draftEnd, draftGrant, draftInbox } from "../../src/domain/grant/drafts.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import {
  encodeStatement,
  parseStatement,
  signStatement,
  statementHash,
  type Act,
  type Head,
  type SignedStatement,
  type Statement,
} from "../../src/domain/grant/statement.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import { confirmedPerson } from "../../src/domain/grant/confirmed.ts";
import { sign } from "../../src/domain/person/sign.ts";
import { Fault, type Code } from "../../src/domain/problem.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { ageSeal } from "../../src/domain/seal/age-seal.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { operator, signedAsk } from "../support/signed-ask.ts";
import { keyedPerson, type KeyedPerson } from "../support/signed-body.ts";

type Of<K extends Act["kind"]> = Extract<Act, { kind: K }>;

const START = 1_700_000_000_000;
const YEAR = 365 * 86_400_000;
const where = { installation: newId(), body: "harrowmere" };
const zeros = new Uint8Array(32);
const inbox = newId();
const other = newId();

let owner: KeyedPerson,
  deputy: KeyedPerson,
  third: KeyedPerson,
  officer: KeyedPerson,
  second: KeyedPerson,
  stranger: KeyedPerson;
/** Three owners and two officers are confirmed, the officers by the deputy; `inbox` and `other` have their first key, held by two owners. */
let base: BodyState;

const id = (one: KeyedPerson): string => one.keys.person;
const hold = (one: KeyedPerson): { person: string; wrap: Bytes } => ({ person: id(one), wrap: randomBytes(32) });
const person = (one: KeyedPerson): Act => ({ kind: "person.confirmed", ...one.act });
const key = (epoch: number, holders: readonly KeyedPerson[], over: Partial<Of<"inbox.key">> = {}): Of<"inbox.key"> => ({
  kind: "inbox.key",
  inbox,
  epoch,
  recipientHash: randomBytes(32),
  holders: holders.map(hold),
  ...over,
});
const ended = (grant: string, who: KeyedPerson, over: Partial<Of<"grant.ended">> = {}): Act => ({
  kind: "grant.ended",
  grant,
  inbox,
  person: id(who),
  reason: "left",
  ...over,
});
const form = (over: Partial<Of<"form.published">> = {}): Of<"form.published"> => ({
  kind: "form.published",
  form: "complaint",
  version: 1,
  formHash: randomBytes(32),
  inbox,
  state: "open",
  browserOnly: false,
  ...over,
});

/** A grant of `inbox` to people, with one wrapped key each for the epochs named. */
const grant = (
  people: readonly KeyedPerson[],
  over: Partial<Of<"grant.made">> = {},
  epochs: readonly number[] = [1],
): Of<"grant.made"> => {
  const made = {
    kind: "grant.made",
    grant: newId(),
    inbox,
    request: newId(),
    asker: operator,
    persons: people.map(id),
    wraps: people.flatMap((one) => epochs.map((epoch) => ({ ...hold(one), epoch }))),
    scope: "all",
    until: START + YEAR,
    purpose: "case-handling",
    purposeCommitment: randomBytes(32),
    counted: 0,
    ...over,
  } as const;
  // A member asks by the key that was confirmed.
  const member = over.asker !== undefined && [second, deputy].find((one) => id(one) === over.asker);
  const actor = member && { ...member.actor, role: member.act.role };
  return { ...made, ...signedAsk(made, actor || undefined), ...over };
};

/** The next statement of a chain, signed by the one it names. */
function next(state: BodyState, act: Act, head: Partial<Head> = {}, by: KeyedPerson = owner): SignedStatement {
  const statement: Statement = {
    ...where,
    seq: state.head.seq + 1,
    prev: state.head.hash,
    at: state.head.at + 1000,
    actor: id(by),
    ...head,
    ...act,
  };
  return signStatement(statement, by.keys.signingSecret);
}

const after = (state: BodyState, ...acts: readonly Act[]): BodyState =>
  acts.reduce((at, act) => appendStatement(at, next(at, act)), state);

/** People confirmed by one owner. */
const confirmed = (state: BodyState, by: KeyedPerson, ...people: readonly KeyedPerson[]): BodyState =>
  people.reduce((at, one) => appendStatement(at, next(at, person(one), {}, by)), state);

const faultOf =
  (code: Code, why: string) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof Fault, String(thrown));
    assert.deepEqual([thrown.code, thrown.detail.replace(/^statement \d+: /, "")], [code, why]);
    return true;
  };
const refused = (state: BodyState, act: Act, why: string, head: Partial<Head> = {}, by: KeyedPerson = owner): void =>
  assert.throws(() => appendStatement(state, next(state, act, head, by)), faultOf("CHAIN_BROKEN", why));

before(async () => {
  [owner, deputy, third, officer, second, stranger] = await Promise.all([
    keyedPerson("Olive Owner", "owner"),
    keyedPerson("Dan Deputy", "owner"),
    keyedPerson("Thea Third", "owner"),
    keyedPerson("Amal Officer", "reader"),
    keyedPerson("Ada Second", "reader"),
    keyedPerson("Sam Stranger", "reader"),
  ]);
  const first = root();
  const owners = after(verifyChain([first], expect(first)), ...[deputy, third].map(person));
  base = after(
    confirmed(owners, deputy, officer, second),
    key(1, [owner, deputy]),
    key(1, [owner, third], { inbox: other }),
  );
});

const root = (over: Partial<Statement> = {}, by = owner): SignedStatement =>
  signStatement(
    {
      ...where,
      seq: 0,
      prev: zeros,
      at: START,
      actor: id(owner),
      kind: "person.confirmed",
      ...owner.act,
      ...over,
    } as Statement,
    by.keys.signingSecret,
  );
const expect = (first: SignedStatement) => ({ ...where, root: statementHash(first.bytes) });
const noRoot = (first: SignedStatement, why: string): void =>
  assert.throws(() => verifyChain([first], expect(first)), faultOf("CHAIN_BROKEN", why));

test("a body begins with an owner who confirms themselves, here, with nothing before", () => {
  const alone = "the first confirms an owner, by themselves";
  for (const role of ["reader", "auditor"] as const) noRoot(root({ role }), alone);
  noRoot(root({ actor: id(deputy) }), alone);
  noRoot(root({ ...key(1, [owner, deputy]) } as Partial<Statement>), alone);
  noRoot(root({ installation: newId() }), "another installation or body");
  noRoot(root({ body: "eastvale" }), "another installation or body");
  noRoot(root({}, deputy), "the signature does not hold");
  noRoot(root({ seq: 1 }), "it has a predecessor");
  noRoot(root({ prev: new Uint8Array([...zeros.subarray(1), 1]) }), "it has a predecessor");
  const honest = root();
  assert.throws(() => verifyChain([], expect(honest)), faultOf("CHAIN_BROKEN", "there is none"));
  assert.throws(
    () => verifyChain([honest], { ...where, root: randomBytes(32) }),
    faultOf("CHAIN_BROKEN", "it is not the root"),
  );
  assert.equal(verifyChain([honest], expect(honest)).persons.size, 1);
});

test("a statement follows the one before: its place, its time, its body, its author", () => {
  const act = person(stranger);
  refused(base, act, "another installation or body", { installation: newId() });
  refused(base, act, "another installation or body", { body: "eastvale" });
  refused(base, act, "it does not follow the one before", { seq: base.head.seq + 2 });
  refused(base, act, "it does not follow the one before", { seq: base.head.seq });
  refused(base, act, "it does not follow the one before", { prev: randomBytes(32) });
  refused(base, act, "it is older than the one before", { at: base.head.at - 1 });
  refused(base, act, "not signed by an owner", {}, officer);
  refused(base, act, "not signed by an owner", {}, stranger);
  refused(base, act, "the signature does not hold", { actor: id(deputy) });
  assert.equal(
    appendStatement(base, next(base, act, { at: base.head.at })).persons.size,
    6,
    "in the same millisecond it may be",
  );
  assert.equal(appendStatement(base, next(base, act, {}, deputy)).persons.size, 6, "every owner may sign");
});

test("a person is confirmed once", () => {
  refused(base, person(officer), "the person is already confirmed");
  // Otherwise a second confirmation would put another key under a name that is known already.
  refused(base, { ...person(stranger), person: id(officer) } as Act, "the person is already confirmed");
});

test("epochs follow each other, and a key is used for one only", () => {
  const follow = "epochs follow each other";
  for (const epoch of [0, 1, 3]) refused(base, key(epoch, [owner, deputy]), follow);
  refused(base, key(2, [owner, deputy], { inbox: newId() }), follow);
  const used = base.inboxes.get(inbox)!.epochs[0]!.recipientHash;
  refused(base, key(2, [owner, deputy], { recipientHash: used }), "a key is used for one epoch only");
  refused(
    after(base, key(2, [owner, deputy])),
    key(3, [owner, deputy], { recipientHash: used }),
    "a key is used for one epoch only",
  );
  assert.equal(after(base, key(2, [owner, deputy])).inboxes.get(inbox)!.epochs.length, 2);
});

test("a key has two holders or more, each named once", () => {
  const two = "an inbox key has two holders or more, each named once";
  const fresh = newId();
  refused(base, key(1, [], { inbox: fresh }), two);
  refused(base, key(1, [owner], { inbox: fresh }), two);
  refused(base, key(1, [owner, owner], { inbox: fresh }), two);
  refused(base, key(1, [owner, deputy, owner], { inbox: fresh }), two);
});

test("only an owner, or somebody with a grant that runs for this very inbox, holds a new key", () => {
  const no = "a holder is neither an owner nor granted";
  refused(base, key(2, [owner, deputy, officer]), no);
  refused(base, key(2, [owner, deputy, stranger]), no);
  const made = grant([officer], { until: base.head.at + 60_000 });
  const granted = after(base, made);
  assert.ok(
    after(granted, key(2, [owner, deputy, officer]))
      .inboxes.get(inbox)!
      .epochs[1]!.holders.has(id(officer)),
  );
  refused(granted, key(2, [owner, deputy, officer, second]), no);
  refused(granted, key(2, [owner, third, officer], { inbox: other }), no);
  refused(after(granted, ended(made.grant, officer)), key(2, [owner, deputy, officer]), no);
  for (const at of [made.until, made.until + 1]) refused(granted, key(2, [owner, deputy, officer]), no, { at });
});

test("nobody who goes on reading is left out of a new key", () => {
  const left = "somebody who goes on reading is left out";
  refused(base, key(2, [owner, third]), left);
  const made = grant([officer, second], { until: base.head.at + 60_000 });
  const granted = after(base, made);
  refused(granted, key(2, [owner, deputy, officer]), left);
  refused(after(granted, ended(made.grant, officer)), key(2, [owner, deputy]), left);
  // Whoever has left or whose grant ran out is left out, and a new owner may come in.
  const rekeyed = after(granted, ended(made.grant, officer), key(2, [owner, deputy, third, second]));
  assert.deepEqual([...rekeyed.inboxes.get(inbox)!.epochs[1]!.holders.keys()], [owner, deputy, third, second].map(id));
  assert.equal(
    appendStatement(granted, next(granted, key(2, [owner, deputy]), { at: made.until })).inboxes.get(inbox)!.epochs
      .length,
    2,
  );
});

test("a grant is made once, for one request, for an inbox that is there", () => {
  const made = grant([officer]);
  const granted = after(base, made);
  refused(base, grant([officer], { inbox: newId() }), "there is no such inbox");
  refused(granted, grant([second], { grant: made.grant }), "the grant was already made");
  refused(granted, grant([second], { request: made.request }), "the request was already confirmed");
  refused(
    after(granted, ended(made.grant, officer)),
    grant([second], { request: made.request }),
    "the request was already confirmed",
  );
});

test("a grant names people who are confirmed, each once, and none of them asked or confirms", () => {
  const once = "a grant names people, each once";
  const three = "asker, confirmer and beneficiary are different people";
  refused(base, grant([]), once);
  refused(base, grant([officer, officer]), once);
  refused(base, grant([officer, stranger]), "somebody in it is not confirmed");
  refused(base, grant([officer], { asker: id(owner) }), three);
  refused(base, grant([officer], { asker: id(officer) }), three);
  refused(base, grant([officer, owner]), three);
  assert.equal(after(base, grant([officer], { asker: id(second) })).grants.size, 1);
});

test("a grant ends after it begins", () => {
  const at = base.head.at + 1000;
  for (const until of [at, at - 1]) refused(base, grant([officer], { until }), "it would end before it begins", { at });
  assert.equal(appendStatement(base, next(base, grant([officer], { until: at + 1 }), { at })).grants.size, 1);
});

test("everyone named gets every epoch that a grant covers, and nobody anything else", () => {
  const fit = "wrapped keys and people do not fit";
  const two = after(base, key(2, [owner, deputy]));
  const whole = grant([officer, second], {}, [1, 2]);
  const [first, ...rest] = whole.wraps;
  assert.deepEqual(
    after(two, whole)
      .inboxes.get(inbox)!
      .epochs.map((epoch) => epoch.holders.size),
    [4, 4],
  );
  refused(two, { ...whole, wraps: rest }, fit);
  refused(two, { ...whole, wraps: [] }, fit);
  refused(two, { ...whole, wraps: [...whole.wraps, { ...hold(third), epoch: 2 }] }, fit);
  refused(two, { ...whole, wraps: [...whole.wraps, { ...hold(officer), epoch: 3 }] }, fit);
  refused(two, { ...whole, wraps: [{ ...first!, epoch: 3 }, ...rest] }, fit);
  refused(two, { ...whole, wraps: [{ ...first!, person: id(third) }, ...rest] }, fit);
  refused(two, { ...whole, wraps: [...whole.wraps, { ...first!, wrap: randomBytes(32) }] }, fit);
  refused(two, { ...whole, wraps: [rest[0]!, ...rest] }, fit);
  refused(two, grant([officer], { scope: "from-now" }, [1]), fit);
  refused(two, grant([officer], { scope: "from-now" }, [1, 2]), fit);
});

test("from now on begins with a key of its own, made for it", () => {
  const none = "it begins no epoch";
  const now = (epoch: number) => grant([officer], { scope: "from-now" }, [epoch]);
  refused(base, now(1), none);
  refused(after(base, key(2, [owner, deputy]), person(stranger)), now(2), none);
  refused(after(base, key(2, [owner, third], { inbox: other })), now(1), none);
  refused(after(base, key(2, [owner, deputy]), now(2)), grant([second], { scope: "from-now" }, [2]), none);
  const begun = after(base, key(2, [owner, deputy]), now(2));
  assert.deepEqual(
    begun.inboxes.get(inbox)!.epochs.map((epoch) => epoch.holders.has(id(officer))),
    [false, true],
  );
});

test("a grant ends once, for one it names, in its own inbox", () => {
  const made = grant([officer]);
  const granted = after(base, made);
  refused(granted, ended(newId(), officer), "there is no such grant");
  refused(granted, ended(made.grant, second), "the grant does not name this person");
  refused(
    granted,
    ended(made.grant, officer, { inbox: other } as Partial<Of<"grant.ended">>),
    "the grant is for another inbox",
  );
  const over = after(granted, ended(made.grant, officer));
  refused(over, ended(made.grant, officer), "it was already ended");
  assert.equal(over.grants.get(made.grant)!.persons[0]!.ended?.reason, "left");
});

test("a form has an inbox with a key, keeps it and shares it with no other form", () => {
  refused(base, form({ inbox: newId() }), "the inbox has no key");
  const published = form();
  const open = after(base, published);
  refused(open, { ...published, inbox: other }, "a form keeps its inbox");
  refused(open, form({ version: 2, inbox: other }), "a form keeps its inbox");
  refused(open, form({ form: "contact" }), "an inbox belongs to one form");
  refused(after(open, { ...published, state: "closed" }), form({ form: "contact" }), "an inbox belongs to one form");
  assert.equal(after(open, form({ form: "contact", inbox: other })).forms.size, 2);
});

test("versions count up, and one that is known keeps its number", () => {
  const up = "versions count up";
  for (const version of [0, 2]) refused(base, form({ version }), up);
  const published = form();
  const open = after(base, published);
  for (const version of [1, 3]) refused(open, form({ version }), up);
  const both = after(open, form({ version: 2 }));
  for (const version of [2, 3]) refused(both, { ...published, version }, up);
  assert.equal(after(both, { ...published, state: "closed" }).forms.get("complaint")!.version, 1);
});

test("signed bytes that would be written otherwise are no statement", () => {
  const signed = (bytes: Bytes): SignedStatement => ({ bytes, signature: sign(owner.keys.signingSecret, bytes) });
  const honest = next(base, form());
  const fields = decodeFields(honest.bytes);
  assert.equal(appendStatement(base, signed(encodeFields(fields))).forms.size, 1, "the fields as they were");
  const cases: [bytes: Bytes, why: string][] = [
    [encodeFields([...fields.slice(0, -1), 2]), "written otherwise"],
    [encodeFields([...fields, new Uint8Array()]), "too many fields"],
    [encodeFields(fields.slice(0, -1)), "a field is missing or has the wrong length"],
    [new Uint8Array([...honest.bytes, 0]), "not a statement"],
    [honest.bytes.subarray(0, honest.bytes.length - 1), "not a statement"],
    [encodeFields([tag("statement/form.deleted"), ...fields.slice(1)]), "unknown kind"],
    [encodeFields([...fields.slice(0, -2), "ajar", 0]), "a field has an unknown value"],
    [encodeFields([...fields.slice(0, -6), "Complaint", ...fields.slice(-5)]), "a field has the wrong form"],
    [
      encodeFields([...fields.slice(0, -4), randomBytes(31), ...fields.slice(-3)]),
      "a field is missing or has the wrong length",
    ],
  ];
  for (const [bytes, why] of cases) {
    assert.throws(() => parseStatement(bytes), faultOf("STATEMENT_INVALID", why));
    assert.throws(() => appendStatement(base, signed(bytes)), faultOf("CHAIN_BROKEN", why));
  }
  // A holder and a wrapped key in a list are read to their end, too.
  const lists: [act: Act, at: number][] = [
    [key(2, [owner, deputy]), -1],
    [grant([officer]), -10],
  ];
  for (const [act, at] of lists) {
    const whole = decodeFields(encodeStatement(parseStatement(next(base, act).bytes)));
    const items = decodeFields(whole.at(at)!);
    const longer = [encodeFields([...decodeFields(items[0]!), "more"]), ...items.slice(1)];
    const bytes = encodeFields(whole.with(at, encodeFields(longer)));
    assert.throws(() => appendStatement(base, signed(bytes)), faultOf("CHAIN_BROKEN", "too many fields"));
  }
});

test("a wrapped key that a dishonest owner signed is refused when its inside is another's", async () => {
  const pair = await newIdentity("x25519");
  const stray = await newIdentity("x25519");
  const inside = (over: { kind?: string; inbox?: string; epoch?: number; person?: string; identity?: string } = {}) => [
    over.kind ?? tag("wrapped-key"),
    fromHex(over.inbox ?? inbox),
    over.epoch ?? 2,
    fromHex(over.person ?? id(deputy)),
    over.identity ?? pair.identity,
  ];
  const opened = async (fields: (string | number | Bytes)[]) => {
    const wrap = await ageSeal([deputy.keys.recipient], encodeFields(fields));
    const act = key(2, [owner], { recipientHash: recipientHash(pair.recipient) });
    const state = after(base, { ...act, holders: [...act.holders, { person: id(deputy), wrap: sha256(wrap) }] });
    return openWrap(state, deputy.keys, inbox, 2, wrap);
  };
  assert.deepEqual(await opened(inside()), { inbox, epoch: 2, identity: pair.identity });
  for (const over of [{ kind: tag("other-key") }, { inbox: other }, { epoch: 1 }, { person: id(owner) }])
    await assert.rejects(
      opened(inside(over)),
      faultOf("OPEN_CONTEXT", "a wrapped key from elsewhere"),
      JSON.stringify(over),
    );
  await assert.rejects(
    opened(inside({ identity: stray.identity })),
    faultOf("RECIPIENT_MISMATCH", "the key is not the epoch's"),
  );
  await assert.rejects(opened([...inside(), "more"]), faultOf("MALFORMED", "not a wrapped key"));
  await assert.rejects(opened(inside().slice(0, 4)), faultOf("MALFORMED", "not a wrapped key"));
  const unsigned = await ageSeal([deputy.keys.recipient], encodeFields(inside()));
  await assert.rejects(
    openWrap(after(base, key(2, [owner, deputy])), deputy.keys, inbox, 2, unsigned),
    faultOf("WRAP_MISMATCH", "not signed for this person and epoch"),
  );
});

test("a draft keeps nobody who leaves, is held by two, and gives every epoch or nothing", async () => {
  const made = grant([officer]);
  const state = after(base, made);
  const all = (...people: KeyedPerson[]) => people.map((one) => confirmedPerson(state, one.row));
  const end = { grant: made.grant, person: id(officer), reason: "left", now: state.head.at, kind: "x25519" } as const;
  await assert.rejects(
    draftEnd(state, owner.actor, { ...end, remaining: all(owner, deputy, officer) }),
    faultOf("REFUSED_STATE", "the leaver would stay"),
  );
  await assert.rejects(
    draftEnd(state, owner.actor, { ...end, grant: newId(), remaining: all(owner, deputy) }),
    faultOf("STATEMENT_INVALID", "there is no such grant"),
  );
  for (const remaining of [all(owner), []])
    await assert.rejects(draftEnd(state, owner.actor, { ...end, remaining }), faultOf("REFUSED_FEW_HOLDERS", ""));
  await assert.rejects(
    draftInbox(state, owner.actor, all(owner), "x25519", state.head.at),
    faultOf("REFUSED_FEW_HOLDERS", ""),
  );
  const asked = {
    inbox,
    request: newId(),
    asker: operator,
    scope: "all",
    until: START + YEAR,
    purpose: "audit",
    purposeCommitment: randomBytes(32),
  } as const;
  const signed = { ...asked, ...signedAsk({ ...asked, persons: [id(second)] }) };
  const given = { people: all(second), remaining: [], counted: 0, now: state.head.at, kind: "x25519" } as const;
  const held = { inbox, epoch: 1, identity: (await newIdentity("x25519")).identity };
  for (const keys of [[], [{ ...held, inbox: other }], [{ ...held, epoch: 2 }]])
    await assert.rejects(
      draftGrant(state, owner.actor, signed, { ...given, keys }),
      faultOf("REFUSED_EPOCH", "the owner does not hold every epoch"),
    );
  assert.equal((await draftGrant(state, owner.actor, signed, { ...given, keys: [held] })).wraps.length, 1);
  assert.equal((await draftEnd(state, owner.actor, { ...end, remaining: all(owner, deputy) })).statements.length, 2);
});

test("a grant is what its asker signed, by the key that was confirmed or named", () => {
  const other = { ...grant([officer]), request: newId() };
  refused(base, other, "it is not what was asked");
  const made = grant([officer]);
  for (const [over, why] of [
    [{ persons: [id(second)], wraps: [{ ...hold(second), epoch: 1 }] }, "it is not what was asked"],
    [{ until: START + 2 * YEAR }, "it is not what was asked"],
    [{ purpose: "audit" }, "it is not what was asked"],
    [{ purposeCommitment: randomBytes(32) }, "it is not what was asked"],
    [{ personsSalt: randomBytes(32) }, "it is not what was asked"],
    [{ asked: randomBytes(9) }, "it is not what was asked"],
    [{ asker: id(second) }, "the asker's key is not the one that was confirmed"],
    [{ askerKey: randomBytes(32) }, "the asker did not sign it"],
    [{ askedSignature: new Uint8Array(64) }, "the asker did not sign it"],
  ] as const)
    refused(base, { ...made, ...over } as Act, why);
  assert.equal(appendStatement(base, next(base, made)).grants.size, 1);
});
