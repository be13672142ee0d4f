/** Joining: an operator invites, the person's keys are made at the person's own desk, an owner confirms. */
import type { Bytes } from "../../domain/bytes.ts";
import type { NewPerson } from "../../domain/grant/drafts.ts";
import type { BodyRole, SignedStatement } from "../../domain/grant/statement.ts";
import { detailsCommitment, newSalt } from "../../domain/person/details.ts";
import { signInHash } from "../../domain/person/passphrase.ts";
import { recipientHash, type KeyKind } from "../../domain/seal/age.ts";
import type { MadeKeys } from "../hands/tasks.ts";
import type { DeskHands, DeskMember } from "../member.ts";
import { again } from "./again.ts";
import { stateOf } from "./world.ts";

/** A person who has keys but is at no server yet: what a server is given of them. */
export type Newcomer = MadeKeys & { readonly signInHash: Bytes; readonly detailsSalt: Bytes };

export type Invited = { readonly name: string; readonly email: string; readonly role: BodyRole };

/**
 * New keys for somebody whose passphrase the hands have stretched.
 * @param signIn the part of that passphrase that signs in
 */
export const newcomer = async (hands: DeskHands, signIn: Bytes, kind: KeyKind): Promise<Newcomer> => ({
  ...(await hands.atDesk("makeKeys", { kind })),
  signInHash: signInHash(signIn),
  detailsSalt: newSalt(),
});

/** What an owner signs about a person. */
export const personAct = (
  { person, signingKey, recipient, detailsSalt }: Newcomer,
  { name, email, role }: Invited,
): NewPerson => ({
  person,
  role,
  signingKey,
  recipientHash: recipientHash(recipient),
  details: detailsCommitment(detailsSalt, name, email),
});

/** The owner confirms people who have joined, all in one piece; those already confirmed are left. */
export const confirmPeople = (member: DeskMember, body: string, people: readonly NewPerson[]): Promise<void> =>
  again(async () => {
    await stateOf(member, body);
    const draft = await member.hands.atDesk("draftPeople", { body, people, now: Date.now() });
    if (draft.statements.length > 0) await member.api.post(body, draft);
  });

/** The first owner posts the body's first statement, where it is not there yet. */
export async function postRoot({ api }: DeskMember, body: string, first: SignedStatement): Promise<void> {
  if ((await api.chain(body)).length === 0) await api.post(body, { statements: [first], wraps: [], recipients: [] });
}
