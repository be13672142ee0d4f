/**
 * DANGEROUS: private keys are sealed to an unlocker. Worker only. To one that this very browser has derived, and never
 * to one that a server told: what it is sealed to is made here and goes to nobody.
 */
import { sealPersonKeys, type PersonKeys } from "../../domain/person/keys.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { recipientOf } from "../../domain/seal/identity.ts";
import { newId } from "../../domain/seal/random.ts";
import type { SealedCopy } from "./tasks.ts";

/** A copy of these keys for one unlocker. @param unlocker an age identity */
export async function sealCopy(keys: PersonKeys, unlocker: string): Promise<SealedCopy> {
  const recipient = await recipientOf(unlocker);
  return {
    unlocker: newId(),
    recipientHash: recipientHash(recipient),
    sealedKeys: await sealPersonKeys(keys, recipient),
  };
}
