/** A note: plain text of those who handle a letter, sealed to the inbox alone (docs/FORMAT.md, Note). */
import { encodeFields, fromHex, tag, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge, type KeyKind } from "../seal/age.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { pad, paddedSize } from "../seal/padding.ts";
import { checkNote, TEXT_MAX } from "./text.ts";

/** Where a note belongs. It stands inside the seal, and is compared after opening. */
export type NoteContext = {
  /** the letter that its case began with */
  readonly case: string;
  /** the act by which it was written */
  readonly note: string;
};

/** What stands in front of the text. */
export const noteFields = ({ case: letter, note }: NoteContext) =>
  [tag("note"), fromHex(letter), fromHex(note)] as const;

/**
 * Seals a note to the readers of the inbox.
 * @param inbox the recipient of the inbox's current epoch
 * @throws `ANSWERS_INVALID`, `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function sealNote(context: NoteContext, typed: string, inbox: string): Promise<Bytes> {
  const checked = checkNote(typed);
  if (!checked.ok) throw new Fault("ANSWERS_INVALID", "the note is empty or too long");
  return ageSeal([inbox], pad(encodeFields([...noteFields(context), toUtf8(checked.text)])));
}

/**
 * What a server that cannot open it can check: one stanza of the installation's kind, one of our sizes.
 * @throws `ENVELOPE_*`
 */
export function checkSealedNote(bytes: Bytes, kind: KeyKind): void {
  const shape = inspectAge(bytes);
  if (shape.stanzas !== 1 || shape.kind !== kind)
    throw new Fault("ENVELOPE_MALFORMED", "not sealed to one key of the installation's kind");
  if (shape.plaintext > TEXT_MAX) throw new Fault("ENVELOPE_TOO_LARGE");
  if (shape.plaintext !== paddedSize(shape.plaintext)) throw new Fault("ENVELOPE_PADDING");
}
