/** What was answered, as far as it can be shown. */
import type { Status } from "../../domain/receipt/status.ts";
import type { ToldReply } from "../../domain/receipt/told.ts";
import { fetchKey } from "./ask.ts";
import type { Holder } from "./holder.ts";

/** Statements that do not come, or do not hold, show nothing: whose a reply is cannot be known then. */
export async function repliesOf(holder: Holder, status: Status): Promise<readonly ToldReply[]> {
  if (status.replies.length === 0) return [];
  try {
    const { openReplies } = await import("./replies.ts");
    return await openReplies(holder, status, await fetchKey(status.form));
  } catch {
    return status.replies.map(() => ({ kind: "unchecked" }));
  }
}
