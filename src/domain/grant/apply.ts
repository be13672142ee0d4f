/**
 * What each kind of statement may say, given all before it. A statement that breaks a rule is refused even if an owner
 * signed it.
 */
import { toHex } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { faultOfAsked } from "./asked.ts";
import { mayConfirm } from "./confirmers.ts";
import { memberOf, ownersNow, type BodyState, type EpochState, type GrantState, type InboxState } from "./state.ts";
import type { Act, Statement } from "./statement.ts";

const no = (why: string): never => {
  throw new Fault("STATEMENT_INVALID", why);
};

type Of<K extends Act["kind"]> = Extract<Statement, { kind: K }>;

const distinct = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;
const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

/**
 * The state after a statement whose place and signature were checked.
 * @throws `STATEMENT_INVALID` with the rule that it breaks
 */
export function apply(state: BodyState, s: Statement): BodyState {
  switch (s.kind) {
    case "person.confirmed":
      return personConfirmed(state, s);
    case "person.ended":
      return personEnded(state, s);
    case "inbox.key":
      return inboxKey(state, s);
    case "grant.made":
      return grantMade(state, s);
    case "grant.ended":
      return grantEnded(state, s);
    case "form.published":
      return formPublished(state, s);
  }
}

function personConfirmed(state: BodyState, s: Of<"person.confirmed">): BodyState {
  if (state.persons.has(s.person)) no("the person is already confirmed");
  const { person, role, signingKey, recipientHash, details, at, actor: confirmedBy } = s;
  return {
    ...state,
    persons: withEntry(state.persons, person, { person, role, signingKey, recipientHash, details, at, confirmedBy }),
  };
}

/** A body keeps two owners, and of every letter somebody who can open it. Whoever was let out comes back by no statement. */
function personEnded(state: BodyState, s: Of<"person.ended">): BodyState {
  const one = memberOf(state, s.person) ?? no("there is no such person");
  if (s.person === s.actor) no("nobody lets themselves out");
  const persons = withEntry(state.persons, s.person, { ...one, ended: { at: s.at, reason: s.reason, by: s.actor } });
  const after = { ...state, persons };
  if (one.role === "owner" && ownersNow(after).length < 2) no("a body keeps two owners");
  if (missingHolders(after, s.at) > missingHolders(state, s.at)) no("there would be letters that nobody can open");
  return after;
}

/** How many epochs have no holder who may read any more: what is sealed to them is lost. */
export const missingHolders = (state: BodyState, at: number): number =>
  [...state.inboxes.values()]
    .flatMap(({ inbox, epochs }) => epochs.map((epoch) => ({ inbox, holders: [...epoch.holders.keys()] })))
    .filter(({ inbox, holders }) => !holders.some((person) => mayHold(state, inbox, person, at))).length;

/** Whether somebody may hold a new epoch's key: an owner, or a reader with a grant that runs. */
export function mayHold(state: BodyState, inbox: string, person: string, at: number): boolean {
  const role = memberOf(state, person)?.role;
  if (role === undefined) return false;
  if (role === "owner") return true;
  return [...state.grants.values()].some(
    (g) => g.inbox === inbox && g.until > at && g.persons.some((p) => p.person === person && !p.ended),
  );
}

function inboxKey(state: BodyState, s: Of<"inbox.key">): BodyState {
  const before = state.inboxes.get(s.inbox)?.epochs ?? [];
  if (s.epoch !== before.length + 1) no("epochs follow each other");
  if (before.some((epoch) => toHex(epoch.recipientHash) === toHex(s.recipientHash)))
    no("a key is used for one epoch only");
  const people = s.holders.map((h) => h.person);
  if (people.length < 2 || !distinct(people)) no("an inbox key has two holders or more, each named once");
  if (people.some((person) => !mayHold(state, s.inbox, person, s.at))) no("a holder is neither an owner nor granted");
  // Nobody is left out silently: whoever held the key before and may go on reading holds the next one, too.
  const dropped = [...(before.at(-1)?.holders.keys() ?? [])].filter(
    (person) => mayHold(state, s.inbox, person, s.at) && !people.includes(person),
  );
  if (dropped.length > 0) no("somebody who goes on reading is left out");
  const epoch: EpochState = {
    epoch: s.epoch,
    recipientHash: s.recipientHash,
    at: s.at,
    seq: s.seq,
    holders: new Map(s.holders.map((h) => [h.person, h.wrap])),
    replaced: new Set(),
  };
  return { ...state, inboxes: withEntry(state.inboxes, s.inbox, { inbox: s.inbox, epochs: [...before, epoch] }) };
}

