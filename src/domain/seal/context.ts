/** Where sealed content belongs. It stands inside the seal and is compared after opening, so that nothing can be moved (T6). */
import { decodeFields, encodeFields, fieldNumber, fromHex, fromUtf8, tag, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

export type SealContext = {
  readonly form: string;
  /** SHA-256 of the canonical form version, hex */
  readonly formHash: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly submission: string;
};

export type Part = "slip" | "letter";

const fieldsOf = (part: Part, context: SealContext) =>
  [tag(part), context.form, fromHex(context.formHash), fromHex(context.inbox), context.epoch, fromHex(context.submission)] as const;

/** The plaintext of a part: its context's fields, then its content. */
export const encodePart = (part: Part, context: SealContext, content: Bytes): Bytes => encodeFields([...fieldsOf(part, context), content]);

/**
 * The content of a part, after its context was compared with the expected one.
 * @throws `OPEN_CONTEXT` when it belongs elsewhere, `UNKNOWN_VERSION` when its tag is of no known version
 */
export function decodePart(part: Part, expected: SealContext, plaintext: Bytes): Bytes {
  const fields = decodeFields(plaintext);
  const [kind, form, formHash, inbox, epoch, submission, content] = fields;
  if (fields.length !== 7 || !kind || !form || !formHash || !inbox || !epoch || !submission || !content) throw new Fault("MALFORMED", "a part has seven fields");
  if (!fromUtf8(kind).startsWith("pillarbox/v1/")) throw new Fault("UNKNOWN_VERSION");
  const found: SealContext = { form: fromUtf8(form), formHash: toHex(formHash), inbox: toHex(inbox), epoch: fieldNumber(epoch), submission: toHex(submission) };
  const same = fromUtf8(kind) === tag(part) && found.form === expected.form && found.formHash === expected.formHash && found.inbox === expected.inbox && found.epoch === expected.epoch && found.submission === expected.submission;
  if (!same) throw new Fault("OPEN_CONTEXT", "sealed content belongs elsewhere");
  return content;
}
