/**
 * Seals what is added to a letter; loaded when somebody adds something, and not before. Sealing ends before the network
 * begins.
 */
import { ADDED, ADDITION_HASH, additionForm } from "../../domain/form/addition.ts";
import { checkAnswers } from "../../domain/form/answers.ts";
import { slipOf } from "../../domain/form/slip.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { encodeAddition } from "../../domain/receipt/adding.ts";
import { bindingOf } from "../../domain/receipt/binding.ts";
import { receiptSignIn } from "../../domain/receipt/keys.ts";
import { kindOfRecipient } from "../../domain/seal/age.ts";
import { encodeSubmission } from "../../domain/seal/envelope.ts";
import { newSubmissionId, sealAnswers } from "../../domain/seal/seal.ts";
import { signedKey, type Where } from "../sealing.ts";

export { newSubmissionId };

export type Adding = {
  readonly submission: string;
  readonly first: string;
  readonly entropy: Bytes;
  readonly text: string;
};

/** The wire of an addition, or what is wrong with the text. */
export async function sealAddition(
  key: unknown,
  where: Where,
  { submission, first, entropy, text }: Adding,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const checked = checkAnswers(additionForm, { [ADDED]: text });
  if (!checked.ok) return checked.problems[0]!.text;
  const { inbox, epoch, recipient } = signedKey(key, where);
  const context = { form: where.form, formHash: ADDITION_HASH, inbox, epoch, submission, first };
  const sealed = await sealAnswers(
    checked.answers,
    slipOf(additionForm, checked.answers),
    context,
    await bindingOf(entropy, submission, kindOfRecipient(recipient)),
    recipient,
  );
  return new Uint8Array(encodeAddition(receiptSignIn(entropy), encodeSubmission(sealed)));
}
