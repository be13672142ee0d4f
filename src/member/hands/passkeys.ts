/** DANGEROUS: a passkey's answer becomes an unlocker, and the keys are sealed to it. Worker only. */
import { equalBytes, sha256, toHex } from "../../domain/bytes.ts";
import { draftSigned } from "../../domain/log/act.ts";
import { openPersonKeys } from "../../domain/person/unlock.ts";
import { passkeyUnlocker } from "../../domain/person/unlocker.ts";
import { Fault } from "../../domain/problem.ts";
import { sealCopy } from "./copies.ts";
import { bodyIn, keysIn, type Hand, type Vault } from "./vault.ts";

type Passkeys = "touch" | "makeCopy" | "proveCopy";

export const passkeysOf = (vault: Vault): { [N in Passkeys]: Hand<N> } => ({
  touch: ({ prf }) => {
    vault.unlocker = passkeyUnlocker(prf);
    return null;
  },

  makeCopy: async ({ prf }) => {
    vault.newCopy = await sealCopy(keysIn(vault), passkeyUnlocker(prf));
    return vault.newCopy;
  },

  // Some devices answer otherwise the second time, some only once: a copy that nobody can open is none.
  proveCopy: async ({ body, prf, credential }) => {
    const { person, signingSecret } = keysIn(vault);
    const copy = vault.newCopy;
    vault.newCopy = null;
    if (copy === null) throw new Fault("INTERNAL", "no copy was made");
    const opened = await openPersonKeys(passkeyUnlocker(prf), copy.sealedKeys, person).catch(() => {
      throw new Fault("PASSKEY_PRF");
    });
    if (!equalBytes(opened.signingSecret, signingSecret)) throw new Fault("PASSKEY_PRF");
    const role = bodyIn(vault, body).state.persons.get(person)?.role;
    if (role === undefined) throw new Fault("PERSON_UNCONFIRMED");
    return draftSigned<"unlocker.added">(
      { person, role, signingSecret },
      {
        kind: "unlocker.added",
        body,
        unlocker: copy.unlocker,
        how: "passkey",
        recipient: toHex(copy.recipientHash),
        copy: toHex(sha256(copy.sealedKeys)),
        credential: toHex(sha256(credential)),
      },
    );
  },
});
