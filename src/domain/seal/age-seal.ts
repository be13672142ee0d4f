/** The only way to seal: the guard around the library's encrypter (docs/FORMAT.md, Sealed files). */
import { Encrypter } from "age-encryption";
import type { Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge, kindOfRecipient } from "./age.ts";

/** Writes the file in place of the library; a zone may bring a way over native primitives that writes the same bytes. */
export type MakeFile = (recipients: readonly string[], plaintext: Bytes) => Bytes | Promise<Bytes>;

/**
 * Seals to exactly the stated recipients, all of one kind, at least one, none twice. What the library wrote is read
 * back before it is returned, so that its mistake cannot become ours.
 * @throws `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function ageSeal(recipients: readonly string[], plaintext: Bytes, make?: MakeFile): Promise<Bytes> {
  const kinds = new Set(recipients.map(kindOfRecipient));
  const [kind] = kinds;
  if (kind === undefined || kinds.size !== 1)
    throw new Fault("SEAL_RECIPIENTS", "no recipient, or recipients of two kinds");
  if (new Set(recipients).size !== recipients.length) throw new Fault("SEAL_RECIPIENTS", "a recipient twice");
  let file: Bytes;
  try {
    file = await (make ?? byLibrary)(recipients, plaintext);
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault("SEAL_FAILED", "the library refused");
  }
  const shape = inspectAge(file);
  if (shape.kind !== kind || shape.stanzas !== recipients.length || shape.plaintext !== plaintext.length)
    throw new Fault("SEAL_FAILED", "the library wrote something else");
  return file;
}

function byLibrary(recipients: readonly string[], plaintext: Bytes): Promise<Bytes> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}
