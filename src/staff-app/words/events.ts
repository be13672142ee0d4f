/**
 * What each kind of event says to people, one row for each: its sentence, and the facts below it. The other half of
 * `src/domain/log/event-kinds.ts`: a kind without a row here is a type error.
 */
import { isItemKind, shapeOf } from "../../domain/incident/follow-up.ts";
import type { LogEvent } from "../../domain/log/event.ts";
import type { EventKind, Family } from "../../domain/log/event-kinds.ts";
import { sentence, SENTENCES, type Code } from "../../domain/problem.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { titleOf as titleOfFinding } from "../../domain/watch/words.ts";
import { and, count, day, moment, number } from "./format.ts";
import {
  CALL_WORDS,
  DECISION_WORDS,
  END_WORDS,
  ENDED_WORDS,
  GRANT_WORDS,
  inWords,
  MAIL_WORDS,
  OUTCOME_WORDS,
  RETURNED_WORDS,
  PURPOSE_WORDS,
  REFUSE_WORDS,
} from "./words.ts";

/** What the groups of kinds are called, in the order in which the log screen offers them; "" is all of them. */
export const FAMILY_WORDS: { readonly [F in Family | ""]: string } = {
  "": "Everything",
  access: "Who may read",
  reading: "Who read what",
  submissions: "Letters received",
  erasure: "Erasure",
  forms: "Forms",
  messages: "Messages to people affected",
  sessions: "Sign-ins",
  incidents: "Incidents",
  watch: "What was looked at, and found",
};

export type Fact = { readonly key: string; readonly value: string };
/** What the server says of an entry: the names of those whom it is about, and why a grant was ended. */
export type About = { readonly people: readonly string[]; readonly reason: string | null };

type EventOf = { readonly [K in EventKind]: Extract<LogEvent, { readonly kind: K }> };
type Row<K extends EventKind> = {
  readonly says: string | ((event: EventOf[K]) => string);
  /** the person beside it is the one who received, or was refused, and not the one who acted */
  readonly isTo?: true;
  /** without this, the people whom it is about */
  readonly facts?: (event: EventOf[K], about: About) => readonly Fact[];
};

/** What an entry says, in one sentence; its kind decides. */
export const titleOfKind = (event: LogEvent): string => says(event.kind, event);

/** What stands below the sentence, as keys and values. */
export const factsOf = (event: LogEvent, about: About): readonly Fact[] => facts(event.kind, event, about);

/** Whether the person beside the sentence is the one who received, or was refused, and not the one who acted. */
export const isToSomebody = (kind: EventKind): boolean => EVENT_WORDS[kind].isTo === true;

function says<K extends EventKind>(kind: K, event: EventOf[K]): string {
  const { says } = EVENT_WORDS[kind];
  return typeof says === "string" ? says : says(event);
}

const facts = <K extends EventKind>(kind: K, event: EventOf[K], about: About): readonly Fact[] =>
  EVENT_WORDS[kind].facts?.(event, about) ?? who(about);

const who = ({ people }: About): readonly Fact[] => (people.length > 0 ? [{ key: "People", value: and(people) }] : []);
const letter = (submission: string): Fact => ({ key: "Letter", value: referenceOf(submission) });

