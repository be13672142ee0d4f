/**
 * What the mailroom asks for before it hands a letter on: that somebody who answers for the body signed that this very
 * letter goes out, and that nobody holds it back. Who they are say the body's statements, verified from its root.
 */
import { fromHex, toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes, parseCanonical, type Json } from "../canonical.ts";
import { memberOf, type BodyState } from "../grant/state.ts";
import type { PlainAct } from "../log/act.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { faultOfSignature } from "../person/signed.ts";
import { messageCommitment, type Message } from "./message.ts";
import { handedInHash } from "./told.ts";

/** The act by which letters were handed in together, as it stands beside each of them while it waits. */
export type HandedIn = {
  readonly event: PlainAct<"messages.handed-in">;
  readonly signature: Bytes;
  /** of each letter that was handed in with it */
  readonly commitments: readonly Bytes[];
};

export const encodeHandedIn = ({ event, signature, commitments }: HandedIn): Bytes =>
  canonicalBytes({ act: event, commitments: commitments.map(toHex), signature: toHex(signature) });

export type Place = { readonly body: string; readonly incident: string };

/**
 * Whether somebody who is at the body now, as an owner or auditor, signed that this letter goes out: to this address,
 * with these words, in this delivery.
 * @param said what `encodeHandedIn` made, if nobody has put something else there
 */
export function isHandedIn(
  said: Bytes,
  letter: Place & { readonly message: Message; readonly salt: Bytes },
  state: BodyState,
): boolean {
  const { act, commitments, signature } = objectIn(said);
  if (!isObject(act) || !Array.isArray(commitments) || typeof signature !== "string") return false;
  const known = commitments.flatMap((one) => (typeof one === "string" && /^[0-9a-f]{64}$/.test(one) ? [one] : []));
  return (
    known.length === commitments.length &&
    known.includes(toHex(messageCommitment(letter.salt, letter.message))) &&
    act["kind"] === "messages.handed-in" &&
    act["body"] === letter.body &&
    act["incident"] === letter.incident &&
    act["count"] === known.length &&
    act["messages"] === handedInHash(known.map(fromHex)) &&
    isByMember(act as unknown as PlainAct<"messages.handed-in">, signature, state)
  );
}

/** An act of holding letters back or letting them go on: its entry, and what was signed over it. */
export type HoldAct = { readonly entry: Bytes; readonly signature: Bytes };

/**
 * Whether letters are held back. Whatever says so holds them; that they go on has to be signed by somebody who is at the
 * body now, and a signature counts once.
 * @param acts of the incident, the oldest first
 */
export function isHeld(acts: readonly HoldAct[], { body, incident }: Place, state: BodyState): boolean {
  const used = new Set<string>();
  let held = false;
  for (const { entry, signature } of acts) {
    const said = readable(entry);
    if (said?.kind !== "messages.paused" && said?.kind !== "messages.resumed") continue;
    if (said.body !== body || said.incident !== incident) continue;
    const sign = toHex(signature);
    if (said.kind === "messages.paused") held = true;
    else if (!used.has(sign) && isByMember(said, sign, state)) held = false;
    used.add(sign);
  }
  return held;
}

type Telling = PlainAct<"messages.handed-in" | "messages.paused" | "messages.resumed">;

/** The row beside it names nobody: whoever signed it is one of those who are there. */
function isByMember(act: Telling, signature: string, state: BodyState): boolean {
  if (!/^[0-9a-f]{128}$/.test(signature)) return false;
  return [...state.persons.keys()].some((person) => {
    const member = memberOf(state, person);
    return member !== undefined && faultOfSignature(act, fromHex(signature), member) === null;
  });
}

const isObject = (value: unknown): value is { readonly [field: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectIn(bytes: Bytes): { readonly [field: string]: Json | undefined } {
  try {
    const value = parseCanonical(bytes);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function readable(entry: Bytes): Entry | null {
  try {
    return parseEntry(entry);
  } catch {
    return null;
  }
}
