/**
 * The commitment to a letter's answers. It stands in the log; the nonce stands inside the seal and follows from the
 * submitter's words. So the submitter and the readers can show what was written, and nobody else can test a guess.
 */
import { taggedHash, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

export const NONCE_BYTES = 32;

/** @param written the answers as canonical JSON, as they are sealed */
export function answersCommitment(nonce: Bytes, written: Bytes): Bytes {
  // A short nonce could be guessed, and with it every answer under it.
  if (nonce.length !== NONCE_BYTES) throw new Fault("MALFORMED", "a nonce has 32 bytes");
  return taggedHash("answers", nonce, written);
}
