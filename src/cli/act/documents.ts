/**
 * DANGEROUS: an incident's papers and its affected people, at a desk: the same order as in a browser; proof, seal,
 * context.
 */
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { draftInbox } from "../../domain/grant/drafts.ts";
import { IndexFill, bundlesOf } from "../../domain/incident/log-index-fill.ts";
import type { LogIndex } from "../../domain/incident/log-index.ts";
import { openPaper } from "../../domain/incident/open-paper.ts";
import { personOfLetter } from "../../domain/incident/own-people.ts";
import { incidentInbox, sealPaper } from "../../domain/incident/paper.ts";
import { verifyPaperRelease } from "../../domain/incident/paper-release.ts";
import type { Paper } from "../../domain/incident/codes.ts";
import { writersOf, type Reached, type ReadingRow } from "../../domain/incident/reach.ts";
import { openCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { verifyRelease } from "../../domain/log/release-proof.ts";
import { entriesPath } from "../../domain/log/tile.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import { fetchFrom } from "../client.ts";
import { bytes, id, list, listOf, maybe, record, text } from "../shape.ts";
import * as wire from "../wire.ts";
import { incident as read, signed } from "./incident.ts";
import { inboxKeys } from "./keys.ts";
import { again, postDraft } from "./post.ts";
import { lettersOf } from "./read.ts";
import { confirmedOf, inboxesOf, keysOf, kindOf, peopleOf, stateOf, type Visit } from "./visit.ts";

const at = (body: string, one: string): string => `/api/bodies/${encodeURIComponent(body)}/incidents/${one}`;

/** Makes the incident's inbox, held by all owners. */
export const makePapers = (visit: Visit, body: string, one: string, now = Date.now()): Promise<void> =>
  again(async () => {
    const [state, rows] = await Promise.all([stateOf(visit, body), peopleOf(visit, body)]);
    const owners = [...state.persons.values()].filter(({ role }) => role === "owner").map(({ person }) => person);
    await postDraft(
      visit,
      body,
      await draftInbox(state, keysOf(visit), confirmedOf(state, rows, owners), kindOf(visit), now, incidentInbox(one)),
    );
  });

/** Seals content to the incident. @returns the document's id */
export async function seal(
  visit: Visit,
  body: string,
  one: string,
  what: Paper,
  content: Bytes,
  count: number,
): Promise<string> {
  const [{ head }, inboxes] = await Promise.all([read(visit, body, one), inboxesOf(visit, body)]);
  const epoch = inboxes.find(({ inbox }) => inbox === incidentInbox(one))?.epochs.at(-1);
  if (!epoch?.recipient) throw new Fault("INBOX_UNKNOWN");
  const document = newId();
  const sealed = await sealPaper({ incident: one, epoch: epoch.epoch, document, what }, content, epoch.recipient);
  const act = signed(
    visit,
    head,
    {
      kind: "incident.sealed",
      document,
      what,
      epoch: epoch.epoch,
      digest: toHex(sha256(sealed)),
      size: sealed.length,
      count,
    },
    {},
  );
  await visit.client.post(`${at(body, one)}/documents`, { act, bytes: sealed });
  return document;
}

const TURNS = 8;
const released = record({ proof: text, entry: bytes, personSalt: bytes, bytes });

/** Asks for what a release gives, until the log is signed over it. @throws `LOG_NOT_SIGNED` */
async function collect<T>(visit: Visit, path: string, parse: (value: unknown) => T): Promise<T> {
  for (let turn = 0; turn < TURNS; turn++) {
    const { status, value } = await visit.client.get(path);
    if (status !== 202) return parse(value);
  }
  throw new Fault("LOG_NOT_SIGNED");
}

/** Opens a paper, after the proof that this reading is in the log. */
export async function openPaperOf(visit: Visit, body: string, one: string, document: string): Promise<Bytes> {
  const [{ state }, chain] = await Promise.all([read(visit, body, one), stateOf(visit, body)]);
  const paper = state.papers.find((known) => known.document === document);
  if (!paper) throw new Fault("NOT_FOUND");
  const release = newId();
  await visit.client.post(`${at(body, one)}/documents/${document}/releases`, { release });
  const got = await collect(visit, `${at(body, one)}/releases/${release}`, released);
  const verdict = verifyPaperRelease({
    ...got,
    body,
    incident: one,
    document,
    person: visit.me.person,
    role: visit.me.role,
    release,
    logKey: visit.where.logKey,
  });
  if (!verdict.ok) throw new Fault(verdict.code);
  const key = (await inboxKeys(visit, chain, incidentInbox(one))).find(({ epoch }) => epoch === paper.epoch);
  if (!key) throw new Fault("REFUSED_EPOCH");
  return openPaper(
    key.identity,
    got.bytes,
    { incident: one, epoch: paper.epoch, document, what: paper.what },
    paper.digest,
  );
}

/** Every entry of the log, verified to be what it signed. */
export async function readLog(visit: Visit): Promise<LogIndex> {
  const fetched = async (path: string): Promise<Response> =>
    fetchFrom(`${visit.client.origin}/api/log/${path}`, { headers: { cookie: visit.client.cookie() } });
  const note = await (await fetched("checkpoint")).text();
  const fill = new IndexFill();
  for (const { index, width } of bundlesOf(openCheckpoint(note, parseVerifierKey(visit.where.logKey)).size))
    fill.add(new Uint8Array(await (await fetched(entriesPath(index, width))).arrayBuffer()));
  return fill.done(note, visit.where.logKey);
}

const reading = record({ release: id, person: id, personSalt: bytes, idsSalt: maybe(bytes), ids: list(id) });

export const readingsOf = async (
  visit: Visit,
  body: string,
  one: string,
  inbox: string,
): Promise<readonly ReadingRow[]> =>
  listOf("readings", reading)((await visit.client.get(`${at(body, one)}/readings/${inbox}`)).value);

/**
 * The writers of letters, each with what was reached of theirs. At most a hundred letters at once.
 * @param planted letters of the monitor, by its signature: where the seal says so too they are nobody's
 */
export async function peopleOfLetters(
  visit: Visit,
  body: string,
  one: string,
  inbox: string,
  letters: readonly Reached[],
  planted: ReadonlySet<string> = new Set(),
): Promise<readonly AffectedPerson[]> {
  const writers = writersOf(letters);
  const release = newId();
  await visit.client.post(`${at(body, one)}/affected`, { release, inbox, submissions: [...writers.keys()] });
  const got = await collect(visit, `/api/releases/${release}`, wire.released);
  const verdict = verifyRelease({
    ...got,
    ids: got.items.map((item) => item.submission),
    person: visit.me.person,
    role: visit.me.role,
    purpose: "affected",
    body,
    inbox,
    release,
    logKey: visit.where.logKey,
  });
  if (!verdict.ok) throw new Fault(verdict.code);
  const opened = await lettersOf(visit, body, inbox, got.items);
  await visit.client.post(`/api/releases/${release}/opened`, { submissions: [] });
  return opened
    .filter(({ flagged, submission }) => !(flagged && planted.has(submission)))
    .map(({ form, content, submission }) => ({
      ...personOfLetter(form, content, submission),
      records: writers.get(submission) ?? [submission],
    }));
}
