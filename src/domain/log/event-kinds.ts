/**
 * The kinds of events, one row for each: its fields, where the history shows it, whether an evidence pack holds it. The
 * type of an event (`event.ts`) and its check (`event-fields.ts`) follow from its row; its sentence for people stands
 * in `src/staff-app/words/events.ts`.
 */
import type { Json } from "../canonical.ts";
import {
  code,
  count,
  exactly,
  hash,
  id,
  ids,
  keyName,
  oneOf,
  optional,
  ordinal,
  orNull,
  role,
  signature,
  slug,
  time,
  vkey,
  watcher,
  yesNo,
  type Field,
  type Optional,
} from "./field.ts";

/** What somebody who looks at the history of a body may choose to see. */
export type Family =
  | "access"
  | "reading"
  | "submissions"
  | "erasure"
  | "forms"
  | "messages"
  | "sessions"
  | "incidents"
  | "watch";

/**
 * In whose log a kind stands: `body`, that of the body that it names; `either`, that of its body, or the host's where it
 * names none; `host`, the host's, and then no body, inbox, form, incident or person of a body is in it; `each`, what
 * the log process writes to begin and to end every log. An entry says itself whose it is (`whoseEntry`), so whoever
 * reads a log sees that it holds nothing of anybody else.
 */
type Place =
  | { readonly log: "body"; readonly fields: Fields & { readonly body: typeof slug } }
  | { readonly log: "either"; readonly fields: Fields & { readonly body: Field<string | null> } }
  | { readonly log: "host" | "each"; readonly fields: Fields & { readonly body?: never } };

type Fields = { readonly [field: string]: Field<Json> | Optional<Json> };

type Row = Place & {
  /** null: the history of no body shows it */
  readonly history: Family | null;
  /**
   * Whether the evidence pack of an incident holds it: as an act; beside the acts, when it names the incident or its
   * finding; or not at all.
   */
  readonly pack: "act" | "beside" | null;
};

/** `statement` is the hash of the signed statement, which holds the rest. */
const stated = { body: slug, statement: hash };
const decided = { body: slug, request: id, by: hash, role, reason: slug, reasonCommitment: optional(hash) };
const erasing = { body: slug, inbox: id, erasure: id, submission: id, by: hash, role, reason: slug };
/**
 * What a person records about an incident: `seq` counts from 0, `prev` is the leaf hash of the entry before (64 zeros
 * for the first), `by` is `personCommitment`, `words` commits to the texts. Codes are those of
 * `src/domain/incident/codes.ts`; the row of the database holds the person's signature over all of it.
 */
const acted = { body: slug, incident: id, seq: count, prev: hash, by: hash, role, words: optional(hash) };
/**
 * `ids` is `idsRoot`, `reader` is `personCommitment`; `release` is 128 random bits that the reader's app made for this
 * one reading.
 */
const released = { body: slug, inbox: id, ids: hash, reader: hash, role, release: id };
/**
 * What somebody does about a letter (`src/domain/case/fold.ts`): `case` bears the id of the letter that it began with,
 * `seq` counts from 0, `prev` is the leaf hash of the entry before, for the first that of the letter itself, `epoch` is
 * that of the inbox's key at that time: whoever acts was given it.
 */
const ofCase = { body: slug, inbox: id, case: id, seq: count, prev: hash, by: hash, role, epoch: ordinal };
const ofIncident = { body: slug, incident: id };
/** Who did it: `by` is `personCommitment`. */
const by = { by: hash, role };

