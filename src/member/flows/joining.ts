/**
 * Joining: an owner invites (the host only a body's first owner), the person's keys are made in the person's own
 * browser, or at their desk, and an owner confirms after six words were compared.
 */
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import type { PersonRow as SignedRow } from "../../domain/grant/confirmed.ts";
import type { NewPerson } from "../../domain/grant/drafts.ts";
import type { BodyRole, SignedStatement } from "../../domain/grant/statement.ts";
import { detailsCommitment, newSalt } from "../../domain/person/details.ts";
import { signInHash } from "../../domain/person/sign-in.ts";
import { recipientHash, type KeyKind } from "../../domain/seal/age.ts";
import { randomBytes } from "../../domain/seal/random.ts";
import type { MadeKeys } from "../hands/tasks.ts";
import type { DeskMember, Hands, Member } from "../member.ts";
import { signed } from "./acts.ts";
import { again } from "./again.ts";
import { stateOf } from "./world.ts";

/** A person who has keys but is at no server yet: what a server is given of them. */
export type Newcomer = MadeKeys & { readonly signInHash: Bytes; readonly detailsSalt: Bytes };

export type Invited = { readonly name: string; readonly email: string; readonly role: BodyRole };

/**
 * New keys for somebody whose passphrase the hands have stretched.
 * @param signIn the part of that passphrase that signs in
 */
export const newcomer = async (hands: Hands, signIn: Bytes, kind: KeyKind): Promise<Newcomer> => ({
  ...(await hands.call("makeKeys", { kind })),
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

/**
 * Invites somebody whose link the inviter hands over by themselves.
 * @returns the link's secret, hex: it was made here, and the server has its hash
 */
export async function inviteByHand({ api }: Pick<Member, "api">, body: string, invited: Invited): Promise<string> {
  const token = randomBytes(32);
  await api.invite(body, { ...invited, link: sha256(token) });
  return toHex(token);
}

/** An owner ends an invitation that nobody has used. @throws `REFUSED_STATE` when somebody was quicker */
export async function withdrawInvitation(member: Member, body: string, invitation: string): Promise<void> {
  await stateOf(member, body);
  const act = await signed(member, { kind: "invitation.withdrawn", body, invitation });
  await member.api.withdrawInvitation(body, invitation, act);
}

/** An owner turns away somebody who waits. @throws `REFUSED_STATE` when they are confirmed, `PERSON_UNKNOWN` */
export async function turnAway(member: Member, body: string, person: string): Promise<void> {
  await stateOf(member, body);
  const act = await signed(member, { kind: "person.refused", body, newcomer: person });
  await member.api.turnAway(body, person, act);
}

/**
 * An owner begins to compare six words with somebody who waits. The row that is compared is the one given, whatever the
 * server says later.
 * @returns until when; milliseconds
 */
export async function beginComparing(
  { api, hands }: Pick<Member, "api" | "hands">,
  body: string,
  row: SignedRow,
): Promise<number> {
  const { nonce, until } = await hands.call("beginWords", { body, row, now: Date.now() });
  await api.beginComparing(body, row.person, nonce);
  return until;
}

/** Confirms somebody whose six words were typed and are the same. @throws `PERSON_UNCONFIRMED`, `WORDS_OVER` */
export const confirmCompared = (member: Member, body: string, person: string): Promise<void> =>
  again(async () => {
    await stateOf(member, body);
    await member.api.post(body, await member.hands.call("draftCompared", { body, person, now: Date.now() }));
  });

/** The owner at a desk confirms people who have joined, all in one piece; those already confirmed are left. */
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

/**
 * The first owner signs what makes their body's root, once the host has named it.
 * @returns `due`: there is something to sign; `signed`: it was signed now. Due and not signed: this page was loaded before
 * the root was named, and has to be loaded again
 * @throws `CHAIN_BROKEN` where the root is of other keys than these
 */
export async function foundBody({ setup, api, hands, me }: Pick<Member, "setup" | "api" | "hands" | "me">) {
  const body = me.body?.id;
  const found = body === undefined ? null : await api.founding();
  const root = body === undefined ? undefined : setup.roots.get(body);
  if (!found || body === undefined || root === undefined) return { due: found !== null, signed: false };
  const { installation } = setup;
  const { name, email } = me;
  const { at, detailsSalt } = found;
  await api.post(body, await hands.call("draftFounding", { installation, body, root, at, name, email, detailsSalt }));
  return { due: true, signed: true };
}
