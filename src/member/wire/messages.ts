/** What the staff server sends of letters to people affected, as types and as the parsers that make them true. */
import { CALL_OUTCOMES } from "../../domain/mail/fate.ts";
import { DELIVERY_STATES } from "../../domain/mail/state.ts";
import { bytes, flag, id, list, maybe, oneOf, record, text, whole } from "./shape.ts";

export const mailroom = record({ start: id, at: whole, recipient: text, signature: bytes });
export type MailroomAnswer = ReturnType<typeof mailroom>;

const delivery = record({
  delivery: id,
  person: id,
  channel: oneOf("email", "post"),
  state: oneOf(...DELIVERY_STATES),
  attempts: whole,
  code: text,
  handedAt: whole,
  changedAt: whole,
});
export type Delivery = ReturnType<typeof delivery>;

const call = record({
  call: id,
  person: id,
  name: maybe(text),
  outcome: oneOf(...CALL_OUTCOMES),
  document: maybe(id),
  at: whole,
});
export type Call = ReturnType<typeof call>;

export const letters = record({ paused: flag, deliveries: list(delivery), calls: list(call) });
export type Letters = ReturnType<typeof letters>;
