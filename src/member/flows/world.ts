/** What a screen knows of a body: its verified statements first, and the server's rows only where they fit them. */
import { readersNow, type Reader } from "../../domain/grant/readers.ts";
import type { PersonRow as SignedRow } from "../../domain/grant/confirmed.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { referenceOfDocuments } from "../../domain/incident/document.ts";
import { Fault } from "../../domain/problem.ts";
import type { CheckedPerson } from "../hands/tasks.ts";
import { lapsedHolders } from "./holders.ts";
import { titleOf } from "./titles.ts";
import type { Member } from "../member.ts";
import type { Body } from "../../contract/session.ts";
import type { Inbox } from "../../contract/statements.ts";
import type { PersonRow } from "../../contract/people.ts";
import type { Request } from "../../contract/grants.ts";

export type BodyWorld = {
  readonly body: Body;
  readonly state: BodyState;
  readonly people: readonly CheckedPerson[];
  /** whom the server calls locked: let out by a statement that was lost with a database, and in by those that are left */
  readonly locked: ReadonlySet<string>;
  /** inboxes that a signed statement gives a form to; the rest is counted in `unsigned` */
  readonly inboxes: readonly SignedInbox[];
  readonly unsigned: number;
  /** inboxes without a form, for the documents of incidents: for owners and auditors, who alone see incidents */
  readonly documents: readonly SignedInbox[];
};

export type SignedInbox = Omit<Inbox, "form" | "title"> & {
  readonly form: string;
  readonly title: string;
  readonly body: string /** and not erased */;
  readonly received: number;
  readonly erased: number;
};

const isBodyRole = (row: PersonRow): row is PersonRow & SignedRow => row.role !== "operator";

/** A body's statements, verified from its root. @throws `CHAIN_BROKEN` */
export async function stateOf({ setup, api, hands, me }: Member, body: string): Promise<BodyState> {
  const root = setup.roots.get(body);
  if (root === undefined) throw new Fault("CHAIN_BROKEN", "this installation names no root for the body");
  const statements = await api.chain(body);
  return hands.call("replay", {
    installation: setup.installation,
    body,
    root,
    statements,
    own: me.body?.id === body,
  });
}

/** Replays the chain of a body and fits the server's rows to it. @throws `CHAIN_BROKEN` */
export async function loadWorld(member: Member, body: Body): Promise<BodyWorld> {
  const { api, hands, me } = member;
  const [state, rows, inboxes] = await Promise.all([
    stateOf(member, body.id),
    api.people(body.id),
    api.inboxes(body.id),
  ]);
  const people = await hands.call("people", { body: body.id, rows: rows.filter(isBodyRole) });
  const named = new Map([...state.forms.values()].map((form) => [form.inbox, form]));
  const sum = (one: Inbox, what: "received" | "erased"): number =>
    one.epochs.reduce((total, epoch) => total + epoch[what], 0);
  // An operator may not ask for definitions: for them the server's title stays.
  const isMember = me.role !== "operator" && me.body?.id === body.id;
  const matched = inboxes.map(async (one): Promise<SignedInbox[]> => {
    const form = named.get(one.inbox);
    if (form === undefined || form.form !== one.form) return [];
    const title = isMember ? await titleOf(member, body.id, form) : (one.title ?? form.form);
    return [
      { ...one, form: form.form, title, body: body.id, received: sum(one, "received"), erased: sum(one, "erased") },
    ];
  });
  const signed = (await Promise.all(matched)).flat();
  const answers = isMember && (me.role === "owner" || me.role === "auditor");
  const documents = inboxes.filter(
    (one) => answers && one.form === null && state.inboxes.has(one.inbox) && !named.has(one.inbox),
  );
  const sealed = (one: Inbox): SignedInbox => ({
    ...one,
    form: "",
    title: `Documents of incident ${referenceOfDocuments(one.inbox)}`,
    body: body.id,
    received: 0,
    erased: 0,
  });
  return {
    body,
    state,
    people,
    locked: new Set(rows.flatMap((row) => (row.state === "locked" ? [row.person] : []))),
    inboxes: signed,
    documents: documents.map(sealed),
    unsigned: inboxes.filter((one) => one.form !== null).length - signed.length,
  };
}

/** The world of the visitor's own body. @throws `REFUSED_ROLE` for somebody who has none */
export async function ownWorld(member: Member): Promise<BodyWorld> {
  if (!member.me.body) throw new Fault("REFUSED_ROLE");
  return loadWorld(member, member.me.body);
}

