/**
 * What follows an incident: the regulator's questions and decision, what is to be done by whom until when, training,
 * the press. Each is an item with a kind, a day, perhaps a deadline, an end, a code and texts. It is never changed: a
 * new revision stands beside the old one, each an act of its own.
 */
import { Fault } from "../problem.ts";
import type { ActEvent } from "./act.ts";
import { wordsOf } from "./words.ts";

type TextOf = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly long?: boolean;
  readonly needed: boolean;
  /** needed once the item has ended */
  readonly toEnd?: boolean;
};

export type ItemShape = {
  /** one of them, and the heading over them */
  readonly one: string;
  readonly many: string;
  readonly texts: readonly TextOf[];
  readonly codes?: Readonly<Record<string, string>>;
  /** what the three days are called; null: there is no such day */
  readonly on: string;
  readonly due: string | null;
  readonly done: string | null;
};

export const ITEM_KINDS = {
  "report-sent": {
    one: "A report that was sent",
    many: "Reports sent to the regulator",
    on: "When it was sent",
    due: null,
    done: null,
    texts: [
      { id: "version", label: "Which version", needed: true },
      {
        id: "reference",
        label: "The regulator’s case reference",
        hint: "As it stands in the answer. It can be added later.",
        needed: false,
      },
      { id: "how", label: "How it was sent", needed: false },
    ],
  },
  "regulator-question": {
    one: "A question from the regulator",
    many: "Questions from the regulator",
    on: "When it was asked",
    due: "To be answered by",
    done: "When it was answered",
    texts: [
      { id: "question", label: "What they asked", long: true, needed: true },
      { id: "answer", label: "What you answered", long: true, needed: false, toEnd: true },
    ],
  },
  outcome: {
    one: "The outcome",
    many: "The outcome",
    on: "When it was decided",
    due: null,
    done: null,
    codes: {
      "no-action": "No further action",
      advice: "Advice",
      reprimand: "A reprimand",
      "enforcement-notice": "An enforcement notice",
      fine: "A fine",
      other: "Something else",
    },
    texts: [{ id: "what", label: "What the regulator said", long: true, needed: true }],
  },
  recommendation: {
    one: "A recommendation",
    many: "Recommendations",
    on: "When it was made",
    due: "To be done by",
    done: "When it was done",
    texts: [
      { id: "what", label: "What is to be done", long: true, needed: true },
      { id: "owner", label: "Who sees to it", needed: true },
      { id: "evidence", label: "What shows that it was done", long: true, needed: false, toEnd: true },
    ],
  },
  training: {
    one: "Staff training",
    many: "Staff training",
    on: "When it was decided",
    due: "Takes place by",
    done: "When it took place",
    texts: [
      { id: "what", label: "What about", long: true, needed: true },
      { id: "who", label: "For whom", hint: "Teams or roles.", needed: true },
      { id: "evidence", label: "Who took part, as numbers, and where that is recorded", needed: false, toEnd: true },
    ],
  },
  press: {
    one: "An enquiry from the press",
    many: "Enquiries from the press",
    on: "When they asked",
    due: "Their deadline",
    done: "When they were answered",
    texts: [
      { id: "outlet", label: "Who asks", needed: true },
      { id: "question", label: "What they ask", long: true, needed: true },
      { id: "owner", label: "Who answers", needed: true },
      { id: "answer", label: "What you answered", long: true, needed: false, toEnd: true },
    ],
  },
} as const satisfies { readonly [kind: string]: ItemShape };

export type ItemKind = keyof typeof ITEM_KINDS;
export const isItemKind = (value: unknown): value is ItemKind =>
  typeof value === "string" && Object.hasOwn(ITEM_KINDS, value);
export const shapeOf = (what: ItemKind): ItemShape => ITEM_KINDS[what];

/** One revision of an item, as its event has it. Times in milliseconds. */
export type Followed = {
  readonly what: ItemKind;
  /** 32 hex */
  readonly item: string;
  /** from 1 */
  readonly revision: number;
  /** the day that it is about */
  readonly on: number;
  readonly due: number | null;
  readonly done: number | null;
  readonly code: string | null;
};

/** The same with its texts, by field. */
export type Item = Followed & { readonly texts: Readonly<Record<string, string>> };

