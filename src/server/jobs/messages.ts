/** The sealed message of a delivery: a letter as it was handed in, an alert sealed now. */
import type { Bytes } from "../../domain/bytes.ts";
import { sealMessage } from "../../domain/mail/message.ts";
import { isSubject } from "../../domain/mail/subject.ts";
import { alertOfDelivery, type Claimed } from "./store.ts";
import type { Pool } from "../database/pool.ts";

/** Null where there is nothing to send. */
export async function messageOf(pool: Pool, one: Claimed, recipient: string): Promise<Bytes | null> {
  if (one.incident !== null) return one.bytes;
  const alert = await alertOfDelivery(pool, one.id);
  if (!alert || !isSubject(alert.subject)) return null;
  return sealMessage({ delivery: one.id, to: alert.address, subject: alert.subject, text: alert.text }, recipient);
}
