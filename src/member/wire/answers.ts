/** What the staff server sends, as types and as the parsers that make them true. */
import type { Bytes } from "../../domain/bytes.ts";
import {
  anything,
  bytes,
  flag,
  hash,
  id,
  list,
  maybe,
  oneOf,
  record,
  slug,
  text,
  texts,
  whole,
  type Parse,
} from "./shape.ts";

export type Role = "operator" | "owner" | "reader" | "auditor";
const role = oneOf<Role>("operator", "owner", "reader", "auditor");

export const body = record({ id: slug, name: text });
export type Body = ReturnType<typeof body>;

export const me = record({
  person: id,
  name: text,
  email: text,
  role,
  body: maybe(body),
  sealedIdentity: maybe(bytes),
});
export type Me = ReturnType<typeof me>;

export const signed = record({ bytes, signature: bytes });

/** Somebody who was invited has no key yet: then these are empty, and `confirmedPerson` refuses them. */
const textOrNone: Parse<string> = (value) => maybe(text)(value) ?? "";
const bytesOrNone: Parse<Bytes> = (value) => maybe(bytes)(value) ?? new Uint8Array();

export const personRow = record({
  person: id,
  name: text,
  email: text,
  role,
  recipient: textOrNone,
  signingKey: bytesOrNone,
  detailsSalt: bytesOrNone,
  state: text,
});
export type PersonRow = ReturnType<typeof personRow>;

export const inbox = record({
  inbox: id,
  form: maybe(slug),
  title: maybe(text),
  state: text,
  epochs: list(record({ epoch: whole, recipient: maybe(text), received: whole, erased: whole })),
});
export type Inbox = ReturnType<typeof inbox>;

export const wrap = record({ epoch: whole, wrap: bytes });
export type Wrap = ReturnType<typeof wrap>;

export type Scope = "all" | "from-now";
export const request = record({
  request: id,
  inbox: id,
  asker: record({ person: id, name: text, role }),
  persons: list(id),
  scope: oneOf<Scope>("all", "from-now"),
  until: whole,
  purpose: text,
  purposeText: text,
  purposeSalt: bytes,
  state: oneOf("open", "confirmed", "declined", "withdrawn"),
  askedAt: whole,
  decidedAt: maybe(whole),
  decidedBy: maybe(record({ name: text, role: text })),
  reason: maybe(text),
});
export type Request = ReturnType<typeof request>;

export const erasure = record({
  erasure: id,
  submission: id,
  reference: text,
  inbox: id,
  receivedAt: whole,
  askedBy: oneOf("submitter", "retention"),
  askedAt: whole,
  state: oneOf("open", "granted", "refused"),
  decidedAt: maybe(whole),
  decidedBy: maybe(text),
  reason: maybe(text),
  words: maybe(text),
  sweptAt: maybe(whole),
});
export type Erasure = ReturnType<typeof erasure>;

export const due = record({ submission: id, reference: text, inbox: id, receivedAt: whole, months: whole });
export type Due = ReturnType<typeof due>;

export const item = record({
  submission: id,
  epoch: whole,
  formHash: hash,
  receivedAt: whole,
  path: oneOf("browser", "counter"),
  first: maybe(id),
  reference: text,
  bytes,
});
export type Item = ReturnType<typeof item>;

export const released = record({
  proof: text,
  entry: bytes,
  personSalt: bytes,
  idsSalt: bytes,
  items: list(item),
  received: maybe(record({ proof: text, entry: bytes })),
  added: list(record({ submission: id, receivedAt: whole })),
});
export type Released = ReturnType<typeof released>;

export const marker = record({ submission: id, body: slug, inbox: id, epoch: whole, signature: bytes });

export const finding = record({
  finding: id,
  watcher: oneOf("monitor", "inspect", "site"),
  code: text,
  place: text,
  body: maybe(slug),
  form: maybe(slug),
  evidence: list(text),
  cleanAt: maybe(whole),
  openedAt: whole,
  seenAt: whole,
  closedAt: maybe(whole),
});
export type Finding = ReturnType<typeof finding>;

export const watchState = record({
  open: whole,
  silent: flag,
  since: maybe(whole),
  broken: flag,
  lookedAt: maybe(whole),
  provedAt: maybe(whole),
  siteSince: maybe(whole),
});
export type WatchState = ReturnType<typeof watchState>;

const named = record({ person: id, name: text, role: text });
export const logItem = record({
  leaf: whole,
  at: whole,
  kind: text,
  event: anything,
  who: maybe(named),
  about: record({ people: list(named), reason: maybe(text) }),
});
export type LogItem = ReturnType<typeof logItem>;

export const logPage = record({
  checkpoint: record({ size: whole, checkpoint: maybe(text), at: maybe(whole) }),
  items: list(logItem),
  next: maybe(whole),
});
export type LogPage = ReturnType<typeof logPage>;

const shownLog = record({
  checkpoint: text,
  proofs: list(record({ size: whole, hashes: list(bytes) })),
  begun: maybe(text),
  ended: maybe(text),
});
export const audit = list(shownLog);
const storedAct = record({
  entry: bytes,
  signature: bytes,
  person: id,
  bySalt: bytes,
  texts: maybe(texts),
  salt: maybe(bytes),
  proof: maybe(text),
  signedAt: maybe(whole),
});
export const incident = record({ incident: id, acts: list(storedAct) });
export type StoredIncident = ReturnType<typeof incident>;

export const reading = record({ release: id, person: id, personSalt: bytes, idsSalt: maybe(bytes), ids: list(id) });
export const paper = record({ proof: text, entry: bytes, personSalt: bytes, bytes });

export const filings = record({
  answers: list(record({ field: slug, value: anything })),
  versions: list(record({ version: whole, content: text, salt: bytes })),
  letters: list(record({ channel: text, state: text, count: whole })),
  record: record({ regulator: maybe(text), controller: maybe(text), dpo: maybe(text), processor: maybe(text) }),
});
export type Filings = ReturnType<typeof filings>;

export const preparedPack = record({ pack: id, content: text });
export type PreparedPack = ReturnType<typeof preparedPack>;

export const registerAnswer = record({ incident: id, field: slug, value: anything });
export type RegisterAnswer = ReturnType<typeof registerAnswer>;

const demoPerson = record({ name: text, email: text, passphrase: text, role: text, body: maybe(text), part: text });
export type DemoPerson = ReturnType<typeof demoPerson>;

export const setup = record({
  installation: id,
  monitorKey: hash,
  staffOrigin: text,
  publicOrigin: text,
  logKey: text,
  mailKey: hash,
  policy: maybe(text),
  roots: anything,
  sealing: oneOf("hybrid", "x25519"),
  demonstration: flag,
  demoPeople: maybe(list(demoPerson)),
  lockAfterMs: maybe(whole),
  assets: record({ "staff-worker.js": text }),
});
