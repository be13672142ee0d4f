/**
 * A case is the fold of its acts: what people did about one letter, each act naming the one before. The first names the
 * letter's own entry, so no act can be shown with another letter. So far there is one kind of act, a reply; another kind
 * is another row of `event-kinds.ts` with the same beginning.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { leafHash } from "../log/tree.ts";
import { Fault } from "../problem.ts";

export type CaseAct = Extract<Entry, { readonly kind: `case.${string}` }>;
export type Replied = Extract<CaseAct, { readonly kind: "case.replied" }>;

/** Where the next act stands. `case` bears the id of the letter that it began with. */
export type CaseHead = Pick<CaseAct, "body" | "inbox" | "case" | "seq" | "prev">;

export type CaseState = { readonly head: CaseHead; readonly acts: readonly CaseAct[] };

/**
 * The case of a letter, from the entry by which it was received and those of its acts, the first first. Whether they
 * stand in the log, and who signed them, is asked elsewhere.
 * @throws `CASE_BROKEN` where one is missing between two others, is of another letter, or is no act of a case
 */
export function caseOf(letter: Bytes, entries: readonly Bytes[]): CaseState {
  const received = parseEntry(letter);
  if (received.kind !== "submission.received" || received.first !== undefined)
    throw new Fault("CASE_BROKEN", "a case begins with a letter");
  const { body, inbox, submission } = received;
  let head: CaseHead = { body, inbox, case: submission, seq: 0, prev: toHex(leafHash(letter)) };
  const acts: CaseAct[] = [];
  for (const bytes of entries) {
    const act = actIn(bytes);
    if (!follows(act, head) || act.submission !== submission)
      throw new Fault("CASE_BROKEN", "an act does not follow the one before");
    acts.push(act);
    head = { ...head, seq: head.seq + 1, prev: toHex(leafHash(bytes)) };
  }
  return { head, acts };
}

/** Whether an act, logged or only said, stands where the next one has to. */
export const follows = (said: CaseHead, head: CaseHead): boolean =>
  said.body === head.body &&
  said.inbox === head.inbox &&
  said.case === head.case &&
  said.seq === head.seq &&
  said.prev === head.prev;

function actIn(bytes: Bytes): CaseAct {
  let act: Entry;
  try {
    act = parseEntry(bytes);
  } catch {
    throw new Fault("CASE_BROKEN", "an act cannot be read");
  }
  if (act.kind !== "case.replied") throw new Fault("CASE_BROKEN", "not an act of a case");
  return act;
}
