/**
 * The flows of the staff pages for programs, which know ids where a person has a screen before them: each loads what
 * the screen would show, and acts on that. Nothing is checked, opened or signed here.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { AffectedPerson } from "../src/domain/affected/person.ts";
import type { Bytes } from "../src/domain/bytes.ts";
import type { EndReason } from "../src/domain/grant/statement.ts";
import type { ActFields, Texts } from "../src/domain/incident/act.ts";
import type { DocumentKind } from "../src/domain/incident/codes.ts";
import type { Followed } from "../src/domain/incident/follow-up.ts";
import type { Reached, Scope } from "../src/domain/incident/reach.ts";
import { standingReport, type Standing } from "../src/domain/incident/report-known.ts";
import type { Phase } from "../src/domain/incident/report-choices.ts";
import type { Report } from "../src/domain/incident/report.ts";
import { wayOf, type Way } from "../src/domain/mail/channel.ts";
import type { MessageDraft } from "../src/domain/mail/draft.ts";
import { Fault } from "../src/domain/problem.ts";
import { again } from "../src/member/flows/again.ts";
import * as documents from "../src/member/flows/documents.ts";
import * as filings from "../src/member/flows/filings.ts";
import { confirmRequest, countedFor, endGrant } from "../src/member/flows/granting.ts";
import * as incidents from "../src/member/flows/incidents.ts";
import { dueByEmail, handInAll } from "../src/member/flows/messages.ts";
import { loadPeople, whoWasReached } from "../src/member/flows/reach.ts";
import { openLetter, openList, type Range } from "../src/member/flows/reading.ts";
import { actOnCase, sendReply } from "../src/member/flows/cases.ts";
import { inboxOf, loadRequests, loadWorld, stateOf, type BodyWorld, type Found } from "../src/member/flows/world.ts";
import type { Letter, ReachAnswer, SlipRow, Wish } from "../src/member/hands/tasks.ts";
import type { Member } from "../src/member/member.ts";

const quiet = (): void => {};

function findIn(world: BodyWorld, id: string): Found {
  const inbox = inboxOf(world, id);
  if (!inbox) throw new Fault("INBOX_UNKNOWN");
  return { world, inbox };
}

/** An inbox of a body. @throws `INBOX_UNKNOWN`, what the server refuses, and what the checks of statements throw */
export const inboxIn = async (member: Member, body: string, inbox: string): Promise<Found> =>
  findIn(await loadWorld(member, { id: body, name: body }), inbox);

/** The slips of an inbox, as rows of its list. */
export const list = async (
  member: Member,
  body: string,
  inbox: string,
  range: Range = {},
): Promise<readonly SlipRow[]> => (await openList(member, await inboxIn(member, body, inbox), range, quiet)).rows;

export const open = async (member: Member, body: string, inbox: string, submission: string): Promise<Letter> =>
  openLetter(member, await inboxIn(member, body, inbox), submission);

/** Answers a letter that this member has opened. */
export const reply = async (member: Member, body: string, inbox: string, letter: string, text: string): Promise<void> =>
  sendReply(member, await inboxIn(member, body, inbox), letter, text);

/** Does something else about a letter that was opened before. */
export const handle = async (member: Member, body: string, inbox: string, letter: string, wish: Wish): Promise<void> =>
  actOnCase(member, await inboxIn(member, body, inbox), letter, wish);

const LOOKS = 1_800;
const BETWEEN_MS = 100;

/**
 * Until a request is under the signed log: an owner grants what the log says was asked for, and a person needs longer
 * than the log to come to it.
 * @throws `REQUEST_UNKNOWN`; `LOG_NOT_SIGNED` after three minutes
 */
export async function untilAsked(member: Member, body: string, id: string): Promise<void> {
  for (let look = 1; ; look++) {
    const request = (await member.api.requests(body)).find((one) => one.request === id);
    if (!request) throw new Fault("REQUEST_UNKNOWN");
    if (request.act.proof !== null) return;
    if (look === LOOKS) throw new Fault("LOG_NOT_SIGNED");
    await wait(BETWEEN_MS);
  }
}

/** Confirms an open request. @param now milliseconds @returns the grant @throws `REQUEST_UNKNOWN` */
export const confirm = (member: Member, body: string, id: string, now?: number): Promise<string> =>
  again(async () => {
    const world = await loadWorld(member, { id: body, name: body });
    const request = (await loadRequests(member, [world])).find((one) => one.request === id);
    if (!request) throw new Fault("REQUEST_UNKNOWN");
    const found = findIn(world, request.inbox);
    return confirmRequest(member, found, request, countedFor(request, found.inbox), quiet, now);
  });

/** Ends one person's grant. @throws `STATEMENT_INVALID` when there is no such grant */
export const end = (
  member: Member,
  body: string,
  { grant, person, reason }: { readonly grant: string; readonly person: string; readonly reason: EndReason },
): Promise<void> =>
  again(async () => {
    const world = await loadWorld(member, { id: body, name: body });
    const inbox = world.state.grants.get(grant)?.inbox;
    if (inbox === undefined) throw new Fault("STATEMENT_INVALID", "there is no such grant");
    await endGrant(member, findIn(world, inbox), grant, person, reason);
  });

