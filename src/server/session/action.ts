/** Signing in and out; joining by invitation. Nothing here can read anything. */
import { randomBytes } from "node:crypto";
import { equalBytes, sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { normaliseAccount, signInHash } from "../../domain/person/passphrase.ts";
import { commitment } from "../../domain/log/commit.ts";
import {
  accountForSignIn,
  insertInvitation,
  joinByInvitation,
  startSession,
  type Account,
  type NewAccount,
} from "../people/store/accounts.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";

export const SESSION_HOURS = 12;
export const IDLE_MINUTES = 30;
const INVITATION_DAYS = 7;

/** Compared when there is no such account, so that a miss costs what a hit costs. */
const NOBODY = sha256(new Uint8Array(randomBytes(32)));

/** Starts a session. @throws `SIGN_IN_REFUSED`, the same for an unknown address and a wrong passphrase */
export async function signIn(pool: Pool, email: string, signInKey: Bytes): Promise<{ account: Account; token: Bytes }> {
  const address = normaliseAccount(email);
  const token = new Uint8Array(randomBytes(32));
  const account = await inTransaction(pool, async (client) => {
    const found = await accountForSignIn(client, address);
    const same = equalBytes(found?.sign_in_hash ?? NOBODY, signInHash(signInKey));
    if (!found || !same) {
      await writeEvent(client, {
        kind: "session.refused",
        account: commitment(new Uint8Array(randomBytes(32)), address),
      });
      return undefined;
    }
    await startSession(client, sha256(token), found.id, SESSION_HOURS);
    const who = commitTo(found.id);
    await writeEvent(client, { kind: "session.started", body: found.body, person: who.commitment, role: found.role }, [
      who,
    ]);
    await announceEvent(client);
    return found;
  });
  if (!account) throw new Fault("SIGN_IN_REFUSED");
  return { account, token };
}

/** Makes an invitation, one use, seven days. It is powerless until an owner confirms the person (T20). */
export async function invite(
  pool: Pool,
  one: { body: string; name: string; email: string; role: "owner" | "reader" | "auditor" },
): Promise<string> {
  const token = new Uint8Array(randomBytes(32));
  await inTransaction(pool, (client) =>
    insertInvitation(client, sha256(token), { ...one, email: normaliseAccount(one.email), days: INVITATION_DAYS }),
  );
  return toHex(token);
}

/** Uses an invitation. @throws `INVITATION_INVALID` */
export async function join(pool: Pool, token: Bytes, one: NewAccount): Promise<void> {
  await inTransaction(pool, async (client) => {
    const joined = await joinByInvitation(client, sha256(token), one);
    if (!joined || joined === "taken") throw new Fault("INVITATION_INVALID");
  });
}
