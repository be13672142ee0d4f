/** DANGEROUS: a holder's own wrapped key becomes the inbox key. Reachable from src/member only. */
import { decodeFields, equalBytes, fieldNumber, fromUtf8, sha256, tag, toHex, type Bytes } from "../bytes.ts";
import type { PersonKeys } from "../person/keys.ts";
import { Fault } from "../problem.ts";
import { recipientHash } from "../seal/age.ts";
import { ageOpen } from "../seal/age-open.ts";
import { recipientOf } from "../seal/identity.ts";
import type { BodyState } from "./state.ts";
import type { InboxKey } from "./wrap.ts";

const CAP = 4 * 1024;

/**
 * Opens the caller's wrapped key of one epoch.
 * @throws `WRAP_MISMATCH` when an owner did not sign this wrap for this person; `OPEN_CONTEXT` when it belongs
 * elsewhere;
 *   `RECIPIENT_MISMATCH` when the key inside does not derive the signed recipient; `OPEN_FAILED`
 */
export async function openWrap(
  state: BodyState,
  keys: PersonKeys,
  inbox: string,
  epoch: number,
  wrap: Bytes,
): Promise<InboxKey> {
  const signed = state.inboxes.get(inbox)?.epochs[epoch - 1];
  const hash = signed?.holders.get(keys.person);
  if (!signed || !hash || !equalBytes(hash, sha256(wrap)))
    throw new Fault("WRAP_MISMATCH", "not signed for this person and epoch");
  const [kind, inboxField, epochField, personField, identityField, ...rest] = decodeFields(
    await ageOpen(keys.identity, wrap, CAP),
  );
  if (!kind || !inboxField || !epochField || !personField || !identityField || rest.length > 0)
    throw new Fault("MALFORMED", "not a wrapped key");
  if (
    fromUtf8(kind) !== tag("wrapped-key") ||
    toHex(inboxField) !== inbox ||
    fieldNumber(epochField) !== epoch ||
    toHex(personField) !== keys.person
  )
    throw new Fault("OPEN_CONTEXT", "a wrapped key from elsewhere");
  const identity = fromUtf8(identityField);
  if (!equalBytes(recipientHash(await recipientOf(identity)), signed.recipientHash))
    throw new Fault("RECIPIENT_MISMATCH", "the key is not the epoch's");
  return { inbox, epoch, identity };
}
