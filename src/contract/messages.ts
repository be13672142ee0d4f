/** What goes out to the people of an incident: handed in sealed, tracked, decided on; and who was rung. */
import { CALL_OUTCOMES } from "../domain/mail/fate.ts";
import { RETURNED_KINDS, RETURNED_SAID } from "../domain/mail/returned.ts";
import { DELIVERY_STATES } from "../domain/mail/state.ts";
import { mailroomKey } from "./mailroom.ts";
import { signedEvent } from "./acts.ts";
import { done, json, staff } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  flag,
  hash,
  hex,
  id,
  list,
  maybe,
  oneOf,
  optional,
  record,
  slug,
  whole,
  type Value,
} from "./shape.ts";

/** Messages in one request; a browser sends several. */
const MOST = 100;
const of = { body: slug, incident: id } as const;
const REFUSALS = ["INCIDENT_UNKNOWN", "INCIDENT_BROKEN"] as const;

const delivery = record({
  delivery: id,
  person: id,
  channel: oneOf("email", "post"),
  state: oneOf(...DELIVERY_STATES),
  attempts: whole,
  code: anyText,
  handedAt: whole,
  changedAt: whole,
});
export type Delivery = Value<typeof delivery>;
const call = record({
  call: id,
  person: id,
  name: maybe(anyText),
  outcome: oneOf(...CALL_OUTCOMES),
  document: maybe(id),
  at: whole,
});
export type Call = Value<typeof call>;
/** What came back and is no bounce. `said` is null until somebody has looked. */
const returned = record({
  document: id,
  delivery: id,
  kind: oneOf(...RETURNED_KINDS),
  epoch: whole,
  digest: hash,
  at: whole,
  said: maybe(oneOf(...RETURNED_SAID)),
});
export type ReturnedMail = Value<typeof returned>;
export const messages = record({
  paused: flag,
  deliveries: list(delivery),
  calls: list(call),
  returned: list(returned),
});
export type Messages = Value<typeof messages>;

/** The act says how many they are, what they have in common and which they are (`handedInHash`). */
const handedIn = exact({
  act: signedEvent("messages.handed-in"),
  start: id,
  messages: list(
    exact({ delivery: id, person: id, bytes: bytes(128 * 1024), salt: bytes(32), commitment: hex(32) }),
    MOST,
  ),
});
export type HandedIn = Value<typeof handedIn>;
const noted = exact({ act: signedEvent("call.made"), call: id, person: id, document: optional(id) });
export type Noted = Value<typeof noted>;
const posted = exact({
  act: signedEvent("messages.posted"),
  posted: list(exact({ delivery: id, person: id }), 1000),
});
export type Posted = Value<typeof posted>;
/** Signed by the person who decided. */
const SIGNED = ["ACT_UNSIGNED", "ACT_MOVED"] as const;

/** The mailroom that runs now, to whose key messages are sealed. */
export const readMailroom = staff.get({
  path: "/api/bodies/:body/mailroom",
  params: { body: slug },
  action: "messages.view",
  answer: json(mailroomKey),
  refusals: ["MAILROOM_AWAY"],
});
export const readMessages = staff.get({
  path: "/api/bodies/:body/incidents/:incident/messages",
  params: of,
  action: "messages.view",
  answer: json(messages),
  refusals: REFUSALS,
});
/** How many were taken in; the rest had been handed in before. */
export const handIn = staff.post({
  path: "/api/bodies/:body/incidents/:incident/messages/hand-in",
  params: of,
  action: "messages.work",
  request: json(handedIn),
  answer: json(record({ stored: whole })),
  refusals: [
    ...REFUSALS,
    ...SIGNED,
    "MAILROOM_AWAY",
    "MAILROOM_MOVED",
    "ENVELOPE_MALFORMED",
    "ENVELOPE_NOT_SEALED",
    "ENVELOPE_PADDING",
  ],
});
/** Holds back what has not left yet. */
export const hold = staff.post({
  path: "/api/bodies/:body/incidents/:incident/messages/hold",
  params: of,
  action: "messages.work",
  request: json(exact({ act: signedEvent("messages.paused") })),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED],
});
/** Lets it go on. */
export const resume = staff.post({
  path: "/api/bodies/:body/incidents/:incident/messages/resume",
  params: of,
  action: "messages.work",
  request: json(exact({ act: signedEvent("messages.resumed") })),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED],
});
export const decideDelivery = staff.post({
  path: "/api/bodies/:body/incidents/:incident/messages/:delivery/decide",
  params: { ...of, delivery: id },
  action: "messages.work",
  request: json(exact({ act: signedEvent("delivery.decided") })),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED, "DELIVERY_UNKNOWN", "REFUSED_STATE"],
});
/** What somebody says who looked at what came back; once. */
export const judgeReturned = staff.post({
  path: "/api/bodies/:body/incidents/:incident/returned/:document",
  params: { ...of, document: id },
  action: "messages.work",
  request: json(exact({ act: signedEvent("delivery.decided") })),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED, "DELIVERY_UNKNOWN", "REFUSED_STATE"],
});
export const notePosted = staff.post({
  path: "/api/bodies/:body/incidents/:incident/messages/posted",
  params: of,
  action: "messages.work",
  request: json(posted),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED],
});
export const noteCall = staff.post({
  path: "/api/bodies/:body/incidents/:incident/calls",
  params: of,
  action: "messages.work",
  request: json(noted),
  answer: done,
  refusals: [...REFUSALS, ...SIGNED, "REFUSED_STATE"],
});
