/**
 * Which fields each kind of event has, and what each may hold: the table that `parseEntry` goes by.
 * No kind of value here can hold a sentence; that is what keeps names and stories out of the log (T43).
 */
import type { Json } from "../canonical.ts";
import { Fault } from "../problem.ts";
import type { EventKind, LogEvent } from "./event.ts";
import { isKeyName } from "./note.ts";

type Check = (value: Json) => boolean;
type KeysOf<T> = T extends unknown ? Exclude<keyof T, "kind"> : never;
type FieldsOf<K extends EventKind> = KeysOf<Extract<LogEvent, { kind: K }>>;

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && values.includes(value);
const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least;
const optional = (check: Check): Check => Object.assign((value: Json) => check(value), { optional: true });
const isOptional = (check: Check): boolean => "optional" in check;

const id = matches(/^[0-9a-f]{32}$/);
const hash = matches(/^[0-9a-f]{64}$/);
const slug = matches(/^[a-z0-9-]{1,64}$/);
const code = matches(/^[A-Z0-9_]{1,64}$/);
const role = oneOf("operator", "owner", "reader", "auditor");
const count = atLeast(0);
const ordinal = atLeast(1);
const time = atLeast(0);
const watcher = oneOf("monitor", "inspect", "site");
const bodyOrAll: Check = (value) => value === null || slug(value);
const keyName: Check = (value) => typeof value === "string" && isKeyName(value);
/** In the spelling of `formatVerifierKey`; whether it is a key is asked where it is used. */
const vkey: Check = (value) =>
  typeof value === "string" &&
  /^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/.test(value) &&
  isKeyName(value.split("+")[0] ?? "");
const exactly =
  (wanted: Json): Check =>
  (value) =>
    value === wanted;

const COMMON = { v: exactly(1), at: time, nonce: hash };
const stated = { body: slug, statement: hash };
const decided = { body: slug, request: id, by: hash, role, reason: slug, reasonCommitment: optional(hash) };
const erasing = { body: slug, inbox: id, erasure: id, submission: id, by: hash, role, reason: slug };
const ids: Check = (value) =>
  Array.isArray(value) && value.every((one, i) => id(one) && (i === 0 || String(value[i - 1]) < String(one)));
const acted = { body: slug, incident: id, seq: count, prev: hash, by: hash, role, words: optional(hash) };
const yesNo = oneOf("yes", "no");
const released = { body: slug, inbox: id, ids: hash, reader: hash, role, release: id };

const ofIncident = { body: slug, incident: id };
const by = { by: hash, role };

