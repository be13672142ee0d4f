/** DANGEROUS: a passkey's answer, or new words, become an unlocker, and the keys are sealed to it. Worker only. */
import { passkeyUnlocker } from "../../domain/person/unlocker.ts";
import { Fault } from "../../domain/problem.ts";
import { sealCopy, signedWhenOpened } from "./copies.ts";
import { keysIn, type Hand, type Vault } from "./vault.ts";

type Passkeys = "touch" | "makeCopy" | "proveCopy" | "renew";

export const passkeysOf = (vault: Vault): { [N in Passkeys]: Hand<N> } => ({
  touch: ({ prf }) => {
    vault.unlocker = passkeyUnlocker(prf);
    return null;
  },

  makeCopy: async ({ prf }) => {
    vault.newCopy = await sealCopy(keysIn(vault), passkeyUnlocker(prf));
    return vault.newCopy;
  },

  // Some devices answer otherwise the second time, some only once.
  proveCopy: async ({ body, prf, credential }) => {
    const copy = vault.newCopy;
    vault.newCopy = null;
    if (copy === null) throw new Fault("INTERNAL", "no copy was made");
    return signedWhenOpened(vault, passkeyUnlocker(prf), { body, how: "passkey", copy, credential }, "PASSKEY_PRF");
  },

  renew: async ({ body, signInHash }) => {
    const { unlocker } = vault;
    vault.unlocker = null;
    if (unlocker === null) throw new Fault("UNLOCK_FAILED", "nothing to seal the keys to");
    const copy = await sealCopy(keysIn(vault), unlocker);
    const added = { body, how: "passphrase", copy, credential: signInHash } as const;
    return { copy, act: await signedWhenOpened(vault, unlocker, added, "UNLOCK_FAILED") };
  },
});
