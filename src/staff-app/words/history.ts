/**
 * Entries of the log as sentences. The entry decides the sentence; names are the server's, who alone can resolve its
 * commitments.
 */
import { count, and, day, moment, number, roleName } from "./format.ts";
import { titleOf as titleOfFinding } from "../../domain/watch/words.ts";
import {
  CALL_WORDS,
  DECISION_WORDS,
  END_WORDS,
  ENDED_WORDS,
  GRANT_WORDS,
  inWords,
  MAIL_WORDS,
  PURPOSE_WORDS,
  REFUSE_WORDS,
} from "./words.ts";
import { isItemKind, shapeOf } from "../../domain/incident/follow-up.ts";
import type { LogItem } from "../../contract/log.ts";
import { parseEntry, type Entry, type LogEvent } from "../../domain/log/event.ts";
import { canonicalBytes } from "../../domain/canonical.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { sentence, SENTENCES, type Code } from "../../domain/problem.ts";

/** What the server's history route calls the groups of kinds. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  "": "Everything",
  access: "Who may read",
  reading: "Who read what",
  submissions: "Letters received",
  erasure: "Erasure",
  forms: "Forms",
  letters: "Letters to people affected",
  sessions: "Sign-ins",
  incidents: "Incidents",
  watch: "What was looked at, and found",
};

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

/** In these the person is the one who received, or was refused. */
const toWhom: readonly string[] = [
  "slips.released",
  "letter.released",
  "letters.released",
  "document.released",
  "release.refused",
];

