/** What is kept, sealed, of a mail that a person has to look at: what they read first, and the mail itself. */
import { decodeFields, encodeFields, fieldNumber, fromUtf8, tag, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { RETURNED_KINDS, type ReturnedKind } from "./returned.ts";

/** The largest mail that is kept whole, in bytes; of a larger one its beginning. */
export const RETURNED_MAX = 256 * 1024;

export type ReturnedContent = {
  readonly kind: ReturnedKind;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** whether `raw` is its beginning only */
  readonly cut: boolean;
  readonly raw: Bytes;
};

export const encodeReturned = ({ kind, from, subject, text, cut, raw }: ReturnedContent): Bytes =>
  encodeFields([tag("returned-mail"), kind, from, subject, text, cut ? 1 : 0, raw.subarray(0, RETURNED_MAX)]);

/** Reads what `encodeReturned` made. @throws `MALFORMED`, `UNKNOWN_VERSION` */
export function decodeReturned(bytes: Bytes): ReturnedContent {
  const [name, what, from, subject, text, cut, raw, ...rest] = decodeFields(bytes);
  if (!name || !what || !from || !subject || !text || !cut || !raw || rest.length > 0)
    throw new Fault("MALFORMED", "a returned mail has seven fields");
  if (fromUtf8(name) !== tag("returned-mail")) throw new Fault("UNKNOWN_VERSION");
  const kind = RETURNED_KINDS.find((one) => one === fromUtf8(what));
  if (kind === undefined) throw new Fault("MALFORMED", "no such kind of returned mail");
  return {
    kind,
    from: fromUtf8(from),
    subject: fromUtf8(subject),
    text: fromUtf8(text),
    cut: fieldNumber(cut) === 1,
    raw,
  };
}
