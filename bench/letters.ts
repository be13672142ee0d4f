/** Letters sealed beforehand by the real code, so that no measure waits for its own client to seal. */
import type { Fields } from "../src/domain/form/fields.ts";
import { checkAnswers } from "../src/domain/form/answers.ts";
import { formHash, type Form } from "../src/domain/form/form.ts";
import { slipOf } from "../src/domain/form/slip.ts";
import { fromHex } from "../src/domain/bytes.ts";
import { encodeSubmission, type SealedSubmission } from "../src/domain/seal/envelope.ts";
import { bindingOf } from "../src/domain/receipt/binding.ts";
import { RECEIPT_BYTES } from "../src/domain/receipt/words.ts";
import { randomBytes } from "../src/domain/seal/random.ts";
import { kindOfRecipient } from "../src/domain/seal/age.ts";
import { newSubmissionId, sealAnswers } from "../src/domain/seal/seal.ts";
import { nativeFile } from "../src/counter/native-file.ts";
import { formKey } from "../demo/writing/send.ts";
import { fieldsFor, FORM_OF } from "../demo/fit.ts";
import { syntheticLetters } from "../demo/letters.ts";
import type { StaffedWorld } from "../test/support/staffed.ts";

/** The fields of the synthetic letters to one form, over and over until there are `count`. */
export function fieldsOfLetters(form: Form, count: number): Fields[] {
  const letters = syntheticLetters().filter((letter) => FORM_OF[letter.to] === form.id);
  return Array.from({ length: count }, (_, i) => fieldsFor(letters[i % letters.length]!));
}

/** Seals `count` letters to a form's current key, each under an id of its own. */
export async function sealLetters(staffed: StaffedWorld, form: Form, count: number): Promise<SealedSubmission[]> {
  const { inbox, epoch, recipient } = await formKey(staffed.config, form);
  const hash = formHash(form);
  const sealed: SealedSubmission[] = [];
  for (const fields of fieldsOfLetters(form, count)) {
    const checked = checkAnswers(form, fields);
    if (!checked.ok) throw new Error(`a synthetic letter does not fit ${form.id}`);
    const context = { form: form.id, formHash: hash, inbox, epoch, submission: newSubmissionId(), first: null };
    sealed.push(
      await sealAnswers(
        checked.answers,
        slipOf(form, checked.answers),
        context,
        await bindingOf(randomBytes(RECEIPT_BYTES), context.submission, kindOfRecipient(recipient)),
        recipient,
        nativeFile,
      ),
    );
  }
  return sealed;
}

/** Bytes to send, and where in them the part stands that makes one sending differ from the next. */
export type Template = {
  readonly bytes: Uint8Array;
  /** first byte of what is drawn anew each time */
  readonly at: number;
  readonly length: number;
  /** drawn as bytes, or as lower-case hex digits */
  readonly as: "bytes" | "hex";
};

/**
 * A sealed letter as it is sent. Its id is drawn anew each time: nobody who cannot open it can tell that from another
 * letter.
 */
export function templateOf(sealed: SealedSubmission): Template {
  const bytes = encodeSubmission(sealed);
  const id = Buffer.from(fromHex(sealed.submission));
  return {
    bytes,
    at: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(id),
    length: id.length,
    as: "bytes",
  };
}
