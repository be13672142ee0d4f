/**
 * The acts of an owner, drafted and signed where the owner's key is. Reachable from src/member only: they wrap keys.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import type { KeyKind } from "../seal/age.ts";
import { recipientHash } from "../seal/age.ts";
import { newIdentity } from "../seal/identity.ts";
import { newId } from "../seal/random.ts";
import { mayHold, missingHolders } from "./apply.ts";
import type { SignedAsk } from "./asked.ts";
import { appendStatement } from "./chain.ts";
import type { ConfirmedPerson } from "./confirmed.ts";
import { mayConfirm } from "./confirmers.ts";
import { currentEpoch, memberOf, ownersNow, type BodyState } from "./state.ts";
import {
  signStatement,
  type Act,
  type EndReason,
  type GrantWrap,
  type Holder,
  type Purpose,
  type Scope,
  type SignedStatement,
  type Statement,
} from "./statement.ts";
import { wrapHash, wrapKey, type InboxKey } from "./wrap.ts";

/** The owner who acts. */
export type Actor = { readonly person: string; readonly signingSecret: Bytes };

export type DraftWrap = {
  readonly inbox: string;
  readonly epoch: number;
  readonly person: string;
  readonly wrap: Bytes;
};
export type DraftRecipient = { readonly inbox: string; readonly epoch: number; readonly recipient: string };

/** What one act sends to the server, in one piece: it is stored whole or not at all. */
export type Draft = {
  readonly statements: readonly SignedStatement[];
  readonly wraps: readonly DraftWrap[];
  readonly recipients: readonly DraftRecipient[];
};

/** The draft of acts in order; each is checked by the rules that every verifier applies, before anything is sent. */
function signActs(state: BodyState, actor: Actor, acts: readonly Act[], now: number): SignedStatement[] {
  const signed: SignedStatement[] = [];
  let at = state;
  for (const act of acts) {
    const statement: Statement = {
      installation: at.installation,
      body: at.body,
      seq: at.head.seq + 1,
      prev: at.head.hash,
      at: Math.max(now, at.head.at),
      actor: actor.person,
      ...act,
    };
    const one = signStatement(statement, actor.signingSecret);
    at = appendStatement(at, one);
    signed.push(one);
  }
  return signed;
}

export type NewPerson = Omit<Extract<Act, { kind: "person.confirmed" }>, "kind">;

/** The first statement of a body: its first owner, by themselves. Its hash is the body's root. */
export function draftRoot(
  where: { readonly installation: string; readonly body: string },
  owner: NewPerson,
  actor: Actor,
  now: number,
): SignedStatement {
  return signStatement(
    { ...where, seq: 0, prev: new Uint8Array(32), at: now, actor: actor.person, kind: "person.confirmed", ...owner },
    actor.signingSecret,
  );
}

/** Confirms a person. Both people have compared what stands in it before this is called. */
export const draftPerson = (state: BodyState, actor: Actor, person: NewPerson, now: number): Draft => ({
  statements: signActs(state, actor, [{ kind: "person.confirmed", ...person }], now),
  wraps: [],
  recipients: [],
});

type NewEpoch = {
  readonly act: Act;
  readonly wraps: DraftWrap[];
  readonly recipients: DraftRecipient[];
  readonly key: InboxKey;
};

/** A new epoch's key, wrapped to every holder. */
async function newEpoch(
  inbox: string,
  epoch: number,
  holders: readonly ConfirmedPerson[],
  kind: KeyKind,
): Promise<NewEpoch> {
  if (holders.length < 2) throw new Fault("REFUSED_FEW_HOLDERS");
  const pair = await newIdentity(kind);
  const key: InboxKey = { inbox, epoch, identity: pair.identity };
  const wraps = await Promise.all(
    holders.map(async (to) => ({ inbox, epoch, person: to.person, wrap: await wrapKey(to, key) })),
  );
  const named: Holder[] = wraps.map((w) => ({ person: w.person, wrap: wrapHash(w.wrap) }));
  return {
    act: { kind: "inbox.key", inbox, epoch, recipientHash: recipientHash(pair.recipient), holders: named },
    wraps,
    recipients: [{ inbox, epoch, recipient: pair.recipient }],
    key,
  };
}

