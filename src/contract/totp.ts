/** One's own code beside the passphrase: seeing whether it is on, turning it on and off. */
import { signedEvent } from "./acts.ts";
import { done, json, staff } from "./route.ts";
import { anyText, bytes, exact, id, list, maybe, record, text, whole, type Value } from "./shape.ts";

/** `left`: recovery codes that were not used yet. */
const own = record({ totp: id, since: whole, left: whole });
export type Totp = Value<typeof own>;
export const ownTotp = staff.get({
  path: "/api/me/totp",
  action: "unlockers.own",
  answer: json(record({ totp: maybe(own) })),
});
/** A secret for a device, for this sign-in and five minutes. It counts when a code of it was typed (`turnTotpOn`). */
const begun = record({ totp: id, secret: bytes(20) });
export type BegunTotp = Value<typeof begun>;
export const beginTotp = staff.post({ path: "/api/me/totp/secret", action: "unlockers.own", answer: json(begun) });
/** Six digits, or a recovery code, as somebody typed it. */
export const typed = text(40);
/** Turns it on, and answers the recovery codes, once. Every other sign-in of the person ends. */
export const turnTotpOn = staff.post({
  path: "/api/me/totp",
  action: "unlockers.change",
  request: json(exact({ act: signedEvent("totp.on"), code: typed })),
  answer: json(record({ recovery: list(anyText) })),
  refusals: ["ACT_UNSIGNED", "ACT_MOVED", "TOTP_REFUSED", "TOTP_OVER", "REFUSED_STATE"],
});
export const turnTotpOff = staff.post({
  path: "/api/me/totp/removal",
  action: "unlockers.change",
  request: json(exact({ act: signedEvent("totp.off"), code: typed })),
  answer: done,
  refusals: ["ACT_UNSIGNED", "ACT_MOVED", "TOTP_REFUSED", "TOTP_PAUSED", "TOTP_BROKEN"],
});
