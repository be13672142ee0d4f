/** What a key holder's browser demands before it opens a document: that this very reading is in the log (T12). */
import type { Bytes } from "../bytes.ts";
import { personCommitment } from "../log/commit.ts";
import { parseEntry, type Role } from "../log/event.ts";
import { parseVerifierKey } from "../log/note-key.ts";
import { verifyProof } from "../log/proof.ts";
import { ALLOWED, Fault, refused, type Decision } from "../problem.ts";
import { incidentInbox } from "./document.ts";

export type DocumentClaim = {
  readonly proof: string;
  readonly entry: Bytes;
  readonly personSalt: Bytes;
  /** as the browser knows it */
  readonly body: string;
  readonly incident: string;
  readonly document: string;
  readonly person: string;
  readonly role: Role;
  readonly release: string;
  readonly logKey: string;
};

/** Allowed, or `PROOF_INVALID`: then nothing may be opened. */
export function verifyDocumentRelease(claim: DocumentClaim): Decision {
  try {
    verifyProof(claim.proof, claim.entry, parseVerifierKey(claim.logKey));
    const entry = parseEntry(claim.entry);
    const says =
      entry.kind === "document.released" &&
      entry.release === claim.release &&
      entry.body === claim.body &&
      entry.incident === claim.incident &&
      entry.inbox === incidentInbox(claim.incident) &&
      entry.document === claim.document &&
      entry.role === claim.role &&
      entry.reader === personCommitment(claim.personSalt, claim.person);
    return says ? ALLOWED : refused("PROOF_INVALID");
  } catch (error) {
    if (error instanceof Fault) return refused("PROOF_INVALID");
    throw error;
  }
}
