/**
 * What exists before anybody can sign in: the host's operators and the bodies' records. Run once by the migrate login.
 */
import { canonicalJson } from "../../domain/canonical.ts";
import { inTransaction, openPool } from "./pool.ts";

export type Seed = {
  readonly operators: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly signInHash: string;
    /** sealed to what their passphrase unlocks; id and hash in hex, keys in base64 */
    readonly copy: { readonly unlocker: string; readonly recipientHash: string; readonly sealedKeys: string };
    readonly recipient: string;
    /** hex; the configuration has it, too, and only that counts */
    readonly signingKey: string;
    readonly detailsSalt: string;
  }[];
  readonly bodies: readonly { readonly id: string; readonly name: string; readonly record: unknown }[];
};

/** Inserts what is missing; running it again changes nothing. */
export async function seed(url: string, given: Seed): Promise<void> {
  const pool = openPool(url, 1);
  try {
    await inTransaction(pool, async (client) => {
      for (const body of given.bodies)
        await client.query("INSERT INTO body (id, name, record) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", [
          body.id,
          body.name,
          canonicalJson(body.record),
        ]);
      for (const one of given.operators) {
        const { rowCount } = await client.query(
          "INSERT INTO account (id, role, name, email, recipient, signing_key, details_salt, state) VALUES ($1, 'operator', $2, $3, $4, $5, $6, 'confirmed') ON CONFLICT (id) DO NOTHING",
          [
            one.id,
            one.name,
            one.email,
            one.recipient,
            Buffer.from(one.signingKey, "hex"),
            Buffer.from(one.detailsSalt, "hex"),
          ],
        );
        // Whoever is there already has the unlockers that they chose.
        if (rowCount !== 1) continue;
        await client.query(
          "INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES ($1, $2, 'passphrase', 'Passphrase', 1, $3, $4, $5)",
          [
            one.copy.unlocker,
            one.id,
            Buffer.from(one.signInHash, "hex"),
            Buffer.from(one.copy.recipientHash, "hex"),
            Buffer.from(one.copy.sealedKeys, "base64"),
          ],
        );
      }
    });
  } finally {
    await pool.end();
  }
}
