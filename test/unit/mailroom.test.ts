/**
 * The mailroom before whoever asks it to send: the jobs process, and behind it a staff process or a database that lies.
 * A letter goes out under a signed act and nothing else, a notice is a sentence of the closed set and nothing else.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Letter } from "../../src/contract/mailroom.ts";
import { draftLeave } from "../../src/domain/grant/drafts.ts";
import { confirmedPerson } from "../../src/domain/grant/confirmed.ts";
import { memberOf } from "../../src/domain/grant/state.ts";
import type { SignedStatement } from "../../src/domain/grant/statement.ts";
import { draftSigned, type SignedEvent } from "../../src/domain/log/act.ts";
import { encodeEntry, type LogEvent, type Role } from "../../src/domain/log/event.ts";
import { alertText } from "../../src/domain/mail/alert.ts";
import { encodeHandedIn, type HandedIn, type HoldAct } from "../../src/domain/mail/handed-in.ts";
import { messageCommitment, sealMessage, type Message } from "../../src/domain/mail/message.ts";
import type { Outcome } from "../../src/domain/mail/state.ts";
import { handedInHash } from "../../src/domain/mail/told.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { LONDON } from "../../src/domain/time.ts";
import { openMailroom } from "../../src/mailroom/mailroom.ts";
import { statementsFrom } from "../../src/mailroom/statements.ts";
import { keyedPerson, SignedChain, type KeyedPerson } from "../support/signed-body.ts";

const STAFF = "https://staff.example";
const incident = newId();
const chain = new SignedChain();
const { body, installation } = chain.where;
let owner: KeyedPerson, deputy: KeyedPerson, third: KeyedPerson, reader: KeyedPerson, auditor: KeyedPerson;
let stranger: KeyedPerson;

before(async () => {
  [owner, deputy, third, reader, auditor, stranger] = (await Promise.all([
    ...["Olive Owner", "Dan Deputy", "Thea Third"].map((name) => keyedPerson(name, "owner")),
    keyedPerson("Rita Reader", "reader"),
    keyedPerson("Aud Auditor", "auditor"),
    keyedPerson("Sam Stranger", "owner"),
  ])) as [KeyedPerson, KeyedPerson, KeyedPerson, KeyedPerson, KeyedPerson, KeyedPerson];
  chain.found(owner);
  for (const one of [deputy, third, reader, auditor]) chain.confirm(owner, one);
});

/** A mailroom of its own, what its carrier got, and how it is asked. */
async function mailroomOf(answer = (): Outcome => ({ outcome: "taken", code: "NONE" })) {
  const carried: string[] = [];
  const config = {
    installation,
    sealing: "x25519",
    staffOrigin: STAFF,
    roots: new Map([[body, chain.expected.root]]),
    host: "127.0.0.1",
    port: 1,
    credential: "c",
    mailKey: new Uint8Array(32).fill(1),
    returnKey: new Uint8Array(32).fill(2),
    zones: new Map([["eastvale", "Atlantic/Reykjavik"]]),
    carrier: null,
    from: "letters@post.example",
    bounce: null,
  } as const;
  const room = await openMailroom(
    config,
    statementsFrom(config),
    async ({ to }) => {
      carried.push(to);
      return answer();
    },
    Date.now,
  );
  let attempt = 0;
  const { recipient } = room.key();
  return {
    carried,
    recipient,
    /** what came of the next try, and nothing else */
    try: async (letter: Letter, delivery: string): Promise<string> => {
      const { outcome, code } = await room.takeLetter(delivery, ++attempt, letter);
      return `${outcome} ${code}`;
    },
    /** what came of it, and whether the carrier got it */
    ask: async (letter: Letter, delivery: string): Promise<string> => {
      const before = carried.length;
      const { outcome, code } = await room.takeLetter(delivery, ++attempt, letter);
      assert.equal(carried.length > before, outcome === "taken");
      return `${outcome} ${code}`;
    },
    notice: async (message: Message, values: Parameters<typeof alertText>[0], body = "harrowmere"): Promise<string> => {
      const before = carried.length;
      const nothing = { body, token: null, about: null, code: null, form: null, count: null, hours: null, time: null };
      const sealed = await sealMessage(message, recipient);
      const { outcome, code } = await room.takeAlert(message.delivery, ++attempt, { ...nothing, ...values, sealed });
      assert.equal(carried.length > before, outcome === "taken");
      return `${outcome} ${code}`;
    },
  };
}
type Room = Awaited<ReturnType<typeof mailroomOf>>;

