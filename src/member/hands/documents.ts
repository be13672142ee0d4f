/** DANGEROUS: documents of an incident are sealed and opened here, and their inbox is made. Worker only. */
import { equalBytes, sha256, toHex } from "../../domain/bytes.ts";
import { confirmedPerson } from "../../domain/grant/confirmed.ts";
import { draftInbox } from "../../domain/grant/drafts.ts";
import { draftAct } from "../../domain/incident/act.ts";
import { openDocument } from "../../domain/incident/open-document.ts";
import { incidentInbox, sealDocument } from "../../domain/incident/document.ts";
import { verifyDocumentRelease } from "../../domain/incident/document-release.ts";
import { Fault } from "../../domain/problem.ts";
import { kindOfRecipient, recipientHash } from "../../domain/seal/age.ts";
import { newId } from "../../domain/seal/random.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Vault } from "./vault.ts";
import { checkpointOf } from "./log.ts";

/** @throws `PERSON_UNCONFIRMED` */
function ownRole(vault: Vault, body: string) {
  const role = bodyIn(vault, body).state.persons.get(keysIn(vault).person)?.role;
  if (!role) throw new Fault("PERSON_UNCONFIRMED");
  return role;
}

export const documentsOf = (
  vault: Vault,
): { [N in "draftDocumentInbox" | "sealDocument" | "openDocument"]: Hand<N> } => ({
  draftDocumentInbox: async ({ body, incident, holders, now }) => {
    const { state } = bodyIn(vault, body);
    const keys = keysIn(vault);
    return draftInbox(
      state,
      keys,
      holders.map((row) => confirmedPerson(state, row)),
      kindOfRecipient(keys.recipient),
      now,
      incidentInbox(incident),
    );
  },

  sealDocument: async ({ head, what, content, count, epoch, recipient }) => {
    const signed = bodyIn(vault, head.body).state.inboxes.get(incidentInbox(head.incident))?.epochs.at(-1);
    if (!signed) throw new Fault("INBOX_UNKNOWN");
    // The key came from the server; an owner signed which one it is (T1).
    if (signed.epoch !== epoch || !equalBytes(signed.recipientHash, recipientHash(recipient)))
      throw new Fault("RECIPIENT_MISMATCH");
    const document = newId();
    const bytes = await sealDocument({ incident: head.incident, epoch, document, what }, content, recipient);
    const { person, signingSecret } = keysIn(vault);
    const act = draftAct(
      head,
      { person, role: ownRole(vault, head.body), signingSecret },
      { kind: "incident.sealed", document, what, epoch, digest: toHex(sha256(bytes)), size: bytes.length, count },
      {},
    );
    return { document, act, bytes };
  },

  openDocument: async ({ body, incident, sealed, release, proof, entry, personSalt, bytes }) => {
    const logKey = watchedIn(vault, body).proven.get(checkpointOf(proof));
    if (logKey === undefined)
      throw new Fault(
        "LOG_REFUSED",
        "the checkpoint over this reading was not shown to be of the log that this browser has seen",
      );
    const verdict = verifyDocumentRelease({
      proof,
      entry,
      personSalt,
      body,
      incident,
      document: sealed.document,
      person: keysIn(vault).person,
      role: ownRole(vault, body),
      release,
      logKey,
    });
    if (!verdict.ok) throw new Fault(verdict.code);
    const key = vault.inboxKeys.get(incidentInbox(incident))?.get(sealed.epoch);
    if (!key) throw new Fault("REFUSED_EPOCH", "no key of this epoch");
    const { epoch, document, what, digest } = sealed;
    return openDocument(key.identity, bytes, { incident, epoch, document, what }, digest);
  },
});
