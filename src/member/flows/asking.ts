/** Asking that named people may read, taking it back, declining: each signed by whoever does it. */
import { toHex } from "../../domain/bytes.ts";
import type { Purpose, Scope } from "../../domain/grant/statement.ts";
import { personsCommitment } from "../../domain/grant/asked.ts";
import { newSalt, textCommitment } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Member } from "../member.ts";
import { signed } from "./acts.ts";
import { stateOf } from "./world.ts";

export type Asking = {
  readonly inbox: string;
  readonly persons: readonly string[];
  readonly scope: Scope;
  /** milliseconds */
  readonly until: number;
  readonly purpose: Purpose;
  readonly purposeText: string;
};

/** @returns the request @throws `REFUSED_EMPTY`, `REFUSED_SAME_PERSON`, `PERSON_UNCONFIRMED`, `INBOX_UNKNOWN` */
export async function askFor(member: Member, body: string, asking: Asking): Promise<string> {
  const { inbox, persons, scope, until, purpose, purposeText } = asking;
  if (persons.length === 0) throw new Fault("REFUSED_EMPTY");
  await stateOf(member, body);
  const [request, personsSalt, purposeSalt] = [newId(), newSalt(), newSalt()];
  const act = await signed(member, {
    kind: "grant.requested",
    body,
    inbox,
    request,
    count: persons.length,
    scope,
    until,
    purpose,
    purposeCommitment: toHex(textCommitment(purposeSalt, purposeText)),
    persons: personsCommitment(personsSalt, persons),
  });
  await member.api.askFor(body, { act, persons, personsSalt, purposeText, purposeSalt });
  return request;
}

/** An owner says no. @param reason for the person who asked */
export async function decline(member: Member, body: string, request: string, reason: string): Promise<void> {
  await stateOf(member, body);
  const salt = newSalt();
  const reasonCommitment = toHex(textCommitment(salt, reason));
  const act = await signed(member, { kind: "request.declined", body, request, reason: "stated", reasonCommitment });
  await member.api.decline(body, request, { act, reason, salt });
}

/** Whoever asked takes it back. */
export async function withdraw(member: Member, body: string, request: string): Promise<void> {
  await stateOf(member, body);
  const act = await signed(member, { kind: "request.withdrawn", body, request, reason: "none" });
  await member.api.withdraw(body, request, act);
}
