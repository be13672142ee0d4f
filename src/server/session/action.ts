/** Signing in and out. Nothing here can read anything. */
import { randomBytes } from "node:crypto";
import { equalBytes, sha256, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { normaliseAccount } from "../../domain/person/passphrase.ts";
import { signInHash } from "../../domain/person/sign-in.ts";
import { commitment } from "../../domain/log/commit.ts";
import type { Config } from "../config.ts";
import { startSession, type Account } from "../people/store/accounts.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import { accountForSignIn, noteUse } from "../unlockers/store.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";

export const SESSION_HOURS = 12;
export const IDLE_MINUTES = 30;

/** Compared when there is no such account, so that a miss costs what a hit costs. */
const NOBODY = sha256(new Uint8Array(randomBytes(32)));

/**
 * Starts a session, and hands over the copy of the keys that this passphrase opens.
 * @throws `SIGN_IN_REFUSED`, the same for an unknown address, a wrong passphrase, and somebody whom only a row calls an
 *   operator
 */
export async function signIn(
  pool: Pool,
  { operators }: Pick<Config, "operators">,
  email: string,
  signInKey: Bytes,
): Promise<{ account: Account; token: Bytes; sealedKeys: Bytes }> {
  const address = normaliseAccount(email);
  const token = new Uint8Array(randomBytes(32));
  const hash = signInHash(signInKey);
  const account = await inTransaction(pool, async (client) => {
    const all = await accountForSignIn(client, address);
    if (all.length === 0) equalBytes(NOBODY, hash);
    const found = all.find((one) => equalBytes(one.sign_in_hash, hash));
    const named = found?.role !== "operator" || operators.has(found.id);
    // Taken away at this moment, it signs nobody in any more.
    if (!found || !named || !(await noteUse(client, found.unlocker))) {
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
  return { account, token, sealedKeys: account.sealed };
}
