/** DANGEROUS: a sealed note becomes readable. Reachable from src/member only (test/boundaries.test.ts). */
import type { Bytes } from "../bytes.ts";
import { ageOpen } from "../seal/age-open.ts";
import { unpad } from "../seal/padding.ts";
import { noteFields, type NoteContext } from "./note.ts";
import { checkNote, TEXT_MAX, textBehind } from "./text.ts";

/**
 * The text of a note, after its context was compared with the expected one.
 * @throws `OPEN_FAILED`, `OPEN_CONTEXT` when it belongs elsewhere, `OPEN_PADDING`, `ANSWERS_INVALID`
 */
export const openNote = async (identity: string, sealed: Bytes, expected: NoteContext): Promise<string> =>
  textBehind(noteFields(expected), unpad(await ageOpen(identity, sealed, TEXT_MAX)), checkNote);
