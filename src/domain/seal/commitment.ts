/**
 * The commitment to a letter: its answers, and the key that replies are sealed to. It stands in the log; the nonce stands
 * inside the seal and follows from the submitter's words. So the submitter and the readers can show what was written, and
 * nobody else can test a guess. Nor can anybody exchange the key to reply to, whoever holds the inbox's key included.
 */
import { taggedHash, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

export const NONCE_BYTES = 32;

/** No letter has files yet; the list stands here, so that nobody can say later that there were some. */
const NO_FILES: readonly Bytes[] = [];

/**
 * @param written the answers as canonical JSON, as they are sealed
 * @param reply the `recipientHash` of the key that replies are sealed to
 */
export function answersCommitment(nonce: Bytes, written: Bytes, reply: Bytes): Bytes {
  // A short nonce could be guessed, and with it every answer under it.
  if (nonce.length !== NONCE_BYTES) throw new Fault("MALFORMED", "a nonce has 32 bytes");
  if (reply.length !== 32) throw new Fault("MALFORMED", "the hash of a recipient has 32 bytes");
  return taggedHash("answers/2", nonce, written, reply, NO_FILES);
}
