/** What people write to a return address: sealed in the mailroom, kept until somebody looked, opened under the log. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeDocumentInbox } from "../../demo/by-id.ts";
import { fromUtf8 } from "../../src/domain/bytes.ts";
import { incidentInbox } from "../../src/domain/incident/document.ts";
import { alertOf } from "../../src/domain/mail/alert.ts";
import { newIdentity } from "../../src/domain/seal/identity.ts";
import { openReturned } from "../../src/member/flows/message-documents.ts";
import { judgeReturned } from "../../src/member/flows/messages.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { tellReturned } from "../../src/server/alerts/watching.ts";
import { parseConfig } from "../../src/server/config.ts";
import { Chains } from "../../src/server/statements/chains.ts";
import { queueAlert } from "../../src/server/alerts/tell.ts";
import { inTransaction, openPool } from "../../src/server/database/pool.ts";
import { peopleOf } from "../../src/server/people/store/accounts.ts";
import { carrierWorld, reportOf, type CarrierWorld } from "../support/carrier.ts";
import { letterDesk, someone, until, type MessageDesk } from "../support/messages.ts";
import { BODY, is, staffedWorld, type StaffedWorld } from "../support/staffed.ts";

let t: StaffedWorld;
let carrier: CarrierWorld;
let desk: MessageDesk;
const ada = someone("ada@people.example");

before(async () => {
  carrier = await carrierWorld();
  t = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings });
  desk = await letterDesk(t);
  await desk.send([ada]);
  await desk.settled();
});
after(async () => {
  await t?.stop();
  carrier?.close();
});

const backTo = (to: string): string => carrier.arrived.find((one) => one.to[0] === to)!.from;
const ANSWER = [
  "From: Ada <ada@people.example>",
  "Subject: Re: A letter for you",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from("He reads my mail. Do not write here again. Zoë").toString("base64"),
  "",
].join("\r\n");
const state = async (): Promise<string | undefined> =>
  (await desk.look()).deliveries.find(({ person }) => person === ada.person)?.state;

test("while an incident has no inbox the carrier keeps an answer, and nothing of it is stored", async () => {
  assert.equal(await carrier.bringBack(backTo("ada@people.example"), ANSWER), 451);
  assert.deepEqual((await desk.look()).returned, []);
});

test("a key that a row names and no statement is not sealed to: the carrier keeps the answer", async () => {
  await makeDocumentInbox(desk.owner, desk.incident);
  const inbox = incidentInbox(desk.incident);
  const owner = await t.attacker();
  const { rows } = await owner.query<{ recipient: string }>("SELECT recipient FROM epoch_key WHERE inbox = $1", [
    inbox,
  ]);
  const set = (recipient: string) =>
    owner.query("UPDATE epoch_key SET recipient = $2 WHERE inbox = $1", [inbox, recipient]);
  await set((await newIdentity("hybrid")).recipient);
  assert.equal(await carrier.bringBack(backTo("ada@people.example"), ANSWER), 451);
  assert.equal((await owner.query("SELECT FROM returned_mail")).rowCount, 0);
  await set(rows[0]!.recipient);
  await owner.end();
});

test("an answer is sealed to its incident, opened under the log, and said of once", async () => {
  assert.equal(await carrier.bringBack(backTo("ada@people.example"), ANSWER), 250);
  const { returned } = await desk.look();
  assert.deepEqual(
    returned.map(({ kind, said }) => [kind, said]),
    [["answer", null]],
  );
  assert.equal(await state(), "sent", "an answer makes nobody count as not told");
  const [mail] = returned as [(typeof returned)[0]];
  const content = await openReturned(desk.owner, desk.incident, mail);
  assert.deepEqual(
    [content.kind, content.from, content.subject, content.text.trim(), content.cut],
    [
      "answer",
      "Ada <ada@people.example>",
      "Re: A letter for you",
      "He reads my mail. Do not write here again. Zoë",
      false,
    ],
  );
  assert.ok(fromUtf8(content.raw).startsWith("From: Ada"));

  const owner = await t.attacker();
  const events = async (kind: string): Promise<string[]> =>
    (await owner.query<{ entry: Buffer }>("SELECT entry FROM event WHERE kind = $1", [kind])).rows.map(({ entry }) =>
      String(entry),
    );
  assert.equal((await events("document.released")).filter((entry) => entry.includes(mail.document)).length, 1);
  const [kept] = await events("document.returned");
  assert.ok(kept?.includes(mail.delivery) && kept.includes(mail.digest) && !/people\.example|reads my/.test(kept));
  for (const { name } of (
    await owner.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'pillarbox'::regnamespace AND relkind = 'r'",
    )
  ).rows)
    for (const { row } of (await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows)
      for (const word of ["people.example", "reads my mail", Buffer.from("reads my mail").toString("hex")])
        assert.ok(!row.includes(word), `${name} holds ${word}`);
  await owner.end();

  const path = `/api/bodies/${BODY}/incidents/${desk.incident}/returned/${mail.document}`;
  for (const other of [t.person("case officer", 0, BODY), t.person("owner", 0, "eastvale")])
    await assert.rejects(
      (await t.visit(other)).client.post(path, { said: "nothing" }),
      is("REFUSED_ROLE", "REFUSED_BODY"),
    );
  await judgeReturned(desk.owner, desk, mail, "came-back");
  assert.equal(await state(), "bounced", "a person said that it did not arrive");
  assert.equal((await desk.look()).returned[0]?.said, "came-back");
  await assert.rejects(judgeReturned(desk.owner, desk, mail, "arrived"), is("REFUSED_STATE"));
});

// Owners and auditors have a message of a count and a link, once for what waits together; and the start page says so.
// The staff process looks by itself, too: what was told is known by the row that it leaves.
test("that something came back is told to owners and auditors once, and without a word of it", async () => {
  const responsible = t.prepared.people.filter(
    ({ body, role }) => body === BODY && (role === "owner" || role === "auditor"),
  );
  assert.ok(responsible.length > 1);
  const told = (): readonly string[] =>
    carrier.arrived
      .map(({ raw }) => raw.replaceAll("=\r\n", ""))
      .filter((raw) => raw.includes("a program cannot judge"));
  const pool = openPool(t.world.databaseUrl("pb_staff"), 2);
  const chains = new Chains(parseConfig(canonicalJson(t.world.config)));
  const look = (): Promise<unknown> => Promise.all([1, 2, 3].map(() => tellReturned(pool, chains)));
  const owner = await t.attacker();
  const rows = async (): Promise<readonly string[]> =>
    (await owner.query<{ about: string }>("SELECT about FROM told_once WHERE kind = 'mail.returned'")).rows.map(
      ({ about }) => about,
    );
  const unseen = async () => (await desk.look()).returned.filter(({ said }) => said === null);
  assert.deepEqual(await desk.owner.api.cameBack(BODY), []);
  const back = backTo("ada@people.example");
  const bring = (subject: string) => carrier.bringBack(back, ANSWER.replace("Re: A letter", `Re: ${subject}`));
  assert.equal(await bring("one"), 250);
  await look();
  assert.equal(await bring("two"), 250);
  await look();
  const [first, second] = await unseen();
  const key = (document: string): string => `${desk.incident} ${document}`;
  assert.deepEqual(await desk.owner.api.cameBack(BODY), [{ incident: desk.incident, count: 2 }]);
  assert.ok((await rows()).includes(key(first!.document)) && !(await rows()).includes(key(second!.document)));
  const each = async (): Promise<boolean> => told().length === (await rows()).length * responsible.length;
  await until("everybody who answers was told once", each);
  for (const raw of told()) {
    assert.match(raw, /judge: 1 to look at\./);
    assert.ok(raw.includes(`/incidents/${desk.incident}/messages`));
    for (const word of ["people.example", "reads my mail", "Zoë", "Re: one"]) assert.ok(!raw.includes(word), word);
  }
  // One is looked at, one still waits: nobody is told again. When all were looked at, the next is told.
  await judgeReturned(desk.owner, desk, first!, "nothing");
  await look();
  assert.ok(!(await rows()).includes(key(second!.document)));
  await judgeReturned(desk.owner, desk, second!, "nothing");
  assert.equal(await bring("three"), 250);
  await look();
  const [third] = await unseen();
  assert.ok((await rows()).includes(key(third!.document)));
  await until("everybody who answers was told of the third", each);
  await owner.end();
  await pool.end();
});

test("a long mail is kept from its beginning; a late report and an automatic reply leave nothing", async () => {
  const one = someone("long@people.example");
  await desk.send([ada, one]);
  await desk.settled();
  const back = backTo("long@people.example");
  const before = (await desk.look()).returned.length;
  assert.equal(await carrier.bringBack(back, reportOf("Action: delayed", "Status: 4.4.1")), 250);
  assert.equal(await carrier.bringBack(back, "Auto-Submitted: auto-replied\r\n\r\nI am away.\r\n"), 250);
  assert.equal((await desk.look()).returned.length, before);
  assert.equal(await carrier.bringBack(back, `Subject: Long\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(6_000)}`), 250);
  const mail = (await desk.look()).returned.at(-1)!;
  const content = await openReturned(desk.owner, desk.incident, mail);
  assert.deepEqual([content.cut, content.raw.length, content.subject], [true, 262_144, "Long"]);
});

test("an answer to one of the program's own alerts is sent back: nobody would read it", async () => {
  const pool = openPool(t.world.databaseUrl("pb_staff"), 1);
  const owner = t.person("owner", 0, BODY);
  const accounts = (await peopleOf(pool, BODY)).filter(({ email }) => email === owner.email);
  const alert = alertOf("finding.opened", { code: "sealed-bytes", time: 1_800_000_000_000, about: "0".repeat(32) });
  await inTransaction(pool, (client) => queueAlert(client, accounts, alert));
  await until("it has arrived", () => carrier.arrived.some(({ to }) => to[0] === owner.email));
  assert.equal(await carrier.bringBack(backTo(owner.email), ANSWER), 550);
  await pool.end();
});
