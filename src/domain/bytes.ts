/**
 * Bytes: the few encodings that everything signed, sealed or logged is made of.
 * Written down in docs/FORMAT.md, Building blocks.
 */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64, utf8 } from "@scure/base";
import { Fault } from "./problem.ts";

export type Bytes = Uint8Array;

/** UTF-8 bytes of a string. */
export const toUtf8 = (text: string): Bytes => utf8ToBytes(text);

const MOST_ARGUMENTS = 4096;

function isAscii(bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}

/** A string from UTF-8 bytes; refuses bytes that are not well-formed (`MALFORMED`). */
export function fromUtf8(bytes: Bytes): string {
  // Nearly all that is parsed here, entries of the log above all, is ASCII, of which each byte is its character.
  if (bytes.length < MOST_ARGUMENTS && isAscii(bytes)) return String.fromCharCode.apply(null, bytes as never);
  try {
    const text = utf8.encode(bytes);
    // A decoder that replaces what it cannot read would let two byte strings become one text.
    if (!equalBytes(utf8ToBytes(text), bytes)) throw new Error("not UTF-8");
    return text;
  } catch {
    throw new Fault("MALFORMED", "text is not UTF-8");
  }
}

export const toHex = (bytes: Bytes): string => bytesToHex(bytes);

/** Bytes of lower-case hex; `MALFORMED` for anything else. */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Fault("MALFORMED", "not lower-case hex");
  return hexToBytes(text);
}

export const toBase64 = (bytes: Bytes): string => base64.encode(bytes);

/** Bytes of padded standard base64 (RFC 4648 §4); `MALFORMED` for anything else. */
export function fromBase64(text: string): Bytes {
  try {
    return base64.decode(text);
  } catch {
    throw new Fault("MALFORMED", "not base64");
  }
}

export const concat = (...parts: Bytes[]): Bytes => concatBytes(...parts);

/** SHA-256 (FIPS 180-4). */
export const sha256 = (bytes: Bytes): Bytes => nobleSha256(bytes);

/** HMAC-SHA-256: commitments to what may be erased, under a salt that dies with the row. */
export const hmacSha256 = (key: Bytes, bytes: Bytes): Bytes => hmac(nobleSha256, key, bytes);

/** Whether two byte strings are the same; takes as long for a near miss as for a far one. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** What one length-prefixed field may hold. A list is a field that holds fields. */
export type Field = string | number | Bytes | readonly Field[];

const HEAD = 4;

function u32(value: number): Bytes {
  const out = new Uint8Array(HEAD);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

function u64(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) throw new Fault("MALFORMED", "not a whole number");
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

function fieldBytes(field: Field): Bytes {
  if (typeof field === "string") return toUtf8(field);
  if (typeof field === "number") return u64(field);
  if (field instanceof Uint8Array) return field;
  return encodeFields(field);
}

/** Fields, each behind its length as an unsigned 32-bit big-endian number; numbers are unsigned 64-bit big-endian. */
export function encodeFields(fields: readonly Field[]): Bytes {
  const parts: Bytes[] = [];
  for (const field of fields) {
    const bytes = fieldBytes(field);
    parts.push(u32(bytes.length), bytes);
  }
  return concat(...parts);
}

/** The raw fields of `encodeFields`; `MALFORMED` when lengths and bytes do not fit exactly. */
export function decodeFields(bytes: Bytes): Bytes[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Bytes[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + HEAD > bytes.length) throw new Fault("MALFORMED", "a field ends early");
    const length = view.getUint32(at);
    at += HEAD;
    if (at + length > bytes.length) throw new Fault("MALFORMED", "a field ends early");
    fields.push(bytes.subarray(at, at + length));
    at += length;
  }
  return fields;
}

/** A number written by `encodeFields`. */
export function fieldNumber(field: Bytes): number {
  if (field.length !== 8) throw new Fault("MALFORMED", "a number has 8 bytes");
  const value = new DataView(field.buffer, field.byteOffset, 8).getBigUint64(0);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Fault("MALFORMED", "a number is too large");
  return Number(value);
}

/** The constant string in front of everything signed or hashed, so that one kind can never pass for another. */
export const tag = (kind: string): string => `pillarbox/v1/${kind}`;

/** SHA-256 over the tag of a kind and its fields. */
export const taggedHash = (kind: string, ...fields: Field[]): Bytes => sha256(encodeFields([tag(kind), ...fields]));
