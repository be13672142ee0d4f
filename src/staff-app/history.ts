/** Entries of the log as sentences. The entry decides the sentence; names are the server's, who alone can resolve its commitments. */
import { count, and, day, number, roleName } from "./format.ts";
import { END_WORDS, inWords, PURPOSE_WORDS } from "./words.ts";
import type { LogItem } from "./wire.ts";
import { parseEntry, type Entry } from "../domain/log/event.ts";
import { canonicalBytes } from "../domain/canonical.ts";
import { sentence, SENTENCES, type Code } from "../domain/problem.ts";

/** What the server's history route calls the groups of kinds. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  "": "Everything",
  access: "Who may read",
  reading: "Who read what",
  submissions: "Letters received",
  forms: "Forms",
  sessions: "Sign-ins",
};

/** Neighbours that say the same, told once: a day with 300 letters is one line, not 300. */
export type Run = { readonly items: readonly [LogItem, ...LogItem[]] };

const sameRun = (a: Entry, b: Entry): boolean => a.kind === "submission.received" && b.kind === "submission.received" && a.inbox === b.inbox && a.path === b.path;

/** Entries newest first; letters that came one after the other, to one form by one path, become one run. */
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

export type Told = { readonly title: string; readonly by: string | null; readonly facts: readonly { readonly key: string; readonly value: string }[] };
type Fact = { key: string; value: string };

/** @param titleOf the title of an inbox's form */
export function tell({ items }: Run, titleOf: (inbox: string) => string): Told {
  const [item] = items;
  const entry = entryOf(item);
  const people = item.about.people.map((one) => one.name);
  const facts: Fact[] = [];
  if ("inbox" in entry && entry.inbox !== undefined && titleOf(entry.inbox) !== "") facts.push({ key: "Form", value: titleOf(entry.inbox) });
  facts.push(...factsOf(entry, people, item.about.reason));
  const first = items.at(-1)?.leaf ?? item.leaf;
  facts.push(items.length === 1 ? { key: "Entry", value: number(item.leaf) } : { key: "Entries", value: `${number(first)} to ${number(item.leaf)}` });
  const title = items.length === 1 ? titleOfEntry(entry) : `${count(items.length, "letter was", "letters were")} received`;
  return { title, by: item.who ? `${item.who.name}, ${roleName(item.who.role)}` : null, facts };
}

function titleOfEntry(entry: Entry): string {
  switch (entry.kind) {
    case "submission.received":
      return "A letter was received";
    case "grant.requested":
      return `Access was asked for ${count(entry.count, "person", "people")}`;
    case "request.declined":
      return "A request was declined";
    case "request.withdrawn":
      return "A request was taken back";
    case "person.confirmed":
      return "A person was confirmed";
    case "inbox.rekeyed":
      return entry.epoch === 1 ? "A form got its first key" : "A form got a new key";
    case "grant.made":
      return `${count(entry.count, "person was", "people were")} let in`;
    case "grant.ended":
      return "A grant was ended";
    case "form.published":
      return `Version ${entry.version} of a form was published`;
    case "slips.released":
      return `A list of ${count(entry.count, "letter")} was released`;
    case "letter.released":
      return "A letter was released";
    case "letter.opened":
      return "A letter was opened";
    case "release.refused":
      return "Reading was refused";
    case "session.started":
      return "Somebody signed in";
    case "session.refused":
      return "A sign-in was refused";
    case "log.started":
      return "The log was started";
  }
}

function factsOf(entry: Entry, people: readonly string[], reason: string | null): Fact[] {
  const who = people.length > 0 ? [{ key: "People", value: and(people) }] : [];
  switch (entry.kind) {
    case "submission.received":
      return [{ key: "Came by", value: entry.path === "browser" ? "Sealed in the writer’s browser" : "Sealed by the counter" }];
    case "grant.requested":
      return [{ key: "What it is for", value: inWords(PURPOSE_WORDS, entry.purpose) }, { key: "Until", value: day(entry.until) }, { key: "Would read", value: entry.scope === "all" ? "Everything received so far and from now on" : "Only what is received from then on" }];
    case "inbox.rekeyed":
      return people.length > 0 ? [{ key: "Held by", value: and(people) }] : [];
    case "grant.ended":
      return [...who, ...(reason ? [{ key: "Why", value: inWords(END_WORDS, reason) }] : [])];
    case "release.refused":
      return Object.hasOwn(SENTENCES, entry.code) ? [{ key: "Why", value: sentence(entry.code as Code) }] : [];
    case "form.published":
      return [{ key: "Form’s short name", value: entry.form }];
    default:
      return who;
  }
}
