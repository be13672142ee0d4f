/**
 * Messages to the people of an incident: taken in sealed, tracked, decided on. Nothing here can read one, and none
 * leaves from here.
 */
import type { Bytes } from "../../domain/bytes.ts";
import { decide } from "../../domain/access/decide.ts";
import { checkSigned, signersOf, type PlainAct, type SignedEvent, type Signers } from "../../domain/log/act.ts";
import { CALL_OUTCOMES } from "../../domain/mail/fate.ts";
import { encodeHandedIn } from "../../domain/mail/handed-in.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import { RETURNED_SAID } from "../../domain/mail/returned.ts";
import { after } from "../../domain/mail/state.ts";
import { callHash, handedInHash, postedHash, type Posted } from "../../domain/mail/told.ts";
import { Fault } from "../../domain/problem.ts";
import { inspectAge } from "../../domain/seal/age.ts";
import { paddedSize } from "../../domain/seal/padding.ts";
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
import { writeAct } from "../acts/action.ts";
import { writeEvent } from "../log/store/events.ts";
import { announceDelivery } from "../alerts/store/alerts.ts";
import { announceEvent, inTransaction, type Client, type Db, type Pool } from "../database/pool.ts";
import type { Chains } from "../statements/chains.ts";
import { needIncident } from "../incidents/action.ts";
import type { SignedIn } from "../grants/action.ts";

export type Desk = { readonly pool: Pool; readonly chains: Chains; readonly config: Config };
export type Place = { readonly body: string; readonly incident: string };

/** What a person may decide of one delivery; `returned` of one that was posted. */
const DECISIONS = ["judged-sent", "judged-again", "cancelled", "returned"] as const;

/** The mailroom that runs now. @throws `MAILROOM_AWAY` */
export async function mailroomNow(db: Db): Promise<SignedMailroomKey> {
  const key = await mailroomSeen(db);
  if (!key) throw new Fault("MAILROOM_AWAY");
  return key;
}

/** Which of the acts about messages; each is signed in the browser of whoever does it. */
type Kind =
  | "messages.handed-in"
  | "messages.paused"
  | "messages.resumed"
  | "messages.posted"
  | "delivery.decided"
  | "call.made";

type Acting = { readonly client: Client; readonly signers: Signers };

/** Runs one act on the messages of an incident that exists and is the caller's body's. @throws `ACT_MOVED`, `ACT_UNSIGNED` */
async function working<K extends Kind, T>(
  { pool, chains }: Desk,
  who: SignedIn,
  { body, incident }: Place,
  act: SignedEvent<K>,
  work: (acting: Acting) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    const decision = decide(who, "messages.work", { body });
    if (!decision.ok) throw new Fault(decision.code);
    const said: Place = act.event as PlainAct<Kind>;
    if (said.body !== body || said.incident !== incident) throw new Fault("ACT_MOVED");
    await needIncident(client, chains, body, incident);
    await openMailing(client, incident, body);
    const signers = signersOf((await chains.need(client, body)).state, NOBODY);
    checkSigned(act as unknown as SignedEvent, who.person, signers);
    const done = await work({ client, signers });
    await announceEvent(client);
    return done;
  });
}

/** No operator tells anybody anything. */
const NOBODY: ReadonlyMap<string, Bytes> = new Map();

/**
 * Takes messages in, each sealed to the mailroom's key of this start: all that were signed for together, or none.
 * @returns how many were stored; none where all had been handed in before
 * @throws `MAILROOM_MOVED`, `MAILROOM_AWAY`, `ENVELOPE_*`, `INCIDENT_*`, `ACT_UNSIGNED`; `ACT_MOVED` where some had been
 */
