/** The people of a body, inviting them and joining. */
import { DELIVERY_STATES } from "../domain/mail/state.ts";
import { signedEvent } from "./acts.ts";
import { done, json, staff } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  hex,
  id,
  list,
  maybe,
  oneOf,
  optional,
  record,
  slug,
  text,
  whole,
  type Value,
} from "./shape.ts";
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

const bodyRole = oneOf("owner", "reader", "auditor");
/**
 * Without `link` the person gets the link by e-mail, and nobody else has it. With `link`, the hash of a secret that the
 * asker made, no mail leaves: whoever invites hands the link over by themselves.
 */
const invited = exact({
  body: slug,
  name: text(200),
  email: text(254),
  role: bodyRole,
  link: optional(bytes(32)),
});
export type Invited = Value<typeof invited>;
export const invite = staff.post({
  path: "/api/invitations",
  action: "invitation.make",
  request: json(invited),
  answer: done,
  refusals: ["ADDRESS_TAKEN", "MAIL_ADDRESS", "INVITATIONS_MANY"],
});
/** `mail`: how far the mail with the link is; null where whoever invited hands the link over by themselves. */
const invitation = record({
  invitation: id,
  name: anyText,
  email: anyText,
  role: bodyRole,
  madeAt: whole,
  expiresAt: whole,
  state: oneOf("open", "used", "expired", "withdrawn"),
  mail: maybe(oneOf(...DELIVERY_STATES)),
});
export type Invitation = Value<typeof invitation>;
/**
 * Those that no newer one has replaced and whose person is not confirmed yet, until 30 days after they run out. `used`:
 * they have made their keys, and wait.
 */
export const listInvitations = staff.get({
  path: "/api/bodies/:body/invitations",
  params: { body: slug },
  action: "invitation.list",
  answer: json(record({ invitations: list(invitation) })),
});
/** Ends an invitation that nobody has used: its link is dead at once. */
export const withdrawInvitation = staff.post({
  path: "/api/bodies/:body/invitations/:invitation/withdraw",
  params: { body: slug, invitation: id },
  action: "invitation.withdraw",
  request: json(exact({ act: signedEvent("invitation.withdrawn") })),
  answer: done,
  refusals: ["REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
/** Turns away somebody who waits: their sign-ins end, and nothing of them is kept. */
export const turnAway = staff.post({
  path: "/api/bodies/:body/people/:person/turn-away",
  params: { body: slug, person: id },
  action: "newcomer.refuse",
  request: json(exact({ act: signedEvent("person.refused") })),
  answer: done,
  refusals: ["PERSON_UNKNOWN", "REFUSED_STATE", "ACT_UNSIGNED", "ACT_MOVED"],
});
/** Whom a link invites, and to what. A request with a body, so that no address in any log holds the secret. */
export const lookAtInvitation = staff.post({
  path: "/api/invitation",
  action: "join.accept",
  request: json(exact({ token: hex(32) })),
  answer: json(record({ name: anyText, email: anyText, role: bodyRole, body })),
  refusals: ["INVITATION_INVALID", "INVITATION_USED", "INVITATION_WITHDRAWN"],
});

/** An owner begins to compare six words with somebody who waits. */
export const beginComparing = staff.post({
  path: "/api/bodies/:body/people/:person/words",
  params: { body: slug, person: id },
  action: "words.begin",
  request: json(exact({ nonce: bytes(32) })),
  answer: done,
  refusals: ["PERSON_UNKNOWN", "REFUSED_STATE"],
});
/**
 * What an owner has begun with whoever asks in the last fifteen minutes, the newest; null: nobody has. `owner` is empty
 * for the host, which compares with the first owner of a body alone. `founding`: what that owner has yet to sign, once
 * the host has named its hash as the body's root.
 */
export const ownComparison = staff.get({
  path: "/api/me/words",
  action: "words.own",
  answer: json(
    record({
      comparison: maybe(record({ nonce: bytes(), owner: anyText, begunAt: whole })),
      founding: maybe(record({ at: whole, detailsSalt: bytes() })),
    }),
  ),
});

const COPY_MAX = 16 * 1024;
/** A copy of a person's keys, sealed to one unlocker, of which the hash of its recipient alone is told. */
export const sealedCopy = exact({ unlocker: id, recipientHash: bytes(32), sealedKeys: bytes(COPY_MAX) });

const newcomer = exact({
  token: hex(32),
  person: id,
  recipient: text(4096),
  signingKey: bytes(32),
  copy: sealedCopy,
  signInHash: bytes(32),
  detailsSalt: bytes(32),
});
export type Newcomer = Omit<Value<typeof newcomer>, "token">;
export const join = staff.post({
  path: "/api/join",
  action: "join.accept",
  request: json(newcomer),
  answer: done,
  refusals: ["INVITATION_INVALID", "INVITATION_USED", "INVITATION_WITHDRAWN", "ADDRESS_TAKEN"],
});
