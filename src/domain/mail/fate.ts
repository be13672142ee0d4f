/**
 * Where each person stands: told, on the way, or what has to be done next, and by whom. Total: nobody is unaccounted
 * for.
 */
import type { AffectedPerson, Channel } from "../affected/person.ts";
import { wayOf, type Agreed, type NeverAsked, type Way } from "./channel.ts";
import type { DeliveryState } from "./state.ts";

export type Delivered = { readonly person: string; readonly channel: "email" | "post"; readonly state: DeliveryState };

export const CALL_OUTCOMES = [
  "told",
  "agreed-email",
  "agreed-post",
  "no-answer",
  "ring-later",
  "wrong-number",
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];
/** In the order in which they were made. */
export type Called = { readonly person: string; readonly outcome: CallOutcome };

export type Fate =
  | { readonly at: "told"; readonly by: "email" | "post" | "call" }
  /** handed in; goes out by itself */
  | { readonly at: "waiting" }
  /** may have gone out: somebody decides */
  | { readonly at: "uncertain" }
  /** nothing is under way */
  | { readonly at: "to-do"; readonly way: Exclude<Way, { readonly by: "told" }> };

const AGREED: { readonly [outcome in CallOutcome]?: Exclude<Agreed, null> } = {
  told: "told",
  "agreed-email": "email",
  "agreed-post": "post",
};

export function fateOf(
  person: AffectedPerson,
  neverAsked: NeverAsked,
  deliveries: readonly Delivered[],
  calls: readonly Called[],
): Fate {
  const own = deliveries.filter((one) => one.person === person.person);
  const is = (...states: readonly DeliveryState[]): Delivered | undefined =>
    own.find(({ state }) => states.includes(state));
  const sent = is("sent");
  if (sent) return { at: "told", by: sent.channel };
  if (is("uncertain")) return { at: "uncertain" };
  if (is("handed-in", "intended")) return { at: "waiting" };
  const agreed =
    calls
      .filter((one) => one.person === person.person)
      .flatMap(({ outcome }) => AGREED[outcome] ?? [])
      .at(-1) ?? null;
  const failed = own
    .filter(({ state }) => ["bounced", "rejected", "cancelled"].includes(state))
    .map(({ channel }): Channel => channel);
  const way = wayOf(person, neverAsked, agreed, failed);
  return way.by === "told" ? { at: "told", by: "call" } : { at: "to-do", way };
}

export type Counts = {
  readonly people: number;
  readonly told: number;
  readonly waiting: number;
  readonly uncertain: number;
  readonly email: number;
  readonly post: number;
  readonly call: number;
  readonly person: number;
};

/** How many stand where; the parts sum up to everybody. */
export function countsOf(fates: readonly Fate[]): Counts {
  const count = (is: (fate: Fate) => boolean): number => fates.filter(is).length;
  const toDo = (by: Way["by"]): number => count((fate) => fate.at === "to-do" && fate.way.by === by);
  return {
    people: fates.length,
    told: count(({ at }) => at === "told"),
    waiting: count(({ at }) => at === "waiting"),
    uncertain: count(({ at }) => at === "uncertain"),
    email: toDo("email"),
    post: toDo("post"),
    call: toDo("call"),
    person: toDo("person"),
  };
}
