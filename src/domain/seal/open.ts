/** DANGEROUS: sealed → answers. Reachable from src/member only (test/boundaries.test.ts). */
import { toHex, type Bytes } from "../bytes.ts";
import { parseCanonical, type Json } from "../canonical.ts";
import { recipientHash } from "./age.ts";
import { ageOpen } from "./age-open.ts";
import { answersCommitment } from "./commitment.ts";
import { decodeLetter, decodeSlip, type SealContext } from "./context.ts";
import { LETTER_MAX, SLIP_MAX } from "./envelope.ts";
import { unpad } from "./padding.ts";

/**
 * Opens a slip and compares its context. What comes out was written by a stranger: it must pass the form's check
 * (`checkOpened`) before it is shown.
 * @throws `OPEN_FAILED`, `OPEN_CONTEXT`, `OPEN_PADDING`, `TOO_LARGE`, `MALFORMED`
 */
export const openSlip = async (identity: string, file: Bytes, context: SealContext): Promise<Json> =>
  parseCanonical(decodeSlip(context, unpad(await ageOpen(identity, file, SLIP_MAX))));

/**
 * `reply`: the recipient that replies are sealed to. `commitment`: what these very answers and that recipient commit to,
 * hex, to be compared with the log's.
 */
export type OpenedLetter = { readonly answers: Json; readonly reply: string; readonly commitment: string };

/** As `openSlip`, for the letter. */
export async function openLetter(identity: string, file: Bytes, context: SealContext): Promise<OpenedLetter> {
  const { nonce, reply, content } = decodeLetter(context, unpad(await ageOpen(identity, file, LETTER_MAX)));
  const commitment = toHex(answersCommitment(nonce, content, recipientHash(reply)));
  return { answers: parseCanonical(content), reply, commitment };
}