export async function handIn(
  desk: Desk,
  who: SignedIn,
  place: Place,
  given: {
    readonly act: SignedEvent<"messages.handed-in">;
    readonly start: string;
    readonly messages: readonly NewMessage[];
  },
): Promise<number> {
  const { act, start, messages } = given;
  for (const message of messages) checkSealed(message.bytes, desk.config);
  const commitments = messages.map(({ commitment }) => commitment as Bytes);
  if (act.event.count !== messages.length || act.event.messages !== handedInHash(commitments))
    throw new Fault("ACT_MOVED");
  return working(desk, who, place, act, async ({ client, signers }) => {
    if ((await mailroomNow(client)).start !== start) throw new Fault("MAILROOM_MOVED");
    const stored = await storeMessages(
      client,
      place.body,
      place.incident,
      start,
      messages,
      encodeHandedIn({ event: act.event, signature: act.signature, commitments }),
    );
    if (stored.length === 0) return 0;
    if (stored.length !== messages.length) throw new Fault("ACT_MOVED");
    await writeAct(client, signers, who.person, act);
    await announceDelivery(client);
    return stored.length;
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
export const hold = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  act: SignedEvent<"messages.paused"> | SignedEvent<"messages.resumed">,
): Promise<void> =>
  working<"messages.paused" | "messages.resumed", void>(desk, who, place, act, async ({ client, signers }) => {
    const paused = act.event.kind === "messages.paused";
    if (!(await isOtherwise(client, place.incident, paused))) return;
    // The event first: without it the database lets nobody hold messages back, or let them go on.
    await writeAct(client, signers, who.person, act as SignedEvent<"messages.paused">);
    await setPaused(client, place.incident, paused);
    await announceDelivery(client);
  });

/** What a person decided of one delivery. @throws `DELIVERY_UNKNOWN`, `REFUSED_STATE`, `ACT_MOVED`, `ACT_UNSIGNED` */
export const decideDelivery = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  id: string,
  act: SignedEvent<"delivery.decided">,
): Promise<void> =>
  working(desk, who, place, act, async ({ client, signers }) => {
    if (act.event.delivery !== id) throw new Fault("ACT_MOVED");
    const decision = DECISIONS.find((known) => known === act.event.decision);
    if (!decision) throw new Fault("BAD_REQUEST");
    const row = await deliveryForDecision(client, place.body, place.incident, id);
    if (!row) throw new Fault("DELIVERY_UNKNOWN");
    if ((decision === "returned") !== (row.channel === "post")) throw new Fault("REFUSED_STATE");
    const next = after(row.state, decision === "returned" ? "bounced" : decision);
    if (next === null || !(await moveDelivery(client, id, row.state, next))) throw new Fault("REFUSED_STATE");
    await writeAct(client, signers, who.person, act);
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
 * @throws `DELIVERY_UNKNOWN`, `REFUSED_STATE` when it was said before, `ACT_MOVED`, `ACT_UNSIGNED`
 */
export const judgeReturned = (
  desk: Desk,
  who: SignedIn,
  place: Place,
  document: string,
  act: SignedEvent<"delivery.decided">,
): Promise<void> =>
  working(desk, who, place, act, async ({ client, signers }) => {
    const row = (await returnedTo(client, place.body, place.incident)).find((one) => one.document === document);
    if (!row) throw new Fault("DELIVERY_UNKNOWN");
    const { delivery } = row;
    if (act.event.document !== document || act.event.delivery !== delivery) throw new Fault("ACT_MOVED");
    const said = RETURNED_SAID.find((known) => known === act.event.decision);
    if (!said) throw new Fault("BAD_REQUEST");
    // The event first: without it the database takes no word of anybody's.
    await writeAct(client, signers, who.person, act);
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

/**
 * Notes that messages were put into the post: all that were signed for together, or none.
 * @throws `ACT_MOVED` where some had been noted before, `ACT_UNSIGNED`
 */
export async function notePosted(
  desk: Desk,
  who: SignedIn,
  place: Place,
  { act, posted }: { readonly act: SignedEvent<"messages.posted">; readonly posted: readonly Posted[] },
): Promise<number> {
  if (act.event.count !== posted.length || act.event.messages !== postedHash(posted)) throw new Fault("ACT_MOVED");
  return working(desk, who, place, act, async ({ client, signers }) => {
    const stored = await storePosted(client, place.body, place.incident, posted);
    if (stored.length === 0) return 0;
    if (stored.length !== posted.length) throw new Fault("ACT_MOVED");
    await writeAct(client, signers, who.person, act);
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
}

/**
 * Notes that somebody was rung: the outcome in a code; the words, if any, are a document of the incident, sealed to its
 * inbox.
 */
export async function noteCall(
  desk: Desk,
  who: SignedIn,
  place: Place,
  given: {
    readonly act: SignedEvent<"call.made">;
    readonly call: string;
    readonly person: string;
    readonly document: string | null;
  },
): Promise<void> {
  const { act, call: id, person, document } = given;
  const outcome = CALL_OUTCOMES.find((known) => known === act.event.outcome);
  if (!outcome) throw new Fault("BAD_REQUEST");
  if (act.event.call !== callHash(given)) throw new Fault("ACT_MOVED");
  return working(desk, who, place, act, async ({ client, signers }) => {
    await insertCall(client, { id, person, outcome, document, ...place, caller: who.person });
    await writeAct(client, signers, who.person, act);
  });
}
