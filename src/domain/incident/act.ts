/**
 * An act: one thing that one person records about an incident. An incident is nothing but its acts, in order; none is
 * ever changed or taken away. Each is signed by that person over the fields that stand in the log, and names the entry
 * before it: a row that somebody writes into the database by hand is none.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { canonicalJson } from "../canonical.ts";
import { personCommitment } from "../log/commit.ts";
import type { LogEvent, Role } from "../log/event.ts";
import { newSalt, textCommitment } from "../person/details.ts";
import { sign } from "../person/sign.ts";
import { signedBytes } from "../person/signed.ts";

export type ActEvent = Extract<LogEvent, { readonly prev: string; readonly incident: string }>;
export type ActKind = ActEvent["kind"];

type Place = "body" | "incident" | "seq" | "prev" | "by" | "role" | "words";
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What an act says, without its place in the incident and who says it. */
export type ActFields = Without<ActEvent, Place>;

/**
 * Free text beside an act, by field. It stands in the row, erasable; the log commits to it. Never about the people
 * affected: that is sealed to the incident's inbox.
 */
export type Texts = Readonly<Record<string, string>>;

/** Where the next act of an incident stands. */
export type ActHead = { readonly body: string; readonly incident: string; readonly seq: number; readonly prev: string };
export const NO_PREV = "0".repeat(64);

/** What a browser sends: the event as it will stand in the log, the signature, and what opens its commitments. */
export type SignedAct = {
  readonly event: ActEvent;
  readonly signature: Bytes;
  readonly bySalt: Bytes;
  readonly texts: Texts;
  readonly salt: Bytes;
};

export const wordsCommitment = (salt: Bytes, texts: Texts): string => toHex(textCommitment(salt, canonicalJson(texts)));

export const hasTexts = (texts: Texts): boolean => Object.keys(texts).length > 0;

/** An act, drafted and signed where the person's key is. */
export function draftAct(
  head: ActHead,
  actor: { readonly person: string; readonly role: Role; readonly signingSecret: Bytes },
  fields: ActFields,
  texts: Texts,
): SignedAct {
  const [bySalt, salt] = [newSalt(), newSalt()];
  const event = {
    ...fields,
    ...head,
    by: personCommitment(bySalt, actor.person),
    role: actor.role,
    ...(hasTexts(texts) ? { words: wordsCommitment(salt, texts) } : {}),
  } as ActEvent;
  return { event, signature: sign(actor.signingSecret, signedBytes(event)), bySalt, texts, salt };
}
