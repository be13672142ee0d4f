/** DANGEROUS: a person's private keys become usable. Reachable from src/member only. */
import { decodeFields, fromUtf8, tag, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { ageOpen } from "../seal/age-open.ts";
import { recipientOf } from "../seal/identity.ts";
import type { PersonKeys } from "./keys.ts";
import { signingKeyOf } from "./sign.ts";

const CAP = 16 * 1024;

/**
 * Opens a person's keys with an unlocker.
 * @throws `UNLOCK_FAILED` when the unlocker is not theirs; `OPEN_CONTEXT` when the keys are another person's
 */
export async function openPersonKeys(unlock: string, sealed: Bytes, person: string): Promise<PersonKeys> {
  const plaintext = await ageOpen(unlock, sealed, CAP).catch(() => {
    throw new Fault("UNLOCK_FAILED");
  });
  const [kind, owner, identity, signingSecret, ...rest] = decodeFields(plaintext);
  if (
    !kind ||
    !owner ||
    !identity ||
    !signingSecret ||
    rest.length > 0 ||
    fromUtf8(kind) !== tag("person-keys") ||
    signingSecret.length !== 32
  )
    throw new Fault("MALFORMED", "not a person's keys");
  if (toHex(owner) !== person) throw new Fault("OPEN_CONTEXT", "another person's keys");
  const text = fromUtf8(identity);
  return {
    person,
    identity: text,
    recipient: await recipientOf(text),
    signingSecret,
    signingKey: signingKeyOf(signingSecret),
  };
}
