/** Asking that named people may read, and what became of it. Granting is a statement. */
import { PURPOSES } from "../domain/grant/statement.ts";
import { signedEvent } from "./acts.ts";
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
  /** that it was asked: what an owner's browser compares before it lets anybody in; the proof while it is open */
  act: record({
    entry: bytes(),
    proof: maybe(anyText),
    signature: bytes(),
    bySalt: bytes(),
    personsSalt: bytes(),
  }),
  state: oneOf("open", "confirmed", "declined", "withdrawn"),
  askedAt: whole,
  decidedAt: maybe(whole),
  decidedBy: maybe(record({ name: anyText, role: anyText })),
  reason: maybe(anyText),
});
export type Request = Value<typeof request>;

/** What is asked stands in the signed act; beside it what opens its commitments. */
const asking = exact({
  act: signedEvent("grant.requested"),
  persons: list(id, 50),
  personsSalt: bytes(32),
  purposeText: text(500),
  purposeSalt: bytes(32),
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
  answer: done,
  refusals: [
    "REFUSED_EMPTY",
    "REFUSED_SAME_PERSON",
    "PERSON_UNCONFIRMED",
    "INBOX_UNKNOWN",
    "ACT_UNSIGNED",
    "ACT_MOVED",
  ],
});
export const declineRequest = staff.post({
  path: "/api/bodies/:body/requests/:request/decline",
  params: { body: slug, request: id },
  action: "request.decline",
  /** `salt` opens the commitment to the reason */
  request: json(exact({ act: signedEvent("request.declined"), reason: text(500), salt: bytes(32) })),
  answer: done,
  refusals: ["REQUEST_UNKNOWN", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
export const withdrawRequest = staff.post({
  path: "/api/bodies/:body/requests/:request/withdraw",
  params: { body: slug, request: id },
  action: "request.withdraw",
  request: json(exact({ act: signedEvent("request.withdrawn") })),
  answer: done,
  refusals: ["REQUEST_UNKNOWN", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
