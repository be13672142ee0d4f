/** Joining by invitation. Nothing here can read anything, nor let anybody read. */
import { randomBytes } from "node:crypto";
import { sha256, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { normaliseAccount } from "../../domain/person/passphrase.ts";
import { inTransaction, type Pool } from "../database/pool.ts";
import { insertInvitation, joinByInvitation, type NewAccount } from "./store/accounts.ts";

const INVITATION_DAYS = 7;

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
