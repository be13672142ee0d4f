/** Answers become a sealed submission. Sealing ends before the network begins: nothing here can send. */
import { canonicalBytes } from "../canonical.ts";
import { ageSeal, type MakeRecipient } from "./age-seal.ts";
import { encodePart, type Part, type SealContext } from "./context.ts";
import type { SealedSubmission } from "./envelope.ts";
import { pad } from "./padding.ts";
import { newId } from "./random.ts";

/** A new submission id: 128 random bits, made by whoever seals. */
export const newSubmissionId = (): string => newId();

/**
 * Seals the slip and the letter, each to the inbox's key of one epoch.
 * @param answers all checked answers; JSON values only
 * @param slip those that the form marks for the list
 * @throws `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function sealAnswers(answers: object, slip: object, context: SealContext, recipient: string, make?: MakeRecipient): Promise<SealedSubmission> {
  const part = (name: Part, value: object) => ageSeal([recipient], pad(encodePart(name, context, canonicalBytes(value))), make);
  const [sealedSlip, sealedLetter] = [await part("slip", slip), await part("letter", answers)];
  return { ...context, slip: sealedSlip, letter: sealedLetter };
}
