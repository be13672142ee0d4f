/**
 * One delivery at a time: claimed and committed as intended, then asked of the mailroom, then noted. Killed in between,
 * the next start asks again for the same try, which the mailroom hands on once; if the mailroom is another by then,
 * nobody knows, and the row says so.
 */
import { messageOf } from "./messages.ts";
import type { SignedMailroomKey } from "../../domain/mail/mailroom-key.ts";
import { after, pauseAfter, type DeliveryState, type MailCode, type Outcome } from "../../domain/mail/state.ts";
import { Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { incidentInbox } from "../../domain/incident/document.ts";
import { writeEvent } from "../log/store/events.ts";
import {
  claimNext,
  insertMailroom,
  insertReturned,
  markBounced,
  newestRecipient,
  placeOf,
  releaseSealedElsewhere,
  settle,
  unfinished,
  type Claimed,
} from "./store.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { ReturnedMail } from "../../contract/mailroom.ts";
import { statementsAfter } from "../statements/store.ts";
import type { Config } from "../config.ts";
import type { Mailroom } from "./mailroom.ts";

/** What an alert is made with, beside its own values. */
type Told = Pick<Config, "staffOrigin" | "zones">;

/** Learns which start of the mailroom runs. What was sealed to an earlier one has to be handed over again. */
export async function useKey(pool: Pool, key: SignedMailroomKey): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (await insertMailroom(client, key)) {
      await writeEvent(client, {
        kind: "mailroom.started",
        start: key.start,
        recipient: toHex(recipientHash(key.recipient)),
      });
      await announceEvent(client);
    }
    await releaseSealedElsewhere(client, key.start);
  });
}

/**
 * Sends the next that is due. False when there is none.
 * @param config where the pages are to which an alert leads, and the clocks of the bodies
 */
export async function sendNext(pool: Pool, mailroom: Mailroom, key: SignedMailroomKey, config: Told): Promise<boolean> {
  const claimed = await inTransaction(pool, (client) => claimNext(client, key.start));
  if (!claimed) return false;
  await note(pool, claimed, await ask(pool, mailroom, key, claimed, config));
  return true;
}

/** What a process before this one had claimed and not noted. */
export async function finishEarlier(
  pool: Pool,
  mailroom: Mailroom,
  key: SignedMailroomKey,
  config: Told,
): Promise<void> {
  for (const one of await unfinished(pool))
    await note(
      pool,
      one,
      one.mailroom === key.start
        ? await ask(pool, mailroom, key, one, config)
        : { outcome: "lost", code: "MAILROOM_LOST" },
    );
}

async function ask(
  pool: Pool,
  mailroom: Mailroom,
  key: SignedMailroomKey,
  one: Claimed,
  config: Told,
): Promise<Outcome> {
  const what = await messageOf(pool, one, key.recipient, config);
  return what === null ? { outcome: "refused", code: "OTHER" } : mailroom.send(one.id, one.attempts, what);
}

/** How often "later" is believed is counted, except where the letter never got as far as a carrier. */
const NOT_THE_CARRIER: readonly MailCode[] = ["MAILROOM_LOST", "NO_MAIL_SERVER", "HELD_BACK", "CHAIN_BROKEN"];
const SHORTLY = 2_000;
const A_MINUTE = 60_000;
/** Until then somebody may have let them go on. */
const A_WHILE = 10_000;
const PAUSES: { readonly [code in MailCode]?: number } = {
  NO_MAIL_SERVER: A_MINUTE,
  CHAIN_BROKEN: A_MINUTE,
  HELD_BACK: A_WHILE,
};

async function note(pool: Pool, one: Claimed, { outcome, code }: Outcome): Promise<void> {
  const byCarrier = outcome === "put-off" && !NOT_THE_CARRIER.includes(code);
  const pause = byCarrier ? pauseAfter(one.refusals + 1) : (PAUSES[code] ?? SHORTLY);
  const givesUp = outcome === "put-off" && pause === null;
  const [happening, why] = givesUp ? (["refused", "GAVE_UP"] as const) : ([outcome, code] as const);
  // The program's own alerts are sealed when they are sent: for them no key is ever gone.
  const next = happening === "key-gone" && one.incident === null ? "handed-in" : after("intended", happening);
  if (next === null) throw new Fault("INTERNAL", "no such way");
  await inTransaction(pool, async (client) => {
    if (await settle(client, one, next, why, { ms: pause ?? 0, refused: byCarrier }))
      await tell(client, one.id, one, next, why);
  });
}

const ENDS: readonly DeliveryState[] = ["sent", "bounced", "rejected", "uncertain"];

/** Of the program's own alerts the log says nothing: they are about what it has said already. */
async function tell(
  client: Client,
  delivery: string,
  { body, incident }: { readonly body: string | null; readonly incident: string | null },
  state: DeliveryState,
  code: MailCode,
): Promise<void> {
  if (body === null || incident === null || !ENDS.includes(state)) return;
  await writeEvent(client, { kind: "delivery.ended", body, incident, delivery, channel: "email", state, code });
  await announceEvent(client);
}

/** Writes down what came back; only then is the carrier told yes. */
export async function takeBounces(pool: Pool, mailroom: Mailroom): Promise<void> {
  const { bounces, returned } = await mailroom.bounces();
  for (const { delivery, code } of bounces) {
    await inTransaction(pool, async (client) => {
      const row = await markBounced(client, delivery, code);
      if (row) await tell(client, delivery, row, "bounced", code);
    });
  }
  const kept: string[] = [];
  const refused: string[] = [];
  let failed: unknown = null;
  for (const one of returned)
    try {
      ((await keepReturned(pool, mailroom, one)) ? kept : refused).push(one.document);
    } catch (thrown) {
      // The others are kept all the same; of this one the carrier is told "later".
      failed = thrown;
    }
  if (bounces.length + returned.length > 0)
    await mailroom.bouncesTaken(
      bounces.map((one) => one.delivery),
      kept,
      refused,
    );
  if (failed !== null) throw failed;
}

/** A process before this one kept it, and ended before it could say so. */
const IS_THERE = "23505";

/**
 * Keeps something that a person has to look at, sealed by the mailroom. False for an answer to one of the program's own
 * alerts, which has no incident and nobody who reads it.
 * @throws `MAILROOM_AWAY` while it cannot be sealed: the carrier keeps it, and comes again
 */
async function keepReturned(pool: Pool, mailroom: Mailroom, one: ReturnedMail): Promise<boolean> {
  const place = await placeOf(pool, one.delivery);
  if (!place) return false;
  const { body, incident } = place;
  const inbox = incidentInbox(incident);
  const recipient = await newestRecipient(pool, inbox);
  if (recipient === undefined) throw new Fault("INBOX_UNKNOWN");
  const { epoch, bytes } = await mailroom.seal(one.document, {
    body,
    incident,
    statements: await statementsAfter(pool, body, -1),
    recipient,
  });
  const writing = inTransaction(pool, async (client) => {
    const { id: event } = await writeEvent(client, {
      kind: "document.returned",
      body,
      incident,
      delivery: one.delivery,
      document: one.document,
      what: one.kind,
      epoch,
      digest: toHex(sha256(bytes)),
      size: bytes.length,
    });
    await insertReturned(client, { ...one, body, incident, inbox, epoch, event, bytes });
    await announceEvent(client);
  });
  await writing.catch((thrown: unknown) => {
    if ((thrown as { readonly code?: unknown }).code !== IS_THERE) throw thrown;
  });
  return true;
}
