/** Documents of an incident that its messages need: each is opened once in a member, which is one entry in the log. */
import { parseList } from "../../domain/affected/list.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { fromUtf8, toUtf8, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { DocumentKind } from "../../domain/incident/codes.ts";
import { draftBytes, parseDraft, type MessageDraft } from "../../domain/mail/draft.ts";
import { decodeReturned, type ReturnedContent } from "../../domain/mail/returned-content.ts";
import type { Sealed } from "../../domain/incident/state.ts";
import type { ReturnedMail } from "../../contract/messages.ts";
import { loadIncident, type Incident } from "./incidents.ts";
import { openDocument, sealDocument } from "./documents.ts";
import type { Member } from "../member.ts";

async function newest(member: Member, incident: Incident, what: DocumentKind): Promise<Bytes | null> {
  const sealed = incident.state.documents.filter((one) => one.what === what).at(-1);
  if (!sealed) return null;
  const known = member.documents.get(sealed.document);
  if (known) return known;
  const bytes = await openDocument(member, incident, sealed);
  member.documents.set(sealed.document, bytes);
  return bytes;
}

/** The newest list of the people affected; null while there is none. */
export async function affectedPeople(member: Member, incident: Incident): Promise<readonly AffectedPerson[] | null> {
  const bytes = await newest(member, incident, "affected");
  return bytes && parseList(bytes);
}

/** The message as it was last kept; null while nobody has written it. */
export async function keptDraft(member: Member, incident: Incident): Promise<MessageDraft | null> {
  const bytes = await newest(member, incident, "message");
  return bytes && parseDraft(bytes);
}

/** Seals the message to the incident, so that it is there for the other owners and after this member. */
export const keepDraft = (member: Member, incident: string, draft: MessageDraft): Promise<string> =>
  sealDocument(member, incident, "message", draftBytes(draft), 0);

/** Words about a call, sealed to the incident. @returns the document that holds them */
export async function keepNote(member: Member, incident: string, words: string): Promise<string> {
  const content = toUtf8(words);
  const document = await sealDocument(member, incident, "note", content, 1);
  member.documents.set(document, content);
  return document;
}

export async function readNote(member: Member, incident: string, document: string): Promise<string> {
  const known = member.documents.get(document);
  if (known) return fromUtf8(known);
  const loaded = await loadIncident(member, incident);
  const sealed = loaded.state.documents.find((one) => one.document === document);
  if (!sealed) throw new Fault("NOT_FOUND");
  return fromUtf8(await openDocument(member, loaded, sealed));
}

/** What came back, opened: one entry in the log for each visit that opens it. */
export async function openReturned(member: Member, incident: string, mail: ReturnedMail): Promise<ReturnedContent> {
  const { document, epoch, digest } = mail;
  const known = member.documents.get(document);
  if (known) return decodeReturned(known);
  const sealed: Sealed = { document, what: "returned", epoch, digest, size: 0, count: 1 };
  const bytes = await openDocument(member, await loadIncident(member, incident), sealed);
  member.documents.set(document, bytes);
  return decodeReturned(bytes);
}
