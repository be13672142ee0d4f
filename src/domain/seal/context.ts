/**
 * Where sealed content belongs. It stands inside the seal and is compared after opening, so that nothing can be moved
 * (T6).
 */
import { decodeFields, encodeFields, equalBytes, fromHex, fromUtf8, tag, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { kindOfRecipient } from "./age.ts";
import { NONCE_BYTES } from "./commitment.ts";

export type SealContext = {
  readonly form: string;
  /** SHA-256 of the canonical form version, hex */
  readonly formHash: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly submission: string;
  /**
   * for an addition, the submission that it adds to; inside the seal, so that no server can put it with another letter
   */
  readonly first: string | null;
};

export type Part = "slip" | "letter";

const NONE = new Uint8Array(0);
const firstBytes = (first: string | null): Bytes => (first === null ? NONE : fromHex(first));

const fieldsOf = (part: Part, { form, formHash, inbox, epoch, submission, first }: SealContext) =>
  [tag(part), form, fromHex(formHash), fromHex(inbox), epoch, fromHex(submission), firstBytes(first)] as const;

/** The plaintext of a slip: its context's fields, then its content. */
export const encodeSlip = (context: SealContext, content: Bytes): Bytes =>
  encodeFields([...fieldsOf("slip", context), content]);

/**
 * The plaintext of a letter: its context's fields, the nonce of its commitment, the recipient that replies are sealed
 * to, the answers.
 */
export const encodeLetter = (context: SealContext, nonce: Bytes, reply: string, content: Bytes): Bytes =>
  encodeFields([...fieldsOf("letter", context), nonce, reply, content]);

/** A letter apart. `reply`: an age recipient; that it is the one that was received, the commitment says. */
export type LetterFields = { readonly nonce: Bytes; readonly reply: string; readonly content: Bytes };

/**
 * The content of a slip, after its context was compared with the expected one.
 * @throws `OPEN_CONTEXT` when it belongs elsewhere, `UNKNOWN_VERSION` when its tag is of no known version
 */
export const decodeSlip = (expected: SealContext, plaintext: Bytes): Bytes => rest("slip", 1, expected, plaintext)[0]!;

/** As `decodeSlip`, for the letter. */
export function decodeLetter(expected: SealContext, plaintext: Bytes): LetterFields {
  const [nonce, reply, content] = rest("letter", 3, expected, plaintext);
  if (nonce!.length !== NONCE_BYTES) throw new Fault("MALFORMED", "a nonce has 32 bytes");
  return { nonce: nonce!, reply: recipientIn(reply!), content: content! };
}

function recipientIn(field: Bytes): string {
  const reply = fromUtf8(field);
  try {
    kindOfRecipient(reply);
    return reply;
  } catch {
    throw new Fault("MALFORMED", "the key for replies is no recipient");
  }
}

/** The fields behind the context. */
function rest(part: Part, count: number, expected: SealContext, plaintext: Bytes): Bytes[] {
  const fields = decodeFields(plaintext);
  const wanted = fieldsOf(part, expected);
  const kind = fromUtf8(fields[0] ?? NONE);
  if (!kind.startsWith("pillarbox/v1/")) throw new Fault("UNKNOWN_VERSION");
  if (kind !== tag(part)) throw new Fault("OPEN_CONTEXT", "sealed content belongs elsewhere");
  if (fields.length !== wanted.length + count)
    throw new Fault("MALFORMED", `a ${part} has ${wanted.length + count} fields`);
  // Each field is compared as bytes: what would be read as the same but was written otherwise is not the same.
  const context = encodeFields(fields.slice(0, wanted.length));
  if (!equalBytes(context, encodeFields(wanted))) throw new Fault("OPEN_CONTEXT", "sealed content belongs elsewhere");
  return fields.slice(wanted.length);
}
