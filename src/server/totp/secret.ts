/**
 * The secret of a TOTP as it lies in the database: sealed (AES-256-GCM) under a key that the staff process alone is given,
 * and bound to its row, so that nobody puts the secret of their own device into another's.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { encodeFields, fromHex, tag, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";

const CIPHER = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;

type Whose = { readonly account: string; readonly id: string };
const bound = ({ account, id }: Whose): Bytes => encodeFields([tag("totp"), fromHex(account), fromHex(id)]);

export function sealSecret(key: Bytes, whose: Whose, secret: Bytes): Bytes {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound(whose));
  return new Uint8Array(Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]));
}

/** @throws `TOTP_BROKEN` for what was sealed under another key, for another row, or changed */
export function openSecret(key: Bytes, whose: Whose, sealed: Bytes): Bytes {
  try {
    const opening = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(bound(whose))
      .setAuthTag(sealed.subarray(-TAG));
    return new Uint8Array(Buffer.concat([opening.update(sealed.subarray(NONCE, -TAG)), opening.final()]));
  } catch {
    throw new Fault("TOTP_BROKEN");
  }
}
