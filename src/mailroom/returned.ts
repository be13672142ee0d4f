/**
 * A mail that a person has to look at is sealed to its incident's inbox before it leaves this process. To which key, the
 * signed statements say, from the body's root (T1); of the jobs process's word nothing is believed but to which
 * incident the delivery belongs.
 */
import { equalBytes, type Bytes } from "../domain/bytes.ts";
import { currentEpoch } from "../domain/grant/state.ts";
import type { SignedStatement } from "../domain/grant/statement.ts";
import { incidentInbox, sealDocument } from "../domain/incident/document.ts";
import { Fault } from "../domain/problem.ts";
import { kindOfRecipient, recipientHash } from "../domain/seal/age.ts";
import type { Config } from "./config.ts";
import type { StateOf } from "./statements.ts";

/** Where a mail belongs, and what says to whom it is sealed. */
export type Place = {
  readonly body: string;
  readonly incident: string;
  readonly statements: readonly SignedStatement[];
  readonly recipient: string;
};

/**
 * @param document the id under which it is kept
 * @throws `CHAIN_BROKEN`, `INBOX_UNKNOWN` while the incident has no inbox, `RECIPIENT_MISMATCH`, `SEAL_*`
 */
export async function sealReturned(
  sealing: Config["sealing"],
  stateOf: StateOf,
  document: string,
  content: Bytes,
  { body, incident, statements, recipient }: Place,
): Promise<{ readonly epoch: number; readonly bytes: Bytes }> {
  const inbox = stateOf(body, statements).inboxes.get(incidentInbox(incident));
  if (!inbox) throw new Fault("INBOX_UNKNOWN");
  const { epoch, recipientHash: signed } = currentEpoch(inbox);
  if (kindOfRecipient(recipient) !== sealing || !equalBytes(recipientHash(recipient), signed))
    throw new Fault("RECIPIENT_MISMATCH");
  return { epoch, bytes: await sealDocument({ incident, epoch, document, what: "returned" }, content, recipient) };
}
