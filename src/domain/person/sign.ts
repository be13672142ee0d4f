/** Ed25519 (RFC 8032), strictly verified. */
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Bytes } from "../bytes.ts";

export const sign = (secret: Bytes, bytes: Bytes): Bytes => ed25519.sign(bytes, secret);
export const signingKeyOf = (secret: Bytes): Bytes => ed25519.getPublicKey(secret);

/**
 * Whether a signature holds; a malformed key or signature is a plain no. RFC 8032 rules, not ZIP 215: no small-order
 * keys.
 */
export function verify(key: Bytes, signature: Bytes, bytes: Bytes): boolean {
  try {
    return key.length === 32 && signature.length === 64 && ed25519.verify(signature, bytes, key, { zip215: false });
  } catch {
    return false;
  }
}
