/** A code is taken: at the door, and where it is turned off. Each counts once, and few wrong ones are heard. */
import type { Bytes } from "../../domain/bytes.ts";
import { totpStep, typedCode } from "../../domain/person/totp.ts";
import { alertOf } from "../../domain/mail/alert.ts";
import { Fault, type Code } from "../../domain/problem.ts";
import { queueAlert } from "../alerts/tell.ts";
import type { Client } from "../database/pool.ts";
import { commitTo, writeEvent } from "../log/store/events.ts";
import type { Account } from "../people/store/accounts.ts";
import { openSecret } from "./secret.ts";
import { lockTotp, noteWrong, useRecovery, useStep, WRONG_MAX, type TotpRow } from "./store.ts";

/** Why somebody whose words were right does not come in yet; null where they do. @param code null: none was typed */
export async function codeAtDoor(
  client: Client,
  totpKey: Bytes,
  account: Account,
  code: string | null,
): Promise<Code | null> {
  const row = await lockTotp(client, account.id);
  if (!row) return null;
  return code === null ? "TOTP_NEEDED" : tryCode(client, totpKey, account, row, code);
}

/**
 * Takes a code, once, or notes that it was wrong. @returns why it was not taken; null where it was
 * @throws `TOTP_BROKEN`
 */
export async function tryCode(
  client: Client,
  totpKey: Bytes,
  account: Account,
  row: TotpRow,
  typed: string,
): Promise<Code | null> {
  const read = typedCode(typed);
  if (read && "recovery" in read && (await useRecovery(client, account.id, read.recovery))) {
    await recovered(client, account);
    return null;
  }
  // Recovery codes are taken all the same: nobody guesses one, and whoever guesses the others shuts nobody out.
  if (row.paused) return "TOTP_PAUSED";
  const secret = openSecret(totpKey, { account: account.id, id: row.id }, new Uint8Array(row.secret));
  const step = read && "code" in read ? totpStep(secret, read.code, Date.now()) : null;
  if (step !== null && (await useStep(client, account.id, step))) return null;
  const wrong = await noteWrong(client, account.id);
  if (wrong % WRONG_MAX === 0) await queueAlert(client, [account], alertOf("totp.wrong", { time: Date.now() }));
  return "TOTP_REFUSED";
}

/** A recovery code was used: in the log, and told. */
async function recovered(client: Client, account: Account): Promise<void> {
  const { body, id, role } = account;
  if (body === null) throw new Fault("INTERNAL", "it is for members of a body");
  const who = commitTo(id);
  await writeEvent(client, { kind: "totp.recovered", body, person: who.commitment, role }, [who]);
  await queueAlert(client, [account], alertOf("totp.recovered", { time: Date.now() }));
}