/** The table. A kind stands in it or there is none such. */
export const EVENTS = {
  "submission.received": {
    log: "body",
    history: "submissions",
    pack: null,
    fields: {
      body: slug,
      inbox: id,
      epoch: ordinal,
      formHash: hash,
      submission: id,
      slip: hash,
      letter: hash,
      size: count,
      path: oneOf("browser", "counter"),
      /**
       * to the answers, with a nonce that the submitter and the readers have; entries from before receipt words have
       * none
       */
      commitment: optional(hash),
      /** the submission that this one adds to */
      first: optional(id),
    },
  },
  "log.started": { log: "each", history: null, pack: null, fields: { origin: keyName } },
  /** The last entry of a log: the vkey of the one that goes on. */
  "log.rotated": { log: "each", history: null, pack: null, fields: { next: vkey } },
  /**
   * The first entry of a log that goes on: the final checkpoint of the one before, and its signature by that one's key.
   */
  "log.continued": {
    log: "each",
    history: null,
    pack: null,
    fields: { origin: keyName, previous: vkey, size: ordinal, root: hash, signature },
  },
  /**
   * An event that the log did not take, because nobody could read it or its login may not write such a one: the number
   * of its row, the hash of its bytes, who wrote it. Its row is kept until somebody has looked.
   */
  "log.set-aside": {
    log: "host",
    history: null,
    pack: null,
    fields: {
      event: count,
      digest: hash,
      writer: oneOf("public", "staff", "jobs", "log", "owner"),
      why: oneOf("unreadable", "not-theirs"),
    },
  },
  "grant.requested": {
    log: "body",
    history: "access",
    pack: null,
    fields: {
      body: slug,
      inbox: id,
      request: id,
      count: ordinal,
      scope: oneOf("all", "from-now"),
      until: time,
      purpose: slug,
      purposeCommitment: hash,
      /** to the people who are asked for, under a salt of the request (`src/domain/log/asked.ts`) */
      persons: hash,
      by: hash,
      role,
    },
  },
  "request.declined": { log: "body", history: "access", pack: null, fields: decided },
  "request.withdrawn": { log: "body", history: "access", pack: null, fields: decided },
  /** An owner withdrew an invitation before anybody used it. */
  "invitation.withdrawn": { log: "body", history: "access", pack: null, fields: { body: slug, invitation: id, ...by } },
  /** An owner turned somebody away who waited: the id of a person who is no more. */
  "person.refused": { log: "body", history: "access", pack: null, fields: { body: slug, newcomer: id, ...by } },
  "person.confirmed": { log: "body", history: "access", pack: null, fields: { ...stated, role: optional(role) } },
  /** With whom: where the statement is lost with a database, this alone says who must stay out. */
  "person.ended": { log: "body", history: "access", pack: null, fields: { ...stated, person: id } },
  "inbox.rekeyed": { log: "body", history: "access", pack: null, fields: { ...stated, inbox: id, epoch: ordinal } },
  "grant.made": {
    log: "body",
    history: "access",
    pack: null,
    fields: { ...stated, inbox: id, grant: id, count: ordinal, request: optional(id) },
  },
  "grant.ended": {
    log: "body",
    history: "access",
    pack: null,
    fields: { ...stated, inbox: id, grant: id, count: optional(ordinal) },
  },
  "form.published": {
    log: "body",
    history: "forms",
    pack: null,
    fields: { ...stated, form: slug, version: ordinal, inbox: optional(id) },
  },
  "slips.released": {
    log: "body",
    history: "reading",
    pack: null,
    fields: { ...released, count, purpose: exactly("list") },
  },
  "letter.released": {
    log: "body",
    history: "reading",
    pack: null,
    fields: { ...released, count: exactly<number>(1), purpose: exactly("open") },
  },
  /** `incident`: for whom, of these letters, somebody is told. */
  "letters.released": {
    log: "body",
    history: "reading",
    pack: "beside",
    fields: { ...released, count: ordinal, purpose: exactly("affected"), incident: id },
  },
  "document.released": {
    log: "body",
    history: "reading",
    pack: "beside",
    fields: {
      body: slug,
      inbox: id,
      incident: id,
      document: id,
      reader: hash,
      role,
      purpose: exactly("incident"),
      release: id,
    },
  },
  "letter.opened": {
    log: "body",
    history: "reading",
    pack: null,
    fields: { body: slug, release: id, reader: hash, role },
  },
  "release.refused": {
    log: "body",
    history: "reading",
    pack: null,
    fields: { body: slug, inbox: id, code, reader: hash, role },
  },
  /** `submission`: the letter that is answered. `digest` and `size` are those of the sealed reply. */
  "case.replied": {
    log: "body",
    history: "submissions",
    pack: null,
    fields: { ...ofCase, submission: id, reply: id, digest: hash, size: ordinal },
  },
  /** `to`: who has it from now on, as a commitment to the person, like `by`. */
  "case.assigned": { log: "body", history: "submissions", pack: null, fields: { ...ofCase, to: hash } },
  /** `digest` and `size` are those of the sealed note. */
  "case.noted": {
    log: "body",
    history: "submissions",
    pack: null,
    fields: { ...ofCase, note: id, digest: hash, size: ordinal },
  },
  "case.closed": {
    log: "body",
    history: "submissions",
    pack: null,
    fields: {
      ...ofCase,
      outcome: oneOf("upheld", "partly", "not-upheld", "withdrawn", "not-for-us", "junk"),
    },
  },
  "case.reopened": { log: "body", history: "submissions", pack: null, fields: ofCase },
  /** Somebody with the words of the letter was given the sealed reply for the first time. */
  "reply.fetched": {
    log: "body",
    history: "submissions",
    pack: null,
    fields: { body: slug, inbox: id, submission: id, reply: id },
  },
  /**
   * An older database was put in place: the log had gone from one size to another meanwhile, and the rows of that time
   * are lost. `erased` letters were erased again, and `releases` readings of these alone lost their salts again.
   */
  "database.restored": {
    log: "either",
    history: "erasure",
    pack: null,
    fields: { body: orNull(slug), from: count, to: ordinal, erased: count, releases: count },
  },
  "erasure.requested": {
    log: "body",
    history: "erasure",
    pack: null,
    fields: { body: slug, erasure: id, submission: id, askedBy: oneOf("submitter", "retention") },
  },
  "erasure.refused": { log: "body", history: "erasure", pack: null, fields: { ...erasing, reasonCommitment: hash } },
  "erasure.done": {
    log: "body",
    history: "erasure",
    pack: null,
    fields: {
      ...erasing,
      /** what the writer added to the letter, erased with it */
      additions: ids,
      /** sealed parts that were deleted */
      parts: count,
      /** readings of these letters alone whose salts were deleted */
      releases: count,
      /** the day on which the last backup that may hold them expires */
      backupsUntil: time,
    },
  },
  "incident.opened": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, what: slug, source: slug, sourceId: optional(id) },
  },
  "incident.aware": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, party: slug, awareAt: time, basis: slug },
  },
  "incident.window": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: {
      ...acted,
      earliest: time,
      earliestBasis: slug,
      latest: time,
      latestBasis: slug,
      end: optional(time),
      endBasis: optional(slug),
    },
  },
  "incident.moved": { log: "body", history: "incidents", pack: "act", fields: { ...acted, from: slug, to: slug } },
  "incident.assessed": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: {
      ...acted,
      base: slug,
      factors: slug,
      dpc: ordinal,
      ei: count,
      confidentiality: count,
      integrity: count,
      availability: count,
      malice: count,
      se: count,
      level: slug,
      over100: yesNo,
      unintelligible: yesNo,
    },
  },
  /** `digest` and `size` are those of the sealed bytes; `count`: how many people or records are in it. */
  "incident.sealed": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, document: id, what: slug, epoch: ordinal, digest: hash, size: ordinal, count },
  },
  "incident.decided": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, about: slug, choice: slug, reason: slug },
  },
  "incident.reported": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, version: ordinal, phase: slug, report: hash },
  },
  "incident.followed": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: {
      ...acted,
      what: slug,
      item: id,
      revision: ordinal,
      on: time,
      due: optional(time),
      done: optional(time),
      code: optional(slug),
    },
  },
  "incident.notice": { log: "body", history: "incidents", pack: "act", fields: { ...acted, notice: id, state: slug } },
  "incident.packed": {
    log: "body",
    history: "incidents",
    pack: "act",
    fields: { ...acted, pack: id, content: hash, count: ordinal },
  },
  "mailroom.started": { log: "host", history: null, pack: null, fields: { start: id, recipient: hash } },
  /** `messages` is `handedInHash` */
  "messages.handed-in": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, ...by, count: ordinal, template: hash, messages: hash },
  },
  "messages.paused": { log: "body", history: "messages", pack: "beside", fields: { ...ofIncident, ...by } },
  "messages.resumed": { log: "body", history: "messages", pack: "beside", fields: { ...ofIncident, ...by } },
  /** `messages` is `postedHash` */
  "messages.posted": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, ...by, count: ordinal, messages: hash },
  },
  "delivery.ended": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, delivery: id, channel: oneOf("email", "post"), state: slug, code },
  },
  /** `document`: of something that came back */
  "delivery.decided": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, ...by, delivery: id, decision: slug, document: optional(id) },
  },
  /** Something that was written to a return address, sealed to the incident's inbox by the mailroom. */
  "document.returned": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, delivery: id, document: id, what: slug, epoch: ordinal, digest: hash, size: ordinal },
  },
  /** `call` is `callHash` */
  "call.made": {
    log: "body",
    history: "messages",
    pack: "beside",
    fields: { ...ofIncident, ...by, outcome: slug, call: hash },
  },
  /**
   * A way to open one's keys more: `recipient` is the hash of what the copy is sealed to, `copy` of the sealed copy,
   * `credential` of the id of a passkey, or of what the server knows a passphrase by. Whose it is, is said by `by` alone.
   */
  "unlocker.added": {
    log: "body",
    history: "sessions",
    pack: null,
    fields: {
      body: slug,
      unlocker: id,
      how: oneOf("passphrase", "passkey"),
      recipient: hash,
      copy: hash,
      credential: optional(hash),
      ...by,
    },
  },
  "unlocker.removed": { log: "body", history: "sessions", pack: null, fields: { body: slug, unlocker: id, ...by } },
  /** A code beside the passphrase is asked for from now on, or no more. */
  "totp.on": { log: "body", history: "sessions", pack: null, fields: { body: slug, totp: id, ...by } },
  "totp.off": { log: "body", history: "sessions", pack: null, fields: { body: slug, totp: id, ...by } },
  /** A recovery code took the place of such a code, once. */
  "totp.recovered": { log: "body", history: "sessions", pack: null, fields: { body: slug, person: hash, role } },
  "session.started": {
    log: "either",
    history: "sessions",
    pack: null,
    fields: { body: orNull(slug), person: hash, role },
  },
  /**
   * For the host whomever it was tried as: a log grows before everybody, and which of them grew would tell a stranger that
   * there is such an account, and where. `account` commits under a salt that nobody keeps.
   */
  "session.refused": { log: "host", history: null, pack: null, fields: { account: hash } },
  /**
   * What the watchers say. `body` null: it concerns every body. `cleanAt` is the end of the last look that was clean, 0
   * where nobody had looked before.
   */
  "finding.opened": {
    log: "either",
    history: "watch",
    pack: "beside",
    fields: {
      body: orNull(slug),
      finding: id,
      watcher,
      code: slug,
      form: optional(slug),
      cleanAt: time,
      evidence: hash,
    },
  },
  "finding.closed": {
    log: "either",
    history: "watch",
    pack: "beside",
    fields: { body: orNull(slug), finding: id, watcher },
  },
  "marker.planted": {
    log: "body",
    history: "watch",
    pack: null,
    fields: { body: slug, inbox: id, epoch: ordinal, submission: id, signature },
  },
  "watch.proved": { log: "host", history: "watch", pack: null, fields: { watcher, result: oneOf("found", "missed") } },
} as const satisfies { readonly [kind: string]: Row };

export type EventKind = keyof typeof EVENTS;

/** Every kind there is. */
export const EVENT_KINDS = Object.keys(EVENTS) as EventKind[];
