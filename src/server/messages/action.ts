/**
 * Messages to the people of an incident: taken in sealed, tracked, decided on. Nothing here can read one, and none
 * leaves from here.
 */
import { toHex, taggedHash } from "../../domain/bytes.ts";
import { decide } from "../../domain/access/decide.ts";
import type { CallOutcome } from "../../domain/mail/fate.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import type { ReturnedSaid } from "../../domain/mail/returned.ts";
import { after, type Happening } from "../../domain/mail/state.ts";
import { Fault } from "../../domain/problem.ts";
import { inspectAge } from "../../domain/seal/age.ts";
import { paddedSize } from "../../domain/seal/padding.ts";
import type { Role } from "../../domain/log/event.ts";
import type { Config } from "../config.ts";
import {
  deliveryForDecision,
  insertCall,
  mailroomSeen,
  moveDelivery,
  openMailing,
  isOtherwise,
  setPaused,
  returnedTo,
  sayOfReturned,
  storeMessages,
  storePosted,
  type NewMessage,
} from "./store.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import { announceDelivery } from "../alerts/store/alerts.ts";
import { announceEvent, inTransaction, type Client, type Db, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { needIncident } from "../incidents/action.ts";
import { roleOf, type SignedIn } from "../grants/action.ts";

export type Desk = { readonly pool: Pool; readonly chains: Chains; readonly config: Config };
export type Place = { readonly body: string; readonly incident: string };

/** The mailroom that runs now. @throws `MAILROOM_AWAY` */
export async function mailroomNow(db: Db): Promise<SignedMailroomKey> {
  const key = await mailroomSeen(db);
  if (!key) throw new Fault("MAILROOM_AWAY");
  return key;
}

/** Runs one act on the messages of an incident that exists and is the caller's body's. */
async function working<T>(
  { pool, chains }: Desk,
  who: SignedIn,
  { body, incident }: Place,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    const decision = decide(who, "messages.work", { body });
    if (!decision.ok) throw new Fault(decision.code);
    await needIncident(client, chains, body, incident);
    await openMailing(client, incident, body);
    const done = await work(client);
    await announceEvent(client);
    return done;
  });
}

function signedBy(who: SignedIn): { by: string; role: Role; people: readonly ReturnType<typeof commitTo>[] } {
  const committed = commitTo(who.person);
  return { by: committed.commitment, role: roleOf(who), people: [committed] };
}

/**
 * Takes messages in, each sealed to the mailroom's key of this start.
 * @param template hash of what the messages have in common; it says nothing of anybody
 * @returns how many were stored; the rest had been handed in before
 * @throws `MAILROOM_MOVED`, `MAILROOM_AWAY`, `ENVELOPE_*`, `INCIDENT_*`
 */
export async function handIn(
  desk: Desk,
  who: SignedIn,
  place: Place,
  given: { readonly start: string; readonly template: string; readonly messages: readonly NewMessage[] },
): Promise<number> {
  for (const message of given.messages) checkSealed(message.bytes, desk.config);
  return working(desk, who, place, async (client) => {
    if ((await mailroomNow(client)).start !== given.start) throw new Fault("MAILROOM_MOVED");
    const stored = new Set(await storeMessages(client, place.body, place.incident, given.start, given.messages));
    if (stored.size === 0) return 0;
    const { by, role, people } = signedBy(who);
    const commitments = given.messages
      .filter((one) => stored.has(one.delivery))
      .map((one) => toHex(one.commitment))
      .sort();
    await writeEvent(
      client,
      {
        kind: "messages.handed-in",
        ...place,
        by,
        role,
        count: stored.size,
        template: given.template,
        messages: toHex(taggedHash("letterS", ...commitments)),
      },
      people,
    );
    await announceDelivery(client);
    return stored.size;
  });
}

/** One stanza of the installation's kind, one of our sizes: what can be seen from outside. */
function checkSealed(bytes: Uint8Array, config: Config): void {
  const shape = inspectAge(bytes);
  if (shape.stanzas !== 1 || shape.kind !== config.sealing)
    throw new Fault("ENVELOPE_MALFORMED", "not sealed to one key of the installation's kind");
  if (shape.plaintext !== paddedSize(shape.plaintext)) throw new Fault("ENVELOPE_PADDING");
}

