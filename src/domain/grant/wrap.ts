/** DANGEROUS: lets one more person in. Reachable from src/member only (test/boundaries.test.ts). */
import { encodeFields, fromHex, sha256, tag, type Bytes } from "../bytes.ts";
import { ageSeal } from "../seal/age-seal.ts";
import type { ConfirmedPerson } from "./confirmed.ts";

/** The key of one epoch of one inbox, in the hand of somebody who holds it. */
export type InboxKey = { readonly inbox: string; readonly epoch: number; readonly identity: string };

/** The inbox key sealed to one confirmed person, with the context {kind, inbox, epoch, person} inside (T6). */
export const wrapKey = (to: ConfirmedPerson, key: InboxKey): Promise<Bytes> =>
  ageSeal(
    [to.recipient],
    encodeFields([tag("wrapped-key"), fromHex(key.inbox), key.epoch, fromHex(to.person), key.identity]),
  );

/** What a statement says of a wrapped key. */
export const wrapHash = (wrap: Bytes): Bytes => sha256(wrap);
