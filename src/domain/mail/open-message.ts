/** DANGEROUS: a sealed message becomes readable here. Reachable from the mailroom only (test/boundaries.test.ts). */
import type { Bytes } from "../bytes.ts";
import { ageOpen } from "../seal/age-open.ts";
import { unpad } from "../seal/padding.ts";
import { decodeMessage, SEALED_MAX, type Message } from "./message.ts";

/** @throws `OPEN_FAILED` when it was sealed to another start of the mailroom; what `decodeMessage` and `unpad` throw */
export const openMessage = async (identity: string, delivery: string, sealed: Bytes): Promise<Message> =>
  decodeMessage(delivery, unpad(await ageOpen(identity, sealed, SEALED_MAX)));
