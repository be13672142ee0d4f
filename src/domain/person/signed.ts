/**
 * What a member signs when they act: the one place that says which events are signed, by whom, and over which bytes.
 * A session alone does none of them: its cookie can be stolen, the key never leaves its owner's browser. Whoever uses
 * such an event verifies it (`src/domain/log/act.ts`): the server before it writes, browsers, verifier, certificate.
 */
import { encodeFields, tag, toUtf8, type Bytes } from "../bytes.ts";
import { canonicalJson } from "../canonical.ts";
import { verify } from "./sign.ts";

export type SignerRole = "operator" | "owner" | "reader" | "auditor";

type Rule = {
  /** the tag; without one, the kind of the event itself */
  readonly tag?: string;
  readonly by: readonly SignerRole[];
  /** fields of the entry that the server counts or measures only while it acts; nobody signs them */
  readonly without: readonly string[];
};

const OWNER = { by: ["owner"], without: [] } as const satisfies Rule;
const ASKER = { by: ["operator", "owner", "reader"], without: [] } as const satisfies Rule;
/** One's own matter, whoever one is at the body. */
const OWN = { by: ["owner", "reader", "auditor"], without: [] } as const satisfies Rule;
const TELLING = { by: ["owner", "auditor"], without: [] } as const satisfies Rule;
const OF_CASE = { tag: "case-act", by: ["owner", "reader", "auditor"], without: [] } as const satisfies Rule;
const OF_INCIDENT = { tag: "incident-act", by: ["owner", "auditor"], without: [] } as const satisfies Rule;

/** By kind of event. What is a statement is signed as one (`src/domain/grant/statement.ts`). */
export const SIGNED = {
  "case.replied": OF_CASE,
  "case.assigned": OF_CASE,
  "case.noted": OF_CASE,
  "case.closed": OF_CASE,
  "case.reopened": OF_CASE,
  "grant.requested": ASKER,
  "request.withdrawn": ASKER,
  "request.declined": OWNER,
  "invitation.withdrawn": OWNER,
  "person.refused": OWNER,
  "erasure.refused": OWNER,
  "erasure.done": { by: ["owner"], without: ["parts", "releases", "backupsUntil"] },
  "messages.handed-in": TELLING,
  "messages.paused": TELLING,
  "messages.resumed": TELLING,
  "messages.posted": TELLING,
  "delivery.decided": TELLING,
  "call.made": TELLING,
  "unlocker.added": OWN,
  "unlocker.removed": OWN,
  "totp.on": OWN,
  "totp.off": OWN,
  "incident.opened": OF_INCIDENT,
  "incident.aware": OF_INCIDENT,
  "incident.window": OF_INCIDENT,
  "incident.moved": OF_INCIDENT,
  "incident.assessed": OF_INCIDENT,
  "incident.sealed": OF_INCIDENT,
  "incident.decided": OF_INCIDENT,
  "incident.reported": OF_INCIDENT,
  "incident.followed": OF_INCIDENT,
  "incident.notice": OF_INCIDENT,
  "incident.packed": OF_INCIDENT,
} as const satisfies { readonly [kind: string]: Rule };

export type SignedKind = keyof typeof SIGNED;

export const isSignedKind = (kind: string): kind is SignedKind => Object.hasOwn(SIGNED, kind);
const ruleOf = (kind: SignedKind): Rule => SIGNED[kind];
/** The fields of a kind that the server adds, and nobody signs. */
export const addedTo = (kind: SignedKind): readonly string[] => ruleOf(kind).without;

/** What every entry has, and the server adds. */
const OF_EVERY_ENTRY: readonly string[] = ["v", "at", "nonce"];

/** What is signed: the tag, and the one spelling of what the person says. An entry and its event have the same bytes. */
export function signedBytes<E extends { readonly kind: SignedKind }>(event: E): Bytes {
  const { tag: name = event.kind, without } = ruleOf(event.kind);
  const said = Object.entries(event).filter(([field]) => !OF_EVERY_ENTRY.includes(field) && !without.includes(field));
  return encodeFields([tag(name), toUtf8(canonicalJson(Object.fromEntries(said)))]);
}

/** Somebody's key as it is known from elsewhere: verified statements, or the installation's configuration. */
export type Signer = { readonly role: SignerRole; readonly signingKey: Bytes };

/** Why an event is not this signer's; null when it is. */
export function faultOfSignature(
  event: { readonly kind: SignedKind; readonly role: SignerRole },
  signature: Bytes,
  signer: Signer | undefined,
): string | null {
  if (!signer || signer.role !== event.role) return "not by a person of this body in this role";
  if (!ruleOf(event.kind).by.includes(signer.role)) return "not for a person in this role";
  return verify(signer.signingKey, signature, signedBytes(event)) ? null : "the signature does not hold";
}
