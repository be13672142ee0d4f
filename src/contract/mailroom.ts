/** Between `jobs` and the mailroom, on one machine: the key of this start, one sealed message in, one outcome out. */
import { SEALED_MAX } from "../domain/mail/message.ts";
import { MAIL_CODES } from "../domain/mail/state.ts";
import { done, json, mail, octets } from "./route.ts";
import { anyText, bytes, exact, flag, id, list, oneOf, record, spelled, whole, type Value } from "./shape.ts";

export const mailroomKey = record({ start: id, at: whole, said: whole, recipient: anyText, signature: bytes() });
export type MailroomAnswer = Value<typeof mailroomKey>;

const outcome = record({
  outcome: oneOf("taken", "refused", "put-off", "lost", "key-gone"),
  code: oneOf(...MAIL_CODES),
});
const bounce = record({ delivery: id, code: oneOf(...MAIL_CODES) });
export type Bounce = Value<typeof bounce>;

export const health = mail.get({ path: "/health", action: null, answer: json(record({ ok: flag })) });
export const readKey = mail.get({ path: "/key", action: null, answer: json(mailroomKey) });
/** Left open for a while when there is none. */
export const readBounces = mail.get({
  path: "/bounces",
  action: null,
  answer: json(record({ bounces: list(bounce) })),
});
/** They were written down: only now is the carrier told yes. */
export const bouncesTaken = mail.post({
  path: "/bounces/taken",
  action: null,
  request: json(exact({ deliveries: list(id) })),
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
