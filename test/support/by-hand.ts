/**
 * What somebody can do with their keys beside the flows of the staff pages: for attacks, and to look at what a flow
 * keeps to itself.
 */
import {
  confirmedPerson,
  type ConfirmedPerson,
  type PersonRow as SignedRow,
} from "../../src/domain/grant/confirmed.ts";
import type { Request } from "../../src/contract/grants.ts";
import type { Bytes } from "../../src/domain/bytes.ts";
import type { SignedAsk } from "../../src/domain/grant/asked.ts";
import type { Draft } from "../../src/domain/grant/drafts.ts";
import { plainEvent } from "../../src/domain/log/asked.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { openWrap } from "../../src/domain/grant/unwrap.ts";
import type { InboxKey } from "../../src/domain/grant/wrap.ts";
import { draftAct, type ActFields, type ActHead, type SignedAct, type Texts } from "../../src/domain/incident/act.ts";
import { bundlesOf, IndexFill } from "../../src/domain/incident/log-index-fill.ts";
import type { LogIndex } from "../../src/domain/incident/log-index.ts";
import { parseCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { vkeyOfLog } from "../../src/domain/log/names.ts";
import { parseNote } from "../../src/domain/log/note.ts";
import type { PersonKeys } from "../../src/domain/person/keys.ts";
import { openPersonKeys } from "../../src/domain/person/unlock.ts";
import { Fault } from "../../src/domain/problem.ts";
import { auditLog } from "../../src/member/flows/audit.ts";
import type { PersonRow } from "../../src/contract/people.ts";
import type { PreparedPerson } from "../../demo/prepared.ts";
import type { Visit } from "./staffed.ts";

/** The keys themselves, which no hands give away. */
export const secretsOf = ({ unlocked, joining, person }: PreparedPerson): Promise<PersonKeys> =>
  openPersonKeys(unlocked.unlock, joining!.copy.sealedKeys, person);

export function keysOf({ keys }: Pick<Visit, "keys">): PersonKeys {
  if (!keys) throw new Fault("UNLOCK_FAILED", "this person has no keys");
  return keys;
}

/** An act of an incident, signed behind whatever head is given. */
export const signed = (
  { me, keys }: Pick<Visit, "me" | "keys">,
  head: ActHead,
  fields: ActFields,
  texts: Texts,
): SignedAct => {
  const { person, signingSecret } = keysOf({ keys });
  return draftAct(head, { person, role: me.role, signingSecret }, fields, texts);
};

/** The keys of every epoch that somebody was given. */
export const inboxKeys = async (visit: Visit, state: BodyState, inbox: string): Promise<InboxKey[]> =>
  Promise.all(
    (await visit.api.wraps(state.body, inbox)).map(({ epoch, wrap }) =>
      openWrap(state, keysOf(visit), inbox, epoch, wrap),
    ),
  );

/** @throws `PERSON_MISMATCH` for a row that is not what an owner signed */
export const confirmedOf = (
  state: BodyState,
  rows: readonly PersonRow[],
  persons: readonly string[],
): ConfirmedPerson[] =>
  persons.map((person) => confirmedPerson(state, rows.find((known) => known.person === person) as SignedRow));

export const postDraft = (
  { api }: Visit,
  body: string,
  { statements, wraps, recipients }: Draft,
  request?: string,
): Promise<void> => api.post(body, { statements, wraps, recipients, ...(request !== undefined && { request }) });

/** Every entry of the log of the visitor's body, verified to be what it signed. */
export async function readLog(visit: Visit): Promise<LogIndex> {
  const body = visit.me.body!.id;
  const { note } = (await auditLog(visit, body))!;
  const fill = new IndexFill();
  for (const { index, width } of bundlesOf(parseCheckpoint(parseNote(note).text).size))
    fill.add(await visit.api.entries(body, 0, index, width));
  return fill.done(note, vkeyOfLog(visit.setup.logKey, body));
}

/** What a grant holds of the request that it is for, as the server shows that. */
export const heldBy = ({ act, asker }: Request, operators: ReadonlyMap<string, Bytes>): SignedAsk => ({
  asked: plainEvent(act.entry),
  askedSignature: act.signature,
  askerKey: operators.get(asker.person)!,
  personsSalt: act.personsSalt,
});
