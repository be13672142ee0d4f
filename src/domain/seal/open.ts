/** DANGEROUS: sealed → answers. Reachable from staff-app and cli only (test/boundaries.test.ts). */
import type { Bytes } from "../bytes.ts";
import { parseCanonical, type Json } from "../canonical.ts";
import { ageOpen } from "./age-open.ts";
import { decodePart, type Part, type SealContext } from "./context.ts";
import { LETTER_MAX, SLIP_MAX } from "./envelope.ts";
import { unpad } from "./padding.ts";

async function openPart(part: Part, cap: number, identity: string, file: Bytes, context: SealContext): Promise<Json> {
  return parseCanonical(decodePart(part, context, unpad(await ageOpen(identity, file, cap))));
}

/**
 * Opens a slip and compares its context. What comes out was written by a stranger: it must pass the form's check (`checkOpened`) before it is shown.
 * @throws `OPEN_FAILED`, `OPEN_CONTEXT`, `OPEN_PADDING`, `TOO_LARGE`, `MALFORMED`
 */
export const openSlip = (identity: string, file: Bytes, context: SealContext): Promise<Json> => openPart("slip", SLIP_MAX, identity, file, context);

/** As `openSlip`, for the letter. */
export const openLetter = (identity: string, file: Bytes, context: SealContext): Promise<Json> => openPart("letter", LETTER_MAX, identity, file, context);
