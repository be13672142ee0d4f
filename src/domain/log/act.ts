/**
 * An act: an event that a person signed, as it comes from their browser and as it is stored. Which bytes are signed
 * says `src/domain/person/signed.ts`; here the person behind the event is compared, too.
 */
import type { Bytes } from "../bytes.ts";
import type { BodyState } from "../grant/state.ts";
import { newSalt } from "../person/details.ts";
import { sign } from "../person/sign.ts";
import { addedTo, signedBytes, faultOfSignature, type SignedKind, type Signer } from "../person/signed.ts";
import { Fault } from "../problem.ts";
import { personCommitment } from "./commit.ts";
import type { LogEvent, Role } from "./event.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type AddedTo<K> = K extends "erasure.done" ? "parts" | "releases" | "backupsUntil" : never;
type OnePlain<T> = T extends { readonly kind: infer K } ? Omit<T, AddedTo<K>> : never;

/** Every event of a kind that is signed. */
type SignableEvent<K extends SignedKind = SignedKind> = Extract<LogEvent, { readonly kind: K }>;
/** What the person says: the event without what the server counts while it acts. */
export type PlainAct<K extends SignedKind = SignedKind> = OnePlain<SignableEvent<K>>;
/** The same before it is known who says it. */
export type ToSay<K extends SignedKind = SignedKind> = Without<PlainAct<K>, "by" | "role">;

/** Acts that stand by themselves; those of incidents stand one behind the other (`src/domain/incident/act.ts`). */
export type PlainKind = Exclude<SignedKind, `incident.${string}`>;

/** What a browser sends. `bySalt` opens the commitment to the person, `by`. */
export type SignedEvent<K extends SignedKind = SignedKind> = {
  readonly event: PlainAct<K>;
  readonly signature: Bytes;
  readonly bySalt: Bytes;
};

/** The people whose acts count: those of a body's verified statements, and the operators of the configuration. */
export type Signers = ReadonlyMap<string, Signer>;
export const signersOf = ({ persons }: Pick<BodyState, "persons">, operators: ReadonlyMap<string, Bytes>): Signers =>
  new Map<string, Signer>([
    ...[...operators].map(([person, signingKey]) => [person, { role: "operator", signingKey }] as const),
    ...persons,
  ]);

/** An act, drafted and signed where the person's key is. @param bySalt fresh for each act, and stored beside its event */
export function draftSigned<K extends SignedKind>(
  actor: { readonly person: string; readonly role: Role; readonly signingSecret: Bytes },
  fields: ToSay<K>,
  bySalt = newSalt(),
): SignedEvent<K> {
  const event = { ...fields, by: personCommitment(bySalt, actor.person), role: actor.role } as unknown as PlainAct;
  return { event: event as PlainAct<K>, signature: sign(actor.signingSecret, signedBytes(event)), bySalt };
}

/** Why an act is not this person's; null when it is. @param bySalt null where the salt is not at hand */
export function faultOfAct(
  event: PlainAct,
  { person, signature, bySalt }: { readonly person: string; readonly signature: Bytes; readonly bySalt: Bytes | null },
  signers: ReadonlyMap<string, Signer>,
): string | null {
  if (bySalt !== null && !commits(event.by, bySalt, person)) return "not by a person of this body in this role";
  return faultOfSignature(event, signature, signers.get(person));
}

/** @throws `ACT_UNSIGNED` with the reason */
export function checkSigned(act: SignedEvent, person: string, signers: Signers): void {
  const why = faultOfAct(act.event, { ...act, person }, signers);
  if (why !== null) throw new Fault("ACT_UNSIGNED", why);
}

function commits(by: string, salt: Bytes, person: string): boolean {
  try {
    return personCommitment(salt, person) === by;
  } catch {
    return false;
  }
}

/** The fields of a kind that stand in its entry and that nobody signs, as they are filled in where it is only checked. */
export const addedFields = (kind: SignedKind): { readonly [field: string]: 0 } =>
  Object.fromEntries(addedTo(kind).map((field) => [field, 0]));
