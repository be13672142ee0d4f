/**
 * DANGEROUS: keys are made, and somebody new is confirmed. Worker only. No browser signs for a person who was not
 * compared in it by six words: the page says what was typed, and the comparison is here. That holds against a server
 * that lies, while the page is the released one. A page that was taken over gets the nonce from here, can compute the
 * words by itself and has anybody confirmed (T3).
 */
import { equalBytes, toHex, toUtf8 } from "../../domain/bytes.ts";
import { normaliseSixWords, sixWords } from "../../domain/grant/compared.ts";
import { COMPARING_TIME, COMPARING_MAX } from "../../domain/grant/comparing.ts";
import type { PersonRow } from "../../domain/grant/confirmed.ts";
import { draftPerson } from "../../domain/grant/drafts.ts";
import { foundingStatement } from "../../domain/grant/founding.ts";
import { statementHash } from "../../domain/grant/statement.ts";
import { detailsCommitment } from "../../domain/person/details.ts";
import { newPersonKeys } from "../../domain/person/keys.ts";
import { newPassphrase } from "../../domain/person/passphrase.ts";
import { sign } from "../../domain/person/sign.ts";
import { openPersonKeys } from "../../domain/person/unlock.ts";
import { Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { newId, randomBytes } from "../../domain/seal/random.ts";
import { sealCopy } from "./copies.ts";
import { bodyIn, keysIn, type Comparing, type Hand, type Vault } from "./vault.ts";

type Joining =
  | "newPassphrase"
  | "makeKeys"
  | "ownWords"
  | "beginWords"
  | "tryWords"
  | "draftCompared"
  | "draftFounding";

/** A comparison that runs. @throws `WORDS_OVER`, and then it is gone */
function running(vault: Vault, person: string, now: number): Comparing {
  const one = vault.comparing.get(person);
  if (one && now < one.begun + COMPARING_TIME && one.tries < COMPARING_MAX) return one;
  vault.comparing.delete(person);
  throw new Fault("WORDS_OVER");
}

export const joiningOf = (vault: Vault): { [N in Joining]: Hand<N> } => ({
  newPassphrase: () => newPassphrase(),

  makeKeys: async ({ kind }) => {
    const { unlocker } = vault;
    if (unlocker === null) throw new Fault("UNLOCK_FAILED", "nothing to seal the keys to");
    const made = await newPersonKeys(newId(), kind);
    const copy = await sealCopy(made, unlocker);
    // Opened at once: keys that their passphrase does not open would be noticed when it is too late. The unlocker
    // stays, and opens them once more as the server hands them back.
    vault.keys = await openPersonKeys(unlocker, copy.sealedKeys, made.person);
    const { person, recipient, signingKey } = vault.keys;
    return { person, recipient, signingKey, copy };
  },

  // From the keys that are unlocked here, never from what a server says of them.
  ownWords: ({ nonce, body, role, name, email }) => {
    const { person, recipient, signingKey } = keysIn(vault);
    return sixWords(nonce, body, { person, role, name, email, recipient, signingKey });
  },

  // The row is fixed before the nonce is made: whoever could change it afterwards could look for a row that fits.
  beginWords: ({ body, row, now }) => {
    const { state } = bodyIn(vault, body);
    if (state.persons.has(row.person)) throw new Fault("REFUSED_STATE");
    const nonce = randomBytes(32);
    vault.comparing.set(row.person, { body, row, nonce, begun: now, tries: 0, same: false });
    return { nonce, until: now + COMPARING_TIME };
  },

  tryWords: ({ person, typed, now }) => {
    const one = running(vault, person, now);
    const words = normaliseSixWords(typed);
    const same = equalBytes(toUtf8(words), toUtf8(sixWords(one.nonce, one.body, one.row)));
    const tries = one.tries + (same ? 0 : 1);
    vault.comparing.set(person, { ...one, same, tries });
    return { same, left: COMPARING_MAX - tries };
  },

  draftCompared: ({ body, person, now }) => {
    const one = running(vault, person, now);
    if (!one.same || one.body !== body) throw new Fault("PERSON_UNCONFIRMED", "the six words were not compared");
    return draftPerson(bodyIn(vault, body).state, keysIn(vault), actOf(one.row), now);
  },

  // Of the keys that are unlocked here, and nothing else: a root that the host named of other keys is never signed.
  draftFounding: ({ installation, body, root, at, name, email, detailsSalt }) => {
    const { person, recipient, signingKey, signingSecret } = keysIn(vault);
    const owner = { person, recipient, signingKey, name, email, detailsSalt };
    const bytes = foundingStatement({ installation, body }, owner, at);
    if (toHex(statementHash(bytes)) !== root) throw new Fault("CHAIN_BROKEN", "the root is not of these keys");
    return { statements: [{ bytes, signature: sign(signingSecret, bytes) }], wraps: [], recipients: [] };
  },
});

/** What an owner signs: every field is one that the words are made of, or commits to such. */
const actOf = ({ person, role, signingKey, recipient, detailsSalt, name, email }: PersonRow) => ({
  person,
  role,
  signingKey,
  recipientHash: recipientHash(recipient),
  details: detailsCommitment(detailsSalt, name, email),
});
