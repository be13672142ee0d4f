/**
 * An addition on the wire: a submission of its own, in front of it the sign-in part of the receipt to whose letter it
 * is added.
 */
import { decodeFields, encodeFields, fromUtf8, tag, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

export const ADDITION_TYPE = "application/vnd.pillarbox.addition";

export const encodeAddition = (signIn: Bytes, submission: Bytes): Bytes =>
  encodeFields([tag("addition"), signIn, submission]);

/** @throws `ENVELOPE_MALFORMED` */
export function parseAddition(bytes: Bytes): { readonly signIn: Bytes; readonly submission: Bytes } {
  try {
    const [kind, signIn, submission, ...rest] = decodeFields(bytes);
    if (kind && signIn?.length === 32 && submission && rest.length === 0 && fromUtf8(kind) === tag("addition"))
      return { signIn, submission };
  } catch {
    // told below
  }
  throw new Fault("ENVELOPE_MALFORMED", "not the fields of an addition");
}
