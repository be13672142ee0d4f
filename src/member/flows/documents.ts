/**
 * Documents of an incident: sealed in the worker to the incident's own inbox, and opened there, under the log. Every document
 * goes through here.
 */
import { ownersNow } from "../../domain/grant/state.ts";
import type { Bytes } from "../../domain/bytes.ts";
import type { DocumentKind } from "../../domain/incident/codes.ts";
import { incidentInbox } from "../../domain/incident/document.ts";
import type { Sealed } from "../../domain/incident/state.ts";
import { Fault } from "../../domain/problem.ts";
import { auditLog } from "./audit.ts";
import { loadIncident, type Incident } from "./incidents.ts";
import { takeKeys } from "./reading.ts";
import type { Member } from "../member.ts";
import { rowsOfPeople, type Found } from "./world.ts";

/** The incident's inbox, as far as it was made. */
export const documentsOf = ({ state, world }: Incident): Found | null => {
  const inbox = world.documents.find((one) => one.inbox === incidentInbox(state.incident));
  return inbox ? { world, inbox } : null;
};

/** Makes the inbox, held by all owners of the body: two of them at least. @throws `REFUSED_FEW_HOLDERS` */
export async function makeDocumentInbox(member: Member, { state, world }: Incident): Promise<void> {
  const owners = ownersNow(world.state);
  if (owners.length < 2) throw new Fault("REFUSED_FEW_HOLDERS");
  const { statements, wraps, recipients } = await member.hands.call("draftDocumentInbox", {
    body: world.body.id,
    incident: state.incident,
    holders: rowsOfPeople(world, owners),
    now: Date.now(),
  });
  await member.api.post(world.body.id, { statements, wraps, recipients });
}

/**
 * Seals content to the incident and records the act that names it.
 * @param count how many people or records are in it
 * @returns the document
 * @throws `INBOX_UNKNOWN` before the inbox is made
 */
export async function sealDocument(
  member: Member,
  incident: string,
  what: DocumentKind,
  content: Bytes,
  count: number,
): Promise<string> {
  const now = await loadIncident(member, incident);
  const epoch = documentsOf(now)?.inbox.epochs.at(-1);
  if (!epoch?.recipient) throw new Fault("INBOX_UNKNOWN");
  if (now.waiting > 0) throw new Fault("LOG_NOT_SIGNED");
  const { document, act, bytes } = await member.hands.call("sealDocument", {
    head: now.head,
    what,
    content,
    count,
    epoch: epoch.epoch,
    recipient: epoch.recipient,
  });
  await member.api.sealDocument(now.world.body.id, incident, act, bytes);
  return document;
}

/** One document, opened: one release, one event. */
export async function openDocument(member: Member, incident: Incident, sealed: Sealed): Promise<Bytes> {
  const found = documentsOf(incident);
  if (!found) throw new Fault("INBOX_UNKNOWN");
  const body = incident.world.body.id;
  await takeKeys(member, found);
  const released = await member.api.releaseDocument(body, incident.state.incident, sealed.document);
  await auditLog(member, body, [released.proof]);
  return member.hands.call("openDocument", { body, incident: incident.state.incident, sealed, ...released });
}
