/** Sealing what somebody adds to a letter, and sending it until it has arrived. */
import { sentence, type Code } from "../../domain/problem.ts";
import type { Status } from "../../domain/receipt/status.ts";
import { fetchKey, post } from "./ask.ts";
import type { Holder } from "./holder.ts";

type Parcel = { readonly text: string; readonly submission: string; readonly bytes: Uint8Array<ArrayBuffer> };

/**
 * Gives what seals a text and sends it: it gives null when the text has arrived, or what went wrong, in words that
 * stand at a field.
 */
export function prepareDelivery(
  { setup, entropy }: Pick<Holder, "setup" | "entropy">,
  status: Status,
): (text: string) => Promise<string | null> {
  /** What was sealed and sent, and of which no answer came: the same bytes are sent again. */
  let parcel: Parcel | undefined;

  return async (text) => {
    const { newSubmissionId, sealAddition } = await import("./adding.ts");
    const pack = async (submission: string): Promise<string | null> => {
      const where = {
        installation: setup.installation,
        body: status.body,
        root: setup.roots[status.body] ?? "",
        form: status.form,
      };
      const sealed = await sealAddition(await fetchKey(status.form), where, {
        submission,
        first: status.letter.submission,
        entropy,
        text,
      });
      if (typeof sealed === "string") return sealed;
      parcel = { text, submission, bytes: sealed };
      return null;
    };
    if (parcel?.text !== text) parcel = undefined;
    const wrong = parcel ? null : await pack(newSubmissionId());
    if (wrong !== null) return wrong;
    let code = await post(setup.addUrl, parcel!.bytes);
    if (code === "EPOCH_ENDED") {
      // These bytes were not received: otherwise they would have been received once more. The key has changed, so they
      // are sealed again.
      await pack(parcel!.submission);
      code = await post(setup.addUrl, parcel!.bytes);
    }
    // Only this page knows the number: if it is taken, what was sent before has taken it.
    if (code !== null && code !== "ID_TAKEN") return sentenceOf(code);
    parcel = undefined;
    return null;
  };
}

/** For somebody who writes, with no full stop: it stands at a field. */
export function sentenceOf(code: Code): string {
  if (code === "UNAVAILABLE")
    return "We got no answer, so we do not know whether it arrived. It is still here. Select “Send this” again: if it did arrive, this does not make a second one";
  if (code === "CHAIN_BROKEN" || code === "RECIPIENT_MISMATCH" || code === "STATEMENT_INVALID" || code === "MALFORMED")
    return "We could not make sure that only the right people can read it, so nothing was sent";
  return sentence(code).replace(/\.$/, "");
}
