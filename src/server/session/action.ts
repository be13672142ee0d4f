/** Signing in and out. Nothing here can read anything. */
import { randomBytes } from "node:crypto";
import { equalBytes, sha256, type Bytes } from "../../domain/bytes.ts";
import { Fault, type Code } from "../../domain/problem.ts";
import { normaliseAccount } from "../../domain/person/passphrase.ts";
import { signInHash } from "../../domain/person/sign-in.ts";
import { commitment } from "../../domain/log/commit.ts";
import type { Config } from "../config.ts";
import { codeAtDoor } from "../totp/door.ts";
import { startSession, type Account } from "../people/store/accounts.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import { accountForSignIn, lockUnlockers, noteUse } from "../unlockers/store.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";

export const SESSION_HOURS = 12;
export const IDLE_MINUTES = 30;

/** Compared when there is no such account, so that a miss costs what a hit costs. */
const NOBODY = sha256(new Uint8Array(randomBytes(32)));

/** Whoever has shown one of their unlockers; `count`: what a passkey counts to now. */
type Shown = {
  readonly found: Account & { readonly unlocker: string; readonly sealed: Buffer };
  readonly count?: number;
};

type SignIn = { readonly account: string; readonly signIn: Bytes; readonly code?: string | null | undefined };

export type Begun = { readonly account: Account; readonly token: Bytes; readonly sealedKeys: Bytes };

/**
 * Begins a session, and hands over the copy of the keys that the shown unlocker opens: the one way in, whatever was shown.
 * What is refused stands in the log.
 * @param tried as what it was tried; only a commitment to it is kept
 * @param refusal the one code of every refusal: for what is unknown, what is wrong, and whom only a row calls an operator
 * @param show what was shown; a code of its own where something is still asked for
 */
export async function beginSession(
  pool: Pool,
  { operators }: Pick<Config, "operators">,
  tried: string,
  refusal: Code,
  show: (client: Client) => Promise<Shown | Code | undefined>,
): Promise<Begun> {
  const token = new Uint8Array(randomBytes(32));
  const begun = await inTransaction(pool, async (client): Promise<(Account & { sealed: Buffer }) | Code> => {
    const shown = (await show(client)) ?? refusal;
    // Only asked for: nothing was wrong.
    if (shown === "TOTP_NEEDED") return shown;
    const { found, count } = typeof shown === "string" ? {} : shown;
    const named = found?.role !== "operator" || operators.has(found.id);
    // Taken away at this moment, it signs nobody in any more.
    if (!found || !named || !(await noteUse(client, found.unlocker, count))) {
      await writeEvent(client, {
        kind: "session.refused",
        account: commitment(new Uint8Array(randomBytes(32)), tried),
      });
      return typeof shown === "string" ? shown : refusal;
    }
    await startSession(client, sha256(token), found.id, SESSION_HOURS);
    const who = commitTo(found.id);
    await writeEvent(client, { kind: "session.started", body: found.body, person: who.commitment, role: found.role }, [
      who,
    ]);
    await announceEvent(client);
    return found;
  });
  if (typeof begun === "string") throw new Fault(begun);
  return { account: begun, token, sealedKeys: begun.sealed };
}

/**
 * Signs in by a passphrase, and by a code where its person has turned that on. @param code null: none was typed
 * @throws `TOTP_NEEDED`, `TOTP_REFUSED`, `TOTP_PAUSED`, `TOTP_BROKEN` to whoever brought the right words;
 *   `SIGN_IN_REFUSED`, the same for an unknown address, a wrong passphrase, and somebody whom only a row calls an operator
 */
export async function signIn(
  pool: Pool,
  config: Pick<Config, "operators">,
  totpKey: Bytes,
  { account: email, signIn: signInKey, code = null }: SignIn,
): Promise<Begun> {
  const address = normaliseAccount(email);
  const hash = signInHash(signInKey);
  return beginSession(pool, config, address, "SIGN_IN_REFUSED", async (client) => {
    const all = await accountForSignIn(client, address);
    if (all.length === 0) equalBytes(NOBODY, hash);
    const found = all.find((one) => equalBytes(one.sign_in_hash, hash));
    if (!found) return undefined;
    // Whoever turns a code on at this moment is waited for, and this one is then asked for it.
    await lockUnlockers(client, found.id);
    return (await codeAtDoor(client, totpKey, found, code)) ?? { found };
  });
}