/** A new inbox: epoch 1, held by two owners or more. @param inbox its id, where that follows from something else */
export async function draftInbox(
  state: BodyState,
  actor: Actor,
  holders: readonly ConfirmedPerson[],
  kind: KeyKind,
  now: number,
  inbox = newId(),
): Promise<Draft & { readonly inbox: string }> {
  const epoch = await newEpoch(inbox, 1, holders, kind);
  return {
    inbox,
    statements: signActs(state, actor, [epoch.act], now),
    wraps: epoch.wraps,
    recipients: epoch.recipients,
  };
}

export type GrantAsked = {
  readonly inbox: string;
  readonly request: string;
  readonly asker: string;
  readonly scope: Scope;
  readonly until: number;
  readonly purpose: Purpose;
  readonly purposeCommitment: Bytes;
} & SignedAsk;

export type GrantWith = {
  /** exactly the people of the request, in its order */
  readonly people: readonly ConfirmedPerson[];
  /** the inbox's keys that the owner holds: every epoch for "all" */
  readonly keys: readonly InboxKey[];
  /** for "from-now": everyone who holds the current key and goes on reading */
  readonly remaining: readonly ConfirmedPerson[];
  readonly counted: number;
  readonly now: number;
  readonly kind: KeyKind;
  readonly onWrapped?: (done: number, total: number) => void;
};

/**
 * Lets several people read at once. "all" wraps every epoch's key; "from-now" begins an epoch and wraps only that. Its
 * cost does not depend on how many submissions there are.
 * @throws `REFUSED_BROUGHT` when another owner has to confirm, `REFUSED_SAME_PERSON`
 */
export async function draftGrant(
  state: BodyState,
  actor: Actor,
  asked: GrantAsked,
  given: GrantWith,
): Promise<Draft & { readonly grant: string }> {
  const may = mayConfirm(state, { ...asked, persons: given.people.map(({ person }) => person) }, actor.person);
  if (!may.ok) throw new Fault(may.code);
  const grant = newId();
  const epochs = state.inboxes.get(asked.inbox)?.epochs ?? [];
  const begun =
    asked.scope === "from-now"
      ? await newEpoch(asked.inbox, epochs.length + 1, given.remaining, given.kind)
      : undefined;
  const keys = begun
    ? [begun.key]
    : epochs.map((epoch) => given.keys.find((key) => key.epoch === epoch.epoch && key.inbox === asked.inbox));
  const total = keys.length * given.people.length;
  const wraps: DraftWrap[] = [];
  for (const to of given.people) {
    for (const key of keys) {
      if (!key) throw new Fault("REFUSED_EPOCH", "the owner does not hold every epoch");
      wraps.push({ inbox: asked.inbox, epoch: key.epoch, person: to.person, wrap: await wrapKey(to, key) });
      given.onWrapped?.(wraps.length, total);
    }
  }
  const signed: GrantWrap[] = wraps.map((w) => ({ person: w.person, epoch: w.epoch, wrap: wrapHash(w.wrap) }));
  const { inbox, request, asker, scope, until, purpose, purposeCommitment } = asked;
  const { asked: event, askedSignature, askerKey, personsSalt } = asked;
  const made: Act = {
    kind: "grant.made",
    grant,
    inbox,
    request,
    asker,
    persons: given.people.map((p) => p.person),
    wraps: signed,
    scope,
    until,
    purpose,
    purposeCommitment,
    counted: given.counted,
    asked: event,
    askedSignature,
    askerKey,
    personsSalt,
  };
  const acts: Act[] = begun ? [begun.act, made] : [made];
  return {
    grant,
    statements: signActs(state, actor, acts, given.now),
    wraps: [...(begun?.wraps ?? []), ...wraps],
    recipients: begun?.recipients ?? [],
  };
}

export type EndWith = {
  readonly grant: string;
  readonly person: string;
  readonly reason: EndReason;
  /** everyone who goes on reading; not the leaver, unless the leaver is an owner, who holds the key without a grant */
  readonly remaining: readonly ConfirmedPerson[];
  readonly now: number;
  readonly kind: KeyKind;
};

