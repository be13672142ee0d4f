/**
 * One person, one letter: entries that are one person are joined, and entries that may be are shown to a person, never
 * joined silently. A letter too many can be explained; a letter that is missing, or one that goes to somebody else's
 * mailbox, cannot.
 */
import { keysOf, wordsAlikeAll, type Keys } from "./likeness.ts";
import type { AffectedPerson } from "./person.ts";

export type Why =
  | "same-email"
  | "same-mailbox"
  | "same-name-and-address"
  | "same-address"
  | "same-name-and-postcode"
  | "same-phone"
  | "same-name";

/** For whoever decides. */
export const WHY_WORDS: Readonly<Record<Why, string>> = {
  "same-email": "The same email address under two names",
  "same-mailbox": "The same mailbox, written with and without a “+”",
  "same-name-and-address": "The same name and postal address, with two email addresses",
  "same-address": "Two similar names at one address",
  "same-name-and-postcode": "The same name and postcode, with two addresses",
  "same-phone": "The same telephone number",
  "same-name": "The same name, and nothing that tells them apart",
};

/**
 * Entries that were joined; `differs` names what was not the same in all of them, of which the first entry's stands.
 */
export type Join = {
  readonly into: string;
  readonly entries: readonly AffectedPerson[];
  readonly differs: readonly ("email" | "post" | "phone")[];
};
export type Doubt = {
  readonly id: string;
  readonly one: AffectedPerson;
  readonly other: AffectedPerson;
  readonly why: Why;
};

export type Joined = {
  readonly people: readonly AffectedPerson[];
  readonly joins: readonly Join[];
  readonly doubts: readonly Doubt[];
  /** doubtful pairs beyond those listed: so many of them that the table should be looked at first */
  readonly moreDoubts: number;
};

const MOST_DOUBTS = 2_000;
/** So many are all compared with each other; of more, each with its neighbours by name. */
const FEW = 30;
const NEAR = 8;

type Entry = { readonly person: AffectedPerson; readonly keys: Keys };

