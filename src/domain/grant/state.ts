/** What a body's verified statements say. Only `verifyChain` makes one. */
import type { Bytes } from "../bytes.ts";
import type { BodyRole, EndReason, Purpose, Scope } from "./statement.ts";

export type PersonState = {
  readonly person: string;
  readonly role: BodyRole;
  readonly signingKey: Bytes;
  readonly recipientHash: Bytes;
  readonly details: Bytes;
  readonly at: number;
  /** the owner who confirmed them; of a body's first owner themselves */
  readonly confirmedBy: string;
  /** they were let out; what they signed before stays theirs */
  readonly ended?: { readonly at: number; readonly reason: EndReason; readonly by: string };
};

export type EpochState = {
  readonly epoch: number;
  readonly recipientHash: Bytes;
  readonly at: number;
  /** the place of its `inbox.key` in the chain */
  readonly seq: number;
  /**
   * every holder of this epoch's key, with the hash of the wrapped key: those named when it was made and those granted
   * later
   */
  readonly holders: ReadonlyMap<string, Bytes>;
  /** wrapped keys that a later grant to the same person replaced: `person hash`, in hex; their rows are kept */
  readonly replaced: ReadonlySet<string>;
};

/** An inbox: a form's letters. The last epoch is the current one; epochs count from 1. */
export type InboxState = { readonly inbox: string; readonly epochs: readonly EpochState[] };

export type GrantPerson = {
  readonly person: string;
  readonly ended?: { readonly at: number; readonly reason: EndReason; readonly by: string };
};

export type GrantState = {
  readonly grant: string;
  readonly inbox: string;
  readonly request: string;
  readonly asker: string;
  /** by which the request was signed; of an operator it is to be compared with the configuration */
  readonly askerKey: Bytes;
  readonly confirmer: string;
  readonly persons: readonly GrantPerson[];
  readonly scope: Scope;
  readonly until: number;
  readonly purpose: Purpose;
  readonly counted: number;
  readonly at: number;
};

export type FormState = {
  readonly form: string;
  readonly version: number;
  readonly formHash: Bytes;
  readonly inbox: string;
  readonly state: "open" | "closed";
  readonly browserOnly: boolean;
  readonly at: number;
  /** every version ever published, hex hash → version: earlier submissions open under theirs */
  readonly versions: ReadonlyMap<string, number>;
};

export type BodyState = {
  readonly installation: string;
  readonly body: string;
  readonly head: { readonly seq: number; readonly hash: Bytes; readonly at: number };
  readonly persons: ReadonlyMap<string, PersonState>;
  readonly inboxes: ReadonlyMap<string, InboxState>;
  readonly grants: ReadonlyMap<string, GrantState>;
  readonly forms: ReadonlyMap<string, FormState>;
};

/** Somebody who is at the body now: confirmed, and not let out. */
export function memberOf({ persons }: Pick<BodyState, "persons">, person: string): PersonState | undefined {
  const found = persons.get(person);
  return found?.ended ? undefined : found;
}

/** The owners that a body has now. */
export const ownersNow = (state: Pick<BodyState, "persons">): readonly string[] =>
  [...state.persons.values()].filter((one) => one.role === "owner" && !one.ended).map(({ person }) => person);

/** The current epoch of an inbox. */
export const currentEpoch = (inbox: InboxState): EpochState => inbox.epochs.at(-1)!;
