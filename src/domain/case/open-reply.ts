/**
 * DANGEROUS: a sealed reply becomes readable. Reachable from src/member, and from the two that serve whoever brings the
 * words of a letter: src/form-page/status and src/counter, which open this and nothing else (test/boundaries.test.ts).
 */
import { decodeFields, encodeFields, equalBytes, fromUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageOpen } from "../seal/age-open.ts";
import { unpad } from "../seal/padding.ts";
import { replyFields, type ReplyContext } from "./reply.ts";
import { checkReply, REPLY_MAX } from "./text.ts";

/**
 * The text of a reply, after its context was compared with the expected one.
 * @throws `OPEN_FAILED`, `OPEN_CONTEXT` when it belongs elsewhere, `OPEN_PADDING`, `ANSWERS_INVALID`
 */
export async function openReply(identity: string, sealed: Bytes, expected: ReplyContext): Promise<string> {
  const fields = decodeFields(unpad(await ageOpen(identity, sealed, REPLY_MAX)));
  const wanted = replyFields(expected);
  const [text] = fields.slice(wanted.length);
  const context = encodeFields(fields.slice(0, wanted.length));
  if (fields.length !== wanted.length + 1 || !text || !equalBytes(context, encodeFields(wanted)))
    throw new Fault("OPEN_CONTEXT", "not a reply to this letter");
  const written = fromUtf8(text);
  const checked = checkReply(written);
  // Whoever sealed it may have put in anything: only what sealing writes is shown.
  if (!checked.ok || checked.text !== written) throw new Fault("ANSWERS_INVALID", "not as a reply is written");
  return written;
}
