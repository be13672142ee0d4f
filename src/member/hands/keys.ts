/** DANGEROUS: the acts that make private keys usable. Worker only. */
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { toUtf8 } from "../../domain/bytes.ts";
import { confirmedPerson, fingerprintOf } from "../../domain/grant/confirmed.ts";
import { openWrap } from "../../domain/grant/unwrap.ts";
import type { InboxKey } from "../../domain/grant/wrap.ts";
import { KDF, normalisePassphrase, passphraseKeys, passphraseSalt } from "../../domain/person/passphrase.ts";
import { openPersonKeys } from "../../domain/person/unlock.ts";
import { codeOf, Fault, type Code } from "../../domain/problem.ts";
import type { PersonRow } from "../../domain/grant/confirmed.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { checkOwn, replay } from "./chain.ts";
import { bodyIn, keysIn, type Hand, type Vault } from "./vault.ts";

/** scrypt tells its progress in parts of 100. */
const WHOLE = 100;

type Keys = "stretch" | "unlock" | "replay" | "people" | "takeWraps";

function judge(state: BodyState, row: PersonRow): Code | null {
  try {
    confirmedPerson(state, row);
    return null;
  } catch (thrown) {
    return codeOf(thrown);
  }
}

export const keysOf = (vault: Vault): { [N in Keys]: Hand<N> } => ({
  stretch: async ({ installation, account, passphrase }, tell) => {
    const words = toUtf8(normalisePassphrase(passphrase));
    let told = -1;
    // scrypt says it ten thousand times; each telling would draw the page anew.
    const onProgress = (part: number): void => {
      const done = Math.round(part * WHOLE);
      if (done !== told) tell((told = done), WHOLE);
    };
    const { signIn, unlock } = passphraseKeys(
      await scryptAsync(words, passphraseSalt(installation, account), { ...KDF, onProgress, asyncTick: 200 }),
    );
    vault.unlocker = unlock;
    return signIn;
  },

  unlock: async ({ person, sealedKeys }) => {
    if (vault.unlocker === null) throw new Fault("UNLOCK_FAILED", "nothing to unlock with");
    vault.keys = await openPersonKeys(vault.unlocker, sealedKeys, person);
    vault.unlocker = null;
    return null;
  },

  replay: ({ installation, body, root, statements, own }) => {
    const known = replay(vault.bodies.get(body), statements, { installation, body, root });
    if (own) checkOwn(known.state, keysIn(vault));
    vault.bodies.set(body, known);
    return known.state;
  },

  people: ({ body, rows }) => {
    const { state } = bodyIn(vault, body);
    return rows.map((row) => ({
      ...row,
      code: judge(state, row),
      fingerprint: row.recipient === "" ? "" : fingerprintOf(row),
    }));
  },

  takeWraps: async ({ body, inbox, wraps }) => {
    const { state } = bodyIn(vault, body);
    const held = vault.inboxKeys.get(inbox) ?? new Map<number, InboxKey>();
    vault.inboxKeys.set(inbox, held);
    // A wrap that an owner did not sign is refused by throwing: a key that the server slipped in opens nothing (T1).
    for (const { epoch, wrap } of wraps)
      if (!held.has(epoch)) held.set(epoch, await openWrap(state, keysIn(vault), inbox, epoch, wrap));
    return [...held.keys()];
  },
});
