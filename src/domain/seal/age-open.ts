/**
 * DANGEROUS: sealed bytes become readable here. Reachable from src/member, and for messages from the mailroom, only
 * (test/boundaries.test.ts).
 */
import { Decrypter } from "age-encryption";
import type { Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { inspectAge } from "./age.ts";

/**
 * Opens one age file with one identity. The whole file is verified before a byte is returned: a truncated stream would
 * otherwise yield its first chunks and fail afterwards.
 * @param cap largest plaintext in bytes
 * @throws `TOO_LARGE`, `OPEN_FAILED`, and what `inspectAge` throws
 */
export async function ageOpen(identity: string, file: Bytes, cap: number): Promise<Bytes> {
  const shape = inspectAge(file);
  if (shape.plaintext > cap) throw new Fault("TOO_LARGE", "sealed content is larger than its kind may be");
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
    const plaintext = await decrypter.decrypt(file);
    if (plaintext.length !== shape.plaintext) throw new Error("size");
    return plaintext;
  } catch {
    throw new Fault("OPEN_FAILED", "not sealed to this key, or altered");
  }
}
