/**
 * The first statement of a body as both sides make it: the host, which has the public halves of the first owner's keys
 * and names the hash as the body's root, and that owner, who signs exactly these bytes.
 */
import type { Bytes } from "../bytes.ts";
import { detailsCommitment } from "../person/details.ts";
import { recipientHash } from "../seal/age.ts";
import type { PersonRow } from "./confirmed.ts";
import { encodeStatement } from "./statement.ts";

/** @param at milliseconds since the epoch @returns the bytes whose hash is the root */
export const foundingStatement = (
  where: { readonly installation: string; readonly body: string },
  owner: Omit<PersonRow, "role">,
  at: number,
): Bytes =>
  encodeStatement({
    ...where,
    seq: 0,
    prev: new Uint8Array(32),
    at,
    actor: owner.person,
    kind: "person.confirmed",
    person: owner.person,
    role: "owner",
    signingKey: owner.signingKey,
    recipientHash: recipientHash(owner.recipient),
    details: detailsCommitment(owner.detailsSalt, owner.name, owner.email),
  });
