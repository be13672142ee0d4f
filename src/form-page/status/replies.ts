/**
 * DANGEROUS: opens what was answered to whoever has the words, and nothing else. Loaded when something was done about
 * their letter.
 */
import { openReply } from "../../domain/case/open-reply.ts";
import { toldCase } from "../../domain/case/told.ts";
import type { Status } from "../../domain/receipt/status.ts";
import type { ToldCase } from "../../domain/receipt/told.ts";
import { signedKey } from "../sealing.ts";
import type { Holder } from "./holder.ts";

/** @param key what the server says of the form: its statements are verified from the body's root */
export async function openReplies({ setup, replying }: Holder, status: Status, key: unknown): Promise<ToldCase> {
  const { installation, roots, logKey } = setup;
  const where = { installation, body: status.body, root: roots[status.body] ?? "", form: status.form };
  const { state } = signedKey(key, where);
  return toldCase(status, state, logKey, (sealed, context) => openReply(replying.identity, sealed, context));
}
