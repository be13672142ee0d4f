/**
 * Somebody has taken over the staff process, and its login at the database: can they write to people, or let letters go
 * on that an owner held back? They know the mailroom's key, which is public, and can put any row beside any event.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { draftSigned } from "../../src/domain/log/act.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { encodeHandedIn } from "../../src/domain/mail/handed-in.ts";
import { messageCommitment, sealMessage, type Message } from "../../src/domain/mail/message.ts";
import { handedInHash } from "../../src/domain/mail/told.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";
import { hold } from "../../src/member/flows/messages.ts";
import { inTransaction, openPool, type Pool } from "../../src/server/database/pool.ts";
import { keysOf } from "../support/by-hand.ts";
import { carrierWorld, type CarrierWorld } from "../support/carrier.ts";
import { letterDesk, someone, until, type MessageDesk } from "../support/messages.ts";
import { BODY, staffedWorld, type StaffedWorld, type Visit } from "../support/staffed.ts";

let t: StaffedWorld;
let carrier: CarrierWorld;
/** the staff process's own login */
let staff: Pool;
let desk: MessageDesk;

before(async () => {
  carrier = await carrierWorld();
  t = await staffedWorld({ also: ["mailroom", "jobs"], mail: carrier.settings });
  staff = openPool(t.world.databaseUrl("pb_staff"), 2);
  desk = await letterDesk(t);
  // So that the incident has its row, and a mailroom is known.
  await desk.send([someone("first@people.example")]);
  await desk.settled();
});
after(async () => {
  await staff?.end();
  await t?.stop();
  carrier?.close();
});

const arrivedAt = (to: string): number => carrier.arrived.filter((mail) => mail.to.includes(to)).length;

type Said = { readonly message: Message; readonly salt: Uint8Array; readonly commitment: Uint8Array };
function say(to: string): Said {
  const message: Message = { delivery: newId(), to, subject: "letter", text: "Call this number." };
  const salt = randomBytes(32);
  return { message, salt, commitment: messageCommitment(salt, message) };
}

/** The act by which somebody hands letters in, with a key that they have. */
function handedIn(by: Visit, role: "owner" | "reader", those: readonly Said[]): Uint8Array {
  const commitments = those.map(({ commitment }) => commitment);
  const act = draftSigned<"messages.handed-in">(
    { ...keysOf(by), role },
    {
      kind: "messages.handed-in",
      body: BODY,
      incident: desk.incident,
      count: commitments.length,
      template: "d".repeat(64),
      messages: handedInHash(commitments),
    },
  );
  return encodeHandedIn({ ...act, commitments });
}

/** A letter as the staff process stores one, put there by its login. */
async function put({ message, salt, commitment }: Said, under: Uint8Array | null): Promise<string> {
  const { rows } = await staff.query<{ start: string; recipient: string }>(
    "SELECT start, recipient FROM mailroom ORDER BY at DESC LIMIT 1",
  );
  const { start, recipient } = rows[0]!;
  await staff.query(
    `INSERT INTO delivery (id, body, incident, person, channel, state, mailroom, bytes, salt, commitment, handed_in)
     VALUES ($1, $2, $3, $4, 'email', 'handed-in', $5, $6, $7, $8, $9)`,
    [
      message.delivery,
      BODY,
      desk.incident,
      newId(),
      start,
      Buffer.from(await sealMessage(message, recipient)),
      salt,
      commitment,
      under,
    ],
  );
  return message.delivery;
}

async function endOf(delivery: string): Promise<string> {
  const look = async () =>
    (await staff.query<{ state: string; code: string }>("SELECT state, code FROM delivery WHERE id = $1", [delivery]))
      .rows[0]!;
  await until("it was tried", async () => (await look()).code !== "NONE" || (await look()).state === "sent");
  const { state, code } = await look();
  return `${state} ${code}`;
}

