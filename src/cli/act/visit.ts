/** One visit of one person to the staff pages, over HTTP, with the real keys and the real checks. */
import { fromHex, type Bytes } from "../../domain/bytes.ts";
import { confirmedPerson, type ConfirmedPerson } from "../../domain/grant/confirmed.ts";
import { verifyChain } from "../../domain/grant/chain.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import type { PersonKeys } from "../../domain/person/keys.ts";
import { normaliseAccount, type PassphraseKeys } from "../../domain/person/passphrase.ts";
import { openPersonKeys } from "../../domain/person/unlock.ts";
import { Fault } from "../../domain/problem.ts";
import { kindOfRecipient, type KeyKind } from "../../domain/seal/age.ts";
import { staffClient, type StaffClient } from "../client.ts";
import { listOf, member } from "../shape.ts";
import { keysOfPassphrase } from "../stretch.ts";
import * as wire from "../wire.ts";

/** What the caller knows of an installation from outside its servers: above all the roots. */
export type Installation = {
  readonly installation: string;
  readonly staffOrigin: string;
  /** verifier key of the log; needed to read letters */
  readonly logKey: string;
  /** body → hash of its first statement, hex */
  readonly roots: Readonly<Record<string, string>>;
};

export type Visit = {
  readonly where: Installation;
  readonly client: StaffClient;
  readonly me: wire.Me /** null: the person has none (an operator) */;
  readonly keys: PersonKeys | null;
};

/** Signs in and unlocks. @throws `SIGN_IN_REFUSED`, `PASSPHRASE_INVALID`, `UNLOCK_FAILED`, `UNAVAILABLE` */
export const signIn = async (where: Installation, account: string, passphrase: string): Promise<Visit> =>
  signInWith(where, account, await keysOfPassphrase(where.staffOrigin, account, passphrase));

/** As `signIn`, for a passphrase that was stretched before. */
export async function signInWith(where: Installation, account: string, passphrase: PassphraseKeys): Promise<Visit> {
  const client = staffClient(where.staffOrigin);
  const { value } = await client.post("/api/session", {
    account: normaliseAccount(account),
    signIn: passphrase.signIn,
  });
  const me = member("me", wire.me)(value);
  return {
    where,
    client,
    me,
    keys: me.sealedIdentity ? await openPersonKeys(passphrase.unlock, me.sealedIdentity, me.person) : null,
  };
}

export const signOut = async (visit: Visit): Promise<void> => void (await visit.client.remove("/api/session"));

/** The visitor's keys. @throws `UNLOCK_FAILED` when the visitor has none */
export function keysOf(visit: Visit): PersonKeys {
  if (!visit.keys) throw new Fault("UNLOCK_FAILED", "this person has no keys");
  return visit.keys;
}

/**
 * A body keeps the kind of key that its people have; no server is asked, since it could ask for the weaker one (T4).
 */
export const kindOf = (visit: Visit): KeyKind => kindOfRecipient(keysOf(visit).recipient);

const at = (body: string): string => `/api/bodies/${encodeURIComponent(body)}`;

/** The root of a body, as the caller knows it. @throws `BODY_UNKNOWN` */
export function rootOf(where: Installation, body: string): Bytes {
  const root = Object.hasOwn(where.roots, body) ? where.roots[body] : undefined;
  if (root === undefined) throw new Fault("BODY_UNKNOWN", body);
  return fromHex(root);
}

/** The body's statements, verified from its root. @throws `CHAIN_BROKEN`, `BODY_UNKNOWN` */
export async function stateOf({ where, client }: Visit, body: string): Promise<BodyState> {
  const { value } = await client.get(`${at(body)}/chain`);
  return verifyChain(listOf("statements", wire.signed)(value), {
    installation: where.installation,
    body,
    root: rootOf(where, body),
  });
}

export const peopleOf = async ({ client }: Visit, body: string): Promise<readonly wire.PersonRow[]> =>
  listOf("people", wire.personRow)((await client.get(`${at(body)}/people`)).value);

export const inboxesOf = async ({ client }: Visit, body: string): Promise<readonly wire.Inbox[]> =>
  listOf("inboxes", wire.inbox)((await client.get(`${at(body)}/inboxes`)).value);

export const requestsOf = async ({ client }: Visit, body: string): Promise<readonly wire.Request[]> =>
  listOf("requests", wire.request)((await client.get(`${at(body)}/requests`)).value);

/**
 * The named people, each compared with what an owner signed.
 * @throws `PERSON_UNKNOWN`, `PERSON_UNCONFIRMED`, `PERSON_MISMATCH`
 */
export function confirmedOf(
  state: BodyState,
  rows: readonly wire.PersonRow[],
  persons: readonly string[],
): ConfirmedPerson[] {
  return persons.map((person) => {
    const row = rows.find((known) => known.person === person);
    if (!row) throw new Fault("PERSON_UNKNOWN", person);
    return confirmedPerson(state, row);
  });
}
