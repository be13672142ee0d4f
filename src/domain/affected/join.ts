/**
 * One person, one letter. By itself the program joins only what cannot be two people; whatever may be one person is
 * shown to somebody, and each join can be taken apart again. A letter too many can be explained; one that is missing, or
 * that goes to somebody else's mailbox, cannot.
 */
import { keysOf, wordsAlikeAll, type Entry, type Exact, type Keys } from "./likeness.ts";
import type { AffectedPerson } from "./person.ts";

export type Why =
  | "same-email"
  | "same-mailbox"
  | "same-name-and-address"
  | "same-address"
  | "same-name-and-postcode"
  | "same-phone"
  | "same-record"
  | "same-name";

/** For whoever decides. */
export const WHY_WORDS: Readonly<Record<Why, string>> = {
  "same-email": "The same email address, and something else differs",
  "same-mailbox": "The same mailbox, written with and without a “+”",
  "same-name-and-address":
    "Nearly the same name and postal address: a title, a mark, a figure or something else differs",
  "same-address": "Two similar names at one address",
  "same-name-and-postcode": "The same name and postcode, with two addresses",
  "same-phone": "The same telephone number",
  "same-record": "The same record number, and something else differs",
  "same-name": "The same name, and nothing that tells them apart",
};

/** Entries that cannot be two people. Whoever knows better takes some out again: those are people of their own. */
export type Join = {
  /** the first entry's `person` */
  readonly id: string;
  readonly entries: readonly AffectedPerson[];
  /** of these, by `person`, which were taken out */
  readonly parted: readonly string[];
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

type Kept = { readonly person: AffectedPerson; readonly keys: Keys };
const keptOf = (entry: Entry): Kept => ({ person: entry, keys: keysOf(entry) });

/** Sets of entries, each named by its first. */
class Sets {
  readonly #parent: number[];
  constructor(length: number) {
    this.#parent = Array.from({ length }, (_, index) => index);
  }
  of(index: number): number {
    let at = index;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]!]!;
    return at;
  }
  join(one: number, other: number): void {
    const [first, second] = [this.of(one), this.of(other)].sort((a, b) => a - b) as [number, number];
    this.#parent[second] = first;
  }
  all(): readonly (readonly number[])[] {
    const members = new Map<number, number[]>();
    this.#parent.forEach((_, index) => {
      const set = members.get(this.of(index));
      if (set) set.push(index);
      else members.set(this.of(index), [index]);
    });
    return [...members.values()];
  }
}

