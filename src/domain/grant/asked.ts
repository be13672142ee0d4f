/**
 * What was asked for, and the asker's signature over it, as a grant holds them: whoever replays the statements sees that
 * two people let somebody in, and not one who names another.
 */
import { equalBytes, toHex, type Bytes } from "../bytes.ts";
import { canonicalJson, parseCanonical, type Json } from "../canonical.ts";
import { textCommitment } from "../person/details.ts";
import { verify } from "../person/sign.ts";
import { signedBytes } from "../person/signed.ts";
import { memberOf, type BodyState } from "./state.ts";

/** To the people of a request, in whatever order: hex, under its salt. */
export const personsCommitment = (salt: Bytes, persons: readonly string[]): string =>
  toHex(textCommitment(salt, canonicalJson(persons.toSorted())));

/** What is asked for. */
export type Asked = {
  readonly body: string;
  readonly inbox: string;
  readonly request: string;
  readonly persons: readonly string[];
  readonly scope: string;
  readonly until: number;
  readonly purpose: string;
};

/** Whether an event `grant.requested` asks for exactly this. Whose it is, is asked elsewhere. */
export const asksFor = (
  event: { readonly [field: string]: unknown },
  { body, inbox, request, persons, scope, until, purpose }: Asked,
  personsSalt: Bytes,
): boolean =>
  event["kind"] === "grant.requested" &&
  event["body"] === body &&
  event["inbox"] === inbox &&
  event["request"] === request &&
  event["scope"] === scope &&
  event["until"] === until &&
  event["purpose"] === purpose &&
  event["count"] === persons.length &&
  event["persons"] === personsCommitment(personsSalt, persons);

/** The asker's signed request, as a statement holds it. */
export type SignedAsk = {
  /** the event that was signed, as canonical JSON: without version, time and nonce */
  readonly asked: Bytes;
  readonly askedSignature: Bytes;
  /** of a member the confirmed key; of an operator the one that the configuration names */
  readonly askerKey: Bytes;
  readonly personsSalt: Bytes;
};

/** What a grant lets in, without who confirms it. */
type Granted = Omit<Asked, "body"> & SignedAsk & { readonly asker: string; readonly purposeCommitment: Bytes };

/** Why a grant is not what its asker signed; null when it is. That a key is an operator's, the configuration says. */
export function faultOfAsked(state: BodyState, grant: Granted): string | null {
  const event = objectIn(grant.asked);
  if (event === null || !asksFor(event, { ...grant, body: state.body }, grant.personsSalt))
    return "it is not what was asked";
  if (event["purposeCommitment"] !== toHex(grant.purposeCommitment)) return "it is not what was asked";
  const member = memberOf(state, grant.asker);
  const role = member?.role ?? "operator";
  if (event["role"] !== role || (member && !equalBytes(member.signingKey, grant.askerKey)))
    return "the asker's key is not the one that was confirmed";
  const signed = signedBytes({ ...event, kind: "grant.requested" });
  return verify(grant.askerKey, grant.askedSignature, signed) ? null : "the asker did not sign it";
}

function objectIn(bytes: Bytes): { readonly [field: string]: Json } | null {
  try {
    const value = parseCanonical(bytes);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { readonly [field: string]: Json })
      : null;
  } catch {
    return null;
  }
}
