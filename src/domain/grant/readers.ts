/** Who can read: computed from verified statements only. There is no value for "anyone"; an empty set is nobody. */
import { ALLOWED, refused, type Decision } from "../problem.ts";
import { currentEpoch, memberOf, type BodyState, type GrantState } from "./state.ts";
import type { BodyRole } from "./statement.ts";

export type Reader = {
  readonly person: string;
  readonly role: BodyRole;
  readonly why: "owner" | "grant";
  readonly since: number;
  /** when the grant runs out, milliseconds; owners have none */
  readonly until?: number;
  readonly grant?: string;
  /** epochs whose key the person was given */
  readonly epochs: readonly number[];
};

const epochsOf = (state: BodyState, inbox: string, person: string): number[] =>
  (state.inboxes.get(inbox)?.epochs ?? []).filter((epoch) => epoch.holders.has(person)).map((epoch) => epoch.epoch);

const activeGrant = (state: BodyState, inbox: string, person: string, now: number): GrantState | undefined =>
  [...state.grants.values()]
    .filter((g) => g.inbox === inbox && g.until > now && g.persons.some((p) => p.person === person && !p.ended))
    .sort((a, b) => b.until - a.until)[0];

/** Everyone who may read an inbox now: owners who hold its key, and people with a grant that runs. */
export function readersNow(state: BodyState, inbox: string, now: number): Reader[] {
  const readers: Reader[] = [];
  for (const { person, role, at, ended } of state.persons.values()) {
    if (ended) continue;
    const epochs = epochsOf(state, inbox, person);
    const grant = activeGrant(state, inbox, person, now);
    if (epochs.length === 0) continue;
    if (role === "owner") readers.push({ person, role, why: "owner", since: at, epochs });
    else if (grant)
      readers.push({ person, role, why: "grant", since: grant.at, until: grant.until, grant: grant.grant, epochs });
  }
  return readers;
}

/** Everyone who holds the key of an epoch, whether they may still ask for bytes or not. */
export const holdersOf = (state: BodyState, inbox: string, epoch: number): string[] => [
  ...(state.inboxes.get(inbox)?.epochs[epoch - 1]?.holders.keys() ?? []),
];

/** How many, and of them how many in each role. */
export type PublicReaders = {
  readonly count: number;
  readonly owners: number;
  readonly officers: number;
  readonly auditors: number;
};

/** A holder without a role cannot be; if there were one, the numbers would not add up, and no sentence would hide it. */
function counted(state: BodyState, people: readonly string[]): PublicReaders {
  const having = (role: BodyRole): number => people.filter((person) => state.persons.get(person)?.role === role).length;
  return { count: people.length, owners: having("owner"), officers: having("reader"), auditors: having("auditor") };
}

/** What the public is told: every holder of the current key is counted, by name nobody. */
export function publicReaders(state: BodyState, inbox: string): PublicReaders {
  const found = state.inboxes.get(inbox);
  return counted(state, found ? [...currentEpoch(found).holders.keys()] : []);
}

/** What a submitter is told: how many may have the bytes of one epoch now, and since when it is these. */
export function readersOfEpoch(
  state: BodyState,
  inbox: string,
  epoch: number,
  now: number,
): PublicReaders & { readonly since: number } {
  const found = state.inboxes.get(inbox)?.epochs[epoch - 1];
  const people = found
    ? [...found.holders.keys()].filter((person) => mayRead(state, person, inbox, epoch, now).ok)
    : [];
  const grants = [...state.grants.values()].filter(
    (grant) => grant.inbox === inbox && grant.persons.some(({ person }) => found?.holders.has(person)),
  );
  const changes = grants.flatMap(({ at, until, persons }) => [
    at,
    until,
    ...persons.flatMap(({ ended }) => (ended ? [ended.at] : [])),
  ]);
  return {
    ...counted(state, people),
    since: Math.max(found?.at ?? 0, ...changes.filter((at) => at <= now)),
  };
}

/** Whether one person may have sealed bytes of one epoch now. */
export function mayRead(state: BodyState, person: string, inbox: string, epoch: number, now: number): Decision {
  const role = memberOf(state, person)?.role;
  const found = state.inboxes.get(inbox);
  if (!role || !found) return refused("REFUSED_NO_GRANT");
  if (role !== "owner" && !activeGrant(state, inbox, person, now)) {
    const once = [...state.grants.values()].some(
      (g) => g.inbox === inbox && g.persons.some((p) => p.person === person),
    );
    return refused(once ? "REFUSED_GRANT_ENDED" : "REFUSED_NO_GRANT");
  }
  return found.epochs[epoch - 1]?.holders.has(person) ? ALLOWED : refused("REFUSED_EPOCH");
}
