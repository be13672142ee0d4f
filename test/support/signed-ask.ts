/** What somebody asked for, signed, as a grant holds it. */
import { canonicalBytes } from "../../src/domain/canonical.ts";
import { toHex, type Bytes } from "../../src/domain/bytes.ts";
import { personsCommitment, type SignedAsk } from "../../src/domain/grant/asked.ts";
import { draftSigned } from "../../src/domain/log/act.ts";
import { signingKeyOf } from "../../src/domain/person/sign.ts";
import { newId, randomBytes } from "../../src/domain/seal/random.ts";

/** Whoever asks in the tests of statements: an operator, with a key. */
export const operator = newId();
export const operatorSecret = randomBytes(32);

type Wanted = {
  readonly body?: string;
  readonly inbox: string;
  readonly request: string;
  readonly persons: readonly string[];
  readonly scope: "all" | "from-now";
  readonly until: number;
  readonly purpose: string;
  readonly purposeCommitment: Bytes;
};

export function signedAsk(
  { body = "harrowmere", persons, purposeCommitment, inbox, request, scope, until, purpose }: Wanted,
  actor: Parameters<typeof draftSigned>[0] = { person: operator, role: "operator", signingSecret: operatorSecret },
): SignedAsk {
  const personsSalt = randomBytes(32);
  const { event, signature } = draftSigned<"grant.requested">(actor, {
    kind: "grant.requested",
    body,
    inbox,
    request,
    count: persons.length,
    scope,
    until,
    purpose,
    purposeCommitment: toHex(purposeCommitment),
    persons: personsCommitment(personsSalt, persons),
  });
  return {
    asked: canonicalBytes(event),
    askedSignature: signature,
    askerKey: signingKeyOf(actor.signingSecret),
    personsSalt,
  };
}
