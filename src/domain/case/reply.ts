/**
 * A reply: plain text in one age file for two, its writer's correspondent and the inbox. Both read the same bytes
 * (docs/FORMAT.md, Reply).
 */
import { encodeFields, fromHex, tag, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge, type KeyKind } from "../seal/age.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { pad, paddedSize } from "../seal/padding.ts";
import { checkReply, TEXT_MAX } from "./text.ts";

/** Where a reply belongs. It stands inside the seal, and is compared after opening. */
export type ReplyContext = {
  /** the letter that is answered */
  readonly submission: string;
  /** the act by which it was answered */
  readonly reply: string;
};

/** What stands in front of the text. */
export const replyFields = ({ submission, reply }: ReplyContext) =>
  [tag("reply"), fromHex(submission), fromHex(reply)] as const;

/**
 * Seals a reply to its two readers.
 * @param writer the recipient out of the opened letter @param inbox the recipient of the inbox's current epoch
 * @throws `ANSWERS_INVALID`, `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function sealReply(context: ReplyContext, typed: string, writer: string, inbox: string): Promise<Bytes> {
  const checked = checkReply(typed);
  if (!checked.ok) throw new Fault("ANSWERS_INVALID", "the reply is empty or too long");
  return ageSeal([writer, inbox], pad(encodeFields([...replyFields(context), toUtf8(checked.text)])));
}

/**
 * What a server that cannot open it can check: two stanzas of the installation's kind, one of our sizes.
 * @throws `ENVELOPE_*`
 */
export function checkSealedReply(bytes: Bytes, kind: KeyKind): void {
  const shape = inspectAge(bytes);
  if (shape.stanzas !== 2 || shape.kind !== kind)
    throw new Fault("ENVELOPE_MALFORMED", "not sealed to two keys of the installation's kind");
  if (shape.plaintext > TEXT_MAX) throw new Fault("ENVELOPE_TOO_LARGE");
  if (shape.plaintext !== paddedSize(shape.plaintext)) throw new Fault("ENVELOPE_PADDING");
}