/**
 * What an act follows up with; null for a kind or a code that there is not, and for a deadline or an end where there is
 * none.
 */
export function followedOf(event: Extract<ActEvent, { kind: "incident.followed" }>): Followed | null {
  const { what, item, revision, on, due = null, done = null, code = null } = event;
  if (!isItemKind(what) || event.words === undefined) return null;
  const shape = shapeOf(what);
  const fits =
    (shape.due !== null) === (due !== null) &&
    (shape.done !== null || done === null) &&
    (shape.codes === undefined ? code === null : code !== null && Object.hasOwn(shape.codes, code));
  return fits ? { what, item, revision, on, due, done, code } : null;
}

/** Whether a revision may come next: the first of a new item, or the one after the last of the same kind. */
export function mayFollow(before: readonly Followed[], next: Followed): boolean {
  const last = before.findLast((one) => one.item === next.item);
  return last === undefined ? next.revision === 1 : next.revision === last.revision + 1 && next.what === last.what;
}

/**
 * When the first report was sent to the regulator, as recorded; null before that. What stands of each item is its
 * newest revision.
 */
export function firstSent(followed: readonly Followed[]): number | null {
  const sent = newest(followed)
    .filter(({ what }) => what === "report-sent")
    .map(({ on }) => on);
  return sent.length === 0 ? null : Math.min(...sent);
}

/** Everything that is wrong with an item, by field; an empty list is none. */
export function itemProblems(
  what: ItemKind,
  given: Pick<Item, "due" | "done" | "code" | "texts">,
): { field: string; text: string }[] {
  const { texts, codes, due, done } = shapeOf(what);
  const has = (id: string): boolean => (given.texts[id] ?? "").trim() !== "";
  const problems: { field: string; text: string }[] = [];
  if (codes !== undefined && given.code === null) problems.push({ field: "code", text: "Select the outcome" });
  if (due !== null && given.due === null)
    problems.push({ field: "due", text: `Enter a day for “${due}”: without one it would be forgotten` });
  for (const { id, label, needed, toEnd } of texts) {
    if (has(id)) continue;
    if (needed) problems.push({ field: id, text: `Fill in “${label}”` });
    else if (toEnd === true && given.done !== null)
      problems.push({ field: id, text: `Fill in “${label}”, because it is said to be done` });
  }
  if (done === null && given.done !== null) problems.push({ field: "done", text: "This has no end" });
  return problems;
}

const bad = (what: string): never => {
  throw new Fault("BAD_REQUEST", what);
};

/** A revision as given: its texts are those of its kind, and none that it needs is missing. @throws `BAD_REQUEST` */
export function checkItem(item: Item): void {
  const { what, texts } = item;
  const known = new Set(shapeOf(what).texts.map(({ id }) => id as string));
  if (Object.keys(texts).some((id) => !known.has(id))) bad("a text that this kind does not have");
  for (const text of Object.values(texts)) wordsOf(text);
  const [problem] = itemProblems(what, item);
  if (problem) bad(problem.text);
}

export type Standing = "overdue" | "open" | "done" | "noted";

/** How an item stands: what has no deadline and no end is only noted. */
export function standing(item: Pick<Item, "what" | "due" | "done">, now: number): Standing {
  if (item.done !== null) return "done";
  if (shapeOf(item.what).done === null) return "noted";
  return item.due !== null && item.due < now ? "overdue" : "open";
}

/** The newest revision of each item. */
export function newest<T extends Followed>(items: readonly T[]): readonly T[] {
  const found = new Map<string, T>();
  for (const one of items) if ((found.get(one.item)?.revision ?? 0) < one.revision) found.set(one.item, one);
  return [...found.values()];
}

/** The newest revision of each item, those that are overdue first, then by deadline. */
export function latest<T extends Followed>(items: readonly T[], now: number): readonly T[] {
  const rank = (one: T): number => ["overdue", "open", "noted", "done"].indexOf(standing(one, now));
  return [...newest(items)].sort((a, b) => rank(a) - rank(b) || (a.due ?? a.on) - (b.due ?? b.on));
}

/** What is late: an unanswered newspaper above all, so that none goes unanswered. */
export const overdue = <T extends Followed>(items: readonly T[], now: number): readonly T[] =>
  latest(items, now).filter((one) => standing(one, now) === "overdue");
