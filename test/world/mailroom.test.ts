/** The mailroom against a real mail server with bad manners, in a world of real processes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { fromHex } from "../../src/domain/bytes.ts";
import { draftSigned } from "../../src/domain/log/act.ts";
import { alertOf } from "../../src/domain/mail/alert.ts";
import { signMailroomKey } from "../../src/domain/mail/mailroom-key.ts";
import { handedInHash } from "../../src/domain/mail/told.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { newId } from "../../src/domain/seal/random.ts";
import { decideDelivery, handInAll, hold } from "../../src/member/flows/messages.ts";
import { tellStopped } from "../../src/server/alerts/watching.ts";
import { Chains } from "../../src/server/statements/chains.ts";
import { parseConfig } from "../../src/server/config.ts";
import { queueAlert } from "../../src/server/alerts/tell.ts";
import { peopleOf, type Account } from "../../src/server/people/store/accounts.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { keysOf } from "../support/by-hand.ts";
import { carrierWorld, type CarrierWorld } from "../support/carrier.ts";
import { deliveryIn, killedInBetween, letterDesk, MARKER, someone, TEMPLATE, until } from "../support/messages.ts";
import type { PreparedPerson } from "../../demo/prepared.ts";
import { BODY, is, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let carrier: CarrierWorld;
let staff: Pool;

before(async () => {
  carrier = await carrierWorld();
  t = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings });
  staff = openPool(t.world.databaseUrl("pb_staff"), 2);
});
after(async () => {
  await staff?.end();
  await t?.stop();
  carrier?.close();
});

const accountsOf = async (...people: readonly PreparedPerson[]): Promise<Account[]> =>
  (await peopleOf(staff, BODY)).filter(({ email }) => people.some((one) => one.email === email));

test("an alert goes to each address by itself, with a neutral subject, and leaves no text", async () => {
  const alert = alertOf("finding.opened", {
    code: "sealed-bytes",
    time: 1_800_000_000_000,
    about: "0".repeat(32),
  });
  const [one, two] = await accountsOf(t.person("owner", 0, BODY), t.person("auditor"));
  await inTransaction(staff, (client) => queueAlert(client, [one!, two!, one!], alert));
  await until("both have arrived", () => carrier.arrived.length >= 2);
  assert.deepEqual(carrier.arrived.map(({ to }) => to).sort(), [[one!.email], [two!.email]].sort());
  for (const { raw, to, from } of carrier.arrived) {
    const [head = ""] = raw.split("\r\n\r\n");
    assert.match(head, new RegExp(`^To: ${to[0]}$`, "m"));
    assert.doesNotMatch(head, /^(?:cc|bcc|reply-to|x-mailer|user-agent):/im);
    assert.match(head, /^Subject: Please look at Pillarbox$/m);
    assert.match(head, /^From: letters@post\.example$/m);
    assert.match(from, /^r-[0-9a-f]{32}-[0-9a-f]{24}@returns\.post\.example$/);
    assert.ok(raw.includes("(sealed-bytes)"));
  }
  const owner = await t.attacker();
  await until("nothing of them is left", async () => (await owner.query("SELECT FROM alert")).rowCount === 0);
  assert.deepEqual((await owner.query("SELECT DISTINCT state, bytes, person FROM delivery")).rows, [
    { state: "sent", bytes: null, person: null },
  ]);
  await owner.end();
});

// Letters against a bad mail server: each has one end, nobody is written to by a channel that is not safe, and what is
// uncertain waits for a person.
test("letters against a bad mail server: each has one end, by a safe channel or a person", async () => {
  const desk = await letterDesk(t);
  const [ada, odd, gone, full, later, cut, unsafe, asked] = [
    someone("ada@people.example"),
    someone(`"quoted"@people.example`, { name: "Eve\r\nBcc: eve@evil.example" }),
    someone("gone.one@people.example"),
    someone("full.one@people.example"),
    someone("later.one@people.example"),
    someone("cut.one@people.example"),
    someone("unsafe@people.example", { safe: ["phone"], phone: "01632 960001" }),
    someone("asked@people.example", { safe: null }),
  ] as const;
  const people = [ada, odd, gone, full, later, cut, unsafe, asked];
  const before = carrier.arrived.length;
  const { ways, stored } = await desk.send(people);
  assert.deepEqual(
    ways.map(({ way }) => way.by),
    ["email", "email", "email", "email", "email", "email", "call", "person"],
  );
  assert.equal(stored, 6);
  assert.equal((await desk.send(people)).stored, 0, "pressed twice, sent once");
  // A page from before, and somebody more: what was signed together goes together or not at all.
  const stale = {
    ...desk,
    people: [ada, someone("new.one@people.example")],
    draft: { template: TEMPLATE, neverAsked: "look-first" },
    messages: { paused: false, deliveries: [], calls: [], returned: [] },
  } as const;
  await assert.rejects(
    handInAll(desk.owner, stale, () => {}),
    is("ACT_MOVED"),
  );
  const states = await desk.settled();
  const said = (one: typeof ada) => `${states.get(one.person)?.state} ${states.get(one.person)?.code}`;
  assert.deepEqual([ada, odd, gone, full, later, cut].map(said), [
    "sent NONE",
    "sent NONE",
    "rejected MAILBOX_UNKNOWN",
    "rejected MAILBOX_FULL",
    "sent NONE",
    "uncertain CONNECTION_LOST",
  ]);
  assert.equal(states.size, 6, "nobody else has a delivery");

  const mails = carrier.arrived.slice(before);
  assert.deepEqual(
    mails.map(({ to }) => to).sort(),
    [
      [`"quoted"@people.example`],
      ["ada@people.example"],
      ["cut.one@people.example"],
      ["later.one@people.example"],
    ].sort(),
  );
  for (const { raw, from } of mails) {
    const [head = ""] = raw.split("\r\n\r\n");
    assert.match(head, /^Subject: A letter for you$/m);
    assert.doesNotMatch(head, new RegExp(`^(?:cc|bcc):|Secretname|${MARKER}|evil`, "im"));
    assert.ok([...states.values()].some((one) => one.delivery === deliveryIn(from)));
  }
  // Over and over: the machine never sends the uncertain one again by itself.
  await desk.send(people);
  assert.equal((await desk.look()).deliveries.filter(({ state }) => state === "uncertain").length, 1);
  assert.equal(carrier.arrived.length, before + 4);
  const uncertain = states.get(cut.person)!;
  await decideDelivery(desk.owner, desk, uncertain.delivery, "judged-again");
  assert.equal((await desk.send(people)).stored, 1, "only a person lets it go again");
  await desk.settled();

  // What comes back later: by the return address that was made for it, and by no other.
  const back = mails.find(({ to }) => to[0] === "ada@people.example")!.from;
  assert.equal(await carrier.bringBack(back), 250);
  assert.equal(
    await carrier.bringBack(back.replace(/.@/, (c) => `${c[0] === "0" ? "1" : "0"}@`)),
    550,
    "a forged return address is refused",
  );
  const odds = mails.find(({ to }) => to[0]!.startsWith('"'))!.from;
  assert.equal(
    await carrier.bringBack(odds, "Auto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nI am away.\r\n"),
    250,
  );
  const after = new Map((await desk.look()).deliveries.map((one) => [one.person, `${one.state} ${one.code}`]));
  assert.deepEqual([after.get(ada.person), after.get(odd.person)], ["bounced MAILBOX_FULL", "sent NONE"]);
});

test("letters are held and go on; another role, another body and a stranger touch none", async () => {
  const desk = await letterDesk(t);
  const path = `/api/bodies/${BODY}/incidents/${desk.incident}/messages`;
  // Held while the first is at the carrier.
  carrier.keepFrom(0);
  await desk.send(Array.from({ length: 10 }, (_, i) => someone(`held.${i}@people.example`)));
  await until("one is at the carrier", () => carrier.kept() > 0);
  await hold(desk.owner, desk, true);
  carrier.letGo();
  await until("what was in hand is done", async () =>
    (await desk.look()).deliveries.every(({ state }) => state !== "intended"),
  );
  const held = (await desk.look()).deliveries.filter(({ state }) => state === "handed-in").length;
  assert.ok(held > 0 && (await desk.look()).paused);
  // Who hands on is not asleep: what was asked for later goes out meanwhile, one after the other.
  for (const to of await accountsOf(t.person("deputy owner"), t.person("case officer"))) {
    const alert = alertOf("incident.clock", { hours: 24, about: desk.incident });
    await inTransaction(staff, (client) => queueAlert(client, [to], alert));
    await until(`${to.email} has it`, () => carrier.arrived.some((mail) => mail.to.includes(to.email)));
  }
  assert.equal((await desk.look()).deliveries.filter(({ state }) => state === "handed-in").length, held);
  await hold(desk.owner, desk, false);
  assert.ok([...(await desk.settled()).values()].every(({ state }) => state === "sent"));
  for (const [part, body, code] of [
    ["case officer", BODY, "REFUSED_ROLE"],
    ["operator at the host", undefined, "REFUSED_ROLE"],
    ["owner", "eastvale", "REFUSED_BODY"],
  ] as const) {
    const visit = await t.visit(t.person(part, 0, body));
    await assert.rejects(visit.client.get(path), is(code), part);
    await assert.rejects(visit.client.post(`${path}/hold`, { paused: "yes" }), is(code), part);
  }
});

// Letters that wait for a person since the mailroom began anew are told to those who answer, once for each start, and
// nothing of them is said.
test("letters that wait since the mailroom began anew are told of, once for each start", async () => {
  const desk = await letterDesk(t);
  const people = Array.from({ length: 3 }, (_, i) => someone(`waiting.${i}@people.example`));
  const responsible = t.prepared.people
    .filter((one) => one.body === BODY && ["owner", "auditor"].includes(one.role))
    .map(({ email }) => email);
  const from = carrier.arrived.length;
  const told = () =>
    carrier.arrived
      .slice(from)
      .filter(({ raw }) => raw.includes("messages wait for a person"))
      .filter(({ raw }) => raw.replaceAll("=\r\n", "").includes(desk.incident));
  // Held while the first is at the carrier: `hold` needs letters to hold.
  carrier.keepFrom(0);
  await desk.send(people);
  await until("one is at the carrier", () => carrier.kept() > 0);
  await hold(desk.owner, desk, true);
  carrier.letGo();
  await until("what was in hand is done", async () =>
    (await desk.look()).deliveries.every(({ state }) => state !== "intended"),
  );
  const waiting = (await desk.look()).deliveries.filter(({ state }) => state === "handed-in").length;
  assert.ok(waiting > 0);
  const old = t.world.pid("mailroom");
  process.kill(old, "SIGKILL");
  await until("everybody who answers is told", () => told().length >= responsible.length);
  assert.deepEqual(
    told()
      .map(({ to }) => to[0]!)
      .sort(),
    responsible.sort(),
  );
  for (const { raw } of told()) {
    assert.match(raw, new RegExp(`\\b${waiting} messages wait for a person`));
    for (const word of [MARKER, "Secretname", "people.example"]) assert.ok(!raw.includes(word), word);
  }
  // Looked at again, by several at once, it is told no more.
  await Promise.all([1, 2, 3].map(() => tellStopped(staff, new Chains(parseConfig(canonicalJson(t.world.config))))));
  await hold(desk.owner, desk, false);
  await until("the mailroom is known again", () =>
    desk.owner.client.get(`/api/bodies/${BODY}/mailroom`).then(
      () => true,
      () => false,
    ),
  );
  await desk.send(people);
  assert.ok([...(await desk.settled()).values()].every(({ state }) => state === "sent"));
  assert.equal(told().length, responsible.length);
});

// A key of the mailroom that somebody writes into the database is not sealed to, and plain text is not taken in.
test("a mailroom's key from the database is not sealed to, and plain text is not taken in", async () => {
  const desk = await letterDesk(t);
  const owner = await t.attacker();
  await owner.query("UPDATE mailroom SET recipient = $1", [
    "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq",
  ]);
  await assert.rejects(desk.send([someone("ada@people.example")]), is("MAILROOM_KEY"));
  // The key of an earlier start, truly signed, and shown again by whoever has its private half.
  const { recipient } = await newIdentity("x25519");
  const earlier = signMailroomKey(t.config.installation, fromHex(t.world.installation.mailKey), {
    start: newId(),
    at: Date.now() - 3_600_000,
    said: Date.now() - 3_600_000,
    recipient,
  });
  const forget = async (): Promise<void> => {
    await owner.query("DELETE FROM delivery WHERE mailroom IS NOT NULL AND state <> 'sent'");
    await owner.query("UPDATE delivery SET mailroom = NULL");
    await owner.query("DELETE FROM mailroom");
  };
  // The true start is kept from saying that it is there.
  await owner.query("REVOKE INSERT ON mailroom FROM pb_jobs");
  await forget();
  await owner.query(
    "INSERT INTO mailroom (start, at, said, recipient, signature, seen_at) VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour')",
    [earlier.start, earlier.at, earlier.said, earlier.recipient, Buffer.from(earlier.signature)],
  );
  await assert.rejects(desk.send([someone("ada@people.example")]), is("MAILROOM_OLD"));
  await owner.query("GRANT INSERT ON mailroom TO pb_jobs");
  await forget();
  await owner.end();
  // The next greeting of the jobs process writes the true one.
  await until("the mailroom is known again", () =>
    desk.owner.client.get(`/api/bodies/${BODY}/mailroom`).then(
      () => true,
      () => false,
    ),
  );
  const plain = {
    delivery: "a".repeat(32),
    person: "b".repeat(32),
    bytes: new TextEncoder().encode(`Dear Ada, ${MARKER}`.repeat(30)),
    salt: new Uint8Array(32),
    commitment: "c".repeat(64),
  };
  const { start } = (await desk.owner.client.get(`/api/bodies/${BODY}/mailroom`)).value as { start: string };
  await assert.rejects(
    desk.owner.client.post(`/api/bodies/${BODY}/incidents/${desk.incident}/messages/hand-in`, {
      start,
      act: draftSigned<"messages.handed-in">(
        { ...keysOf(desk.owner), role: "owner" },
        {
          kind: "messages.handed-in",
          body: BODY,
          incident: desk.incident,
          count: 1,
          template: "d".repeat(64),
          messages: handedInHash([fromHex(plain.commitment)]),
        },
      ),
      messages: [plain],
    }),
    is("ENVELOPE_NOT_SEALED"),
  );
  assert.equal((await desk.send([someone("ada@people.example")])).stored, 1);
  await desk.settled();
});

// Kill -9 of the mailroom and of jobs in the middle: none sent twice by the program, none unaccounted for, at most one
// uncertain for each kill.
test("kill -9 of the mailroom and of jobs: none sent twice, at most one uncertain a kill", async (context) => {
  const { arrived, uncertain } = await killedInBetween(t, carrier, 40, [
    [["mailroom"], 6],
    [["jobs"], 14],
    [["mailroom"], 22],
    [["jobs", "mailroom"], 28],
    [["mailroom", "jobs"], 34],
  ]);
  context.diagnostic(`${arrived} arrived, ${uncertain} uncertain`);
});

// No word of a letter stands in any row, any event, any log of ours; the log says how many and which, and the record
// proves what was sent.
test("no word of a letter stands in any row, event or log; the record proves what was sent", async () => {
  const owner = await t.attacker();
  owner.on("error", () => {});
  const tables = (
    await owner.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind = 'r'",
    )
  ).rows;
  for (const { name } of tables) {
    const { rows } = await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    for (const { row } of rows)
      for (const word of [MARKER, "Secretname", "people.example", Buffer.from(MARKER).toString("hex")])
        assert.ok(!row.includes(word), `${name} holds ${word}`);
  }
  const kept = (await owner.query<{ n: number }>("SELECT count(*)::int AS n FROM delivery WHERE bytes IS NOT NULL"))
    .rows[0]!.n;
  assert.equal(kept, 0, "nothing sealed is kept once it is handed on");
  const kinds = (await owner.query<{ kind: string }>("SELECT DISTINCT kind FROM event")).rows.map(({ kind }) => kind);
  for (const kind of [
    "mailroom.started",
    "messages.handed-in",
    "messages.paused",
    "messages.resumed",
    "delivery.ended",
    "delivery.decided",
  ])
    assert.ok(kinds.includes(kind), kind);
  await owner.end();
  const logs = globSync("logs/*.log", { cwd: t.world.data });
  assert.ok(logs.some((log) => log.includes("mailroom")));
  for (const log of logs)
    for (const word of [MARKER, "Secretname", "people.example", "A letter for you"])
      assert.ok(!readFileSync(join(t.world.data, log), "utf8").includes(word), `${log} holds ${word}`);
});
