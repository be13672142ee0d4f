/** The sealed message of a delivery: a letter as it was handed in, an alert made and sealed now. */
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { addressOf } from "../../domain/form/email.ts";
import { alertText } from "../../domain/mail/alert.ts";
import { sealMessage } from "../../domain/mail/message.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { note } from "../http/log.ts";
import { randomBytes } from "../../domain/seal/random.ts";
import { alertOfDelivery, insertLink, type Claimed } from "./store.ts";
import type { Pool } from "../database/pool.ts";

/**
 * Null where there is nothing to send. An alert of which no sentence of the closed set can be made was put there by
 * hand: it is not sent, and the log of the process says so.
 */
export async function messageOf(
  pool: Pool,
  one: Claimed,
  recipient: string,
  staffOrigin: string,
): Promise<Bytes | null> {
  if (one.incident !== null) return one.bytes;
  const row = await alertOfDelivery(pool, one.id);
  const to = addressOf(row?.email ?? "");
  if (!row || to === null) return null;
  const { email: _to, invitation, kind, ...given } = row;
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  try {
    const link = invitation === null ? {} : { token: await newLink(pool, invitation) };
    const { subject, text } = alertText({ ...values, ...link, kind }, staffOrigin);
    return sealMessage({ delivery: one.id, to, subject, text }, recipient);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "MALFORMED") throw thrown;
    note({ level: "error", process: "jobs", code: codeOf(thrown), detail: thrown.detail });
    return null;
  }
}

/** Made by whoever sends, anew with each try: of its secret only the hash is kept. */
async function newLink(pool: Pool, invitation: string): Promise<string> {
  const token = randomBytes(32);
  await insertLink(pool, sha256(token), invitation);
  return toHex(token);
}
