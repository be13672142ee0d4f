/** The code beside the passphrase: one row for each person who has turned it on. */
import type { Bytes } from "../../domain/bytes.ts";
import type { Client, Db } from "../database/pool.ts";

/**
 * After so many wrong codes without a right one, and after each so many more, none is taken for a quarter of an hour. They
 * are counted however slowly they come: whoever guesses few an hour is told of as well.
 */
export const WRONG_MAX = 5;
const PAUSE = "interval '15 minutes'";

export type TotpRow = {
  readonly id: string;
  readonly secret: Buffer;
  readonly made_at: Date;
  /** recovery codes that are left */
  readonly left: number;
  /** too many wrong codes came just now */
  readonly paused: boolean;
};

const COLUMNS = `id, secret, made_at, cardinality(recovery) AS left, wrong > 0 AND wrong % ${WRONG_MAX} = 0 AND wrong_since > now() - ${PAUSE} AS paused`;

export async function totpOf(db: Db, account: string): Promise<TotpRow | undefined> {
  return (await db.query<TotpRow>(`SELECT ${COLUMNS} FROM totp WHERE account = $1`, [account])).rows[0];
}

/** As `totpOf`; whoever else brings a code of theirs at this moment waits. */
export async function lockTotp(client: Client, account: string): Promise<TotpRow | undefined> {
  return (await client.query<TotpRow>(`SELECT ${COLUMNS} FROM totp WHERE account = $1 FOR UPDATE`, [account])).rows[0];
}

type NewTotp = {
  readonly account: string;
  readonly id: string;
  /** by which it was turned on */
  readonly event: number;
  readonly sealed: Bytes;
  /** of the code by which it was proved */
  readonly step: number;
  readonly recovery: readonly Bytes[];
};

/** False when the person has one already. */
export async function insertTotp(client: Client, one: NewTotp): Promise<boolean> {
  const { rowCount } = await client.query(
    "INSERT INTO totp (account, id, event, secret, last_step, recovery) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    [one.account, one.id, one.event, one.sealed, one.step, one.recovery.map((hash) => Buffer.from(hash))],
  );
  return rowCount === 1;
}

/** Uses up a step. False for one that was used before, or is older: a code counts once. */
export async function useStep(client: Client, account: string, step: number): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE totp SET last_step = $2, wrong = 0 WHERE account = $1 AND last_step < $2",
    [account, step],
  );
  return rowCount === 1;
}

/** Uses up a recovery code. False for one that was used before, or never was. */
export async function useRecovery(client: Client, account: string, hash: Bytes): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE totp SET recovery = array_remove(recovery, $2), wrong = 0 WHERE account = $1 AND $2 = ANY (recovery)",
    [account, Buffer.from(hash)],
  );
  return rowCount === 1;
}

/** Notes a wrong code. @returns how many came since a right one */
export async function noteWrong(client: Client, account: string): Promise<number> {
  const { rows } = await client.query<{ wrong: number }>(
    "UPDATE totp SET wrong = wrong + 1, wrong_since = now() WHERE account = $1 RETURNING wrong",
    [account],
  );
  return rows[0]?.wrong ?? 0;
}

export async function deleteTotp(client: Client, account: string): Promise<void> {
  await client.query("DELETE FROM totp WHERE account = $1", [account]);
}
