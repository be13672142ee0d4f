/** A body with people, made by the real code; tests of statements begin here. */
import { confirmedPerson, type ConfirmedPerson, type PersonRow } from "../../src/domain/grant/confirmed.ts";
import { verifyChain, type Expected } from "../../src/domain/grant/chain.ts";
import {
  draftInbox,
  draftPerson,
  draftRoot,
  type Actor,
  type Draft,
  type NewPerson,
} from "../../src/domain/grant/drafts.ts";
import type { BodyState } from "../../src/domain/grant/state.ts";
import { statementHash, type BodyRole, type SignedStatement } from "../../src/domain/grant/statement.ts";
import { detailsCommitment, newSalt } from "../../src/domain/person/details.ts";
import { newPersonKeys, type PersonKeys } from "../../src/domain/person/keys.ts";
import { recipientHash } from "../../src/domain/seal/age.ts";
import { newId } from "../../src/domain/seal/random.ts";

export type SignedPerson = {
  readonly keys: PersonKeys;
  readonly row: PersonRow;
  readonly actor: Actor;
  readonly act: NewPerson;
};

export async function newPerson(name: string, role: BodyRole): Promise<SignedPerson> {
  const keys = await newPersonKeys(newId(), "x25519");
  const detailsSalt = newSalt();
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.org`;
  const row: PersonRow = {
    person: keys.person,
    name,
    email,
    role,
    recipient: keys.recipient,
    signingKey: keys.signingKey,
    detailsSalt,
  };
  const act: NewPerson = {
    person: keys.person,
    role,
    signingKey: keys.signingKey,
    recipientHash: recipientHash(keys.recipient),
    details: detailsCommitment(detailsSalt, name, email),
  };
  return { keys, row, actor: { person: keys.person, signingSecret: keys.signingSecret }, act };
}

/** A chain that grows; every step is verified from the root again. */
export class SignedBody {
  readonly signed: SignedStatement[] = [];
  readonly wraps: { inbox: string; epoch: number; person: string; wrap: Uint8Array }[] = [];
  now = 1_700_000_000_000;
  readonly where = { installation: newId(), body: "harrowmere" };

  get expected(): Expected {
    return { ...this.where, root: statementHash(this.signed[0]!.bytes) };
  }
  get state(): BodyState {
    return verifyChain(this.signed, this.expected);
  }
  add(draft: Draft): void {
    this.signed.push(...draft.statements);
    this.wraps.push(...draft.wraps);
    this.now += 1000;
  }
  found(owner: SignedPerson): void {
    this.signed.push(draftRoot(this.where, owner.act, owner.actor, this.now));
  }
  confirm(by: SignedPerson, one: SignedPerson): void {
    this.add(draftPerson(this.state, by.actor, one.act, this.now));
  }
  person(one: SignedPerson): ConfirmedPerson {
    return confirmedPerson(this.state, one.row);
  }
  async inbox(by: SignedPerson, holders: readonly SignedPerson[]): Promise<string> {
    const draft = await draftInbox(
      this.state,
      by.actor,
      holders.map((one) => this.person(one)),
      "x25519",
      this.now,
    );
    this.add(draft);
    return draft.inbox;
  }
  wrapOf(one: SignedPerson, inbox: string, epoch: number): Uint8Array | undefined {
    return this.wraps.findLast((w) => w.inbox === inbox && w.epoch === epoch && w.person === one.keys.person)?.wrap;
  }
}