const EVENT_WORDS: { readonly [K in EventKind]: Row<K> } = {
  "submission.received": {
    says: ({ first }) => (first === undefined ? "A letter was received" : "Something was added to a letter"),
    facts: ({ path }) => [
      { key: "Came by", value: path === "browser" ? "Sealed in the writer’s browser" : "Sealed by the counter" },
    ],
  },
  "case.replied": {
    says: "A letter was answered",
    facts: ({ submission }, about) => [letter(submission), ...who(about)],
  },
  "case.assigned": {
    says: "A letter was given to somebody",
    facts: ({ case: of }, { people }) => [
      letter(of),
      ...(people.length > 0 ? [{ key: "Given to", value: and(people) }] : []),
    ],
  },
  "case.noted": {
    says: "A note was written about a letter",
    facts: ({ case: of }, about) => [letter(of), ...who(about)],
  },
  "case.closed": {
    says: "A letter was closed",
    facts: ({ case: of, outcome }, about) => [
      letter(of),
      { key: "Outcome", value: inWords(OUTCOME_WORDS, outcome) },
      ...who(about),
    ],
  },
  "case.reopened": { says: "A letter was opened again", facts: ({ case: of }, about) => [letter(of), ...who(about)] },
  "reply.fetched": {
    says: "Whoever has the words of a letter was given a reply",
    facts: ({ submission }) => [letter(submission)],
  },
  "grant.requested": {
    says: (event) => `Access was asked for ${count(event.count, "person", "people")}`,
    facts: ({ purpose, until, scope }) => [
      { key: "What it is for", value: inWords(PURPOSE_WORDS, purpose) },
      { key: "Until", value: day(until) },
      {
        key: "Would read",
        value: scope === "all" ? "Everything received so far and from now on" : "Only what is received from then on",
      },
    ],
  },
  "request.declined": { says: "A request was declined" },
  "request.withdrawn": { says: "A request was taken back" },
  "invitation.withdrawn": { says: "An invitation was withdrawn" },
  "person.refused": { says: "Somebody who waited was turned away" },
  "person.confirmed": { says: "A person was confirmed" },
  "person.ended": { says: "A person was let out" },
  "inbox.rekeyed": {
    says: ({ epoch }) => (epoch === 1 ? "A form got its first key" : "A form got a new key"),
    facts: (_, { people }) => (people.length > 0 ? [{ key: "Held by", value: and(people) }] : []),
  },
  "grant.made": { says: (event) => `${count(event.count, "person was", "people were")} let in` },
  "grant.ended": {
    says: "A grant was ended",
    facts: (_, about) => [
      ...who(about),
      ...(about.reason ? [{ key: "Why", value: inWords(END_WORDS, about.reason) }] : []),
    ],
  },
  "form.published": {
    says: ({ version }) => `Version ${version} of a form was published`,
    facts: ({ form }) => [{ key: "Form’s short name", value: form }],
  },
  "slips.released": { says: (event) => `A list of ${count(event.count, "letter")} was released`, isTo: true },
  "letter.released": { says: "A letter was released", isTo: true },
  "letters.released": {
    says: (event) =>
      `${count(event.count, "letter was", "letters were")} released, to find out who is affected by an incident`,
    isTo: true,
  },
  "document.released": { says: "A document of an incident was released", isTo: true },
  "letter.opened": { says: "A letter was opened" },
  "release.refused": {
    says: "Reading was refused",
    isTo: true,
    facts: ({ code }) => (Object.hasOwn(SENTENCES, code) ? [{ key: "Why", value: sentence(code as Code) }] : []),
  },
  "database.restored": {
    says: "An older database was put in place of a lost one",
    facts: ({ from, to, erased }) => [
      {
        key: "Rows are lost of",
        value: from === to ? "no entry of the log" : `entries ${number(from)} to ${number(to - 1)}`,
      },
      { key: "Letters erased again", value: number(erased) },
    ],
  },
  "erasure.requested": {
    says: ({ askedBy }) =>
      askedBy === "submitter"
        ? "Its writer asked to erase a letter"
        : "A letter was put forward, because its time was up",
    facts: ({ submission }) => [letter(submission)],
  },
  "erasure.refused": {
    says: "Erasing a letter was refused",
    facts: ({ submission, reason }) => [letter(submission), { key: "Why", value: inWords(REFUSE_WORDS, reason) }],
  },
  "erasure.done": {
    says: ({ additions }) =>
      additions.length === 0
        ? "A letter was erased"
        : `A letter was erased, with ${count(additions.length, "addition")}`,
    facts: ({ submission, reason, backupsUntil }) => [
      letter(submission),
      { key: "Why", value: inWords(GRANT_WORDS, reason) },
      { key: "Last backup expires", value: day(backupsUntil) },
    ],
  },
  "incident.opened": { says: "An incident was opened" },
  "incident.aware": { says: "Awareness of an incident was recorded" },
  "incident.window": { says: "The window of an incident was recorded" },
  "incident.moved": { says: "The work on an incident moved on" },
  "incident.assessed": { says: "The severity of an incident was assessed" },
  "incident.sealed": {
    says: (event) =>
      event.what === "affected"
        ? `A list of ${count(event.count, "affected person", "affected people")} was sealed`
        : "A document of an incident was sealed",
  },
  "incident.decided": {
    says: ({ about }) =>
      about === "regulator"
        ? "It was decided whether to tell the regulator"
        : "It was decided whether to tell the people",
  },
  "incident.reported": { says: ({ version }) => `Version ${version} of a report to the regulator was made` },
  "incident.followed": {
    says: ({ revision, what }) => `${itemWord(what)} was ${revision === 1 ? "recorded" : "brought up to date"}`,
  },
  "incident.notice": {
    says: ({ state }) => (state === "published" ? "A public notice was published" : "A public notice was withdrawn"),
  },
  "incident.packed": { says: (event) => `An evidence pack of ${count(event.count, "event")} was made` },
  "mailroom.started": { says: "The mailroom was started" },
  "messages.handed-in": {
    says: (event) =>
      `${count(event.count, "letter")} to people affected ${event.count === 1 ? "was" : "were"} handed in`,
  },
  "messages.paused": { says: "Sending letters was held" },
  "messages.resumed": { says: "Sending letters went on" },
  "messages.posted": {
    says: (event) => `${count(event.count, "message")} ${event.count === 1 ? "was" : "were"} put into the post`,
  },
  "delivery.ended": {
    says: ({ state }) => inWords(ENDED_WORDS, state),
    facts: ({ code }) => (code === "NONE" ? [] : [{ key: "Why", value: inWords(MAIL_WORDS, code) }]),
  },
  "delivery.decided": {
    says: "A delivery was decided",
    facts: ({ decision }) => [{ key: "Decision", value: inWords(DECISION_WORDS, decision) }],
  },
  "document.returned": {
    says: "Something came back from somebody affected",
    facts: ({ what }) => [{ key: "What it seems to be", value: inWords(RETURNED_WORDS, what) }],
  },
  "call.made": {
    says: "Somebody affected was rung",
    facts: ({ outcome }) => [{ key: "What came of it", value: inWords(CALL_WORDS, outcome) }],
  },
  "unlocker.added": {
    says: ({ how }) =>
      `A ${how === "passkey" ? "passkey was added" : "new passphrase was made"} that unlocks somebody's keys`,
  },
  "unlocker.removed": { says: "Something that unlocked somebody's keys was removed" },
  "totp.on": { says: "Somebody turned on a code beside their passphrase" },
  "totp.off": { says: "Somebody turned off the code beside their passphrase" },
  "totp.recovered": { says: "A recovery code was used in the place of a code" },
  "session.started": { says: "A sign-in" },
  "session.refused": { says: "A refused sign-in" },
  "finding.opened": {
    says: ({ code }) => `Found: ${titleOfFinding(code)}`,
    facts: ({ cleanAt }) => [{ key: "Looked at before and clean", value: cleanAt === 0 ? "Never" : moment(cleanAt) }],
  },
  "finding.closed": { says: "A finding is over: a look showed it gone" },
  "marker.planted": { says: "The monitor planted a letter of its own" },
  "watch.proved": {
    says: ({ result }) =>
      result === "found"
        ? "The monitor proved that it still finds"
        : "The monitor did not find what was put there to be found",
  },
  "log.started": { says: "The log was started" },
  "log.set-aside": {
    says: "Something that no reader could take was put among the events, and was set aside",
  },
  "log.rotated": { says: "The log was ended, to go on under a new key" },
  "log.continued": { says: "The log went on under a new key" },
};

const itemWord = (what: string): string =>
  isItemKind(what) ? shapeOf(what).one : "Something that followed an incident";
