/** Seals one letter and hands it to the public server. Sealing has ended before the network begins. */
import type { Answers } from "../domain/form/answers.ts";
import { slipOf } from "../domain/form/slip.ts";
import type { Bytes } from "../domain/bytes.ts";
import { codeOf, Fault } from "../domain/problem.ts";
import { bindingOf } from "../domain/receipt/binding.ts";
import { wordsOf } from "../domain/receipt/words.ts";
import { kindOfRecipient } from "../domain/seal/age.ts";
import { sealAnswers } from "../domain/seal/seal.ts";
import type { Forms } from "./forms.ts";
import { receiptOf, submissionIdOf } from "./letter.ts";
import { nativeFile } from "./native-file.ts";
import type { VerifiedForm } from "./verified-form.ts";
import type { Wire } from "./wire.ts";

export type Sent = {
  readonly submission: string;
  readonly words: readonly string[];
  /** milliseconds since the epoch; null for a repetition */
  readonly receivedAt: number | null;
};

type Office = { readonly forms: Forms; readonly wire: Wire };

/**
 * Sends the answers, and seals once more by itself if the key has just changed.
 * @throws `FORM_CHANGED`, `FORM_CLOSED`, `COUNTER_REFUSED`, `UNAVAILABLE`, `ENVELOPE_TOO_LARGE`, `TOO_MANY`
 */
export async function sendLetter(
  office: Office,
  found: VerifiedForm,
  entropy: string,
  answers: Answers,
): Promise<Sent> {
  const submission = submissionIdOf(found.form, entropy, answers);
  const receipt = receiptOf(found.form, entropy, answers);
  try {
    return await sealAndSubmit(office.wire, found, submission, receipt, answers);
  } catch (thrown) {
    if (codeOf(thrown) !== "EPOCH_ENDED" && codeOf(thrown) !== "EPOCH_UNKNOWN") throw thrown;
  }
  const now = await office.forms.current(found.form.id, "anew");
  if (now.formHash !== found.formHash) throw new Fault("FORM_CHANGED");
  return sealAndSubmit(office.wire, now, submission, receipt, answers);
}

async function sealAndSubmit(
  wire: Wire,
  { form, formHash, inbox, epoch, recipient }: VerifiedForm,
  submission: string,
  receipt: Bytes,
  answers: Answers,
): Promise<Sent> {
  const context = { form: form.id, formHash, inbox, epoch, submission, first: null };
  const sealed = await sealAnswers(
    answers,
    slipOf(form, answers),
    context,
    await bindingOf(receipt, submission, kindOfRecipient(recipient)),
    recipient,
    nativeFile,
  );
  const words = wordsOf(receipt);
  try {
    return { submission, words, ...(await wire.submit(sealed)) };
  } catch (thrown) {
    // The id is made of these very answers and of bits that only this page has: they have already been received.
    // Sealing them again gave other bytes, hence this code.
    if (codeOf(thrown) === "ID_TAKEN") return { submission, words, receivedAt: null };
    throw thrown;
  }
}
