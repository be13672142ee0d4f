/** Asking that named people may read, and what became of it. Granting is a statement. */
import { PURPOSES } from "../domain/grant/statement.ts";
import { done, json, staff } from "./route.ts";
import { anyText, bytes, exact, id, list, maybe, oneOf, record, slug, text, whole, type Value } from "./shape.ts";
import { role } from "./session.ts";

export const scope = oneOf("all", "from-now");
export type Scope = Value<typeof scope>;

export const request = record({
  request: id,
  inbox: id,
  asker: record({ person: id, name: anyText, role }),
  persons: list(id),
  scope,
  until: whole,
  purpose: oneOf(...PURPOSES),
  purposeText: anyText,
  purposeSalt: bytes(),
  state: oneOf("open", "confirmed", "declined", "withdrawn"),
  askedAt: whole,
  decidedAt: maybe(whole),
  decidedBy: maybe(record({ name: anyText, role: anyText })),
  reason: maybe(anyText),
});
export type Request = Value<typeof request>;

const asking = exact({
  inbox: id,
  persons: list(id, 50),
  scope,
  until: whole,
  purpose: oneOf(...PURPOSES),
  purposeText: text(500),
});
export type Asking = Value<typeof asking>;

export const listRequests = staff.get({
  path: "/api/bodies/:body/requests",
  params: { body: slug },
  action: "requests.list",
  answer: json(record({ requests: list(request) })),
});
export const askToRead = staff.post({
  path: "/api/bodies/:body/requests",
  params: { body: slug },
  action: "request.ask",
  request: json(asking),
  answer: json(record({ request: id })),
  refusals: ["REFUSED_EMPTY", "REFUSED_SAME_PERSON", "PERSON_UNCONFIRMED", "INBOX_UNKNOWN"],
});
export const declineRequest = staff.post({
  path: "/api/bodies/:body/requests/:request/decline",
  params: { body: slug, request: id },
  action: "request.decline",
  request: json(exact({ reason: text(500) })),
  answer: done,
  refusals: ["REQUEST_UNKNOWN", "REFUSED_STATE"],
});
export const withdrawRequest = staff.post({
  path: "/api/bodies/:body/requests/:request/withdraw",
  params: { body: slug, request: id },
  action: "request.withdraw",
  answer: done,
  refusals: ["REQUEST_UNKNOWN", "REFUSED_STATE"],
});