function groups(entries: readonly Kept[], key: (keys: Keys) => string): number[][] {
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

/** What two entries of one person may not say differently; where one says nothing, nothing differs. */
const TELLING = ["said", "email", "address", "phone", "born"] as const satisfies readonly (keyof Exact)[];
const nothingDiffers = (keys: readonly Keys[]): boolean =>
  TELLING.every((part) => new Set(keys.map(({ exact }) => exact[part]).filter((value) => value !== "")).size <= 1);

/** One record that stands in the table twice, word for word. */
const sameRecord = ({ record, exact }: Keys): string =>
  record === "" ? "" : `${record}\n${TELLING.map((part) => exact[part]).join("\n")}`;
const both = (name: string, other: string): string => (name !== "" && other !== "" ? `${name}\n${other}` : "");

/**
 * Sets that cannot be two people: the same record word for word, or the same full name with the same address or email,
 * where nothing of anybody in the set differs. If one among several differs, nobody knows whose the others are.
 */
function certain(entries: readonly Kept[]): Sets {
  const near = new Sets(entries.length);
  const sure = new Sets(entries.length);
  for (const key of [
    ({ exact }: Keys) => both(exact.name, exact.email),
    ({ exact }: Keys) => both(exact.name, exact.address),
  ])
    for (const [first, ...rest] of groups(entries, key)) for (const index of rest) near.join(first!, index);
  for (const set of near.all())
    if (nothingDiffers(set.map((index) => entries[index]!.keys))) for (const index of set) sure.join(set[0]!, index);
  for (const [first, ...rest] of groups(entries, sameRecord)) for (const index of rest) sure.join(first!, index);
  return sure;
}

/**
 * The list with what is certain joined, and every pair that somebody has to look at.
 *
 * @param parted entries, by `person`, that somebody took out of a join
 */
export function joinPeople(people: readonly Entry[], parted: ReadonlySet<string> = new Set()): Joined {
  const entries = people.map(keptOf);
  const sure = certain(entries);
  const sets = new Sets(entries.length);
  const joins: Join[] = [];
  const out = (index: number): boolean => parted.has(entries[index]!.person.person);
  for (const set of sure.all()) {
    if (set.length === 1) continue;
    const [first, ...rest] = set.filter((index) => !out(index));
    for (const index of rest) sets.join(first!, index);
    joins.push({
      id: entries[set[0]!]!.person.person,
      entries: set.map((index) => entries[index]!.person),
      parted: set.filter(out).map((index) => entries[index]!.person.person),
    });
  }
  const { doubts, more } = doubtsOf(entries, sets, sure);
  return { people: gathered(people, sets), joins, doubts, moreDoubts: more };
}

/** The same name, a spelling of it, or none. */
const fits = (one: Keys, other: Keys): boolean =>
  one.name === "" || other.name === "" || wordsAlikeAll(one.words, other.words);

/** @param sure pairs of one set were decided when one of them was taken out of it */
function doubtsOf(entries: readonly Kept[], sets: Sets, sure: Sets): { doubts: readonly Doubt[]; more: number } {
  const found = new Map<string, Doubt>();
  let more = 0;
  const keys = (index: number): Keys => entries[index]!.keys;
  const doubt = (why: Why, one: number, other: number): void => {
    const [first, second] = [sets.of(one), sets.of(other)].sort((a, b) => a - b) as [number, number];
    const id = `${entries[first]!.person.person}-${entries[second]!.person.person}`;
    if (first === second || sure.of(one) === sure.of(other) || found.has(id)) return;
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
  pairs("same-name-and-address", ({ name, address }) => both(name, address), always);
  pairs("same-mailbox", ({ mailbox }) => mailbox, always);
  pairs(
    "same-address",
    ({ address }) => address,
    (one, other) => wordsAlikeAll(keys(one).words, keys(other).words),
  );
  pairs("same-name-and-postcode", ({ name, postcode }) => both(name, postcode), always);
  pairs(
    "same-phone",
    ({ phone }) => phone,
    (one, other) => fits(keys(one), keys(other)),
  );
  pairs(
    "same-record",
    ({ record }) => record,
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

const gathered = (
  people: readonly AffectedPerson[],
  sets: Sets,
  preferred: ReadonlySet<number> = new Set(),
): readonly AffectedPerson[] =>
  sets
    .all()
    .map((set) =>
      mergePeople(
        [...set]
          .sort((a, b) => Number(preferred.has(b)) - Number(preferred.has(a)) || a - b)
          .map((index) => people[index]!),
      ),
    );

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

export type Settled =
  | { readonly ok: true; readonly people: readonly AffectedPerson[] }
  | {
      readonly ok: false;
      /** not decided yet */
      readonly open: readonly Doubt[];
      /** called two people, and one person by way of others: one of these decisions is wrong */
      readonly against: readonly (readonly [AffectedPerson, AffectedPerson])[];
    };

/**
 * The list that letters are written from. Only when every pair was decided, and no decision speaks against another;
 * pairs beyond the listed ones stay apart.
 */
export function settlePeople(
  people: readonly Entry[],
  joined: Joined,
  decisions: ReadonlyMap<string, Decision>,
): Settled {
  const open = joined.doubts.filter(({ id }) => !decisions.has(id));
  if (open.length > 0) return { ok: false, open, against: [] };
  const at = new Map(people.map(({ person }, index) => [person, index]));
  const of = ({ person }: AffectedPerson): number => at.get(person)!;
  const sets = new Sets(people.length);
  const preferred = new Set<number>();
  for (const { entries: together, parted } of joined.joins) {
    const [first, ...rest] = together.filter(({ person }) => !parted.includes(person));
    for (const one of rest) sets.join(of(first!), of(one));
  }
  for (const { id, one, other } of joined.doubts) {
    const decision = decisions.get(id)!;
    if (decision === "different") continue;
    sets.join(of(one), of(other));
    preferred.add(of(decision === "one" ? one : other));
  }
  const apart = [
    ...joined.doubts
      .filter(({ id }) => decisions.get(id) === "different")
      .map(({ one, other }) => [one, other] as const),
    ...joined.joins.flatMap(({ entries: together, parted }) =>
      together
        .filter(({ person }) => parted.includes(person))
        .flatMap((one) => together.filter((other) => other !== one).map((other) => [one, other] as const)),
    ),
  ];
  const against = apart.filter(([one, other]) => sets.of(of(one)) === sets.of(of(other)));
  return against.length > 0
    ? { ok: false, open: [], against }
    : { ok: true, people: gathered(people, sets, preferred) };
}
