/** Signing in and out, and one's own account. */
import { done, json, staff } from "./route.ts";
import { anyText, bytes, exact, id, maybe, oneOf, record, slug, text, type Value } from "./shape.ts";

export const role = oneOf("operator", "owner", "reader", "auditor");
export type Role = Value<typeof role>;

export const body = record({ id: slug, name: anyText });
export type Body = Value<typeof body>;

/** One's own account. `sealedIdentity` is opened with one's own passphrase alone, and goes to nobody else. */
export const me = record({
  person: id,
  name: anyText,
  email: anyText,
  role,
  body: maybe(body),
  sealedIdentity: maybe(bytes()),
});
export type Me = Value<typeof me>;

/** Starts a session: the cookie comes with the answer. */
export const startSession = staff.post({
  path: "/api/session",
  action: "session.start",
  request: json(exact({ account: text(254), signIn: bytes(32) })),
  answer: json(record({ me })),
  refusals: ["SIGN_IN_REFUSED"],
});
export const endSession = staff.remove({ path: "/api/session", action: "session.end", answer: done });
export const ownAccount = staff.get({ path: "/api/me", action: "me.view", answer: json(record({ me })) });
