/** One's own unlockers: seeing, adding and removing them, and signing in with a passkey. */
import { signedEvent } from "./acts.ts";
import { sealedCopy } from "./people.ts";
import { done, json, staff } from "./route.ts";
import { entered } from "./session.ts";
import { anyText, bytes, exact, id, list, maybe, oneOf, record, text, whole, type Value } from "./shape.ts";

const unlocker = record({
  unlocker: id,
  kind: oneOf("passphrase", "passkey"),
  label: anyText,
  recipientHash: bytes(),
  madeAt: whole,
  usedAt: maybe(whole),
});
export type Unlocker = Value<typeof unlocker>;
export const ownUnlockers = staff.get({
  path: "/api/me/unlockers",
  action: "unlockers.own",
  answer: json(record({ unlockers: list(unlocker) })),
});

const challenge = bytes(32);
/** Begins to add a passkey: a challenge of one use and five minutes, for this sign-in alone. `others`: those there are. */
export const beginPasskey = staff.post({
  path: "/api/me/passkey",
  action: "unlockers.own",
  answer: json(record({ challenge, others: list(bytes()) })),
});

const CREDENTIAL_MAX = 1023;
const CLIENT_DATA_MAX = 8 * 1024;
const ATTESTATION_MAX = 64 * 1024;
/**
 * What a passkey says when it is made. Exactly this: a body with the results of an extension, among which the secret of
 * the passkey would be, is refused.
 */
const made = exact({
  credential: bytes(CREDENTIAL_MAX),
  clientData: bytes(CLIENT_DATA_MAX),
  attestation: bytes(ATTESTATION_MAX),
});
export type MadePasskey = Value<typeof made>;
const adding = exact({ act: signedEvent("unlocker.added"), label: text(60), copy: sealedCopy, passkey: made });
export type Adding = Value<typeof adding>;
export const addPasskey = staff.post({
  path: "/api/me/unlockers",
  action: "unlockers.change",
  request: json(adding),
  answer: done,
  refusals: ["ACT_UNSIGNED", "ACT_MOVED", "PASSKEY_REFUSED"],
});
/**
 * New words in the place of the old ones: `removed` names those, and is null where there are none. Every other sign-in of
 * the person ends.
 */
const renewing = exact({
  act: signedEvent("unlocker.added"),
  removed: maybe(signedEvent("unlocker.removed")),
  copy: sealedCopy,
  signInHash: bytes(32),
});
export type Renewing = Value<typeof renewing>;
export const renewPassphrase = staff.post({
  path: "/api/me/passphrase",
  action: "unlockers.change",
  request: json(renewing),
  answer: done,
  refusals: ["ACT_UNSIGNED", "ACT_MOVED", "REFUSED_STATE"],
});
/** Removes an unlocker, and ends every other sign-in of its person. */
export const removeUnlocker = staff.post({
  path: "/api/me/unlockers/:unlocker/removal",
  params: { unlocker: id },
  action: "unlockers.change",
  request: json(exact({ act: signedEvent("unlocker.removed") })),
  answer: done,
  refusals: ["ACT_UNSIGNED", "ACT_MOVED", "UNLOCKER_LAST"],
});

/** Begins to sign in with a passkey; who comes is known when it has answered. */
export const beginPasskeySignIn = staff.post({
  path: "/api/session/challenge",
  action: "session.start",
  answer: json(record({ challenge })),
});
/** What a passkey says when it is used; as `made`, exactly this. */
const shown = exact({
  credential: bytes(CREDENTIAL_MAX),
  clientData: bytes(CLIENT_DATA_MAX),
  authenticatorData: bytes(CLIENT_DATA_MAX),
  signature: bytes(1024),
});
export type ShownPasskey = Value<typeof shown>;
/** Starts a session, as a passphrase does, and hands over the copy that this passkey opens. */
export const signInByPasskey = staff.post({
  path: "/api/session/passkey",
  action: "session.start",
  request: json(shown),
  answer: json(entered),
  refusals: ["PASSKEY_REFUSED"],
});
