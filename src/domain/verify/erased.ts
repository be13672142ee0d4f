/**
 * Erasures against the log: what is marked as erased was erased by an event, and what an event says is erased is not
 * there.
 */
import type { Entry } from "../log/event.ts";
import type { ErasureRow } from "./rows.ts";

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;
type Against = (where: string, what: string) => void;
/** An event's row is not there: a finding, or lost with a database that was put back. */
type Missing = (where: string, what: string) => boolean;

export type ErasedCheck = {
  readonly requested: (leaf: string, entry: Of<"erasure.requested">) => void;
  readonly decided: (leaf: string, event: number, entry: Of<"erasure.done"> | Of<"erasure.refused">) => void;
  /** a letter that was received: is it marked, and is a sealed part of it there? */
  readonly letter: (id: string, marked: boolean, there: boolean) => void;
  /** a reading of an inbox of which the row cannot tell any more which letter it was of */
  readonly cut: (inbox: string) => void;
  /** a letter, or a reading of one, that was lost with a database that was put back */
  readonly lost: (what: { readonly letter: string } | { readonly readingIn: string }) => void;
  /** whether an event that was taken says so */
  readonly isErased: (submission: string) => boolean;
  readonly end: () => { readonly erased: number };
};

/**
 * @param again readings whose salts were taken once more when an older database was put in place: the erasures had
 * counted most of them already
 */
export function newErasedCheck(
  rows: readonly ErasureRow[],
  again: number,
  against: Against,
  missing: Missing,
  say: (what: string) => void,
): ErasedCheck {
  const asked = new Map(rows.map((row) => [row.id, row]));
  const requested = new Set<string>();
  const closed = new Set<string>();
  /** letter → the event that erased it */
  const erased = new Map<string, string>();
  const marked = new Set<string>();
  const stillThere = new Set<string>();
  const cuts = new Map<string, number>();
  const lostLetters = new Set<string>();
  /** readings that are lost, by inbox: any of them may have been one whose salt an erasure took */
  const slack = new Map<string, number>();
  const add = (inbox: string, count: number): void => void cuts.set(inbox, (cuts.get(inbox) ?? 0) + count);

  return {
    requested(leaf, entry) {
      const row = asked.get(entry.erasure);
      if (requested.has(entry.erasure))
        against(leaf, `another event speaks of the request for erasure ${entry.erasure}, too`);
      requested.add(entry.erasure);
      if (row === undefined) missing(leaf, `there is no request for erasure ${entry.erasure}`);
      else if (row.body !== entry.body || row.submission !== entry.submission || row.askedBy !== entry.askedBy)
        against(leaf, `the row of the request for erasure ${row.id} says something else`);
    },
    decided(leaf, event, entry) {
      const row = asked.get(entry.erasure);
      if (closed.has(entry.erasure))
        against(leaf, `another event decides the request for erasure ${entry.erasure}, too`);
      closed.add(entry.erasure);
      const state = entry.kind === "erasure.done" ? "granted" : "refused";
      if (row === undefined) missing(leaf, `there is no request for erasure ${entry.erasure}`);
      else if (
        row.submission !== entry.submission ||
        row.state !== state ||
        row.reason !== entry.reason ||
        row.event !== event
      )
        against(leaf, `the row of the request for erasure ${row.id} says something else`);
      if (entry.kind !== "erasure.done") return;
      for (const id of [entry.submission, ...entry.additions]) erased.set(id, leaf);
      add(entry.inbox, entry.releases);
    },
    letter(id, isMarked, there) {
      if (isMarked) marked.add(id);
      // A letter that was never marked is of no account here: an event that erased it is missed below.
      if (isMarked && there) stillThere.add(id);
    },
    cut: (inbox) => add(inbox, -1),
    lost(what) {
      if ("letter" in what) lostLetters.add(what.letter);
      else slack.set(what.readingIn, (slack.get(what.readingIn) ?? 0) + 1);
    },
    isErased: (submission) => erased.has(submission),
    end() {
      for (const row of rows) {
        if (!requested.has(row.id)) say(`no event speaks of the request for erasure ${row.id}`);
        if (row.state !== "open" && !closed.has(row.id))
          say(`the request for erasure ${row.id} is ${row.state}, and no event says so`);
      }
      for (const [id, leaf] of erased) {
        if (stillThere.has(id))
          against(leaf, `it says that submission ${id} was erased, and sealed bytes of it are there`);
        if (!marked.has(id) && !lostLetters.has(id))
          against(leaf, `it says that submission ${id} was erased, and its row does not`);
      }
      for (const id of marked)
        if (!erased.has(id)) say(`the submission ${id} is marked as erased, and no event says so`);
      for (const what of wrongCuts(cuts, slack, again)) say(what);
      return { erased: erased.size };
    },
  };
}

/** Inboxes whose readings have lost more salts, or fewer, than erasures and lost rows account for. */
function* wrongCuts(
  cuts: ReadonlyMap<string, number>,
  slack: ReadonlyMap<string, number>,
  again: number,
): Generator<string> {
  let left = again;
  for (const [inbox, count] of cuts) {
    if (count < 0) left += count;
    const wrong = count < 0 ? left < 0 : count > (slack.get(inbox) ?? 0);
    if (wrong)
      yield `of the inbox ${inbox} ${count < 0 ? "more" : "fewer"} readings have lost their salt than erasures have taken`;
  }
}
