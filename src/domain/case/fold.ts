/**
 * A case is the fold of its acts: what people did about one letter, each act naming the one before. The first names the
 * letter's own entry, so no act can be shown with another letter. What makes no sense is refused here, for server,
 * browser and verifier alike.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { leafHash } from "../log/tree.ts";
import { Fault } from "../problem.ts";

export type CaseAct = Extract<Entry, { readonly kind: `case.${string}` }>;
export type CaseKind = CaseAct["kind"];
export type Replied = Extract<CaseAct, { readonly kind: "case.replied" }>;
export type Outcome = Extract<CaseAct, { readonly kind: "case.closed" }>["outcome"];

/** Where the next act stands. `case` bears the id of the letter that it began with. */
export type CaseHead = Pick<CaseAct, "body" | "inbox" | "case" | "seq" | "prev">;

/**
 * How far a case is: nobody has done anything yet; somebody has, and has not answered since it was opened last; somebody
 * has answered; it is closed.
 */
export type CaseStep = "new" | "in-hand" | "answered" | "closed";

export type CaseState = {
  readonly head: CaseHead;
  readonly acts: readonly CaseAct[];
  readonly step: CaseStep;
  /** of a closed case alone */
  readonly outcome: Outcome | null;
  /** the last act by which it was given to somebody */
  readonly assigned: Extract<CaseAct, { readonly kind: "case.assigned" }> | null;
};

const begun = (head: CaseHead): CaseState => ({ head, acts: [], step: "new", outcome: null, assigned: null });

/** The case of a letter of which nothing has been done, from the entry by which it was received. @throws `CASE_BROKEN` */
export function newCase(letter: Bytes): CaseState {
  const received = parseEntry(letter);
  if (received.kind !== "submission.received" || received.first !== undefined)
    throw new Fault("CASE_BROKEN", "a case begins with a letter");
  const { body, inbox, submission } = received;
  return begun({ body, inbox, case: submission, seq: 0, prev: toHex(leafHash(letter)) });
}

/**
 * The case of a letter, from the entry by which it was received and those of its acts, the first first. Whether they
 * stand in the log, and who signed them, is asked elsewhere.
 * @throws `CASE_BROKEN` where one is missing between two others, is of another letter, is no act of a case, or makes no
 * sense behind those before it
 */
export const caseOf = (letter: Bytes, entries: readonly Bytes[]): CaseState => folded(newCase(letter), entries);

/**
 * The same without the letter's own entry: that the first act names it is asked by whoever opens that letter.
 * @throws `CASE_BROKEN`
 */
export function caseOfActs(entries: readonly [Bytes, ...Bytes[]]): CaseState {
  const { body, inbox, case: letter, prev } = actIn(entries[0]);
  return folded(begun({ body, inbox, case: letter, seq: 0, prev }), entries);
}

/** A case and its next act. @throws `CASE_BROKEN` */
export const withAct = (before: CaseState, entry: Bytes): CaseState => {
  const act = actIn(entry);
  return { ...after(before, act, entry), acts: [...before.acts, act] };
};

type Fold = Omit<CaseState, "acts">;

/** All of them in one go: a case of a thousand acts is not copied a thousand times. */
function folded(begin: CaseState, entries: readonly Bytes[]): CaseState {
  const acts = [...begin.acts];
  let state: Fold = begin;
  for (const entry of entries) {
    const act = actIn(entry);
    state = after(state, act, entry);
    acts.push(act);
  }
  return { ...state, acts };
}

function after(before: Fold, act: CaseAct, entry: Bytes): Fold {
  const { head } = before;
  if (!follows(act, head) || (act.kind === "case.replied" && act.submission !== head.case))
    throw new Fault("CASE_BROKEN", "an act does not follow the one before");
  const why = refusalOf(before, act.kind);
  if (why !== null) throw new Fault("CASE_BROKEN", why);
  return {
    head: { ...head, seq: head.seq + 1, prev: toHex(leafHash(entry)) },
    step: stepAfter(before.step, act.kind),
    outcome: act.kind === "case.closed" ? act.outcome : act.kind === "case.reopened" ? null : before.outcome,
    assigned: act.kind === "case.assigned" ? act : before.assigned,
  };
}

/**
 * Why an act of this kind makes no sense now; null when it does. A closed case is given to nobody and closed no second
 * time; what is noted or answered behind its end stays possible.
 */
export function refusalOf({ step }: Pick<CaseState, "step">, kind: CaseKind): "CASE_CLOSED" | "CASE_OPEN" | null {
  if (step === "closed") return kind === "case.assigned" || kind === "case.closed" ? "CASE_CLOSED" : null;
  return kind === "case.reopened" ? "CASE_OPEN" : null;
}

function stepAfter(before: CaseStep, kind: CaseKind): CaseStep {
  if (kind === "case.closed") return "closed";
  if (kind === "case.reopened") return "in-hand";
  if (before === "closed") return "closed";
  return kind === "case.replied" || before === "answered" ? "answered" : "in-hand";
}

/** Whether an act, logged or only said, stands where the next one has to. */
export const follows = (said: CaseHead, head: CaseHead): boolean =>
  said.body === head.body &&
  said.inbox === head.inbox &&
  said.case === head.case &&
  said.seq === head.seq &&
  said.prev === head.prev;

export const isCaseAct = (entry: Entry): entry is CaseAct => entry.kind.startsWith("case.");

function actIn(bytes: Bytes): CaseAct {
  let act: Entry;
  try {
    act = parseEntry(bytes);
  } catch {
    throw new Fault("CASE_BROKEN", "an act cannot be read");
  }
  if (!isCaseAct(act)) throw new Fault("CASE_BROKEN", "not an act of a case");
  return act;
}
