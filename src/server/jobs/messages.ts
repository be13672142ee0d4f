/**
 * The sealed message of a delivery: a letter as it was handed in, with what shows the mailroom that it may go out; an
 * alert made and sealed now, with what it is made of.
 */
import { sha256, toHex } from "../../domain/bytes.ts";
import { addressOf } from "../../domain/form/email.ts";
import { alertText } from "../../domain/mail/alert.ts";
import { sealMessage } from "../../domain/mail/message.ts";
import { zoneOf } from "../../domain/time.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import type { Config } from "../config.ts";
import { note } from "../http/log.ts";
import { randomBytes } from "../../domain/seal/random.ts";
import type { ToSend } from "./mailroom.ts";
import { alertOfDelivery, holdsOf, insertLink, type Claimed } from "./store.ts";
import { statementsAfter } from "../statements/store.ts";
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
): Promise<ToSend | null> {
  if (one.body !== null && one.incident !== null) return letterOf(pool, one, one.body, one.incident);
  const row = await alertOfDelivery(pool, one.id);
  const to = addressOf(row?.email ?? "");
  if (!row || to === null) return null;
  const { email: _to, invitation, kind, ...given } = row;
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  try {
    const token = invitation === null ? null : await newLink(pool, invitation);
    const { subject, text } = alertText(
      { ...values, ...(token !== null && { token }), kind },
      config.staffOrigin,
      zoneOf(config.zones, row.body),
    );
    const sealed = await sealMessage({ delivery: one.id, to, subject, text }, recipient);
    return { alert: { ...given, kind, token, sealed } };
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "MALFORMED") throw thrown;
    note({ level: "error", process: "jobs", code: codeOf(thrown), detail: thrown.detail });
    return null;
  }
}

async function letterOf(pool: Pool, one: Claimed, body: string, incident: string): Promise<ToSend | null> {
  if (one.bytes === null || one.salt === null) return null;
  return {
    letter: {
      sealed: new Uint8Array(one.bytes),
      salt: new Uint8Array(one.salt),
      body,
      incident,
      handedIn: new Uint8Array(one.handed_in ?? []),
      statements: await statementsAfter(pool, body, -1),
      holds: (await holdsOf(pool, incident)).map(({ entry, signature }) => ({
        entry: new Uint8Array(entry),
        signature: new Uint8Array(signature),
      })),
    },
  };
}

/** Made by whoever sends, anew with each try: of its secret only the hash is kept. */
async function newLink(pool: Pool, invitation: string): Promise<string> {
  const token = randomBytes(32);
  await insertLink(pool, sha256(token), invitation);
  return toHex(token);
}
