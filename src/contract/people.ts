/** The people of a body, inviting them and joining. */
import { done, json, staff } from "./route.ts";
import { anyText, bytes, exact, hash, hex, id, list, oneOf, record, slug, text, type Value } from "./shape.ts";
import { body, role } from "./session.ts";

/**
 * Somebody who was invited and has not joined yet has no key: then `recipient`, `signingKey` and `detailsSalt` are
 * empty, and `confirmedPerson` refuses them.
 */
export const personRow = record({
  person: id,
  name: anyText,
  email: anyText,
  role,
  recipient: anyText,
  signingKey: bytes(),
  detailsSalt: bytes(),
  state: anyText,
});
export type PersonRow = Value<typeof personRow>;

/** Everything to the host, one's own to everybody else. */
export const listBodies = staff.get({
  path: "/api/bodies",
  action: "bodies.list",
  answer: json(record({ bodies: list(body) })),
});
export const listPeople = staff.get({
  path: "/api/bodies/:body/people",
  params: { body: slug },
  action: "people.list",
  answer: json(record({ people: list(personRow) })),
});

const invited = exact({ body: slug, name: text(200), email: text(254), role: oneOf("owner", "reader", "auditor") });
export type Invited = Value<typeof invited>;
export const invite = staff.post({
  path: "/api/invitations",
  action: "invitation.make",
  request: json(invited),
  /** shown once, for whoever was invited; the server keeps its hash */
  answer: json(record({ token: hash })),
});

const IDENTITY_MAX = 16 * 1024;
const newcomer = exact({
  token: hex(32),
  person: id,
  recipient: text(4096),
  signingKey: bytes(32),
  sealedIdentity: bytes(IDENTITY_MAX),
  signInHash: bytes(32),
  detailsSalt: bytes(32),
});
export type Newcomer = Omit<Value<typeof newcomer>, "token">;
export const join = staff.post({
  path: "/api/join",
  action: "join.accept",
  request: json(newcomer),
  answer: done,
  refusals: ["INVITATION_INVALID"],
});
