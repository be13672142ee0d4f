/** What was done about a letter, as far as it can be shown. */
import { toldNothing } from "../../domain/case/due-told.ts";
import type { Status } from "../../domain/receipt/status.ts";
import { unchecked, type ToldCase } from "../../domain/receipt/told.ts";
import { fetchKey } from "./ask.ts";
import type { Holder } from "./holder.ts";

/** Statements that do not come, or do not hold, show nothing: who did it cannot be known then. */
export async function doneAbout(holder: Holder, status: Status): Promise<ToldCase> {
  if (status.acts.length === 0) return toldNothing(status);
  try {
    const { openReplies } = await import("./replies.ts");
    return await openReplies(holder, status, await fetchKey(status.form));
  } catch {
    return unchecked(status);
  }
}