const as = ({ actor }: KeyedPerson, role: Role) => ({ ...actor, role });
const message = (over: Partial<Message> = {}): Message => ({
  delivery: newId(),
  to: "ada@people.example",
  subject: "letter",
  text: "Dear Ada.",
  ...over,
});

type Batch = { readonly salts: readonly Uint8Array[]; readonly commitments: readonly Uint8Array[] };
function batchOf(messages: readonly Message[]): Batch {
  const salts = messages.map(() => randomBytes(32));
  return { salts, commitments: messages.map((one, i) => messageCommitment(salts[i]!, one)) };
}
type Act = SignedEvent<"messages.handed-in">;
const handIn = ({ commitments }: Batch, by = as(owner, "owner"), over: Partial<Act["event"]> = {}): Act =>
  draftSigned<"messages.handed-in">(by, {
    kind: "messages.handed-in",
    body,
    incident,
    count: commitments.length,
    template: "d".repeat(64),
    messages: handedInHash(commitments),
    ...over,
  });

async function letterOf(
  room: Room,
  one: Message,
  salt: Uint8Array,
  handedIn: HandedIn | Uint8Array,
  over: Partial<Letter> = {},
): Promise<Letter> {
  return {
    sealed: await sealMessage(one, room.recipient),
    salt,
    body,
    incident,
    handedIn: handedIn instanceof Uint8Array ? handedIn : encodeHandedIn(handedIn),
    statements: chain.signed,
    holds: [],
    ...over,
  } as Letter;
}

test("a letter goes out under the act of an owner or auditor, with others or alone", async () => {
  const room = await mailroomOf();
  for (const [by, role] of [
    [owner, "owner"],
    [auditor, "auditor"],
  ] as const) {
    const messages = [message(), message({ to: "bob@people.example" })];
    const batch = batchOf(messages);
    const act = handIn(batch, as(by, role));
    for (const [i, one] of messages.entries())
      assert.equal(
        await room.ask(
          await letterOf(room, one, batch.salts[i]!, { ...act, commitments: batch.commitments }),
          one.delivery,
        ),
        "taken NONE",
      );
  }
  assert.equal(room.carried.length, 4);
});

