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
import { toHex } from "../../domain/bytes.ts";
import { writeEvent } from "../log/store/events.ts";
import {
  claimNext,
  insertMailroom,
  markBounced,
  releaseSealedElsewhere,
  settle,
  unfinished,
  type Claimed,
} from "./store.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { Bounce } from "../../contract/mailroom.ts";
import type { Mailroom } from "./mailroom.ts";

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
 * @param staffOrigin where the pages are to which an alert leads
 */
export async function sendNext(
  pool: Pool,
  mailroom: Mailroom,
  key: SignedMailroomKey,
  staffOrigin: string,
): Promise<boolean> {
  const claimed = await inTransaction(pool, (client) => claimNext(client, key.start));
  if (!claimed) return false;
  await note(pool, claimed, await ask(pool, mailroom, key, claimed, staffOrigin));
  return true;
}

/** What a process before this one had claimed and not noted. */
export async function finishEarlier(
  pool: Pool,
  mailroom: Mailroom,
  key: SignedMailroomKey,
  staffOrigin: string,
): Promise<void> {
  for (const one of await unfinished(pool))
    await note(
      pool,
      one,
      one.mailroom === key.start
        ? await ask(pool, mailroom, key, one, staffOrigin)
        : { outcome: "lost", code: "MAILROOM_LOST" },
    );
}

async function ask(
  pool: Pool,
  mailroom: Mailroom,
  key: SignedMailroomKey,
  one: Claimed,
  staffOrigin: string,
): Promise<Outcome> {
  const sealed = await messageOf(pool, one, key.recipient, staffOrigin);
  return sealed === null ? { outcome: "refused", code: "OTHER" } : mailroom.send(one.id, one.attempts, sealed);
}

/** How often "later" is believed is counted, except where the letter never got as far as a carrier. */
const NOT_THE_CARRIER: readonly MailCode[] = ["MAILROOM_LOST", "NO_MAIL_SERVER"];
const SHORTLY = 2_000;
const A_MINUTE = 60_000;

async function note(pool: Pool, one: Claimed, { outcome, code }: Outcome): Promise<void> {
  const byCarrier = outcome === "put-off" && !NOT_THE_CARRIER.includes(code);
  const pause = byCarrier ? pauseAfter(one.refusals + 1) : code === "NO_MAIL_SERVER" ? A_MINUTE : SHORTLY;
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
  const bounces: readonly Bounce[] = await mailroom.bounces();
  for (const { delivery, code } of bounces) {
    await inTransaction(pool, async (client) => {
      const row = await markBounced(client, delivery, code);
      if (row) await tell(client, delivery, row, "bounced", code);
    });
  }
  if (bounces.length > 0) await mailroom.bouncesTaken(bounces.map((one) => one.delivery));
}
