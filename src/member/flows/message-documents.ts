/** Papers of an incident that its letters need: each is opened once in a member, which is one entry in the log. */
import { parseList } from "../../domain/affected/list.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { fromUtf8, toUtf8, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { Paper } from "../../domain/incident/codes.ts";
import { draftBytes, parseDraft, type LetterDraft } from "../../domain/mail/draft.ts";
import { loadIncident, type Incident } from "./incidents.ts";
import { openPaper, sealPaper } from "./documents.ts";
import type { Member } from "../member.ts";

async function newest(member: Member, incident: Incident, what: Paper): Promise<Bytes | null> {
  const paper = incident.state.papers.filter((one) => one.what === what).at(-1);
  if (!paper) return null;
  const known = member.documents.get(paper.document);
  if (known) return known;
  const bytes = await openPaper(member, incident, paper);
  member.documents.set(paper.document, bytes);
  return bytes;
}

/** The newest list of the people affected; null while there is none. */
export async function affectedPeople(member: Member, incident: Incident): Promise<readonly AffectedPerson[] | null> {
  const bytes = await newest(member, incident, "affected");
  return bytes && parseList(bytes);
}

/** The letter as it was last kept; null while nobody has written it. */
export async function keptDraft(member: Member, incident: Incident): Promise<LetterDraft | null> {
  const bytes = await newest(member, incident, "letter");
  return bytes && parseDraft(bytes);
}

/** Seals the letter to the incident, so that it is there for the other owners and after this member. */
export const keepDraft = (member: Member, incident: string, draft: LetterDraft): Promise<string> =>
  sealPaper(member, incident, "letter", draftBytes(draft), 0);

/** Words about a call, sealed to the incident. @returns the paper that holds them */
export async function keepNote(member: Member, incident: string, words: string): Promise<string> {
  const content = toUtf8(words);
  const document = await sealPaper(member, incident, "note", content, 1);
  member.documents.set(document, content);
  return document;
}

export async function readNote(member: Member, incident: string, document: string): Promise<string> {
  const known = member.documents.get(document);
  if (known) return fromUtf8(known);
  const loaded = await loadIncident(member, incident);
  const paper = loaded.state.papers.find((one) => one.document === document);
  if (!paper) throw new Fault("NOT_FOUND");
  return fromUtf8(await openPaper(member, loaded, paper));
}
