/**
 * The part of the page that seals, loaded beside the first page and not before it. A key is used only if the body's
 * statements hold from the root and name it; what the server says beside them counts for nothing (T1).
 */
import { formKey, received } from "../contract/public.ts";
import { equalBytes, fromHex, toHex } from "../domain/bytes.ts";
import type { Answers } from "../domain/form/answers.ts";
import { formHash, formOf, type Form } from "../domain/form/form.ts";
import { slipOf } from "../domain/form/slip.ts";
import { verifyChain } from "../domain/grant/chain.ts";
import { publicReaders, type PublicReaders } from "../domain/grant/readers.ts";
import { currentEpoch } from "../domain/grant/state.ts";
import { Fault } from "../domain/problem.ts";
import { kindOfRecipient, recipientHash } from "../domain/seal/age.ts";
import type { SealContext } from "../domain/seal/context.ts";
import { encodeSubmission, SUBMISSION_TYPE } from "../domain/seal/envelope.ts";
import { referenceOf } from "../domain/seal/reference.ts";
import { newSubmissionId, sealAnswers } from "../domain/seal/seal.ts";
import { answersLine } from "../domain/receipt/answers-line.ts";
import { bindingOf } from "../domain/receipt/binding.ts";
import { RECEIPT_BYTES, wordsOf } from "../domain/receipt/words.ts";
import { randomBytes } from "../domain/seal/random.ts";
import type { Setup } from "./page.ts";

export { answersLine, newSubmissionId, referenceOf, SUBMISSION_TYPE, wordsOf };

/** A verified key of the form's inbox, and who holds it. */
export type Key = {
  readonly context: Omit<SealContext, "submission">;
  readonly recipient: string;
  readonly readers: PublicReaders;
  /** Only to be shown: the statements hold no names. */
  readonly bodyName: string;
  /** Number of the body's newest statement: a later answer may not know less. */
  readonly seq: number;
};

/** Where a key belongs: what the page brings, never the answer. */
export type Where = {
  readonly installation: string;
  readonly body: string;
  readonly root: string;
  readonly form: string;
};

/**
 * What the verified statements say of a form, and the key of its inbox.
 * @throws `CHAIN_BROKEN`, `RECIPIENT_MISMATCH`, `FORM_UNKNOWN`, `MALFORMED`
 */
export function signedKey(answer: unknown, { installation, body, root, form }: Where, known?: Key) {
  const { bodyName, statements, recipient } = formKey.parse(answer);
  const state = verifyChain(statements, { installation, body, root: fromHex(root) });
  if (known && state.head.seq < known.seq) throw new Fault("CHAIN_BROKEN", "it is shorter than before");
  const published = state.forms.get(form);
  if (!published) throw new Fault("FORM_UNKNOWN");
  const { inbox } = published;
  const { epoch, recipientHash: signedHash } = currentEpoch(state.inboxes.get(inbox)!);
  if (!equalBytes(recipientHash(recipient), signedHash)) throw new Fault("RECIPIENT_MISMATCH");
  return { state, published, inbox, epoch, recipient, bodyName };
}

/**
 * The form's current key, from what the server answered.
 * @throws `FORM_INVALID`, `FORM_CLOSED`, `FORM_CHANGED`, and what `signedKey` throws
 */
export function keyOf(answer: unknown, form: Form, setup: Setup, known?: Key): Key {
  const { state, published, inbox, epoch, recipient, bodyName } = signedKey(answer, { ...setup, form: form.id }, known);
  if (published.state !== "open") throw new Fault("FORM_CLOSED");
  const hash = formHash(formOf(form));
  if (toHex(published.formHash) !== hash) throw new Fault("FORM_CHANGED");
  return {
    context: { form: form.id, formHash: hash, inbox, epoch, first: null },
    recipient,
    readers: publicReaders(state, inbox),
    bodyName,
    seq: state.head.seq,
  };
}

/** When the server says that it was received; now, where it does not say. */
export function receivedAt(answer: unknown): Date {
  try {
    return new Date(received.parse(answer).receivedAt);
  } catch {
    return new Date();
  }
}

/** The 128 bits of new receipt words. */
export const newReceipt = (): Uint8Array => randomBytes(RECEIPT_BYTES);

/** A sealed submission as bytes for the wire. After this nothing readable is needed any more. */
export async function seal(
  form: Form,
  answers: Answers,
  key: Key,
  submission: string,
  receipt: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await sealAnswers(
    answers,
    slipOf(form, answers),
    { ...key.context, submission },
    await bindingOf(receipt, submission, kindOfRecipient(key.recipient)),
    key.recipient,
  );
  return new Uint8Array(encodeSubmission(sealed));
}
