/** Answers become a sealed submission. Sealing ends before the network begins: nothing here can send. */
import { toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { ageSeal, type MakeFile } from "./age-seal.ts";
import { answersCommitment } from "./commitment.ts";
import { encodeLetter, encodeSlip, type SealContext } from "./context.ts";
import type { SealedSubmission } from "./envelope.ts";
import { pad } from "./padding.ts";
import { newId } from "./random.ts";

/** A new submission id: 128 random bits, made by whoever seals. */
export const newSubmissionId = (): string => newId();

/**
 * What ties a submission to its receipt: the hash by which the submitter's words find it, and the nonce of the
 * commitment to the answers.
 */
export type Binding = { readonly receipt: Bytes; readonly nonce: Bytes };

/**
 * Seals the slip and the letter, each to the inbox's key of one epoch.
 * @param answers all checked answers; JSON values only
 * @param slip those that the form marks for the list
 * @throws `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function sealAnswers(
  answers: object,
  slip: object,
  context: SealContext,
  { receipt, nonce }: Binding,
  recipient: string,
  make?: MakeFile,
): Promise<SealedSubmission> {
  const written = canonicalBytes(answers);
  const part = (plaintext: Bytes) => ageSeal([recipient], pad(plaintext), make);
  const [sealedSlip, sealedLetter] = [
    await part(encodeSlip(context, canonicalBytes(slip))),
    await part(encodeLetter(context, nonce, written)),
  ];
  return {
    ...context,
    receipt: toHex(receipt),
    commitment: toHex(answersCommitment(nonce, written)),
    slip: sealedSlip,
    letter: sealedLetter,
  };
}
