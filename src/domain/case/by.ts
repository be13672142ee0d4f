/** Whose answer counts: who was given the key of the letter's inbox, and only as long as that key was the current one. */
import type { BodyState } from "../grant/state.ts";
import type { CaseAct } from "./fold.ts";

/**
 * How long after the next key an answer under the one before still counts, milliseconds: statements are taken up to a
 * quarter of an hour off the server's clock.
 */
const LATE = 60 * 60_000;

/**
 * Whether this person could answer then. Whoever was let in once keeps that time's key, and could sign an answer under
 * it for ever: behind the next key it counts no more.
 */
export function mayAnswer(
  { inboxes }: Pick<BodyState, "inboxes">,
  { inbox, epoch, at }: Pick<CaseAct, "inbox" | "epoch" | "at">,
  person: string,
): boolean {
  const epochs = inboxes.get(inbox)?.epochs ?? [];
  const next = epochs[epoch];
  return epochs[epoch - 1]?.holders.has(person) === true && (next === undefined || at <= next.at + LATE);
}
