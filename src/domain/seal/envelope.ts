/** A sealed submission on the wire, and what a server that cannot open it can check. */
import { decodeFields, encodeFields, fieldNumber, fromHex, fromUtf8, tag, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge, type KeyKind } from "./age.ts";
import type { SealContext } from "./context.ts";
import { paddedSize } from "./padding.ts";

/** Answers cannot be put in here by mistake: it shares no field with them. */
export type SealedSubmission = SealContext & {
  /** hash of the receipt's sign-in part, hex: the submitter is found by it */
  readonly receipt: string;
  /** `answersCommitment`, hex */
  readonly commitment: string;
  readonly slip: Bytes;
  readonly letter: Bytes;
};

export const SUBMISSION_TYPE = "application/vnd.pillarbox.submission";

/** Largest plaintexts in bytes, and from them the largest submission on the wire. */
export const SLIP_MAX = 64 * 1024;
export const LETTER_MAX = 1024 * 1024;
export const SUBMISSION_MAX = SLIP_MAX + LETTER_MAX + 16 * 1024;

export const encodeSubmission = (s: SealedSubmission): Bytes =>
  encodeFields([
    tag("submission"),
    s.form,
    fromHex(s.formHash),
    fromHex(s.inbox),
    s.epoch,
    fromHex(s.submission),
    fromHex(s.first ?? ""),
    fromHex(s.receipt),
    fromHex(s.commitment),
    s.slip,
    s.letter,
  ]);

/**
 * Parses a submission and checks its envelope, never its contents: our version, one stanza of the expected kind per
 * part, one of our sizes.
 * @throws `ENVELOPE_*`, `UNKNOWN_VERSION`
 */
export function parseSubmission(bytes: Bytes, kind?: KeyKind): SealedSubmission {
  if (bytes.length > SUBMISSION_MAX) throw new Fault("ENVELOPE_TOO_LARGE");
  const submission = fields(bytes);
  checkPart(submission.slip, SLIP_MAX, kind);
  checkPart(submission.letter, LETTER_MAX, kind);
  return submission;
}

function fields(bytes: Bytes): SealedSubmission {
  try {
    const [version, form, formHash, inbox, epoch, submission, first, receipt, commitment, slip, letter, ...rest] =
      decodeFields(bytes);
    if (
      !version ||
      !form ||
      !formHash ||
      !inbox ||
      !epoch ||
      !submission ||
      !first ||
      !receipt ||
      !commitment ||
      !slip ||
      !letter ||
      rest.length > 0
    )
      throw new Fault("MALFORMED");
    const name = fromUtf8(version);
    if (name !== tag("submission"))
      throw new Fault(/^pillarbox\/v\d+\/submission$/.test(name) ? "UNKNOWN_VERSION" : "MALFORMED");
    const lengths =
      formHash.length === 32 &&
      inbox.length === 16 &&
      submission.length === 16 &&
      receipt.length === 32 &&
      commitment.length === 32 &&
      (first.length === 0 || first.length === 16);
    if (!lengths) throw new Fault("MALFORMED");
    const slug = fromUtf8(form);
    if (!/^[a-z0-9-]{1,64}$/.test(slug)) throw new Fault("MALFORMED");
    const context = {
      form: slug,
      formHash: toHex(formHash),
      inbox: toHex(inbox),
      epoch: fieldNumber(epoch),
      submission: toHex(submission),
      first: first.length === 0 ? null : toHex(first),
    };
    return { ...context, receipt: toHex(receipt), commitment: toHex(commitment), slip, letter };
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === "UNKNOWN_VERSION") throw thrown;
    throw new Fault("ENVELOPE_MALFORMED", "not the fields of a submission");
  }
}

function checkPart(file: Bytes, max: number, kind?: KeyKind): void {
  const shape = inspectAge(file);
  if (shape.stanzas !== 1 || (kind && shape.kind !== kind))
    throw new Fault("ENVELOPE_MALFORMED", "not sealed to one key of the installation's kind");
  if (shape.plaintext > max) throw new Fault("ENVELOPE_TOO_LARGE");
  if (shape.plaintext !== paddedSize(shape.plaintext)) throw new Fault("ENVELOPE_PADDING");
}
