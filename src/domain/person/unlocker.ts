/** Unlockers: age identities that a browser derives when they are needed, and nobody keeps. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { tag, toUtf8, type Bytes } from "../bytes.ts";

/** 32 secret bytes as a hybrid age identity. */
export const unlockerIdentity = (secret: Bytes): string =>
  bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", secret).toUpperCase();

/** 32 bytes of a secret for one use (HKDF, RFC 5869). */
export const unlockerPart = (secret: Bytes, use: string): Bytes =>
  hkdf(nobleSha256, secret, undefined, toUtf8(tag(use)), 32);

/** The unlocker of a passkey. @param prf what it answered (`prfOf`) */
export const passkeyUnlocker = (prf: Bytes): string => unlockerIdentity(unlockerPart(prf, "passkey"));