function grantMade(state: BodyState, s: Of<"grant.made">): BodyState {
  const inbox: InboxState = state.inboxes.get(s.inbox) ?? no("there is no such inbox");
  if (state.grants.has(s.grant)) no("the grant was already made");
  if ([...state.grants.values()].some((g) => g.request === s.request)) no("the request was already confirmed");
  if (s.persons.length === 0 || !distinct(s.persons)) no("a grant names people, each once");
  if (s.persons.some((person) => !memberOf(state, person))) no("somebody in it is not confirmed");
  // Asker, confirmer and beneficiary of a grant are three different people.
  if (s.asker === s.actor || s.persons.includes(s.actor) || s.persons.includes(s.asker))
    no("asker, confirmer and beneficiary are different people");
  if (!mayConfirm(state, s, s.actor).ok) no("another owner confirms whom this one confirmed");
  if (s.until <= s.at) no("it would end before it begins");
  checkWraps(inbox, s);
  const unasked = faultOfAsked(state, s);
  if (unasked !== null) no(unasked);
  const epochs = inbox.epochs.map((epoch) => {
    const added = s.wraps.filter((w) => w.epoch === epoch.epoch);
    return added.length === 0
      ? epoch
      : {
          ...epoch,
          holders: new Map([...epoch.holders, ...added.map((w): [string, Uint8Array] => [w.person, w.wrap])]),
          replaced: new Set([
            ...epoch.replaced,
            ...added.flatMap(({ person }) => {
              const before = epoch.holders.get(person);
              return before === undefined ? [] : [`${person} ${toHex(before)}`];
            }),
          ]),
        };
  });
  const { grant, request, asker, scope, until, purpose, counted, at } = s;
  const made: GrantState = {
    grant,
    inbox: s.inbox,
    request,
    asker,
    askerKey: s.askerKey,
    confirmer: s.actor,
    persons: s.persons.map((person) => ({ person })),
    scope,
    until,
    purpose,
    counted,
    at,
  };
  return {
    ...state,
    inboxes: withEntry(state.inboxes, s.inbox, { inbox: s.inbox, epochs }),
    grants: withEntry(state.grants, grant, made),
  };
}

/**
 * Everyone named gets every epoch that the scope covers, and nobody anything else: a grant to somebody skipped would
 * look like one made.
 */
function checkWraps(inbox: InboxState, s: Of<"grant.made">): void {
  // "From now on" begins with the grant: without a key made for it, it would reach back to whenever the last one was
  // made.
  if (s.scope === "from-now" && inbox.epochs.at(-1)?.seq !== s.seq - 1) no("it begins no epoch");
  const covered = s.scope === "all" ? inbox.epochs.map((epoch) => epoch.epoch) : [inbox.epochs.length];
  const wanted = s.persons.flatMap((person) => covered.map((epoch) => `${person}/${epoch}`));
  const given = s.wraps.map((w) => `${w.person}/${w.epoch}`);
  if (!distinct(given) || given.length !== wanted.length || wanted.some((pair) => !given.includes(pair)))
    no("wrapped keys and people do not fit");
}

function grantEnded(state: BodyState, s: Of<"grant.ended">): BodyState {
  const grant: GrantState = state.grants.get(s.grant) ?? no("there is no such grant");
  const one = grant.persons.find((p) => p.person === s.person) ?? no("the grant does not name this person");
  if (grant.inbox !== s.inbox) no("the grant is for another inbox");
  if (one.ended) no("it was already ended");
  const persons = grant.persons.map((p) =>
    p.person === s.person ? { person: p.person, ended: { at: s.at, reason: s.reason, by: s.actor } } : p,
  );
  return { ...state, grants: withEntry(state.grants, s.grant, { ...grant, persons }) };
}

function formPublished(state: BodyState, s: Of<"form.published">): BodyState {
  if (!state.inboxes.has(s.inbox)) no("the inbox has no key");
  const before = state.forms.get(s.form);
  if (before && before.inbox !== s.inbox) no("a form keeps its inbox");
  if ([...state.forms.values()].some((f) => f.form !== s.form && f.inbox === s.inbox))
    no("an inbox belongs to one form");
  const hash = toHex(s.formHash);
  const known = before?.versions.get(hash);
  if (known === undefined ? s.version !== (before?.versions.size ?? 0) + 1 : s.version !== known)
    no("versions count up");
  const versions = withEntry(before?.versions ?? new Map<string, number>(), hash, s.version);
  const { form, version, formHash, inbox, browserOnly, at } = s;
  return {
    ...state,
    forms: withEntry(state.forms, form, { form, version, formHash, inbox, state: s.state, browserOnly, at, versions }),
  };
}
