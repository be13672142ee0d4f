/** Answers become a sealed submission. Sealing ends before the network begins: nothing here can send. */
import { toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { kindOfRecipient, recipientHash } from "./age.ts";
import { ageSeal, type MakeFile } from "./age-seal.ts";
import { answersCommitment } from "./commitment.ts";
import { encodeLetter, encodeSlip, type SealContext } from "./context.ts";
import type { SealedSubmission } from "./envelope.ts";
import { pad } from "./padding.ts";
import { newId } from "./random.ts";

/** A new submission id: 128 random bits, made by whoever seals. */
export const newSubmissionId = (): string => newId();

/**
 * What ties a submission to its receipt: the hash by which the submitter's words find it, the nonce of the commitment,
 * and the recipient that replies are sealed to.
 */
export type Binding = { readonly receipt: Bytes; readonly nonce: Bytes; readonly reply: string };

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
  { receipt, nonce, reply }: Binding,
  recipient: string,
  make?: MakeFile,
): Promise<SealedSubmission> {
  // A reply has one file for both: two kinds would never fit into it.
  if (kindOfRecipient(reply) !== kindOfRecipient(recipient))
    throw new Fault("SEAL_RECIPIENTS", "the key for replies is of another kind");
  const written = canonicalBytes(answers);
  const part = (plaintext: Bytes) => ageSeal([recipient], pad(plaintext), make);
  const [sealedSlip, sealedLetter] = [
    await part(encodeSlip(context, canonicalBytes(slip))),
    await part(encodeLetter(context, nonce, reply, written)),
  ];
  return {
    ...context,
    receipt: toHex(receipt),
    commitment: toHex(answersCommitment(nonce, written, recipientHash(reply))),
    slip: sealedSlip,
    letter: sealedLetter,
  };
}
