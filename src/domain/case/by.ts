/** Whose act counts: who was given the key of the letter's inbox, and only as long as that key was the current one. */
import type { Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { faultOfAct, type PlainAct } from "../log/act.ts";
import { personCommitment } from "../log/commit.ts";
import type { CaseAct } from "./fold.ts";

/**
 * How long after the next key an act under the one before still counts, milliseconds: statements are taken up to a
 * quarter of an hour off the server's clock.
 */
const LATE = 60 * 60_000;

/**
 * Whether this person could act then. Whoever was let in once keeps that time's key, and could sign an act under it for
 * ever: behind the next key it counts no more.
 */
export function mayAct(
  { inboxes }: Pick<BodyState, "inboxes">,
  { inbox, epoch, at }: Pick<CaseAct, "inbox" | "epoch" | "at">,
  person: string,
): boolean {
  const epochs = inboxes.get(inbox)?.epochs ?? [];
  const next = epochs[epoch];
  return epochs[epoch - 1]?.holders.has(person) === true && (next === undefined || at <= next.at + LATE);
}

/** Whose act it is said to be, and what opens its commitments. */
export type ActOf = {
  readonly person: string;
  readonly bySalt: Bytes;
  readonly signature: Bytes;
  /** to whom it was given; null for every other kind of act */
  readonly to: { readonly person: string; readonly salt: Bytes } | null;
};

/**
 * Why an act is not one that this person could do; null when it is: signed by them, while they had the key, and, where
 * it gives the letter to somebody, to one who had it, too.
 * @param faultOfSigned whose act it is; whoever has found that out before does not compute it again
 */
export function faultOfCaseAct(
  state: BodyState,
  act: CaseAct,
  of: ActOf,
  faultOfSigned: typeof faultOfSignedAct = faultOfSignedAct,
): string | null {
  const why = faultOfSigned(state, act, of);
  if (why !== null) return why;
  if (!mayAct(state, act, of.person)) return "by somebody who had not the key of that time";
  if (act.kind !== "case.assigned") return of.to === null ? null : "it gives nothing to anybody";
  if (of.to === null || !isTo(act.to, of.to)) return "it was given to somebody else";
  return mayAct(state, act, of.to.person) ? null : "given to somebody who had not the key of that time";
}

/**
 * Why an act is not signed by this person, in their role; null when it is. Once it is it stays so: a person's key and
 * role never change.
 */
export const faultOfSignedAct = ({ persons }: Pick<BodyState, "persons">, act: CaseAct, of: ActOf): string | null =>
  faultOfAct(act as unknown as PlainAct, of, persons);

/** Whether a commitment means this person. */
export function isTo(commitment: string, { person, salt }: { readonly person: string; readonly salt: Bytes }): boolean {
  try {
    return personCommitment(salt, person) === commitment;
  } catch {
    return false;
  }
}
