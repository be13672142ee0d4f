/**
 * The part of the page that seals, loaded beside the first page and not before it.
 * A key is used only if the body's statements hold from the root and name it; what the server says beside them counts for nothing (T1).
 */
import { equalBytes, fromBase64, fromHex, toHex } from "../domain/bytes.ts";
import type { Answers } from "../domain/form/answers.ts";
import { formHash, formOf, type Form } from "../domain/form/form.ts";
import { slipOf } from "../domain/form/slip.ts";
import { verifyChain } from "../domain/grant/chain.ts";
import { publicReaders, type PublicReaders } from "../domain/grant/readers.ts";
import { currentEpoch } from "../domain/grant/state.ts";
import { Fault } from "../domain/problem.ts";
import { recipientHash } from "../domain/seal/age.ts";
import type { SealContext } from "../domain/seal/context.ts";
import { encodeSubmission, SUBMISSION_TYPE } from "../domain/seal/envelope.ts";
import { referenceOf } from "../domain/seal/reference.ts";
import { newSubmissionId, sealAnswers } from "../domain/seal/seal.ts";
import { bindingOf } from "../domain/receipt/keys.ts";
import { RECEIPT_BYTES, wordsOf } from "../domain/receipt/words.ts";
import { randomBytes } from "../domain/seal/random.ts";
import type { Setup } from "./page.ts";

export { newSubmissionId, referenceOf, SUBMISSION_TYPE, wordsOf };

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

type Wire = { readonly bodyName: string; readonly statements: readonly { readonly bytes: string; readonly signature: string }[]; readonly recipient: string };

function wireOf(value: unknown): Wire {
  const { bodyName, statements, recipient } = (value ?? {}) as Partial<Wire>;
  const fits = Array.isArray(statements) && typeof recipient === "string" && typeof bodyName === "string" && statements.every((one) => typeof one?.bytes === "string" && typeof one.signature === "string");
  if (!fits) throw new Fault("MALFORMED", "not a key");
  return { bodyName, statements, recipient };
}

/**
 * The form's current key, from what the server answered.
 * @throws `FORM_INVALID`, `CHAIN_BROKEN`, `RECIPIENT_MISMATCH`, `FORM_UNKNOWN`, `FORM_CLOSED`, `FORM_CHANGED`, `MALFORMED`
 */
export function keyOf(answer: unknown, form: Form, setup: Setup, known?: Key): Key {
  const { bodyName, statements, recipient } = wireOf(answer);
  const signed = statements.map(({ bytes, signature }) => ({ bytes: fromBase64(bytes), signature: fromBase64(signature) }));
  const state = verifyChain(signed, { installation: setup.installation, body: setup.body, root: fromHex(setup.root) });
  if (known && state.head.seq < known.seq) throw new Fault("CHAIN_BROKEN", "it is shorter than before");
  const published = state.forms.get(form.id);
  if (!published) throw new Fault("FORM_UNKNOWN");
  if (published.state !== "open") throw new Fault("FORM_CLOSED");
  const hash = formHash(formOf(form));
  if (toHex(published.formHash) !== hash) throw new Fault("FORM_CHANGED");
  const { inbox } = published;
  const { epoch, recipientHash: signedHash } = currentEpoch(state.inboxes.get(inbox)!);
  if (!equalBytes(recipientHash(recipient), signedHash)) throw new Fault("RECIPIENT_MISMATCH");
  return { context: { form: form.id, formHash: hash, inbox, epoch, first: null }, recipient, readers: publicReaders(state, inbox), bodyName, seq: state.head.seq };
}

/** The 128 bits of new receipt words. */
export const newReceipt = (): Uint8Array => randomBytes(RECEIPT_BYTES);

/** A sealed submission as bytes for the wire. After this nothing readable is needed any more. */
export async function seal(form: Form, answers: Answers, key: Key, submission: string, receipt: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await sealAnswers(answers, slipOf(form, answers), { ...key.context, submission }, bindingOf(receipt, submission), key.recipient);
  return new Uint8Array(encodeSubmission(sealed));
}
