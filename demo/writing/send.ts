/**
 * Writing a letter as a member of the public does with script: the key is verified from the root, the answers are
 * sealed, then the network begins.
 */
import { equalBytes, fromHex, toHex } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import type { Fields } from "../../src/domain/form/fields.ts";
import { formHash, type Form } from "../../src/domain/form/form.ts";
import { slipOf } from "../../src/domain/form/slip.ts";
import { verifyChain } from "../../src/domain/grant/chain.ts";
import { currentEpoch } from "../../src/domain/grant/state.ts";
import { Fault } from "../../src/domain/problem.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { encodeSubmission, SUBMISSION_TYPE, type SealedSubmission } from "../../src/domain/seal/envelope.ts";
import { bindingOf } from "../../src/domain/receipt/keys.ts";
import { RECEIPT_BYTES } from "../../src/domain/receipt/words.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { newSubmissionId, sealAnswers } from "../../src/domain/seal/seal.ts";
import { codeIn, fetchFrom } from "../../src/cli/client.ts";
import * as wire from "../../src/cli/wire.ts";

export type PublicSide = {
  readonly publicOrigin: string;
  readonly installation: string;
  readonly roots: Readonly<Record<string, string>>;
};

/**
 * The key that a form's letters are sealed to, verified.
 * @throws `CHAIN_BROKEN`, `FORM_CLOSED`, `FORM_CHANGED` when the published version is another, `RECIPIENT_MISMATCH`
 */
export async function formKey({ publicOrigin, installation, roots }: PublicSide, form: Form): Promise<wire.FormKey> {
  const response = await fetchFrom(`${publicOrigin}/forms/${form.id}/key`);
  const text = await response.text();
  if (!response.ok) throw new Fault(codeIn(text), `the key of ${form.id}: ${response.status}`);
  const key = wire.formKey(parseJson(text));
  const root = roots[form.body];
  if (root === undefined || key.body !== form.body) throw new Fault("BODY_UNKNOWN", form.body);
  const state = verifyChain(key.statements, { installation, body: form.body, root: fromHex(root) });
  const published = state.forms.get(form.id);
  if (!published) throw new Fault("FORM_UNKNOWN", form.id);
  if (published.state !== "open") throw new Fault("FORM_CLOSED", form.id);
  if (toHex(published.formHash) !== formHash(form)) throw new Fault("FORM_CHANGED", form.id);
  const inbox = state.inboxes.get(published.inbox);
  const epoch = inbox && currentEpoch(inbox);
  if (
    !epoch ||
    key.inbox !== published.inbox ||
    key.epoch !== epoch.epoch ||
    !equalBytes(recipientHash(key.recipient), epoch.recipientHash)
  )
    throw new Fault("RECIPIENT_MISMATCH");
  return key;
}

/**
 * Checks and seals; nothing here can send. Who brings no `receipt` gives up finding the letter again.
 * @throws `ANSWERS_INVALID`
 */
export async function sealFields(
  form: Form,
  key: wire.FormKey,
  fields: Fields,
  submission = newSubmissionId(),
  receipt = randomBytes(RECEIPT_BYTES),
): Promise<SealedSubmission> {
  const checked = checkAnswers(form, fields);
  if (!checked.ok) throw new Fault("ANSWERS_INVALID", checked.problems.map((problem) => problem.field).join(", "));
  const context = {
    form: form.id,
    formHash: formHash(form),
    inbox: key.inbox,
    epoch: key.epoch,
    submission,
    first: null,
  };
  return sealAnswers(
    checked.answers,
    slipOf(form, checked.answers),
    context,
    bindingOf(receipt, submission),
    key.recipient,
  );
}

export type Received = ReturnType<typeof wire.received>;

/** @throws the server's refusal, for example `EPOCH_ENDED`, `ID_TAKEN`, `TOO_MANY` */
export async function sendSealed(publicOrigin: string, sealed: SealedSubmission): Promise<Received> {
  const response = await fetchFrom(`${publicOrigin}/submissions`, {
    method: "POST",
    headers: { "content-type": SUBMISSION_TYPE },
    body: encodeSubmission(sealed) as Uint8Array<ArrayBuffer>,
  });
  const text = await response.text();
  if (!response.ok) throw new Fault(codeIn(text), `a submission: ${response.status}`);
  return wire.received(parseJson(text));
}
