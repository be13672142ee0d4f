/**
 * What a passkey is asked for, and what it answers: the extension PRF of WebAuthn (W3C Web Authentication Level 3, 10.1.4).
 * From its answer the unlocker is made (`unlocker.ts`); the answer never leaves the browser.
 */
import { taggedHash, type Bytes } from "../bytes.ts";

/** The same for everybody: the passkey mixes a secret of its own into the answer. */
export const prfTag = (): Bytes => taggedHash("prf");

const PRF_BYTES = 32;

/**
 * The answer in the results of an extension, however a browser or what stands in its place hands it over: bytes, a
 * view of some, or a plain list of numbers. Null where there is none of 32 bytes.
 */
export function prfOf(results: unknown): Bytes | null {
  const first = (results as { readonly prf?: { readonly results?: { readonly first?: unknown } } } | null)?.prf?.results
    ?.first;
  const bytes = bytesIn(first);
  return bytes?.length === PRF_BYTES ? bytes : null;
}

function bytesIn(value: unknown): Bytes | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value))
    return Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (!Array.isArray(value)) return null;
  const isByte = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 255;
  return value.every(isByte) ? Uint8Array.from(value) : null;
}