test("a letter that nobody signed for, or somebody who may not, is not sent", async () => {
  const room = await mailroomOf();
  const one = message();
  const batch = batchOf([one]);
  const { commitments } = batch;
  const act = handIn(batch);
  const given = (over: Partial<HandedIn>): HandedIn => ({ ...act, commitments, ...over });
  const signedBy = (by: KeyedPerson, role: Role, over: Partial<Act["event"]> = {}): HandedIn => ({
    ...handIn(batch, as(by, role), over),
    commitments,
  });
  const other = batchOf([message()]);
  const lies: readonly (readonly [string, HandedIn | Uint8Array])[] = [
    ["nothing", new Uint8Array()],
    ["no act", new TextEncoder().encode("[]")],
    ["no signature", given({ signature: new Uint8Array(64) })],
    ["an act of another letter", { ...handIn(other), commitments: other.commitments }],
    ["a letter put beside those of an act", { ...handIn(other), commitments: [...other.commitments, ...commitments] }],
    ["a letter in the place of that of an act", { ...handIn(other), commitments }],
    ["another number", signedBy(owner, "owner", { count: 2 })],
    ["a changed number", given({ event: { ...act.event, count: 2 } })],
    ["another incident", signedBy(owner, "owner", { incident: newId() })],
    ["another body", signedBy(owner, "owner", { body: "eastvale" })],
    ["an act of another kind", given({ event: { ...act.event, kind: "messages.posted" as "messages.handed-in" } })],
    ["an act of no kind", given({ event: { ...act.event, kind: "x" as "messages.handed-in" } })],
    ["a reader", signedBy(reader, "reader")],
    ["a reader who says owner", signedBy(reader, "owner")],
    ["an owner of no body here", signedBy(stranger, "owner")],
  ];
  for (const [what, handedIn] of lies)
    assert.equal(
      await room.ask(await letterOf(room, one, batch.salts[0]!, handedIn), one.delivery),
      "unsigned NOT_SIGNED",
      what,
    );
  // What was signed is this text, to this address, in this delivery.
  for (const changed of [
    message({ delivery: one.delivery, to: "eve@evil.example" }),
    message({ delivery: one.delivery, text: "Call me." }),
  ])
    assert.equal(
      await room.ask(await letterOf(room, changed, batch.salts[0]!, given({})), one.delivery),
      "unsigned NOT_SIGNED",
    );
  const elsewhere = { ...one, delivery: newId() };
  assert.equal(
    await room.ask(await letterOf(room, elsewhere, batch.salts[0]!, given({})), elsewhere.delivery),
    "unsigned NOT_SIGNED",
  );
  assert.deepEqual(room.carried, []);
  assert.equal(await room.ask(await letterOf(room, one, batch.salts[0]!, given({})), one.delivery), "taken NONE");
});

test("statements that do not hold, or fewer of them than before, let no letter out", async () => {
  const room = await mailroomOf();
  const one = message();
  const batch = batchOf([one]);
  const by = (who: KeyedPerson): HandedIn => ({ ...handIn(batch, as(who, "owner")), commitments: batch.commitments });
  const asked = async (who: KeyedPerson, statements: readonly SignedStatement[], of = room): Promise<string> =>
    of.ask(await letterOf(of, one, batch.salts[0]!, by(who), { statements }), one.delivery);
  const before = [...chain.signed];
  assert.equal(await asked(deputy, []), "put-off CHAIN_BROKEN");
  assert.equal(await asked(deputy, before.slice(1)), "put-off CHAIN_BROKEN");
  const bad = { ...before[1]!, signature: new Uint8Array(64) };
  assert.equal(await asked(deputy, [before[0]!, bad, ...before.slice(2)]), "put-off CHAIN_BROKEN");
  const state = chain.state;
  const people = [owner, deputy, third, reader, auditor].filter((one) => memberOf(state, one.keys.person));
  chain.add(
    await draftLeave(state, owner.actor, {
      person: deputy.keys.person,
      reason: "left",
      people: new Map(people.map((one) => [one.keys.person, confirmedPerson(state, one.row)])),
      now: chain.now,
      kind: "x25519",
    }),
  );
  // Whoever was let out hands nothing in, and an older list of statements does not make them a member again.
  assert.equal(await asked(deputy, chain.signed), "unsigned NOT_SIGNED");
  assert.equal(await asked(deputy, before), "put-off CHAIN_BROKEN");
  assert.equal(await asked(owner, chain.signed), "taken NONE");
  // A start that has not seen more knows no better.
  assert.equal(await asked(deputy, before, await mailroomOf()), "taken NONE");
});

