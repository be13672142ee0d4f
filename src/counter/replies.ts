/**
 * DANGEROUS: opens what was answered, for one request, from the words that were posted with it. It is the one thing that
 * the counter can open, and nothing of it is kept (docs/decisions/0067).
 */
import type { Bytes } from "../domain/bytes.ts";
import { toldNothing } from "../domain/case/due-told.ts";
import { openReply } from "../domain/case/open-reply.ts";
import { toldCase } from "../domain/case/told.ts";
import { replyKeys } from "../domain/receipt/binding.ts";
import type { Status } from "../domain/receipt/status.ts";
import { unchecked, type ToldCase } from "../domain/receipt/told.ts";
import type { Desk } from "./steps.ts";

/** @param entropy of the words. Statements that do not come, or do not hold, show nothing. */
export async function openReplies(
  { forms, config }: Pick<Desk, "forms" | "config">,
  status: Status,
  entropy: Bytes,
): Promise<ToldCase> {
  if (status.acts.length === 0) return toldNothing(status);
  try {
    const { identity } = await replyKeys(entropy, config.sealing);
    // Whoever acted may have been let in a moment ago.
    const { state } = await forms.current(status.form, "anew");
    return await toldCase(status, state, config.logKey, (sealed, context) => openReply(identity, sealed, context));
  } catch {
    return unchecked(status);
  }
}
