/** The text of a reply: what may be typed. Without the sealing library, because the page that asks for it needs none. */
import { cleanBlock, count, isSeen, lengthOf } from "../form/clean.ts";

/** Characters of a reply; and its largest padded plaintext, bytes: four for each character, and what stands before. */
export const REPLY_LENGTH = 15_000;
export const REPLY_MAX = 64 * 1024;

export type CheckedReply =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** A reply as it is sealed, or what is wrong with what was typed, for its field. */
export function checkReply(typed: string): CheckedReply {
  const text = cleanBlock(typed);
  if (!isSeen(text)) return { ok: false, problem: "Write your reply" };
  return lengthOf(text) > REPLY_LENGTH
    ? { ok: false, problem: `Your reply must be ${count(REPLY_LENGTH)} characters or fewer` }
    : { ok: true, text };
}