/** The visitor's own body; for an operator, all of them. */
export async function loadWorlds(member: Member): Promise<readonly BodyWorld[]> {
  const bodies = member.me.body ? [member.me.body] : await member.api.bodies();
  const worlds: BodyWorld[] = [];
  for (const body of bodies) worlds.push(await loadWorld(member, body));
  return worlds;
}

export type Found = { readonly world: BodyWorld; readonly inbox: SignedInbox };

/** An inbox of a body, with or without a form. */
export const inboxOf = ({ inboxes, documents }: BodyWorld, id: string): SignedInbox | undefined =>
  inboxes.find((one) => one.inbox === id) ?? documents.find((one) => one.inbox === id);

/** Whether an inbox holds documents of an incident, and no letters. */
export const holdsDocuments = ({ form }: Pick<SignedInbox, "form">): boolean => form === "";

/** The body that an inbox belongs to. @throws `INBOX_UNKNOWN` */
export async function findInbox(member: Member, id: string): Promise<Found> {
  for (const world of await loadWorlds(member)) {
    const inbox = inboxOf(world, id);
    if (inbox) return { world, inbox };
  }
  throw new Fault("NOT_FOUND");
}

export type Asked = Request & { readonly body: string };

export const loadRequests = async (member: Member, worlds: readonly BodyWorld[]): Promise<readonly Asked[]> =>
  (
    await Promise.all(
      worlds.map(async ({ body }) => (await member.api.requests(body.id)).map((one) => ({ ...one, body: body.id }))),
    )
  ).flat();

export type Named = { readonly name: string; readonly email: string; readonly role: string; readonly known: boolean };

/** How a person is called here; somebody whose row does not hold is not named by it. */
export function nameOf(world: BodyWorld, person: string): Named {
  const row = world.people.find((one) => one.person === person);
  if (row && row.code === null) return { name: row.name, email: row.email, role: row.role, known: true };
  return {
    name: "A person whose details cannot be verified",
    email: "",
    role: world.state.persons.get(person)?.role ?? "",
    known: false,
  };
}

/** Who asked: a member as confirmed; of somebody who is none (an operator), what the server says. */
export function askerOf(
  world: BodyWorld | undefined,
  { asker }: Request,
): { readonly name: string; readonly role: string } {
  if (!world?.state.persons.has(asker.person)) return asker;
  const { name, role } = nameOf(world, asker.person);
  return { name, role };
}

export type NamedReader = Reader & Named;

/** Everyone who can read an inbox now, by name. */
export const readersOf = (world: BodyWorld, inbox: string, now: number): readonly NamedReader[] =>
  readersNow(world.state, inbox, now).map((reader) => ({ ...nameOf(world, reader.person), ...reader }));

/** Who reads letters of this epoch and what comes in now: whoever handles a letter reads what is written about it. */
export const handlersOf = (world: BodyWorld, inbox: string, epoch: number, now: number): readonly NamedReader[] => {
  const current = world.state.inboxes.get(inbox)?.epochs.length ?? 0;
  return readersOf(world, inbox, now).filter(({ epochs }) => epochs.includes(epoch) && epochs.includes(current));
};

export type NamedHolder = NamedReader & { /** the grant is over, the key is still held */ readonly lapsed: boolean };

/**
 * Those, and after them everyone who still holds the current key without a grant that runs: as many as the public is
 * told.
 */
export const holdersByName = (world: BodyWorld, inbox: string, now: number): readonly NamedHolder[] => [
  ...readersOf(world, inbox, now).map((reader) => ({ ...reader, lapsed: false })),
  ...lapsedHolders(world.state, inbox, now).map((reader) => ({
    ...nameOf(world, reader.person),
    ...reader,
    lapsed: true,
  })),
];

/**
 * Rows of people who go on reading; each must be confirmed, so that re-keying leaves nobody out in silence.
 * @throws `PERSON_MISMATCH`
 */
export function rowsOfPeople(world: BodyWorld, persons: readonly string[]): readonly CheckedPerson[] {
  return persons.map((person) => {
    const row = world.people.find((one) => one.person === person);
    if (!row) throw new Fault("PERSON_UNKNOWN");
    if (row.code !== null) throw new Fault(row.code, person);
    return row;
  });
}
