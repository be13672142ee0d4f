/**
 * Writing a letter as a member of the public does with script: what verifies the key and seals is what the form's page
 * ships (`src/form-page/sealing.ts`); only the asking is a program's.
 */
import { fromUtf8 } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import type { Fields } from "../../src/domain/form/fields.ts";
import { formHash, type Form } from "../../src/domain/form/form.ts";
import { Fault } from "../../src/domain/problem.ts";
import { LONDON } from "../../src/domain/time.ts";
import {
  encodeSubmission,
  parseSubmission,
  SUBMISSION_TYPE,
  type SealedSubmission,
} from "../../src/domain/seal/envelope.ts";
import { fetchFrom } from "../../src/cli/fetch.ts";
import { keyOf, newReceipt, newSubmissionId, seal, type Key } from "../../src/form-page/sealing.ts";
import * as contract from "../../src/contract/public.ts";
import { refusalIn } from "../../src/contract/route.ts";
import type { Value } from "../../src/contract/shape.ts";

export type PublicSide = {
  readonly publicOrigin: string;
  readonly installation: string;
  readonly roots: ReadonlyMap<string, string>;
};

/** A verified key of a form, and where its letters go. */
export type FormKey = Key & { readonly inbox: string; readonly epoch: number };

async function answerOf(what: string, address: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetchFrom(address, init);
  const answer = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new Fault(refusalIn(answer), `${what}: ${response.status}`);
  return parseJson(fromUtf8(answer));
}

/**
 * The key that a form's letters are sealed to, verified from the root of its body.
 * @throws `BODY_UNKNOWN`, the server's refusal, and what `keyOf` of the form's page throws
 */
export async function formKey({ publicOrigin, installation, roots }: PublicSide, form: Form): Promise<FormKey> {
  const root = roots.get(form.body);
  if (root === undefined) throw new Fault("BODY_UNKNOWN", form.body);
  const keyUrl = `${publicOrigin}/forms/${form.id}/key`;
  const answer = await answerOf(`the key of ${form.id}`, keyUrl);
  const at = { keyUrl, submissionsUrl: publicOrigin, zone: LONDON };
  const setup = { installation, body: form.body, root, formHash: formHash(form), ...at };
  const key = keyOf(answer, form, setup);
  return { ...key, inbox: key.context.inbox, epoch: key.context.epoch };
}

/**
 * Checks and seals; nothing here can send. Who brings no `receipt` gives up finding the letter again.
 * @throws `ANSWERS_INVALID`
 */
export async function sealFields(
  form: Form,
  key: FormKey,
  fields: Fields,
  submission = newSubmissionId(),
  receipt = newReceipt(),
): Promise<SealedSubmission> {
  const checked = checkAnswers(form, fields);
  if (!checked.ok) throw new Fault("ANSWERS_INVALID", checked.problems.map((problem) => problem.field).join(", "));
  return parseSubmission(await seal(form, checked.answers, key, submission, receipt));
}

export type Received = Value<typeof contract.received>;

/** @throws the server's refusal, for example `EPOCH_ENDED`, `ID_TAKEN`, `TOO_MANY` */
export async function sendSealed(publicOrigin: string, sealed: SealedSubmission): Promise<Received> {
  return contract.received.parse(
    await answerOf("a submission", `${publicOrigin}/submissions`, {
      method: "POST",
      headers: { "content-type": SUBMISSION_TYPE },
      body: encodeSubmission(sealed) as Uint8Array<ArrayBuffer>,
    }),
  );
}
