/** The only way to seal: the guard around the library's encrypter (docs/FORMAT.md, Sealed files). */
import { Encrypter, type Recipient } from "age-encryption";
import type { Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge, kindOfRecipient } from "./age.ts";

/**
 * Makes the library's recipient from its text; a zone may bring one over native primitives that writes the same bytes.
 */
export type MakeRecipient = (recipient: string) => Recipient;

/**
 * Seals to exactly the stated recipients, all of one kind, at least one, none twice. What the library wrote is read
 * back before it is returned, so that its mistake cannot become ours.
 * @throws `SEAL_RECIPIENTS`, `SEAL_FAILED`
 */
export async function ageSeal(recipients: readonly string[], plaintext: Bytes, make?: MakeRecipient): Promise<Bytes> {
  const kinds = new Set(recipients.map(kindOfRecipient));
  const [kind] = kinds;
  if (kind === undefined || kinds.size !== 1)
    throw new Fault("SEAL_RECIPIENTS", "no recipient, or recipients of two kinds");
  if (new Set(recipients).size !== recipients.length) throw new Fault("SEAL_RECIPIENTS", "a recipient twice");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(make ? make(recipient) : recipient);
  let file: Bytes;
  try {
    file = await encrypter.encrypt(plaintext);
  } catch {
    throw new Fault("SEAL_FAILED", "the library refused");
  }
  const shape = inspectAge(file);
  if (shape.kind !== kind || shape.stanzas !== recipients.length || shape.plaintext !== plaintext.length)
    throw new Fault("SEAL_FAILED", "the library wrote something else");
  return file;
}
