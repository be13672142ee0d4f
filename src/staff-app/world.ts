/** What a screen knows of a body: its verified statements first, and the server's rows only where they fit them. */
import { parseJson } from "../domain/canonical.ts";
import { toHex } from "../domain/bytes.ts";
import { formHash, formOf, type Form } from "../domain/form/form.ts";
import { readersNow, type Reader } from "../domain/grant/readers.ts";
import type { PersonRow as SignedRow } from "../domain/grant/confirmed.ts";
import type { BodyState } from "../domain/grant/state.ts";
import { Fault } from "../domain/problem.ts";
import type { CheckedPerson } from "./acts.ts";
import type { Visit } from "./visit.ts";
import type { Body, Inbox, PersonRow, Request } from "./wire.ts";

export type BodyWorld = {
  readonly body: Body;
  readonly state: BodyState;
  readonly people: readonly CheckedPerson[];
  /** inboxes that a signed statement gives a form to; the rest is counted in `unsigned` */
  readonly inboxes: readonly SignedInbox[];
  readonly unsigned: number;
};

export type SignedInbox = Omit<Inbox, "form" | "title"> & { readonly form: string; readonly title: string; readonly body: string; readonly received: number };

const isBodyRole = (row: PersonRow): row is PersonRow & SignedRow => row.role !== "operator";

/** Replays the chain of a body and fits the server's rows to it. @throws `CHAIN_BROKEN` */
export async function loadWorld(visit: Visit, body: Body): Promise<BodyWorld> {
  const { setup, api, keyring, me } = visit;
  const root = setup.roots.get(body.id);
  if (root === undefined) throw new Fault("CHAIN_BROKEN", "this installation names no root for the body");
  const [statements, rows, inboxes] = await Promise.all([api.chain(body.id), api.people(body.id), api.inboxes(body.id)]);
  const state = await keyring.call("replay", { installation: setup.installation, body: body.id, root, statements, own: me.body?.id === body.id });
  const people = await keyring.call("people", { body: body.id, rows: rows.filter(isBodyRole) });
  const named = new Map([...state.forms.values()].map((form) => [form.inbox, form.form]));
  const received = (one: Inbox): number => one.epochs.reduce((sum, epoch) => sum + epoch.received, 0);
  const signed = inboxes.flatMap((one): SignedInbox[] => {
    const form = named.get(one.inbox);
    return form === undefined || form !== one.form ? [] : [{ ...one, form, title: one.title ?? form, body: body.id, received: received(one) }];
  });
  return { body, state, people, inboxes: signed, unsigned: inboxes.filter((one) => one.form !== null).length - signed.length };
}

/** The visitor's own body; for an operator, all of them. */
export async function loadWorlds(visit: Visit): Promise<readonly BodyWorld[]> {
  const bodies = visit.me.body ? [visit.me.body] : await visit.api.bodies();
  const worlds: BodyWorld[] = [];
  for (const body of bodies) worlds.push(await loadWorld(visit, body));
  return worlds;
}

export type Found = { readonly world: BodyWorld; readonly inbox: SignedInbox };

/** The body that an inbox belongs to. @throws `INBOX_UNKNOWN` */
export async function findInbox(visit: Visit, id: string): Promise<Found> {
  for (const world of await loadWorlds(visit)) {
    const inbox = world.inboxes.find((one) => one.inbox === id);
    if (inbox) return { world, inbox };
  }
  throw new Fault("NOT_FOUND");
}

export type Asked = Request & { readonly body: string };

export const loadRequests = async (visit: Visit, worlds: readonly BodyWorld[]): Promise<readonly Asked[]> =>
  (await Promise.all(worlds.map(async ({ body }) => (await visit.api.requests(body.id)).map((one) => ({ ...one, body: body.id }))))).flat();

/** The form that an inbox shows now, compared with the hash that an owner signed. */
export async function currentForm(visit: Visit, { world, inbox }: Found): Promise<Form> {
  const signed = world.state.forms.get(inbox.form);
  if (!signed) throw new Fault("FORM_UNKNOWN");
  const hash = toHex(signed.formHash);
  const form = formOf(parseJson(await visit.api.form(world.body.id, hash)));
  if (formHash(form) !== hash) throw new Fault("CHAIN_BROKEN", "the form is not the one that an owner signed");
  return form;
}

export type Named = { readonly name: string; readonly email: string; readonly role: string; readonly known: boolean };

/** How a person is called here; somebody whose row does not hold is not named by it. */
export function nameOf(world: BodyWorld, person: string): Named {
  const row = world.people.find((one) => one.person === person);
  if (row && row.code === null) return { name: row.name, email: row.email, role: row.role, known: true };
  return { name: "A person whose details cannot be verified", email: "", role: world.state.persons.get(person)?.role ?? "", known: false };
}

export type NamedReader = Reader & Named;

/** Everyone who can read an inbox now, by name. */
export const readersOf = (world: BodyWorld, inbox: string, now: number): readonly NamedReader[] => readersNow(world.state, inbox, now).map((reader) => ({ ...nameOf(world, reader.person), ...reader }));

/** Rows of people who go on reading; each must be confirmed, so that re-keying leaves nobody out in silence. @throws `PERSON_MISMATCH` */
export function rowsOfPeople(world: BodyWorld, persons: readonly string[]): readonly CheckedPerson[] {
  return persons.map((person) => {
    const row = world.people.find((one) => one.person === person);
    if (!row) throw new Fault("PERSON_UNKNOWN");
    if (row.code !== null) throw new Fault(row.code, person);
    return row;
  });
}