/** Sets of entries, and which email addresses each set holds. */
class Sets {
  readonly #parent: number[];
  readonly #emails: Set<string>[];
  constructor(entries: readonly Entry[]) {
    this.#parent = entries.map((_, index) => index);
    this.#emails = entries.map(({ keys }) => new Set(keys.email === "" ? [] : [keys.email]));
  }
  of(index: number): number {
    let at = index;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]!]!;
    return at;
  }
  /** Two sets become one, unless that would put two email addresses under one person: then it is a doubt. */
  join(one: number, other: number, whatever = false): boolean {
    const [first, second] = [this.of(one), this.of(other)].sort((a, b) => a - b) as [number, number];
    if (first === second) return true;
    const emails = new Set([...this.#emails[first]!, ...this.#emails[second]!]);
    if (emails.size > 1 && !whatever) return false;
    this.#parent[second] = first;
    this.#emails[first] = emails;
    return true;
  }
}

function groups(entries: readonly Entry[], key: (keys: Keys) => string): number[][] {
  const found = new Map<string, number[]>();
  entries.forEach(({ keys }, index) => {
    const value = key(keys);
    if (value === "") return;
    const group = found.get(value);
    if (group) group.push(index);
    else found.set(value, [index]);
  });
  return [...found.values()].filter((group) => group.length > 1);
}

const nameAndAddress = ({ name, address }: Keys): string =>
  name !== "" && address !== "" ? `${name}\n${address}` : "";

/** The list with what is certain joined, and every pair that somebody has to look at. */
export function joinPeople(people: readonly AffectedPerson[]): Joined {
  const entries = people.map((person): Entry => ({ person, keys: keysOf(person) }));
  const sets = new Sets(entries);
  for (const group of groups(entries, ({ email }) => email)) {
    for (const [at, index] of group.entries()) {
      const like = group.slice(0, Math.min(at, 50)).find((before) => fits(entries[before]!.keys, entries[index]!.keys));
      if (like !== undefined) sets.join(like, index);
    }
  }
  for (const group of groups(entries, nameAndAddress)) {
    // Only so many: whoever has the same name and address under a hundred email addresses is looked at by a person.
    group.forEach((index, at) => void group.slice(0, Math.min(at, 50)).some((before) => sets.join(before, index)));
  }
  const { doubts, more } = doubtsOf(entries, sets);
  return { ...gathered(entries, sets), doubts, moreDoubts: more };
}

/** Under one email address: the same name, a spelling of it, or none. */
const fits = (one: Keys, other: Keys): boolean =>
  one.name === "" || other.name === "" || wordsAlikeAll(one.words, other.words);

function doubtsOf(entries: readonly Entry[], sets: Sets): { doubts: readonly Doubt[]; more: number } {
  const found = new Map<string, Doubt>();
  let more = 0;
  const keys = (index: number): Keys => entries[index]!.keys;
  const doubt = (why: Why, one: number, other: number): void => {
    const [first, second] = [sets.of(one), sets.of(other)].sort((a, b) => a - b) as [number, number];
    const id = `${entries[first]!.person.person}-${entries[second]!.person.person}`;
    if (first === second || found.has(id)) return;
    if (found.size >= MOST_DOUBTS) return void more++;
    found.set(id, { id, one: entries[one]!.person, other: entries[other]!.person, why });
  };
  const pairs = (why: Why, key: (of: Keys) => string, is: (one: number, other: number) => boolean): void => {
    for (const group of groups(entries, key)) {
      // In a hostel or a prison hundreds share an address: each of them is compared with the next few by name.
      const near = group.length <= FEW ? group : [...group].sort((a, b) => (keys(a).name < keys(b).name ? -1 : 1));
      near.forEach((one, at) =>
        near
          .slice(at + 1, at + 1 + (group.length <= FEW ? FEW : NEAR))
          .forEach((other) => sets.of(one) !== sets.of(other) && is(one, other) && doubt(why, one, other)),
      );
    }
  };
  const always = (): boolean => true;
  pairs("same-email", ({ email }) => email, always);
  pairs("same-name-and-address", nameAndAddress, always);
  pairs("same-mailbox", ({ mailbox }) => mailbox, always);
  pairs(
    "same-address",
    ({ address }) => address,
    (one, other) => wordsAlikeAll(keys(one).words, keys(other).words),
  );
  pairs(
    "same-name-and-postcode",
    ({ name, postcode }) => (name !== "" && postcode !== "" ? `${name}\n${postcode}` : ""),
    always,
  );
  pairs(
    "same-phone",
    ({ phone }) => phone,
    (one, other) => fits(keys(one), keys(other)),
  );
  pairs(
    "same-name",
    ({ name }) => name,
    (one, other) => !toldApart(keys(one), keys(other)),
  );
  return { doubts: [...found.values()], more };
}

/** Two people of one name whose addresses differ are two people; where one says nothing to compare, nobody can tell. */
const toldApart = (one: Keys, other: Keys): boolean =>
  (one.email !== "" && other.email !== "" && one.email !== other.email) ||
  (one.address !== "" && other.address !== "" && one.address !== other.address);

function gathered(
  entries: readonly Entry[],
  sets: Sets,
  preferred: ReadonlySet<number> = new Set(),
): { people: readonly AffectedPerson[]; joins: readonly Join[] } {
  const members = new Map<number, number[]>();
  entries.forEach((_, index) => {
    const group = members.get(sets.of(index));
    if (group) group.push(index);
    else members.set(sets.of(index), [index]);
  });
  const joins: Join[] = [];
  const people = [...members.values()].map((indexes) => {
    const first = [...indexes]
      .sort((a, b) => Number(preferred.has(b)) - Number(preferred.has(a)) || a - b)
      .map((index) => entries[index]!);
    const one = mergePeople(first.map(({ person }) => person));
    if (first.length > 1)
      joins.push({ into: one.person, entries: first.map(({ person }) => person), differs: differing(first) });
    return one;
  });
  return { people, joins };
}

const differing = (entries: readonly Entry[]): Join["differs"] =>
  (
    [
      ["email", "email"],
      ["post", "address"],
      ["phone", "phone"],
    ] as const
  )
    .filter(([, key]) => new Set(entries.map(({ keys }) => keys[key]).filter((value) => value !== "")).size > 1)
    .map(([part]) => part);

/**
 * One entry of several: what the first says stands, what it lacks comes from the next. Safe is what all of them who
 * were asked called safe; in danger is who is so in one.
 */
export function mergePeople(entries: readonly AffectedPerson[]): AffectedPerson {
  const first = <T>(of: (one: AffectedPerson) => T | null): T | null =>
    entries.map(of).find((value) => value !== null) ?? null;
  const asked = entries.map(({ safe }) => safe).filter((safe) => safe !== null);
  return {
    person: entries[0]!.person,
    name: first(({ name }) => name || null) ?? "",
    email: first(({ email }) => email),
    post: first(({ post }) => post),
    phone: first(({ phone }) => phone),
    safe: asked.length === 0 ? null : asked[0]!.filter((channel) => asked.every((safe) => safe.includes(channel))),
    inDanger: entries.some(({ inDanger }) => inDanger),
    records: [...new Set(entries.flatMap(({ records }) => records))],
  };
}

/**
 * What somebody said about a doubtful pair: two people, or one, who is then reached as the one or the other entry says.
 */
export type Decision = "different" | "one" | "other";

/**
 * The list that letters are written from. Only when every pair was decided; those beyond the listed ones stay apart.
 */
export function settlePeople(
  people: readonly AffectedPerson[],
  joined: Joined,
  decisions: ReadonlyMap<string, Decision>,
):
  | { readonly ok: true; readonly people: readonly AffectedPerson[] }
  | { readonly ok: false; readonly open: readonly Doubt[] } {
  const open = joined.doubts.filter(({ id }) => !decisions.has(id));
  if (open.length > 0) return { ok: false, open };
  const entries = people.map((person): Entry => ({ person, keys: keysOf(person) }));
  const at = new Map(people.map(({ person }, index) => [person, index]));
  const sets = new Sets(entries);
  const preferred = new Set<number>();
  for (const { entries: together } of joined.joins)
    for (const { person } of together.slice(1)) sets.join(at.get(together[0]!.person)!, at.get(person)!, true);
  for (const { id, one, other } of joined.doubts) {
    const decision = decisions.get(id)!;
    if (decision === "different") continue;
    sets.join(at.get(one.person)!, at.get(other.person)!, true);
    preferred.add(at.get((decision === "one" ? one : other).person)!);
  }
  return { ok: true, people: gathered(entries, sets, preferred).people };
}
