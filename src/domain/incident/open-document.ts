/**
 * DANGEROUS: a document of an incident becomes readable. Reachable from src/member only (test/boundaries.test.ts).
 */
import { sha256, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageOpen } from "../seal/age-open.ts";
import { decodeDocument, DOCUMENT_MAX, type DocumentContext } from "./document.ts";

/**
 * Opens a document that an act of the incident names by its digest.
 * @throws `OPEN_CONTEXT` for other bytes or another place, `OPEN_FAILED`, `OPEN_PADDING`
 */
export async function openDocument(
  identity: string,
  file: Bytes,
  context: DocumentContext,
  digest: string,
): Promise<Bytes> {
  if (toHex(sha256(file)) !== digest) throw new Fault("OPEN_CONTEXT", "not the bytes that were recorded");
  return decodeDocument(context, await ageOpen(identity, file, DOCUMENT_MAX));
}
