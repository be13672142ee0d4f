/**
 * The code beside the passphrase: turned on and off by acts that the person signs. It keeps whoever has the words alone
 * from a session and from the sealed keys; it opens none.
 */
import { checkSigned, signersOf, type SignedEvent } from "../../domain/log/act.ts";
import type { Bytes } from "../../domain/bytes.ts";
import { newRecoveryCodes, recoveryHash, totpStep, typedCode } from "../../domain/person/totp.ts";
import { Fault } from "../../domain/problem.ts";
import { announceEvent, inTransaction, type Pool } from "../database/pool.ts";
import { endOtherSessions } from "../people/store/accounts.ts";
import type { Chains } from "../statements/chains.ts";
import { memberIn, recorded, told, type Acted } from "../unlockers/action.ts";
import { tryCode } from "./door.ts";
import type { Begun } from "./pending.ts";
import { sealSecret } from "./secret.ts";
import { lockUnlockers } from "../unlockers/store.ts";
import { deleteTotp, insertTotp, lockTotp } from "./store.ts";

type Acting = { readonly pool: Pool; readonly chains: Chains; readonly totpKey: Bytes };

/**
 * Turns it on: the person has signed for it and typed a code of it. Every other sign-in ends: it may have begun with the
 * words alone.
 * @returns ten recovery codes, which nobody can show again
 * @throws `TOTP_REFUSED`, `ACT_UNSIGNED`, `ACT_MOVED`, and `REFUSED_STATE` where one is on
 */
export async function turnOn(
  { pool, chains, totpKey }: Acting,
  acted: Acted,
  { totp, secret }: Begun,
  { act, code }: { readonly act: SignedEvent<"totp.on">; readonly code: string },
): Promise<readonly string[]> {
  if (act.event.totp !== totp) throw new Fault("ACT_MOVED", "it is about another secret");
  const typed = typedCode(code);
  const step = typed && "code" in typed ? totpStep(secret, typed.code, Date.now()) : null;
  if (step === null) throw new Fault("TOTP_REFUSED");
  const account = acted.who.person;
  const codes = newRecoveryCodes();
  await inTransaction(pool, async (client) => {
    // A sign-in by words that has just looked, and saw no code, has begun before the others are ended.
    await lockUnlockers(client, account);
    const event = await recorded(client, chains, acted, act);
    const sealed = sealSecret(totpKey, { account, id: totp }, secret);
    const recovery = codes.map(recoveryHash);
    if (!(await insertTotp(client, { account, id: totp, event, sealed, step, recovery })))
      throw new Fault("REFUSED_STATE");
    await endOtherSessions(client, account, acted.session);
    await told(client, acted, "totp.on");
    await announceEvent(client);
  });
  return codes;
}

/** Turns it off, by a signed act and a code. @throws `TOTP_REFUSED`, `TOTP_PAUSED`, `ACT_UNSIGNED`, `NOT_FOUND` */
export async function turnOff(
  { pool, chains, totpKey }: Acting,
  acted: Acted,
  { act, code }: { readonly act: SignedEvent<"totp.off">; readonly code: string },
): Promise<void> {
  const refused = await inTransaction(pool, async (client) => {
    const row = await lockTotp(client, acted.who.person);
    if (!row || act.event.totp !== row.id) throw new Fault("NOT_FOUND");
    // The signature first: whoever has a session alone does not use up anybody's tries.
    const { state } = await chains.need(client, memberIn(acted));
    checkSigned(act as SignedEvent, acted.who.person, signersOf(state, new Map()));
    const why = await tryCode(client, totpKey, acted.account, row, code);
    if (why !== null) return why;
    await recorded(client, chains, acted, act);
    await deleteTotp(client, acted.who.person);
    await told(client, acted, "totp.off");
    await announceEvent(client);
    return null;
  });
  // Thrown afterwards: that it was wrong stays noted.
  if (refused) throw new Fault(refused);
}
