/**
 * Entries of the log as sentences. The entry decides the sentence; names are the server's, who alone can resolve its
 * commitments.
 */
import { canonicalBytes } from "../../domain/canonical.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { HOST, whoseEntry } from "../../domain/log/names.ts";
import type { LogItem } from "../../contract/log.ts";
import { factsOf, isToSomebody, titleOfKind, type Fact } from "./events.ts";
import { count, number, roleName } from "./format.ts";

/** Neighbours that say the same, told once: a day with 300 letters is one line, not 300. */
export type Run = { readonly items: readonly [LogItem, ...LogItem[]] };

const sameRun = (a: Entry, b: Entry): boolean => a.kind === "submission.received" && b.kind === "submission.received";

/** Entries newest first; letters that came one after the other become one run. */
export function runsOf(items: readonly LogItem[]): readonly Run[] {
  const runs: [LogItem, ...LogItem[]][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && sameRun(entryOf(last[0]), entryOf(item))) last.push(item);
    else runs.push([item]);
  }
  return runs.map((run) => ({ items: run }));
}

const entryOf = (item: LogItem): Entry => parseEntry(canonicalBytes(item.event));

export type Told = {
  readonly title: string /** with its preposition: "by …" or "to …" */;
  readonly by: string | null;
  readonly facts: readonly Fact[];
};

/**
 * One run as a sentence, who did it, and facts.
 * @param all the entries of the page; an opening names only its release, so the form is found there
 * @param titleOf the title of an inbox's form
 */
export function tell(run: Run, all: readonly LogItem[], titleOf: (inbox: string) => string): Told {
  const { items } = run;
  const [item] = items;
  const entry = entryOf(item);
  if (items.length > 1) return tellRun(run, titleOf);
  const people = item.about.people.map((one) => one.name);
  const facts: Fact[] = [];
  const inbox = inboxOf(entry, all);
  if (inbox !== undefined && titleOf(inbox) !== "") facts.push({ key: "Form", value: titleOf(inbox) });
  facts.push(...factsOf(entry, { people, reason: item.about.reason }));
  // What concerns every body stands in the host's log, which counts for itself.
  const key = whoseEntry(entry) === HOST ? "Entry of the host’s log" : "Entry";
  facts.push({ key, value: number(item.leaf) });
  return {
    title: titleOfKind(entry),
    by: item.who ? `${isToSomebody(entry.kind) ? "to" : "by"} ${item.who.name}, ${roleName(item.who.role)}` : null,
    facts,
  };
}

function inboxOf(entry: Entry, all: readonly LogItem[]): string | undefined {
  if (entry.kind !== "letter.opened") return "inbox" in entry ? entry.inbox : undefined;
  const released = all.map(entryOf).find((one) => one.kind === "letter.released" && one.release === entry.release);
  return released?.kind === "letter.released" ? released.inbox : undefined;
}

/** Several letters: how many to which form, and how many the counter saw. */
function tellRun({ items }: Run, titleOf: (inbox: string) => string): Told {
  const received = items.map(entryOf).flatMap((entry) => (entry.kind === "submission.received" ? [entry] : []));
  const inboxes = [...new Set(received.map((entry) => entry.inbox))];
  const forms = inboxes.map((inbox) => ({
    key: titleOf(inbox) || "A form",
    value: number(received.filter((entry) => entry.inbox === inbox).length),
  }));
  const counter = received.filter((entry) => entry.path === "counter").length;
  const leaves = items.map((item) => item.leaf);
  return {
    title: `${count(items.length, "letter was", "letters were")} received`,
    by: null,
    facts: [
      ...forms,
      ...(counter > 0 ? [{ key: "Of these sealed by the counter", value: number(counter) }] : []),
      { key: "Entries", value: `${number(Math.min(...leaves))} to ${number(Math.max(...leaves))}` },
    ],
  };
}
