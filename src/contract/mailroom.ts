/** Between `jobs` and the mailroom, on one machine: the key of this start, one sealed message in, one outcome out. */
import { SEALED_MAX } from "../domain/mail/message.ts";
import { RETURNED_KINDS } from "../domain/mail/returned.ts";
import { MAIL_CODES } from "../domain/mail/state.ts";
import { done, json, mail } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  flag,
  hash,
  id,
  list,
  maybe,
  oneOf,
  record,
  slug,
  spelled,
  whole,
  type Value,
} from "./shape.ts";

export const mailroomKey = record({ start: id, at: whole, said: whole, recipient: anyText, signature: bytes() });
export type MailroomAnswer = Value<typeof mailroomKey>;

const outcome = record({
  outcome: oneOf("taken", "refused", "put-off", "lost", "key-gone", "unsigned"),
  code: oneOf(...MAIL_CODES),
});
const bounce = record({ delivery: id, code: oneOf(...MAIL_CODES) });
export type Bounce = Value<typeof bounce>;
/** Something to look at, under the id of the document that it becomes; the mail stays in the mailroom until sealed. */
const returned = record({ document: id, delivery: id, kind: oneOf(...RETURNED_KINDS) });
export type ReturnedMail = Value<typeof returned>;

export const health = mail.get({ path: "/health", action: null, answer: json(record({ ok: flag })) });
export const readKey = mail.get({ path: "/key", action: null, answer: json(mailroomKey) });
/** Left open for a while when there is none. */
export const readBounces = mail.get({
  path: "/bounces",
  action: null,
  answer: json(record({ bounces: list(bounce), returned: list(returned) })),
});
const signed = exact({ bytes: bytes(), signature: bytes(64) });
/** Sealed to the inbox of the incident of its delivery, by the statements of its body; 404 where it is not held. */
export const sealReturned = mail.post({
  path: "/returned/:document",
  params: { document: id },
  action: null,
  bodyLimit: 16 * 1024 * 1024,
  request: json(
    exact({
      body: slug,
      incident: id,
      statements: list(signed),
      recipient: anyText,
    }),
  ),
  answer: json(record({ epoch: whole, bytes: bytes() })),
});
/** They were written down: only now is the carrier told yes. What nobody keeps is sent back to whoever wrote it. */
export const bouncesTaken = mail.post({
  path: "/bounces/taken",
  action: null,
  request: json(exact({ deliveries: list(id), documents: list(id), refused: list(id) })),
  answer: done,
});
const turn = { delivery: id, attempt: spelled(/^\d{1,4}$/) };
const letter = exact({
  sealed: bytes(SEALED_MAX),
  /** of the commitment to it */
  salt: bytes(32),
  body: slug,
  incident: id,
  /** by which act it was handed in: `encodeHandedIn`, or whatever stands in its place */
  handedIn: bytes(),
  statements: list(signed),
  /** what was said of holding the incident's letters back, the oldest first */
  holds: list(exact({ entry: bytes(), signature: bytes(64) })),
});
export type Letter = Value<typeof letter>;
/**
 * A letter to somebody affected; it is handed on only under a signed act of a member of its body. The same one of the
 * same try is handed on once, however often it is asked for.
 */
export const sendLetter = mail.post({
  path: "/letters/:delivery/:attempt",
  params: turn,
  action: null,
  bodyLimit: 16 * 1024 * 1024,
  request: json(letter),
  answer: json(outcome),
});
const alert = exact({
  sealed: bytes(SEALED_MAX),
  kind: anyText,
  /** of whoever is told: their clock */
  body: maybe(slug),
  /** of an invitation: the secret of its link */
  token: maybe(hash),
  about: maybe(anyText),
  code: maybe(anyText),
  form: maybe(anyText),
  count: maybe(whole),
  hours: maybe(whole),
  time: maybe(whole),
});
export type SealedAlert = Value<typeof alert>;
/** A notice of the program itself: nothing but the sentence of the closed set that these values make. */
export const sendAlert = mail.post({
  path: "/alerts/:delivery/:attempt",
  params: turn,
  action: null,
  bodyLimit: 1024 * 1024,
  request: json(alert),
  answer: json(outcome),
});