/**
 * Ends one person's grant, and every other that lets the same person read this inbox, and re-keys at once:
 * what comes next is sealed to a key that the leaver never had (T13).
 */
export async function draftEnd(state: BodyState, actor: Actor, end: EndWith): Promise<Draft> {
  const grant = state.grants.get(end.grant);
  const inbox = grant && state.inboxes.get(grant.inbox);
  if (!grant || !inbox) throw new Fault("STATEMENT_INVALID", "there is no such grant");
  const owner = memberOf(state, end.person)?.role === "owner";
  if (!owner && end.remaining.some((p) => p.person === end.person))
    throw new Fault("REFUSED_STATE", "the leaver would stay");
  const epoch = await newEpoch(grant.inbox, currentEpoch(inbox).epoch + 1, end.remaining, end.kind);
  const others = [...state.grants.values()].filter(
    (g) =>
      g.grant !== end.grant &&
      g.inbox === grant.inbox &&
      g.until > end.now &&
      g.persons.some((p) => p.person === end.person && !p.ended),
  );
  const ended = [grant, ...others].map(
    (g): Act => ({ kind: "grant.ended", grant: g.grant, inbox: g.inbox, person: end.person, reason: end.reason }),
  );
  return {
    statements: signActs(state, actor, [...ended, epoch.act], end.now),
    wraps: epoch.wraps,
    recipients: epoch.recipients,
  };
}

export type LeaveWith = {
  readonly person: string;
  readonly reason: EndReason;
  /** everybody who may hold a key afterwards, by id; who of them holds which, follows from the statements */
  readonly people: ReadonlyMap<string, ConfirmedPerson>;
  readonly now: number;
  readonly kind: KeyKind;
};

/**
 * Lets a person out, an owner too: one statement, and the next key of every inbox whose key they hold, wrapped to
 * everyone who goes on reading and to every other owner.
 * @throws `REFUSED_LAST_OWNERS`, `REFUSED_LAST_HOLDER` when something must be done first
 */
export async function draftLeave(state: BodyState, actor: Actor, leave: LeaveWith): Promise<Draft> {
  const { person, reason, people, now, kind } = leave;
  const one = memberOf(state, person);
  if (!one) throw new Fault("PERSON_UNKNOWN");
  if (person === actor.person) throw new Fault("REFUSED_SAME_PERSON");
  const ended = { at: now, reason, by: actor.person };
  const after = { ...state, persons: new Map(state.persons).set(person, { ...one, ended }) };
  if (one.role === "owner" && ownersNow(after).length < 2) throw new Fault("REFUSED_LAST_OWNERS");
  if (missingHolders(after, now) > missingHolders(state, now)) throw new Fault("REFUSED_LAST_HOLDER");
  const acts: Act[] = [{ kind: "person.ended", person, reason }];
  const made: NewEpoch[] = [];
  for (const { inbox, epochs } of state.inboxes.values()) {
    const { epoch, holders } = epochs.at(-1)!;
    if (!holders.has(person)) continue;
    const staying = new Set([...holders.keys(), ...ownersNow(after)]);
    const next = [...staying].filter((holder) => mayHold(after, inbox, holder, now));
    const rows = next.map((holder) => people.get(holder) ?? missing(holder));
    made.push(await newEpoch(inbox, epoch + 1, rows, kind));
  }
  return {
    statements: signActs(state, actor, [...acts, ...made.map(({ act }) => act)], now),
    wraps: made.flatMap(({ wraps }) => wraps),
    recipients: made.flatMap(({ recipients }) => recipients),
  };
}

const missing = (person: string): never => {
  throw new Fault("PERSON_UNKNOWN", person);
};

export type FormAct = Omit<Extract<Act, { kind: "form.published" }>, "kind" | "version">;

/** Opens or closes a form version. A version's number is its place among all versions ever published. */
export function draftForm(state: BodyState, actor: Actor, form: FormAct, now: number): Draft {
  const versions = state.forms.get(form.form)?.versions;
  const version = versions?.get(toHex(form.formHash)) ?? (versions?.size ?? 0) + 1;
  return {
    statements: signActs(state, actor, [{ kind: "form.published", version, ...form }], now),
    wraps: [],
    recipients: [],
  };
}