export type Told = {
  readonly title: string /** with its preposition: "by …" or "to …" */;
  readonly by: string | null;
  readonly facts: readonly { readonly key: string; readonly value: string }[];
};
type Fact = { key: string; value: string };

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
  facts.push(...factsOf(entry, people, item.about.reason));
  facts.push({ key: "Entry", value: number(item.leaf) });
  return {
    title: titleOfKind(entry),
    by: item.who ? `${toWhom.includes(entry.kind) ? "to" : "by"} ${item.who.name}, ${roleName(item.who.role)}` : null,
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

/** What an entry says, in one sentence; its kind decides. */
export function titleOfKind(entry: LogEvent): string {
  switch (entry.kind) {
    case "submission.received":
      return entry.first === undefined ? "A letter was received" : "Something was added to a letter";
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
    case "letters.released":
      return `${count(entry.count, "letter was", "letters were")} released, to find out who is affected by an incident`;
    case "document.released":
      return "A paper of an incident was released";
    case "incident.sealed":
      return entry.what === "affected"
        ? `A list of ${count(entry.count, "affected person", "affected people")} was sealed`
        : "A paper of an incident was sealed";
    case "letter.opened":
      return "A letter was opened";
    case "release.refused":
      return "Reading was refused";
    case "database.restored":
      return "An older database was put in place of a lost one";
    case "erasure.requested":
      return entry.askedBy === "submitter"
        ? "Its writer asked to erase a letter"
        : "A letter was put forward, because its time was up";
    case "erasure.refused":
      return "Erasing a letter was refused";
    case "erasure.done":
      return entry.additions.length === 0
        ? "A letter was erased"
        : `A letter was erased, with ${count(entry.additions.length, "addition")}`;
    case "incident.opened":
      return "An incident was opened";
    case "incident.aware":
      return "Awareness of an incident was recorded";
    case "incident.window":
      return "The window of an incident was recorded";
    case "incident.moved":
      return "The work on an incident moved on";
    case "incident.assessed":
      return "The severity of an incident was assessed";
    case "incident.reported":
      return `Version ${entry.version} of a report to the regulator was made`;
    case "incident.followed":
      return entry.revision === 1
        ? `${shapeWord(entry.what)} was recorded`
        : `${shapeWord(entry.what)} was brought up to date`;
    case "incident.notice":
      return entry.state === "published" ? "A public notice was published" : "A public notice was withdrawn";
    case "incident.packed":
      return `An evidence pack of ${count(entry.count, "event")} was made`;
    case "incident.decided":
      return entry.about === "regulator"
        ? "It was decided whether to tell the regulator"
        : "It was decided whether to tell the people";
    case "mailroom.started":
      return "The mailroom was started";
    case "letters.handed-in":
      return `${count(entry.count, "letter")} to people affected ${entry.count === 1 ? "was" : "were"} handed in`;
    case "letters.paused":
      return "Sending letters was held";
    case "letters.resumed":
      return "Sending letters went on";
    case "delivery.ended":
      return inWords(ENDED_WORDS, entry.state);
    case "delivery.decided":
      return "A delivery was decided";
    case "call.made":
      return "Somebody affected was rung";
    case "session.started":
      return "A sign-in";
    case "session.refused":
      return "A refused sign-in";
    case "finding.opened":
      return `Found: ${titleOfFinding(entry.code)}`;
    case "finding.closed":
      return "A finding is over: a look showed it gone";
    case "marker.planted":
      return "The monitor planted a letter of its own";
    case "watch.proved":
      return entry.result === "found"
        ? "The monitor proved that it still finds"
        : "The monitor did not find what was put there to be found";
    case "log.started":
      return "The log was started";
    case "log.rotated":
      return "The log was ended, to go on under a new key";
    case "log.continued":
      return "The log went on under a new key";
  }
}

const shapeWord = (what: string): string =>
  isItemKind(what) ? shapeOf(what).one : "Something that followed an incident";

function factsOf(entry: Entry, people: readonly string[], reason: string | null): Fact[] {
  const who = people.length > 0 ? [{ key: "People", value: and(people) }] : [];
  switch (entry.kind) {
    case "submission.received":
      return [
        {
          key: "Came by",
          value: entry.path === "browser" ? "Sealed in the writer’s browser" : "Sealed by the counter",
        },
      ];
    case "grant.requested":
      return [
        { key: "What it is for", value: inWords(PURPOSE_WORDS, entry.purpose) },
        { key: "Until", value: day(entry.until) },
        {
          key: "Would read",
          value:
            entry.scope === "all" ? "Everything received so far and from now on" : "Only what is received from then on",
        },
      ];
    case "inbox.rekeyed":
      return people.length > 0 ? [{ key: "Held by", value: and(people) }] : [];
    case "grant.ended":
      return [...who, ...(reason ? [{ key: "Why", value: inWords(END_WORDS, reason) }] : [])];
    case "database.restored":
      return [
        { key: "Rows are lost of", value: `entries ${number(entry.from)} to ${number(entry.to - 1)}` },
        { key: "Letters erased again", value: number(entry.erased) },
      ];
    case "erasure.requested":
      return [{ key: "Letter", value: referenceOf(entry.submission) }];
    case "erasure.refused":
      return [
        { key: "Letter", value: referenceOf(entry.submission) },
        { key: "Why", value: inWords(REFUSE_WORDS, entry.reason) },
      ];
    case "erasure.done":
      return [
        { key: "Letter", value: referenceOf(entry.submission) },
        { key: "Why", value: inWords(GRANT_WORDS, entry.reason) },
        { key: "Last backup expires", value: day(entry.backupsUntil) },
      ];
    case "release.refused":
      return Object.hasOwn(SENTENCES, entry.code) ? [{ key: "Why", value: sentence(entry.code as Code) }] : [];
    case "finding.opened":
      return [{ key: "Looked at before and clean", value: entry.cleanAt === 0 ? "Never" : moment(entry.cleanAt) }];
    case "delivery.ended":
      return entry.code === "NONE" ? [] : [{ key: "Why", value: inWords(MAIL_WORDS, entry.code) }];
    case "delivery.decided":
      return [{ key: "Decision", value: inWords(DECISION_WORDS, entry.decision) }];
    case "call.made":
      return [{ key: "What came of it", value: inWords(CALL_WORDS, entry.outcome) }];
    case "form.published":
      return [{ key: "Form’s short name", value: entry.form }];
    default:
      return who;
  }
}
