/** Replies for whoever has the words of a letter: held against log and statements first, and opened only then. */
import type { Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { Fault } from "../problem.ts";
import type { Status } from "../receipt/status.ts";
import type { ToldReply } from "../receipt/told.ts";
import { heldReplies } from "./held.ts";
import type { ReplyContext } from "./reply.ts";

/** @param open with the identity that follows from the words */
export async function toldReplies(
  status: Status,
  state: BodyState,
  logKey: string,
  open: (sealed: Bytes, context: ReplyContext) => Promise<string>,
): Promise<readonly ToldReply[]> {
  const told: ToldReply[] = [];
  for (const held of heldReplies(status, state, logKey)) {
    if (held === null) told.push({ kind: "false" });
    else {
      const { at, role, submission, reply } = held.act;
      try {
        told.push({ kind: "read", at, role, text: await open(held.sealed, { submission, reply }) });
      } catch (thrown) {
        if (!(thrown instanceof Fault)) throw thrown;
        told.push({ kind: "false" });
      }
    }
  }
  return told;
}