test("a letter that no owner or auditor signed for is not sent, whatever stands in its row", async () => {
  const owner = await t.visit(t.person("owner", 0, BODY));
  const reader = await t.visit(t.person("case officer", 0, BODY));
  const elsewhere = await t.visit(t.person("owner", 0, "eastvale"));
  const [nothing, invented, altered, byReader, stranger] = ["a", "b", "c", "d", "e"].map((name) =>
    say(`${name}@evil.example`),
  ) as [Said, Said, Said, Said, Said];
  // An act that an owner truly signed, of a letter that is handed in with it; another is put beside it.
  const true_ = say("true@people.example");
  const act = handedIn(owner, "owner", [true_]);
  const widened = new TextEncoder().encode(
    new TextDecoder()
      .decode(act)
      .replace('"commitments":[', `"commitments":["${Buffer.from(altered.commitment).toString("hex")}",`),
  );
  const hostile: readonly (readonly [Said, Uint8Array | null])[] = [
    [nothing, null],
    [invented, act],
    [altered, widened],
    [byReader, handedIn(reader, "reader", [byReader])],
    [stranger, handedIn(elsewhere, "owner", [stranger])],
  ];
  for (const [said, under] of hostile) await put(said, under);
  for (const [said] of hostile)
    assert.equal(await endOf(said.message.delivery), "hand-over-again NOT_SIGNED", said.message.to);
  // Signed by an owner it goes out: nothing else was what kept the others back.
  assert.equal(await endOf(await put(true_, act)), "sent NONE");
  assert.equal(arrivedAt("true@people.example"), 1);
  for (const [said] of hostile) assert.equal(arrivedAt(said.message.to), 0, said.message.to);
});

test("letters that an owner held back do not go on by a row, by an unsigned act or a reader's", async () => {
  const held = someone("held@people.example");
  await hold(desk.owner, desk, true);
  await desk.send([held]);
  const reader = await t.visit(t.person("case officer", 0, BODY));
  const place = { body: BODY, incident: desk.incident };
  /** What the staff process does when letters go on, with an act that is none. */
  const goOn = (act: ReturnType<typeof draftSigned<"messages.resumed">>, signature: Uint8Array): Promise<void> =>
    inTransaction(staff, async (client) => {
      const at = Date.now();
      const entry = encodeEntry({ ...act.event, at } as LogEvent & { readonly at: number }, randomBytes(32));
      const { rows } = await client.query<{ id: string }>(
        "INSERT INTO event (at, kind, entry) VALUES ($1, 'messages.resumed', $2) RETURNING id",
        [at, Buffer.from(entry)],
      );
      await client.query("INSERT INTO act (event, person, signature) VALUES ($1, $2, $3)", [
        rows[0]!.id,
        reader.me.person,
        Buffer.from(signature),
      ]);
      await client.query("UPDATE mailing SET paused = false WHERE incident = $1", [desk.incident]);
    });
  const resumed = draftSigned<"messages.resumed">(
    { ...keysOf(reader), role: "reader" },
    { kind: "messages.resumed", ...place },
  );
  const delivery = (await desk.look()).deliveries.find(({ person }) => person === held.person)!.delivery;
  const waits = async (): Promise<string> =>
    (await staff.query<{ said: string }>("SELECT state || ' ' || code AS said FROM delivery WHERE id = $1", [delivery]))
      .rows[0]!.said;
  assert.equal(await waits(), "handed-in NONE");
  await goOn(resumed, randomBytes(64));
  await until("it was tried", async () => (await waits()) === "handed-in HELD_BACK");
  await goOn(resumed, resumed.signature);
  // Tried once more after the second.
  const tries = async (): Promise<number> =>
    (await staff.query<{ attempts: number }>("SELECT attempts FROM delivery WHERE id = $1", [delivery])).rows[0]!
      .attempts;
  const before = await tries();
  await until("it was tried again", async () => (await tries()) > before && (await waits()) === "handed-in HELD_BACK");
  assert.equal(arrivedAt("held@people.example"), 0);
  // The owner, who sees letters go on that do not: held once more, and let go.
  await hold(desk.owner, desk, true);
  await hold(desk.owner, desk, false);
  await desk.settled();
  assert.equal(arrivedAt("held@people.example"), 1);
});