const FIELDS: { readonly [K in EventKind]: Readonly<Record<FieldsOf<K>, Check>> } = {
  "submission.received": {
    inbox: id,
    epoch: ordinal,
    formHash: hash,
    submission: id,
    slip: hash,
    letter: hash,
    size: count,
    path: oneOf("browser", "counter"),
    commitment: optional(hash),
    first: optional(id),
  },
  "log.started": { origin: keyName },
  "log.rotated": { next: vkey },
  "log.continued": {
    origin: keyName,
    previous: vkey,
    size: ordinal,
    root: hash,
    signature: matches(/^[0-9a-f]{128}$/),
  },
  "grant.requested": {
    body: slug,
    inbox: id,
    request: id,
    count: ordinal,
    scope: oneOf("all", "from-now"),
    until: time,
    purpose: slug,
    purposeCommitment: hash,
    askerRole: role,
    asker: hash,
  },
  "request.declined": decided,
  "request.withdrawn": decided,
  "person.confirmed": { ...stated, role: optional(role) },
  "inbox.rekeyed": { ...stated, inbox: id, epoch: ordinal },
  "grant.made": { ...stated, inbox: id, grant: id, count: ordinal, request: optional(id) },
  "grant.ended": { ...stated, inbox: id, grant: id, count: optional(ordinal) },
  "form.published": { ...stated, form: slug, version: ordinal, inbox: optional(id) },
  "slips.released": { ...released, count, purpose: exactly("list") },
  "letter.released": { ...released, count: exactly(1), purpose: exactly("open") },
  "letters.released": { ...released, count: ordinal, purpose: exactly("affected"), incident: id },
  "document.released": {
    body: slug,
    inbox: id,
    incident: id,
    document: id,
    reader: hash,
    role,
    purpose: exactly("incident"),
    release: id,
  },
  "letter.opened": { body: slug, release: id, reader: hash, role },
  "release.refused": { body: slug, inbox: id, code, reader: hash, role },
  "database.restored": { from: count, to: ordinal, erased: count, releases: count },
  "erasure.requested": { erasure: id, submission: id, askedBy: oneOf("submitter", "retention") },
  "erasure.refused": { ...erasing, reasonCommitment: hash },
  "erasure.done": { ...erasing, additions: ids, parts: count, releases: count, backupsUntil: time },
  "incident.opened": { ...acted, what: slug, source: slug, sourceId: optional(id) },
  "incident.aware": { ...acted, party: slug, awareAt: time, basis: slug },
  "incident.window": {
    ...acted,
    earliest: time,
    earliestBasis: slug,
    latest: time,
    latestBasis: slug,
    end: optional(time),
    endBasis: optional(slug),
  },
  "incident.moved": { ...acted, from: slug, to: slug },
  "incident.assessed": {
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
  "incident.sealed": { ...acted, document: id, what: slug, epoch: ordinal, digest: hash, size: ordinal, count },
  "incident.decided": { ...acted, about: slug, choice: slug, reason: slug },
  "incident.reported": { ...acted, version: ordinal, phase: slug, report: hash },
  "incident.followed": {
    ...acted,
    what: slug,
    item: id,
    revision: ordinal,
    on: time,
    due: optional(time),
    done: optional(time),
    code: optional(slug),
  },
  "incident.notice": { ...acted, notice: id, state: slug },
  "incident.packed": { ...acted, pack: id, content: hash, count: ordinal },
  "mailroom.started": { start: id, recipient: hash },
  "letters.handed-in": { ...ofIncident, ...by, count: ordinal, template: hash, letters: hash },
  "letters.paused": { ...ofIncident, ...by },
  "letters.resumed": { ...ofIncident, ...by },
  "delivery.ended": { ...ofIncident, delivery: id, channel: oneOf("email", "post"), state: slug, code },
  "delivery.decided": { ...ofIncident, ...by, delivery: id, decision: slug },
  "call.made": { ...ofIncident, ...by, outcome: slug },
  "session.started": { body: (value) => value === null || slug(value), person: hash, role },
  "session.refused": { account: hash },
  "finding.opened": {
    body: bodyOrAll,
    finding: id,
    watcher,
    code: slug,
    form: optional(slug),
    cleanAt: time,
    evidence: hash,
  },
  "finding.closed": { body: bodyOrAll, finding: id, watcher },
  "marker.planted": { body: slug, inbox: id, epoch: ordinal, submission: id, signature: matches(/^[0-9a-f]{128}$/) },
  "watch.proved": { watcher, result: oneOf("found", "missed") },
};

/** Every kind there is. */
export const EVENT_KINDS = Object.keys(FIELDS) as EventKind[];

/** The whole table of each kind, made once: a verifier asks a million times. */
const TABLES: ReadonlyMap<string, ReadonlyMap<string, Check>> = new Map(
  EVENT_KINDS.map((kind) => [
    kind,
    new Map<string, Check>(Object.entries({ ...COMMON, ...FIELDS[kind], kind: exactly(kind) })),
  ]),
);

/** Refuses (`MALFORMED`) an unknown kind, an unknown field, a missing one, and a value that the field cannot hold. */
export function checkFields(entry: { readonly [field: string]: Json }): void {
  const kind = entry["kind"];
  const fields = typeof kind === "string" ? TABLES.get(kind) : undefined;
  if (fields === undefined) throw new Fault("MALFORMED", "an event of an unknown kind");
  for (const field of Object.keys(entry)) {
    if (!fields.has(field)) throw new Fault("MALFORMED", `${String(kind)} has no such field`);
  }
  for (const [field, check] of fields) {
    const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
    if (value === undefined ? !isOptional(check) : !check(value))
      throw new Fault("MALFORMED", `${String(kind)}: the field ${field} does not fit`);
  }
}
