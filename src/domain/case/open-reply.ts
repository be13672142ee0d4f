/**
 * DANGEROUS: a sealed reply becomes readable. Reachable from src/member, and from the two that serve whoever brings the
 * words of a letter: src/form-page/status and src/counter, which open this and nothing else (test/boundaries.test.ts).
 */
import type { Bytes } from "../bytes.ts";
import { ageOpen } from "../seal/age-open.ts";
import { unpad } from "../seal/padding.ts";
import { replyFields, type ReplyContext } from "./reply.ts";
import { checkReply, TEXT_MAX, textBehind } from "./text.ts";

/**
 * The text of a reply, after its context was compared with the expected one.
 * @throws `OPEN_FAILED`, `OPEN_CONTEXT` when it belongs elsewhere, `OPEN_PADDING`, `ANSWERS_INVALID`
 */
export const openReply = async (identity: string, sealed: Bytes, expected: ReplyContext): Promise<string> =>
  textBehind(replyFields(expected), unpad(await ageOpen(identity, sealed, TEXT_MAX)), checkReply);
