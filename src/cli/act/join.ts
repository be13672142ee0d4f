/** Joining: an operator invites, the person's keys are born and sealed at the person's own desk, an owner confirms. */
import type { Bytes } from "../../domain/bytes.ts";
import { draftPerson, type NewPerson } from "../../domain/grant/drafts.ts";
import { detailsCommitment, newSalt } from "../../domain/person/details.ts";
import { newPersonKeys, sealPersonKeys, type PersonKeys } from "../../domain/person/keys.ts";
import { signInHash, type PassphraseKeys } from "../../domain/person/passphrase.ts";
import { recipientHash, type KeyKind } from "../../domain/seal/age.ts";
import { recipientOf } from "../../domain/seal/identity.ts";
import { newId } from "../../domain/seal/random.ts";
import { appendStatement } from "../../domain/grant/chain.ts";
import type { BodyRole, SignedStatement } from "../../domain/grant/statement.ts";
import { staffClient } from "../client.ts";
import { listOf, member, text } from "../shape.ts";
import { signed } from "../wire.ts";
import { again, postDraft } from "./post.ts";
import { keysOf, stateOf, type Visit } from "./visit.ts";

/** A person who has keys but is at no server yet. */
export type Newcomer = {
  readonly keys: PersonKeys;
  readonly sealedIdentity: Bytes;
  readonly signInHash: Bytes;
  readonly detailsSalt: Bytes;
};

/** New keys, sealed to what the passphrase unlocks. */
export async function newcomer(passphrase: PassphraseKeys, kind: KeyKind): Promise<Newcomer> {
  const keys = await newPersonKeys(newId(), kind);
  return {
    keys,
    sealedIdentity: await sealPersonKeys(keys, [await recipientOf(passphrase.unlock)]),
    signInHash: signInHash(passphrase.signIn),
    detailsSalt: newSalt(),
  };
}

export type Invited = { readonly name: string; readonly email: string; readonly role: BodyRole };

/** @returns the token of the invitation, which is powerless until an owner confirms the person */
export const invite = async ({ client }: Visit, body: string, person: Invited): Promise<string> =>
  member("token", text)((await client.post("/api/invitations", { body, ...person })).value);

/** @throws `INVITATION_INVALID` */
export async function join(
  staffOrigin: string,
  token: string,
  { keys, sealedIdentity, signInHash, detailsSalt }: Newcomer,
): Promise<void> {
  const { person, recipient, signingKey } = keys;
  await staffClient(staffOrigin).post("/api/join", {
    token,
    person,
    recipient,
    signingKey,
    sealedIdentity,
    signInHash,
    detailsSalt,
  });
}

/** What an owner signs about a person. */
export const personAct = ({ keys, detailsSalt }: Newcomer, { name, email, role }: Invited): NewPerson => ({
  person: keys.person,
  role,
  signingKey: keys.signingKey,
  recipientHash: recipientHash(keys.recipient),
  details: detailsCommitment(detailsSalt, name, email),
});

/** The owner confirms people who have joined, all in one piece; those already confirmed are left. */
export const confirmPeople = (
  owner: Visit,
  body: string,
  people: readonly NewPerson[],
  now = Date.now(),
): Promise<void> =>
  again(async () => {
    let state = await stateOf(owner, body);
    const statements: SignedStatement[] = [];
    for (const person of people.filter((one) => !state.persons.has(one.person))) {
      const draft = draftPerson(state, keysOf(owner), person, now);
      state = draft.statements.reduce(appendStatement, state);
      statements.push(...draft.statements);
    }
    if (statements.length > 0) await postDraft(owner, body, { statements, wraps: [], recipients: [] });
  });

/** The first owner posts the body's first statement, where it is not there yet. */
export async function postRoot(owner: Visit, body: string, first: SignedStatement): Promise<void> {
  const { value } = await owner.client.get(`/api/bodies/${encodeURIComponent(body)}/chain`);
  if (listOf("statements", signed)(value).length === 0)
    await postDraft(owner, body, { statements: [first], wraps: [], recipients: [] });
}
