/** Between `jobs` and the mailroom, on one machine: the key of this start, one sealed message in, one outcome out. */
import { SEALED_MAX } from "../domain/mail/message.ts";
import { RETURNED_KINDS } from "../domain/mail/returned.ts";
import { MAIL_CODES } from "../domain/mail/state.ts";
import { done, json, mail, octets } from "./route.ts";
import { anyText, bytes, exact, flag, id, list, oneOf, record, slug, spelled, whole, type Value } from "./shape.ts";

export const mailroomKey = record({ start: id, at: whole, said: whole, recipient: anyText, signature: bytes() });
export type MailroomAnswer = Value<typeof mailroomKey>;

const outcome = record({
  outcome: oneOf("taken", "refused", "put-off", "lost", "key-gone"),
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
      statements: list(exact({ bytes: bytes(), signature: bytes(64) })),
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
/** The same message of the same try is handed on once, however often it is asked for. */
export const sendMessage = mail.post({
  path: "/messages/:delivery/:attempt",
  params: { delivery: id, attempt: spelled(/^\d{1,4}$/) },
  action: null,
  bodyLimit: SEALED_MAX,
  request: octets("application/octet-stream"),
  answer: json(outcome),
});
