/** Signing in and out, and one's own account. */
import { done, json, staff } from "./route.ts";
import {
  anyText,
  bytes,
  exact,
  flag,
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

export const role = oneOf("operator", "owner", "reader", "auditor");
export type Role = Value<typeof role>;

export const body = record({ id: slug, name: anyText });
export type Body = Value<typeof body>;

/** One's own account. */
export const me = record({
  person: id,
  name: anyText,
  email: anyText,
  role,
  body: maybe(body),
  /** false: joined, and no owner has confirmed it yet */
  confirmed: flag,
});
export type Me = Value<typeof me>;

/** The copy of one's keys that is sealed to the unlocker that signed in, and no other: a session alone gets none. */
export const entered = record({ me, sealedKeys: bytes() });
export type Entered = Value<typeof entered>;

/**
 * Starts a session: the cookie comes with the answer. Whoever has turned it on is asked for a code, too (`TOTP_NEEDED`),
 * and until it is right there is neither a session nor a copy of the keys.
 */
export const startSession = staff.post({
  path: "/api/session",
  action: "session.start",
  request: json(exact({ account: text(254), signIn: bytes(32), code: optional(text(40)) })),
  answer: json(entered),
  refusals: ["SIGN_IN_REFUSED", "TOTP_NEEDED", "TOTP_REFUSED", "TOTP_PAUSED", "TOTP_BROKEN"],
});
export const endSession = staff.remove({ path: "/api/session", action: "session.end", answer: done });
/** One sign-in that runs. Nothing is kept of the device or the network, so nothing of them is shown. */
const running = record({ session: id, startedAt: whole, seenAt: whole, endsAt: whole, here: flag });
export type Running = Value<typeof running>;
/** One's own sign-ins, the newest first; `here` is the one that asks. */
export const ownSessions = staff.get({
  path: "/api/me/sessions",
  action: "sessions.own",
  answer: json(record({ sessions: list(running) })),
});
/** Ends one of one's own sign-ins; that of anybody else is not found, and one that is over already is no problem. */
export const endOwnSession = staff.remove({
  path: "/api/me/sessions/:session",
  params: { session: id },
  action: "sessions.own",
  answer: done,
});
export const ownAccount = staff.get({ path: "/api/me", action: "me.view", answer: json(record({ me })) });