test("what is held goes on by a signed act of somebody who is here, once for each signature", async () => {
  let room = await mailroomOf();
  const one = message();
  const batch = batchOf([one]);
  const handedIn: HandedIn = { ...handIn(batch), commitments: batch.commitments };
  const asked = async (...holds: readonly HoldAct[]): Promise<string> =>
    room.ask(await letterOf(room, one, batch.salts[0]!, handedIn, { holds: [...holds] }), one.delivery);
  const act = (
    kind: "messages.paused" | "messages.resumed",
    by = as(owner, "owner"),
    place = { body, incident },
  ): HoldAct => {
    const { event, signature } = draftSigned(by, { kind, ...place });
    return { entry: encodeEntry({ ...event, at: 1 } as LogEvent & { at: number }, randomBytes(32)), signature };
  };
  const unsigned = (one: HoldAct): HoldAct => ({ ...one, signature: new Uint8Array(64) });
  const [held, goes] = [act("messages.paused"), act("messages.resumed")];
  assert.equal(await asked(held), "put-off HELD_BACK");
  assert.equal(await asked(held, unsigned(goes)), "put-off HELD_BACK");
  assert.equal(await asked(held, act("messages.resumed", as(reader, "reader"))), "put-off HELD_BACK");
  assert.equal(await asked(held, act("messages.resumed", as(deputy, "owner"))), "put-off HELD_BACK", "was let out");
  for (const place of [
    { body, incident: newId() },
    { body: "eastvale", incident },
  ])
    assert.equal(await asked(held, act("messages.resumed", undefined, place)), "put-off HELD_BACK");
  assert.equal(await asked(held, goes, act("messages.paused"), goes), "put-off HELD_BACK", "the same once more");
  assert.equal(await asked(goes, held), "put-off HELD_BACK");
  assert.deepEqual(room.carried, []);
  for (const holds of [
    [held, goes],
    [held, goes, act("messages.paused"), act("messages.resumed")],
    [act("messages.paused", undefined, { body, incident: newId() })],
  ]) {
    room = await mailroomOf();
    assert.equal(await asked(...holds), "taken NONE");
  }
});

test("a notice is what its values make: no other word, subject or address of a page", async () => {
  const room = await mailroomOf();
  const values = { kind: "incident.clock", hours: 24, about: incident } as const;
  const { subject, text } = alertText(values, STAFF, LONDON);
  const notice = (over: Partial<Message>, of: Parameters<typeof alertText>[0] = values): Promise<string> =>
    room.notice(message({ subject, text, to: "olive@example.org", ...over }), of);
  assert.equal(await notice({ text: "Call this number." }), "refused NOT_SIGNED");
  assert.equal(await notice({ subject: "letter" }), "refused NOT_SIGNED");
  assert.equal(await notice({}, { ...values, hours: 48 }), "refused NOT_SIGNED");
  assert.equal(await notice(alertText(values, "https://evil.example", LONDON)), "refused NOT_SIGNED");
  assert.equal(await notice({}, { ...values, kind: "a kind of my own" }), "refused OTHER");
  assert.deepEqual(room.carried, []);
  assert.equal(await notice({}), "taken NONE");
  // A time is on the clock of the body of whoever is told: in June an hour apart.
  const opened = { kind: "incident.opened", about: incident, time: Date.UTC(2026, 5, 1, 12) } as const;
  const on = (zone: string): Message =>
    message({ ...alertText(opened, STAFF, zone), to: "olive@example.org", delivery: newId() });
  assert.equal(await room.notice(on("Atlantic/Reykjavik"), opened), "refused NOT_SIGNED");
  assert.equal(await room.notice(on("Atlantic/Reykjavik"), opened, "eastvale"), "taken NONE");
  assert.equal(await room.notice(on(LONDON), opened), "taken NONE");
});

test("a message that went goes out in no other try; one that did not go may", async () => {
  let answer: Outcome = { outcome: "lost", code: "CONNECTION_LOST" };
  const room = await mailroomOf(() => answer);
  const one = message();
  const batch = batchOf([one]);
  const letter = await letterOf(room, one, batch.salts[0]!, { ...handIn(batch), commitments: batch.commitments });
  const ask = (): Promise<string> => room.try(letter, one.delivery);
  assert.equal(await ask(), "lost CONNECTION_LOST");
  answer = { outcome: "put-off", code: "LATER" };
  assert.equal(await ask(), "put-off LATER");
  answer = { outcome: "taken", code: "NONE" };
  assert.equal(await ask(), "taken NONE");
  assert.equal(room.carried.length, 3);
  // Whoever runs the jobs process counts the tries.
  for (let i = 0; i < 3; i++) assert.equal(await ask(), "taken NONE");
  assert.equal(room.carried.length, 3, "the carrier was asked no more");
});