/** Opens an incident of the member's own body, under its statements as they are now. @returns its id */
export async function openIncident(
  member: Member,
  fields: Extract<ActFields, { kind: "incident.opened" }>,
  texts: Texts,
): Promise<string> {
  await stateOf(member, incidents.incidentBody(member).id);
  return incidents.openIncident(member, fields, texts);
}

/**
 * An incident once all of its acts are under the signed log: a person would look again until then.
 * @throws `LOG_NOT_SIGNED` after three minutes
 */
export async function incident(member: Member, id: string): Promise<incidents.Incident> {
  for (let look = 1; ; look++) {
    const found = await incidents.loadIncident(member, id);
    if (found.waiting === 0) return found;
    if (look === LOOKS) throw new Fault("LOG_NOT_SIGNED");
    await wait(BETWEEN_MS);
  }
}

/** Records an act behind the ones that are there. */
export const act = async (member: Member, id: string, fields: ActFields, texts: Texts = {}): Promise<void> =>
  incidents.record(member, await incident(member, id), fields, texts);

export const makeDocumentInbox = (member: Member, id: string): Promise<void> =>
  again(async () => documents.makeDocumentInbox(member, await incident(member, id)));

/** Seals content to an incident. @returns the document */
export async function seal(
  member: Member,
  id: string,
  what: DocumentKind,
  content: Bytes,
  count: number,
): Promise<string> {
  await incident(member, id);
  return documents.sealDocument(member, id, what, content, count);
}

/** @throws `NOT_FOUND` */
export async function openDocument(member: Member, id: string, document: string): Promise<Bytes> {
  const found = await incident(member, id);
  const sealed = found.state.documents.find((one) => one.document === document);
  if (!sealed) throw new Fault("NOT_FOUND");
  return documents.openDocument(member, found, sealed);
}

/** What the whole log says of letters that could be reached. @param from when it may have begun, milliseconds */
export const reachOf = async (member: Member, id: string, scope: Scope, from: number): Promise<ReachAnswer> =>
  whoWasReached(member, await incident(member, id), scope, from, quiet);

/** The writers of letters, each with what was reached of theirs. */
export async function peopleOfLetters(
  member: Member,
  id: string,
  inbox: string,
  letters: readonly Reached[],
): Promise<readonly AffectedPerson[]> {
  const found = await incident(member, id);
  return (await loadPeople(member, found, findIn(found.world, inbox), letters, quiet)).people;
}

export type Sent = {
  readonly ways: readonly { readonly person: AffectedPerson; readonly way: Way }[];
  /** how many letters were taken in now */
  readonly stored: number;
};

/**
 * Seals and hands in a letter to everybody who is told by e-mail and has none on its way. Called again it hands over
 * again what the mailroom lost, and nothing else.
 */
export async function sendLetters(
  member: Member,
  body: string,
  id: string,
  people: readonly AffectedPerson[],
  draft: MessageDraft,
): Promise<Sent> {
  const world = { body, incident: id, people, draft, messages: await member.api.messages(body, id) };
  const ways = people.map((person) => ({ person, way: wayOf(person, draft.neverAsked) }));
  return { ways, stored: dueByEmail(world).length === 0 ? 0 : await handInAll(member, world, quiet) };
}

/** How the report stands; null while nobody is aware. */
export async function reportStands(member: Member, id: string): Promise<Standing | null> {
  const found = await incident(member, id);
  const { around, typed } = await filings.loadFilings(member, found);
  return standingReport(found.state, around, typed, Date.now());
}

/** Makes the next version of the report. @throws `REPORT_INCOMPLETE` */
export async function makeVersion(member: Member, id: string, phase: Phase): Promise<Report> {
  const found = await incident(member, id);
  const made = await filings.makeVersion(member, found, await filings.loadFilings(member, found), phase);
  const { versions } = await filings.loadFilings(member, await incident(member, id));
  const report = versions.find(({ version }) => version === made)?.report;
  if (!report) throw new Fault("NOT_FOUND", "the version does not fit what was signed");
  return report;
}

export const followUp = async (member: Member, id: string, item: Followed, texts: Texts): Promise<void> =>
  filings.followUp(member, await incident(member, id), item, texts);

export const publishNotice = async (member: Member, id: string, notice: string, texts: Texts | null): Promise<void> =>
  filings.notice(member, await incident(member, id), notice, texts);

/** Makes an evidence pack and fetches it. @throws `INCIDENT_MOVED`, `LOG_NOT_SIGNED` */
export async function evidencePack(member: Member, id: string): Promise<filings.CheckedPack> {
  const pack = await filings.makePack(member, await incident(member, id));
  return filings.fetchPack(member, await incident(member, id), pack);
}
