/**
 * The mailroom: makes its key at its start, takes one sealed message at a time, opens it, hands it to the carrier and
 * forgets it. The same message of the same try is handed on once, however often it is asked for: whoever lost the
 * answer may ask again; and what the carrier took in this start goes out in no other try. A letter goes out only under a signed act of somebody of its body, whoever asks for it; a notice
 * is a sentence of the closed set and nothing else.
 */
import type { Letter, SealedAlert } from "../contract/mailroom.ts";
import { alertText } from "../domain/mail/alert.ts";
import { isHandedIn, isHeld } from "../domain/mail/handed-in.ts";
import { signMailroomKey, type SignedMailroomKey } from "../domain/mail/mailroom-key.ts";
import type { Message } from "../domain/mail/message.ts";
import { openMessage } from "../domain/mail/open-message.ts";
import { returnAddress } from "../domain/mail/return-address.ts";
import type { Outcome } from "../domain/mail/state.ts";
import { codeOf } from "../domain/problem.ts";
import { newIdentity } from "../domain/seal/identity.ts";
import { newId } from "../domain/seal/random.ts";
import { zoneOf } from "../domain/time.ts";
import { compose, onTheWire } from "./compose.ts";
import type { Send } from "./carrier.ts";
import type { Config } from "./config.ts";
import { detailOf, note } from "./log.ts";
import type { StateOf } from "./statements.ts";

export type Mailroom = {
  /** The key of this start, signed within the last minute. */
  readonly key: () => SignedMailroomKey;
  readonly takeLetter: (delivery: string, attempt: number, letter: Letter) => Promise<Outcome>;
  readonly takeAlert: (delivery: string, attempt: number, alert: SealedAlert) => Promise<Outcome>;
};

/** Milliseconds. */
const SIGNED_FOR = 60_000;
/** Outcomes that are remembered, so that a question after a lost answer is answered; far more than can be under way. */
const REMEMBERED = 20_000;

/** Deliveries that the carrier took in this start, of which none goes out again: far more than one start sends. */
const GONE = 200_000;
const WENT: Outcome = { outcome: "taken", code: "NONE" };

/** Other words than those of a notice. */
const NOT_OURS: Outcome = { outcome: "refused", code: "NOT_SIGNED" };
/** Why a message that was opened is not handed on; null when it is. */
type Refusal = (message: Message) => Outcome | null;

export async function openMailroom(
  config: Config,
  stateOf: StateOf,
  send: Send | null,
  now: () => number,
): Promise<Mailroom> {
  const { identity, recipient } = await newIdentity(config.sealing);
  const start = { start: newId(), at: now(), recipient };
  const signed = (): SignedMailroomKey =>
    signMailroomKey(config.installation, config.mailKey, { ...start, said: now() });
  let newest = signed();
  const key = (): SignedMailroomKey => {
    if (now() - newest.said > SIGNED_FOR) newest = signed();
    return newest;
  };
  const outcomes = new Map<string, Promise<Outcome>>();
  const gone = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  async function hand(delivery: string, sealed: Uint8Array, refusal: Refusal): Promise<Outcome> {
    if (send === null) return { outcome: "put-off", code: "NO_MAIL_SERVER" };
    const begun = now();
    const outcome = await open(delivery, sealed, refusal);
    note({ level: "info", outcome: outcome.outcome, code: outcome.code, ms: now() - begun });
    return outcome;
  }

  async function open(delivery: string, sealed: Uint8Array, refusal: Refusal): Promise<Outcome> {
    let envelope: { from: string; to: string };
    let text: Buffer;
    try {
      const message = await openMessage(identity, delivery, new Uint8Array(sealed));
      const refused = refusal(message);
      if (refused !== null) return refused;
      envelope = {
        from: config.bounce ? returnAddress(config.returnKey, delivery, config.bounce.domain) : config.from,
        to: onTheWire(message.to),
      };
      text = await compose(message, config.from, new Date(now()));
    } catch (thrown) {
      if (codeOf(thrown) === "OPEN_FAILED") return { outcome: "key-gone", code: "KEY_GONE" };
      note({ level: "error", code: codeOf(thrown), detail: detailOf(thrown) });
      return { outcome: "refused", code: codeOf(thrown) === "MAIL_ADDRESS" ? "ADDRESS" : "OTHER" };
    }
    try {
      return await send!(envelope, text);
    } finally {
      text.fill(0);
    }
  }

  function take(delivery: string, attempt: number, sealed: Uint8Array, refusal: Refusal): Promise<Outcome> {
    const turn = `${delivery}/${attempt}`;
    const known = outcomes.get(turn);
    if (known) return known;
    // Whoever asks counts the tries: a message that went is not sent once more because somebody counts one more.
    const once = async (): Promise<Outcome> => {
      if (gone.has(delivery)) return WENT;
      const came = await hand(delivery, sealed, refusal);
      if (came.outcome === "taken") gone.add(delivery);
      if (gone.size > GONE) gone.delete(gone.keys().next().value!);
      return came;
    };
    const outcome = last.then(once).catch((thrown: unknown): Outcome => {
      note({ level: "error", code: codeOf(thrown), detail: detailOf(thrown) });
      return { outcome: "lost", code: "OTHER" };
    });
    last = outcome;
    outcomes.set(turn, outcome);
    if (outcomes.size > REMEMBERED) outcomes.delete(outcomes.keys().next().value!);
    return outcome;
  }

  return {
    key,
    takeLetter: (delivery, attempt, letter) =>
      take(delivery, attempt, letter.sealed, (message) => refusalOf(letter, message, stateOf)),
    takeAlert: (delivery, attempt, alert) =>
      take(delivery, attempt, alert.sealed, (message) => (isAlert(alert, message, config) ? null : NOT_OURS)),
  };
}

function refusalOf(letter: Letter, message: Message, stateOf: StateOf): Outcome | null {
  const { body, incident, statements, handedIn, salt, holds } = letter;
  let state: ReturnType<StateOf>;
  try {
    state = stateOf(body, statements);
  } catch (thrown) {
    note({ level: "error", code: codeOf(thrown), detail: detailOf(thrown) });
    return { outcome: "put-off", code: "CHAIN_BROKEN" };
  }
  if (!isHandedIn(handedIn, { body, incident, salt, message }, state))
    return { outcome: "unsigned", code: "NOT_SIGNED" };
  return isHeld(holds, { body, incident }, state) ? { outcome: "put-off", code: "HELD_BACK" } : null;
}

/** Whether it says what its values make, and nothing that somebody wrote. @throws `MALFORMED` where they make nothing */
function isAlert(
  { sealed: _sealed, kind, body, ...values }: SealedAlert,
  message: Message,
  { staffOrigin, zones }: Config,
): boolean {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const { subject, text } = alertText({ ...given, kind }, staffOrigin, zoneOf(zones, body));
  return message.subject === subject && message.text === text;
}
