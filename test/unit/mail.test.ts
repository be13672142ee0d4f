/** Messages, alerts, addresses, channels, deliveries: what the domain of mail lets through and what it does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AffectedPerson, Channel } from "../../src/domain/affected/person.ts";
import { addressOf } from "../../src/domain/form/email.ts";
import { callList, wayOf, type Agreed, type NeverAsked } from "../../src/domain/mail/channel.ts";
import { codeOfReply } from "../../src/domain/mail/carrier-code.ts";
import { countsOf, fateOf, type CallOutcome } from "../../src/domain/mail/fate.ts";
import {
  firstTemplate,
  textOf,
  letterTo,
  MESSAGE_PARTS,
  templateProblems,
  type MessageTemplate,
} from "../../src/domain/mail/template.ts";
import { signMailroomKey, verifiedRecipient } from "../../src/domain/mail/mailroom-key.ts";
import { decodeMessage, encodeMessage, sealMessage, type Message } from "../../src/domain/mail/message.ts";
import { ALERTS, alertOf, alertText, type AlertKind } from "../../src/domain/mail/alert.ts";
import { openMessage } from "../../src/domain/mail/open-message.ts";
import { deliveryOf, returnAddress } from "../../src/domain/mail/return-address.ts";
import { after, DELIVERY_STATES, pauseAfter, type DeliveryState, type Happening } from "../../src/domain/mail/state.ts";
import { SUBJECTS } from "../../src/domain/mail/subject.ts";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { Fault } from "../../src/domain/problem.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import fc from "../support/drawn.ts";

const is = (code: string) => (thrown: unknown) => thrown instanceof Fault && thrown.code === code;

const someone = (over: Partial<AffectedPerson> = {}): AffectedPerson => ({
  person: newId(),
  name: "Ada Example",
  email: "ada@people.example",
  post: ["1 High Street", "Harrowmere"],
  phone: "01632 960001",
  safe: ["email", "post", "phone"],
  inDanger: false,
  records: ["PB-1"],
  ...over,
});

test("odd but valid addresses pass as they are, and what is none, or several, does not", () => {
  for (const good of [
    "ada@people.example",
    "o'brien+tag@people.example",
    "a@b.co",
    "first.last@sub.people.example",
    '"quoted local"@people.example',
    '"a@b"@people.example',
    "müller@people.example",
    "ada@bücher.example",
    "ада@почта.example",
    "x_y-z@xn--bcher-kva.example",
    "customer/department=shipping@people.example",
    "!def!xyz%abc@people.example",
  ])
    assert.equal(addressOf(` ${good} `), good, good);
  for (const bad of [
    "",
    "ada",
    "ada@",
    "@people.example",
    "ada@people",
    "a@b.example,c@d.example",
    "a@b.example, c@d.example",
    "ada@people.example\r\nBcc: eve@evil.example",
    "ada\n@people.example",
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    ".ada@people.example",
    "a..b@people.example",
    "ada@-people.example",
    "ada@people..example",
    '"a\r\nb"@people.example',
    "ada@people.example>",
    "eve@evil.example <ada@people.example>",
    "Ada <ada@people.example> <eve@evil.example>",
    '"ada@people.example" <eve@evil.example>',
    "ada @people.example",
    `${"a".repeat(65)}@people.example`,
    `a@${"b".repeat(64)}.example`,
    `a@${"b.".repeat(130)}example`,
    "a@b.example,c@d.example",
    "a@b.example;c@d.example",
    "a@b.example c@d.example",
    "a@b.example, c@d.example",
    "a@b.example,c",
    "a,b@c.example",
    "a@b,c.example",
    "a@b@c.example",
  ])
    assert.equal(addressOf(bad), null, JSON.stringify(bad));
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const found = addressOf(text);
      assert.ok(found === null || !/[\p{Cc}<>,;]/u.test(found.replace(/^".*"(?=@)/, "")), JSON.stringify(text));
      assert.ok(found === null || !/[\r\n]/.test(found));
    }),
  );
});

// Nobody is written to or rung by a channel that they did not call safe, and whoever may be in danger is not written to
// before somebody has spoken with them.
test("nobody is written to by an unsafe channel, or before a call where there may be danger", () => {
  const maybe = <T>(value: T) => [value, null];
  let emails = 0;
  for (const safe of [null, [], ["email"], ["post"], ["phone"], ["email", "post"], ["email", "post", "phone"]] as (
    | readonly Channel[]
    | null
  )[])
    for (const email of maybe("ada@people.example"))
      for (const post of maybe(["1 High Street"]))
        for (const phone of maybe("01632 960001"))
          for (const inDanger of [true, false])
            for (const neverAsked of ["look-first", "as-given"] as NeverAsked[])
              for (const agreed of [null, "email", "post", "told"] as Agreed[]) {
                const way = wayOf(someone({ safe, email, post, phone, inDanger }), neverAsked, agreed);
                const channel = { email: "email", post: "post", call: "phone", person: null, told: null }[
                  way.by
                ] as Channel | null;
                if (channel === "email") emails += 1;
                if (channel === null) continue;
                assert.ok({ email, post, phone }[channel] !== null, "there is an address for it");
                assert.ok(
                  agreed === channel ||
                    (safe === null ? neverAsked === "as-given" && !inDanger : safe.includes(channel)),
                  `${way.by} ${JSON.stringify({ safe, inDanger, neverAsked, agreed })}`,
                );
                if (inDanger && channel !== "phone")
                  assert.equal(agreed, channel, "danger: only what was agreed in a conversation");
              }
  assert.ok(emails > 0);
  assert.deepEqual(wayOf(someone({ email: "not an address" }), "look-first"), {
    by: "post",
    to: ["1 High Street", "Harrowmere"],
  });
  const people = [
    someone(),
    someone({ safe: ["phone"] }),
    someone({ inDanger: true }),
    someone({ safe: [], inDanger: true }),
    someone({ safe: [] }),
  ].map((person) => ({ person, way: wayOf(person, "look-first") }));
  assert.deepEqual(
    callList(people).map(({ person }) => people.findIndex((one) => one.person === person)),
    [2, 3, 1, 4],
    "those in danger first, and those who may be written to not at all",
  );
});

// The machine of a delivery: nothing that is uncertain goes to the carrier without a person, and nothing that ended
// begins again.
test("the machine of a delivery: what is uncertain waits for a person, what ended stays ended", () => {
  const all: Happening[] = [
    "intended",
    "taken",
    "refused",
    "put-off",
    "lost",
    "key-gone",
    "unsigned",
    "handed-over",
    "bounced",
    "judged-sent",
    "judged-again",
    "cancelled",
  ];
  const byItself: Happening[] = ["intended", "taken", "refused", "put-off", "lost", "key-gone", "unsigned", "bounced"];
  const reach = (
    from: DeliveryState,
    ways: readonly Happening[],
    seen = new Set<DeliveryState>(),
  ): Set<DeliveryState> => {
    for (const happening of ways) {
      const to = after(from, happening);
      if (to !== null && !seen.has(to)) reach(to, ways, seen.add(to));
    }
    return seen;
  };
  for (const state of ["uncertain", "sent", "bounced", "rejected", "cancelled", "hand-over-again"] as const)
    assert.ok(!reach(state, byItself).has("intended"), `${state} goes out by itself`);
  for (const state of ["sent", "bounced", "rejected", "cancelled"] as const)
    assert.ok(!reach(state, all).has("intended"), `${state} goes out again`);
  // Whatever can be sent was intended first, and intending has one way in.
  const statesBefore = (happening: Happening) => DELIVERY_STATES.filter((state) => after(state, happening) !== null);
  assert.deepEqual(statesBefore("taken"), ["intended"]);
  assert.deepEqual(statesBefore("intended"), ["handed-in"]);
  for (const state of DELIVERY_STATES) assert.ok(reach("handed-in", all).has(state) || state === "handed-in", state);
  for (const state of ["sent", "bounced", "rejected", "cancelled"] as const)
    assert.deepEqual(
      [...reach(state, all)].filter((to) => to !== "bounced"),
      [],
    );
  const pauses = Array.from({ length: 30 }, (_, i) => pauseAfter(i + 1)).filter((pause) => pause !== null);
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
    "the pauses grow",
  );
  assert.equal(pauseAfter(pauses.length + 1), null, "and end");
});

// A message opens under the key of its start and for its delivery only; it has one address, a neutral subject, and no
// line of its own making.
test("a message opens for its start and delivery only, with one address and a neutral subject", async () => {
  const [own, other] = [await newIdentity("hybrid"), await newIdentity("hybrid")];
  const message: Message = {
    delivery: newId(),
    to: "ada@people.example",
    subject: "letter",
    text: "Dear Ada,\n\nthis is a message.\n",
  };
  const sealed = await sealMessage(message, own.recipient);
  assert.deepEqual(await openMessage(own.identity, message.delivery, sealed), message);
  await assert.rejects(openMessage(other.identity, message.delivery, sealed), is("OPEN_FAILED"));
  await assert.rejects(openMessage(own.identity, newId(), sealed), is("OPEN_CONTEXT"));
  for (const to of [
    "a@b.example, c@d.example",
    "ada@people.example\r\nBcc: eve@evil.example",
    "Ada <ada@people.example>",
  ])
    assert.throws(() => encodeMessage({ ...message, to }), is("MAIL_ADDRESS"));
  assert.throws(
    () => encodeMessage({ ...message, text: "line\r\n.\r\nMAIL FROM:<eve@evil.example>" }),
    is("MALFORMED"),
  );
  assert.throws(
    () =>
      decodeMessage(
        message.delivery,
        encodeMessage({ ...message, subject: "Your complaint about the police" as never }),
      ),
    is("MALFORMED"),
  );
  for (const words of Object.values(SUBJECTS))
    assert.doesNotMatch(words, /complaint|police|victim|breach|incident|data/i);
});

test("a mailroom's key that the installation has not signed for it is not sealed to", async () => {
  const secret = randomBytes(32);
  const installation = newId();
  const { recipient } = await newIdentity("x25519");
  const said = 1_800_000_000_000;
  const key = signMailroomKey(installation, secret, { start: newId(), at: said - 86_400_000, said, recipient });
  for (const off of [0, -600_000, 600_000])
    assert.equal(verifiedRecipient(installation, signingKeyOf(secret), key, said + off), recipient);
  for (const off of [-600_001, 600_001])
    assert.throws(() => verifiedRecipient(installation, signingKeyOf(secret), key, said + off), is("MAILROOM_OLD"));
  const swapped = { ...key, recipient: (await newIdentity("x25519")).recipient };
  for (const [where, by, what] of [
    [installation, secret, swapped],
    [installation, secret, { ...key, start: newId() }],
    [installation, secret, { ...key, at: key.at + 1 }],
    [installation, secret, { ...key, said: key.said + 1 }],
    [newId(), secret, key],
    [installation, randomBytes(32), key],
  ] as const)
    assert.throws(() => verifiedRecipient(where, signingKeyOf(by), what, said), is("MAILROOM_KEY"));
});

// A return address names its delivery to whoever has the key, whatever a carrier does to its case, and to nobody else.
test("a return address names its delivery to whoever has the key, and to nobody else", () => {
  const [key, delivery] = [randomBytes(32), newId()];
  const address = returnAddress(key, delivery, "returns.example");
  assert.ok(address.split("@")[0]!.length <= 64);
  // 96 bits of a mark: with fewer somebody could try them all at the carrier.
  assert.match(address, /^r-[0-9a-f]{32}-[0-9a-f]{24}@/);
  assert.equal(deliveryOf(key, address.toUpperCase(), "returns.example"), delivery);
  const forged = [
    address.replace(delivery, newId()),
    address.replace(/.@/, (c) => `${c[0] === "0" ? "1" : "0"}@`),
    returnAddress(randomBytes(32), delivery, "returns.example"),
    address.replace("returns", "other"),
    `${address}@x`,
    // A mark that is one character, or all but a few bits, too short, and one that is longer.
    address.replace(/.@/, "@"),
    address.replace(/.{16}@/, "@"),
    address.replace("@", "0@"),
    `r-${delivery}-@returns.example`,
    `r-${delivery}@returns.example`,
    "postmaster@returns.example",
    "",
  ];
  for (const one of forged) assert.equal(deliveryOf(key, one, "returns.example"), null, one);
});

test("what a carrier says becomes a code", () => {
  assert.deepEqual(
    [
      codeOfReply(550, "5.1.1"),
      codeOfReply(550, ""),
      codeOfReply(552, "5.2.2"),
      codeOfReply(552, "5.3.4"),
      codeOfReply(554, "5.7.1"),
      codeOfReply(451, ""),
      codeOfReply(554, ""),
    ],
    ["MAILBOX_UNKNOWN", "MAILBOX_UNKNOWN", "MAILBOX_FULL", "TOO_LARGE", "POLICY", "LATER", "REFUSED"],
  );
  for (const [enhanced, code] of [
    ["5.4.310", "DOMAIN_UNKNOWN"],
    ["5.1.2", "DOMAIN_UNKNOWN"],
    ["5.1.10", "MAILBOX_UNKNOWN"],
    ["5.4.7", "GAVE_UP"],
    ["4.4.7", "GAVE_UP"],
    ["5.3.4", "TOO_LARGE"],
    ["5.2.3", "TOO_LARGE"],
    ["5.3.0", "REFUSED"],
    ["5.6.0", "REFUSED"],
    ["5.7.26", "POLICY"],
    ["5.0.0", "OTHER"],
    ["constructor", "OTHER"],
  ] as const)
    assert.equal(codeOfReply(0, enhanced), code, enhanced);
});

const written = (over: Partial<MessageTemplate["parts"]> = {}): MessageTemplate => ({
  subject: "letter",
  opening: "Dear {name},",
  parts: {
    ...(Object.fromEntries(MESSAGE_PARTS.map((part) => [part, `About ${part}.`])) as MessageTemplate["parts"]),
    nature: "This concerns {records}.",
    ...over,
  },
  signature: "Chief\nHarrowmere",
});

// A message is not sent while a part that the law asks for is empty, unwritten, or has a field without a meaning.
test("a message is not sent while a part that the law asks for is empty or has no meaning", () => {
  assert.deepEqual(templateProblems(written()), []);
  assert.ok(
    templateProblems(firstTemplate("Harrowmere")).length >= MESSAGE_PARTS.length,
    "the first template has to be written",
  );
  for (const part of MESSAGE_PARTS)
    for (const [text, what] of [
      ["  ", "empty"],
      ["[Say what]", "unfilled"],
      ["{surname}", "unknown-field"],
      ["{name", "unknown-field"],
      ["x".repeat(7_000), "too-long"],
    ] as const)
      assert.deepEqual(templateProblems(written({ [part]: text })), [{ at: part, what }]);
  assert.deepEqual(templateProblems({ ...written(), subject: "look" }), [{ at: "subject", what: "not-neutral" }]);
});

test("a name stays a name: it breaks no line, hides nothing, and fills no other field", () => {
  const message = letterTo(
    written(),
    someone({ name: "Eve\r\nBcc: x@y.example\u202e {records}", records: ["PB-1", "PB-2"] }),
  );
  assert.equal(message.opening, "Dear Eve Bcc: x@y.example {records},");
  assert.deepEqual(message.sections[0], { title: "What happened", paragraphs: ["This concerns PB-1, PB-2."] });
  assert.equal(letterTo(written(), someone({ name: "" })).opening, "Dear Sir or Madam,");
  const text = textOf(message);
  encodeMessage({ delivery: newId(), to: "a@b.example", subject: "letter", text });
  for (const part of [
    "WHAT HAPPENED",
    "WHAT THIS COULD MEAN FOR YOU",
    "WHAT WE HAVE DONE",
    "WHAT YOU CAN DO",
    "HOW TO REACH US",
  ])
    assert.ok(text.includes(part));
});

// A alert is a sentence of the closed set, and no field of it can hold a name, an address of a person or a sentence.
test("an alert is a sentence of the closed set, and no field holds a name or a sentence", () => {
  const good = {
    about: "0123456789abcdef".repeat(2),
    token: "0123456789abcdef".repeat(4),
    code: "sealed-bytes",
    form: "contact",
    count: 3,
    hours: 24,
    time: 1_800_000_000_000,
  };
  const staff = "https://staff.harrowmere.example";
  for (const kind of Object.keys(ALERTS) as AlertKind[]) {
    const { subject, text } = alertText(alertOf(kind, good), staff, "Europe/London");
    assert.ok(Object.hasOwn(SUBJECTS, subject));
    assert.doesNotMatch(text, /[{}]/);
    // One link, and it leads to the installation's own pages.
    assert.deepEqual(
      [...text.matchAll(/https?:\S+/g)].map(([link]) => new URL(link).origin),
      [staff],
    );
  }
  for (const form of ["ada example", "Ada", "ada.example", "", "she was seen", undefined])
    assert.throws(() => alertOf("key.reminder", { ...good, form } as never), String(form));
  for (const bad of [
    { code: "Ada Example was seen" },
    { code: "ada example" },
    { code: "ada example was seen" },
    { about: "https://x.example/?name=ada" },
    { about: "javascript:alert(1)" },
    { about: `${"0".repeat(32)}/../..` },
    { about: `${"0".repeat(31)}A` },
    { time: Number.NaN },
    { time: -1 },
    { code: undefined },
  ])
    assert.throws(() => alertOf("finding.opened", { ...good, ...bad } as never), is("MALFORMED"));
  for (const kind of ["finding.seen", "constructor", "__proto__"])
    assert.throws(() => alertText({ ...good, kind }, staff, "Europe/London"), is("MALFORMED"));
  assert.throws(
    () => alertText(alertOf("finding.opened", good), "https://x.example/?to=", "Europe/London"),
    is("MALFORMED"),
  );
});

// Everybody stands somewhere: told, on the way, uncertain, or with one thing to do; what came back falls to the next
// safe way.
test("everybody stands somewhere, and what came back falls to the next safe way", () => {
  const person = someone();
  const id = person.person;
  const fate = (
    states: readonly ["email" | "post", DeliveryState][],
    outcomes: readonly CallOutcome[] = [],
    who = person,
  ) =>
    fateOf(
      who,
      "look-first",
      states.map(([channel, state]) => ({ person: id, channel, state })),
      outcomes.map((outcome) => ({ person: id, outcome })),
    );
  assert.deepEqual(fate([]), { at: "to-do", way: { by: "email", to: "ada@people.example" } });
  assert.deepEqual(fate([["email", "handed-in"]]), { at: "waiting" });
  assert.deepEqual(fate([["email", "sent"]]), { at: "told", by: "email" });
  assert.deepEqual(fate([["email", "uncertain"]]), { at: "uncertain" });
  assert.deepEqual(fate([["email", "hand-over-again"]]), {
    at: "to-do",
    way: { by: "email", to: "ada@people.example" },
  });
  for (const state of ["bounced", "rejected", "cancelled"] as const)
    assert.deepEqual(fate([["email", state]]), {
      at: "to-do",
      way: { by: "post", to: ["1 High Street", "Harrowmere"] },
    });
  assert.deepEqual(
    fate([
      ["email", "bounced"],
      ["post", "bounced"],
    ]),
    { at: "to-do", way: { by: "call", phone: "01632 960001", why: "phone-only" } },
  );
  assert.deepEqual(fate([["email", "bounced"]], ["no-answer", "told"]), { at: "told", by: "call" });
  const danger = { ...person, inDanger: true };
  assert.deepEqual(fate([], ["no-answer"], danger), {
    at: "to-do",
    way: { by: "call", phone: "01632 960001", why: "danger" },
  });
  assert.deepEqual(fate([], ["agreed-post"], danger), {
    at: "to-do",
    way: { by: "post", to: ["1 High Street", "Harrowmere"] },
  });
  const fates = [
    fate([]),
    fate([["email", "sent"]]),
    fate([["email", "uncertain"]]),
    fate([["email", "intended"]]),
    fate([], [], danger),
    fate([], [], { ...person, safe: [] }),
  ];
  const { people, ...parts } = countsOf(fates);
  assert.equal(
    Object.values(parts).reduce((sum, one) => sum + one, 0),
    people,
  );
});
