/**
 * TOTP: six digits that a device computes from a secret that it shares with the server, and from the time (RFC 6238 over
 * RFC 4226: HMAC-SHA-1, steps of 30 seconds). A second thing beside the passphrase at the server's door; it opens no key.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { base32nopad } from "@scure/base";
import { equalBytes, taggedHash, toUtf8, type Bytes } from "../bytes.ts";
import { randomBytes } from "../seal/random.ts";

/** As long as what HMAC-SHA-1 gives (RFC 4226, 4). */
const SECRET_BYTES = 20;
const STEP = 30_000;
const DIGITS = 6;
/** How many steps a clock may be off, to either side (RFC 6238, 5.2). */
const SKEW = 1;

export const newTotp = (): Bytes => randomBytes(SECRET_BYTES);

/** The code of a step. @param step counted from 1970, 30 seconds each */
export function totpAt(secret: Bytes, step: number): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const mac = hmac(sha1, secret, counter);
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const number = view.getUint32(view.getUint8(mac.length - 1) & 0x0f) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/**
 * The step of which this is the code: now, or one before or after; null where it is of none. All are compared, each in
 * constant time. @param now milliseconds
 */
export function totpStep(secret: Bytes, code: string, now: number): number | null {
  const current = Math.floor(now / STEP);
  let found: number | null = null;
  for (let step = current - SKEW; step <= current + SKEW; step++)
    if (equalBytes(toUtf8(totpAt(secret, step)), toUtf8(code)) && step >= 0) found = step;
  return found;
}

/** In groups of four, as people type it. */
const grouped = (text: string): string => (text.match(/.{1,4}/g) ?? []).join(" ");
/** The secret as text (RFC 4648, base32), for an app that is typed into. */
export const totpText = (secret: Bytes): string => grouped(base32nopad.encode(secret));

/** What an app takes from a link. @param account who it is of, as the app shows it */
export const totpLink = (secret: Bytes, account: string): string =>
  `otpauth://totp/${encodeURIComponent(`Pillarbox:${account}`)}?secret=${base32nopad.encode(secret)}&issuer=Pillarbox&algorithm=SHA1&digits=${DIGITS}&period=${STEP / 1000}`;

const RECOVERY_CODES = 10;
/** 80 bits: nobody tries them out, so a plain hash is kept. */
const RECOVERY_BYTES = 10;

/** Codes that replace the device, each once: sixteen letters and digits in groups. They open no key, either. */
export const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: RECOVERY_CODES }, () => grouped(base32nopad.encode(randomBytes(RECOVERY_BYTES))));

/** What was typed where a code is asked for: the six digits, a recovery code by its hash, or neither. */
export function typedCode(typed: string): { readonly code: string } | { readonly recovery: Bytes } | null {
  const read = typed.replaceAll(/[\s-]/g, "").toUpperCase();
  if (/^\d{6}$/.test(read)) return { code: read };
  return /^[A-Z2-7]{16}$/.test(read) ? { recovery: recoveryHash(read) } : null;
}

/** What is kept of a recovery code. */
export const recoveryHash = (code: string): Bytes => taggedHash("recovery-code", code.replaceAll(" ", ""));
