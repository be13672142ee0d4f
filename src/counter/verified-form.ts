/**
 * A form that this installation's body has signed, with the key to seal to: verified from the root before anything is
 * used (T1, T2, T4).
 */
import { equalBytes, sha256, toHex, type Bytes } from "../domain/bytes.ts";
import { parseCanonical } from "../domain/canonical.ts";
import { completeBodyOf, type CompleteBody } from "../domain/form/body.ts";
import { formOf, type Form } from "../domain/form/form.ts";
import type { ReaderCount } from "../domain/form/who.ts";
import { verifyChain } from "../domain/grant/chain.ts";
import { publicReaders } from "../domain/grant/readers.ts";
import { currentEpoch, type BodyState } from "../domain/grant/state.ts";
import { Fault } from "../domain/problem.ts";
import { kindOfRecipient, recipientHash } from "../domain/seal/age.ts";
import type { Config } from "./config.ts";
import type { KeyAnswer } from "./wire.ts";

export type VerifiedForm = {
  readonly form: Form;
  readonly formHash: string;
  readonly body: CompleteBody;
  readonly open: boolean;
  readonly browserOnly: boolean;
  readonly inbox: string;
  readonly epoch: number;
  readonly recipient: string;
  readonly readers: ReaderCount;
  /** all that the body's statements say */
  readonly state: BodyState;
};

/**
 * What the server says beside the statements: the form's bytes, which must have the signed hash, and the body's record.
 */
export type Described = { readonly definition: Bytes; readonly record: unknown };

/**
 * The form `id` as the signed statements have it.
 * @throws `CHAIN_BROKEN`, `RECIPIENT_MISMATCH`, `FORM_UNKNOWN`, `FORM_CHANGED` when definition and statements are of
 * different moments
 */
export function verifyForm(
  id: string,
  { body, statements, recipient }: KeyAnswer,
  { definition, record }: Described,
  config: Config,
): VerifiedForm {
  const root = config.roots.get(body);
  if (!root) throw new Fault("CHAIN_BROKEN", "a body that this installation does not know");
  const state = verifyChain(statements, { installation: config.installation, body, root });
  const published = state.forms.get(id);
  if (!published) throw new Fault("FORM_UNKNOWN");
  if (!equalBytes(sha256(definition), published.formHash))
    throw new Fault("FORM_CHANGED", "the definition is not the signed one");
  const inbox = state.inboxes.get(published.inbox);
  if (!inbox) throw new Fault("CHAIN_BROKEN", "a form without an inbox");
  const { epoch, recipientHash: signed } = currentEpoch(inbox);
  if (kindOfRecipient(recipient) !== config.sealing || !equalBytes(recipientHash(recipient), signed))
    throw new Fault("RECIPIENT_MISMATCH");
  const form = formOf(parseCanonical(definition));
  const owner = completeBodyOf(record);
  if (form.id !== id || form.body !== body || owner.id !== body)
    throw new Fault("CHAIN_BROKEN", "a definition of another form");
  return {
    form,
    formHash: toHex(published.formHash),
    body: owner,
    open: published.state === "open",
    browserOnly: published.browserOnly || form.browserOnly,
    inbox: inbox.inbox,
    epoch,
    recipient,
    readers: publicReaders(state, inbox.inbox),
    state,
  };
}
