/** A person's keys: one opens, one signs. Sealed together, one copy for each of that person's unlockers. */
import { encodeFields, fromHex, tag, type Bytes } from "../bytes.ts";
import type { KeyKind } from "../seal/age.ts";
import { ageSeal } from "../seal/age-seal.ts";
import { newIdentity } from "../seal/identity.ts";
import { randomBytes } from "../seal/random.ts";
import { signingKeyOf } from "./sign.ts";

export type PersonKeys = {
  readonly person: string;
  readonly identity: string;
  readonly recipient: string;
  readonly signingSecret: Bytes;
  readonly signingKey: Bytes;
};

/** New keys for a person, born in that person's browser or at their desk. */
export async function newPersonKeys(person: string, kind: KeyKind): Promise<PersonKeys> {
  const signingSecret = randomBytes(32);
  return { person, ...(await newIdentity(kind)), signingSecret, signingKey: signingKeyOf(signingSecret) };
}

/**
 * Both private keys sealed to one unlocker; the person stands inside, so that one cannot be passed for another's (T6).
 * @param unlocker its recipient, derived in this very program, and never one that somebody told
 */
export function sealPersonKeys(keys: PersonKeys, unlocker: string): Promise<Bytes> {
  return ageSeal(
    [unlocker],
    encodeFields([tag("person-keys"), fromHex(keys.person), keys.identity, keys.signingSecret]),
  );
}
