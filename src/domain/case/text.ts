/**
 * The text of a reply or a note: what may be typed, and what is shown of what was opened. Without the sealing library,
 * because the page that asks for it needs none.
 */
import { decodeFields, encodeFields, equalBytes, fromUtf8, type Bytes } from "../bytes.ts";
import { cleanBlock, count, isSeen, lengthOf } from "../form/clean.ts";
import { Fault } from "../problem.ts";

/** Characters of a text; and its largest padded plaintext, bytes: four for each character, and what stands before. */
export const TEXT_LENGTH = 15_000;
export const TEXT_MAX = 64 * 1024;

export type CheckedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

const check =
  (what: string) =>
  (typed: string): CheckedText => {
    const text = cleanBlock(typed);
    if (!isSeen(text)) return { ok: false, problem: `Write your ${what}` };
    return lengthOf(text) > TEXT_LENGTH
      ? { ok: false, problem: `Your ${what} must be ${count(TEXT_LENGTH)} characters or fewer` }
      : { ok: true, text };
  };

/** A reply as it is sealed, or what is wrong with what was typed, for its field. */
export const checkReply = check("reply");
/** The same of a note. */
export const checkNote = check("note");

/**
 * The text behind a context, out of an opened plaintext.
 * @throws `OPEN_CONTEXT`, `ANSWERS_INVALID` for what sealing would not have written
 */
export function textBehind(wanted: readonly (Bytes | string)[], plain: Bytes, checked: typeof checkReply): string {
  const fields = decodeFields(plain);
  const [text] = fields.slice(wanted.length);
  const context = encodeFields(fields.slice(0, wanted.length));
  if (fields.length !== wanted.length + 1 || !text || !equalBytes(context, encodeFields(wanted)))
    throw new Fault("OPEN_CONTEXT", "not a text of this letter");
  const written = fromUtf8(text);
  const found = checked(written);
  // Whoever sealed it may have put in anything: only what sealing writes is shown.
  if (!found.ok || found.text !== written) throw new Fault("ANSWERS_INVALID", "not as it is written");
  return written;
}
