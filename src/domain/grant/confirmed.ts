/** A confirmed person: the only type that `wrapKey` takes. */
import { equalBytes, toHex, type Bytes } from "../bytes.ts";
import { detailsCommitment } from "../person/details.ts";
import { Fault } from "../problem.ts";
import { recipientHash } from "../seal/age.ts";
import type { BodyState } from "./state.ts";
import type { BodyRole } from "./statement.ts";

/** What a server says about a person. Untrusted until compared with the statements. */
export type PersonRow = {
  readonly person: string;
  readonly name: string;
  readonly email: string;
  readonly role: BodyRole;
  readonly recipient: string;
  readonly signingKey: Bytes;
  readonly detailsSalt: Bytes;
};

declare const confirmed: unique symbol;
export type ConfirmedPerson = PersonRow & { readonly [confirmed]: true };

/**
 * Compares a row with what an owner signed: name, address, role and both keys.
 * @throws `PERSON_UNCONFIRMED`, or `PERSON_MISMATCH` when the row is not the one that was confirmed (T2, T14)
 */
export function confirmedPerson(state: BodyState, row: PersonRow): ConfirmedPerson {
  const signed = state.persons.get(row.person);
  if (!signed) throw new Fault("PERSON_UNCONFIRMED");
  if (signed.ended) throw new Fault("PERSON_ENDED", row.person);
  const same =
    signed.role === row.role &&
    equalBytes(signed.signingKey, row.signingKey) &&
    equalBytes(signed.recipientHash, recipientHash(row.recipient)) &&
    equalBytes(signed.details, detailsCommitment(row.detailsSalt, row.name, row.email));
  if (!same) throw new Fault("PERSON_MISMATCH", row.person);
  return { ...row } as ConfirmedPerson;
}

/** A short fingerprint of a person's keys, for people to compare. */
export const fingerprintOf = (row: Pick<PersonRow, "recipient" | "signingKey">): string =>
  `${toHex(recipientHash(row.recipient)).slice(0, 8)}-${toHex(row.signingKey).slice(0, 8)}`;
