/**
 * DANGEROUS: private keys are sealed to an unlocker. Worker only. To one that this very browser has derived, and never
 * to one that a server told: what it is sealed to is made here and goes to nobody.
 */
import { equalBytes, sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { draftSigned, type SignedEvent } from "../../domain/log/act.ts";
import { sealPersonKeys, type PersonKeys } from "../../domain/person/keys.ts";
import { openPersonKeys } from "../../domain/person/unlock.ts";
import { Fault, type Code } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { recipientOf } from "../../domain/seal/identity.ts";
import { newId } from "../../domain/seal/random.ts";
import type { SealedCopy } from "./tasks.ts";
import { bodyIn, keysIn, type Vault } from "./vault.ts";

/** A copy of these keys for one unlocker. @param unlocker an age identity */
export async function sealCopy(keys: PersonKeys, unlocker: string): Promise<SealedCopy> {
  const recipient = await recipientOf(unlocker);
  return {
    unlocker: newId(),
    recipientHash: recipientHash(recipient),
    sealedKeys: await sealPersonKeys(keys, recipient),
  };
}

type Added = {
  readonly body: string;
  readonly how: "passphrase" | "passkey";
  readonly copy: SealedCopy;
  /** by what the server knows it again: the id of a passkey, or the hash of the part of a passphrase that signs in */
  readonly credential: Bytes;
};

/**
 * Opens a new copy with the unlocker that it is for, and then signs that it was added: a copy that nobody can open is
 * none. @throws `unfit` when it does not open
 */
export async function signedWhenOpened(
  vault: Vault,
  unlocker: string,
  { body, how, copy, credential }: Added,
  unfit: Code,
): Promise<SignedEvent<"unlocker.added">> {
  const { person, signingSecret } = keysIn(vault);
  const opened = await openPersonKeys(unlocker, copy.sealedKeys, person).catch(() => {
    throw new Fault(unfit);
  });
  if (!equalBytes(opened.signingSecret, signingSecret)) throw new Fault(unfit);
  const role = bodyIn(vault, body).state.persons.get(person)?.role;
  if (role === undefined) throw new Fault("PERSON_UNCONFIRMED");
  return draftSigned<"unlocker.added">(
    { person, role, signingSecret },
    {
      kind: "unlocker.added",
      body,
      unlocker: copy.unlocker,
      how,
      recipient: toHex(copy.recipientHash),
      copy: toHex(sha256(copy.sealedKeys)),
      credential: toHex(sha256(credential)),
    },
  );
}
