/** The sealed message of a delivery: a letter as it was handed in, an alert made and sealed now. */
import type { Bytes } from "../../domain/bytes.ts";
import { addressOf } from "../../domain/form/email.ts";
import { alertText } from "../../domain/mail/alert.ts";
import { sealMessage } from "../../domain/mail/message.ts";
import { zoneOf } from "../../domain/time.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { alertOfDelivery, type Claimed } from "./store.ts";
import type { Pool } from "../database/pool.ts";

/**
 * Null where there is nothing to send. An alert of which no sentence of the closed set can be made was put there by
 * hand: it is not sent, and the log of the process says so.
 */
export async function messageOf(
  pool: Pool,
  one: Claimed,
  recipient: string,
  config: Pick<Config, "staffOrigin" | "zones">,
): Promise<Bytes | null> {
  if (one.incident !== null) return one.bytes;
  const row = await alertOfDelivery(pool, one.id);
  const to = addressOf(row?.email ?? "");
  if (!row || to === null) return null;
  const values = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  try {
    const { subject, text } = alertText(
      { ...values, kind: row.kind },
      config.staffOrigin,
      zoneOf(config.zones, row.body),
    );
    return sealMessage({ delivery: one.id, to, subject, text }, recipient);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "MALFORMED") throw thrown;
    note({ level: "error", process: "jobs", code: codeOf(thrown), detail: thrown.detail });
    return null;
  }
}