/** Holds messages back, or lets them go on. What the mailroom has in its hands at that moment goes on to its end. */
export const hold = (desk: Desk, who: SignedIn, place: Place, paused: boolean): Promise<void> =>
  working(desk, who, place, async (client) => {
    if (!(await isOtherwise(client, place.incident, paused))) return;
    const { by, role, people } = signedBy(who);
    // The event first: without it the database lets nobody hold letters back, or let them go on.
    await writeEvent(client, { kind: paused ? "messages.paused" : "messages.resumed", ...place, by, role }, people);
    await setPaused(client, place.incident, paused);
    await announceDelivery(client);
  });

export type Decision = Extract<Happening, "judged-sent" | "judged-again" | "cancelled"> | "returned";

/** What a person decided of one delivery. @throws `DELIVERY_UNKNOWN`, `REFUSED_STATE` */
export const decideDelivery = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  id: string,
  decision: Decision,
): Promise<void> =>
  working(desk, who, place, async (client) => {
    const row = await deliveryForDecision(client, place.body, place.incident, id);
    if (!row) throw new Fault("DELIVERY_UNKNOWN");
    if ((decision === "returned") !== (row.channel === "post")) throw new Fault("REFUSED_STATE");
    const next = after(row.state, decision === "returned" ? "bounced" : decision);
    if (next === null || !(await moveDelivery(client, id, row.state, next))) throw new Fault("REFUSED_STATE");
    const { by, role, people } = signedBy(who);
    await writeEvent(client, { kind: "delivery.decided", ...place, by, role, delivery: id, decision }, people);
    if (next !== "hand-over-again")
      await writeEvent(client, {
        kind: "delivery.ended",
        ...place,
        delivery: id,
        channel: row.channel,
        state: next,
        code: "NONE",
      });
  });

/**
 * What somebody says of something that came back, once.
 * @throws `DELIVERY_UNKNOWN`, `REFUSED_STATE` when it was said before
 */
export const judgeReturned = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  document: string,
  said: ReturnedSaid,
): Promise<void> =>
  working(desk, who, place, async (client) => {
    const row = (await returnedTo(client, place.body, place.incident)).find((one) => one.document === document);
    if (!row) throw new Fault("DELIVERY_UNKNOWN");
    const { by, role, people } = signedBy(who);
    // The event first: without it the database takes no word of anybody's.
    const { delivery } = row;
    await writeEvent(client, { kind: "delivery.decided", ...place, by, role, delivery, decision: said }, people);
    if (!(await sayOfReturned(client, document, said))) throw new Fault("REFUSED_STATE");
    if (said !== "came-back") return;
    await writeEvent(client, {
      kind: "delivery.ended",
      ...place,
      delivery,
      channel: "email",
      state: "bounced",
      code: "OTHER",
    });
  });

/** Notes that messages were put into the post. */
export const notePosted = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  posted: readonly { readonly delivery: string; readonly person: string }[],
): Promise<number> =>
  working(desk, who, place, async (client) => {
    const stored = await storePosted(client, place.body, place.incident, posted);
    for (const delivery of stored)
      await writeEvent(client, {
        kind: "delivery.ended",
        ...place,
        delivery,
        channel: "post",
        state: "sent",
        code: "NONE",
      });
    return stored.length;
  });

/**
 * Notes that somebody was rung: the outcome in a code; the words, if any, are a document of the incident, sealed to its
 * inbox.
 */
export const noteCall = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  call: {
    readonly id: string;
    readonly person: string;
    readonly outcome: CallOutcome;
    readonly document: string | null;
  },
): Promise<void> =>
  working(desk, who, place, async (client) => {
    await insertCall(client, { ...call, ...place, caller: who.person });
    const { by, role, people } = signedBy(who);
    await writeEvent(client, { kind: "call.made", ...place, by, role, outcome: call.outcome }, people);
  });
