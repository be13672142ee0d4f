/**
 * A whole age file over the runtime's own cryptography, to one recipient: the bytes that the library would write
 * (age-encryption.org/v1), for a fraction of the time. The guard of `ageSeal` reads each back; the test opens them with
 * the library.
 */
import { createCipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { Stanza } from "age-encryption";
import { Fault } from "../domain/problem.ts";
import { nativeRecipient } from "./native-recipient.ts";

type Bytes = Uint8Array;
type Wrap = (fileKey: Bytes) => readonly Stanza[];

const CHUNK = 64 * 1024;
const LINE = 48;
const NOTHING = Buffer.alloc(0);

// What is parsed of a recipient is public, and is the same for every letter of an epoch.
const KEPT = 64;
const known = new Map<string, Wrap>();

function wrapOf(recipient: string): Wrap {
  const kept = known.get(recipient);
  if (kept) return kept;
  const made = nativeRecipient(recipient);
  if (known.size >= KEPT) known.clear();
  const wrap: Wrap = (fileKey) => made.wrapFileKey(fileKey) as readonly Stanza[];
  known.set(recipient, wrap);
  return wrap;
}

/** @throws `SEAL_RECIPIENTS` for anything but one recipient of ours */
export function nativeFile(recipients: readonly string[], plaintext: Bytes): Bytes {
  const [recipient, ...more] = recipients;
  if (recipient === undefined || more.length > 0) throw new Fault("SEAL_RECIPIENTS", "the counter seals to one key");
  const fileKey = randomBytes(16);
  const head = Buffer.from(headOf(wrapOf(recipient)(fileKey)), "latin1");
  const mac = createHmac("sha256", derived(fileKey, NOTHING, "header"))
    .update(head)
    .digest();
  const nonce = randomBytes(16);
  const parts = [head, Buffer.from(` ${unpadded(mac)}\n`, "latin1"), nonce];
  const key = derived(fileKey, nonce, "payload");
  const count = Math.max(1, Math.ceil(plaintext.length / CHUNK));
  for (let nth = 0; nth < count; nth++)
    parts.push(...chunk(key, nth, nth === count - 1, plaintext.subarray(nth * CHUNK, (nth + 1) * CHUNK)));
  const file = Buffer.concat(parts);
  return new Uint8Array(file.buffer, file.byteOffset, file.length);
}

const derived = (fileKey: Bytes, salt: Bytes, info: string): Buffer =>
  Buffer.from(hkdfSync("sha256", fileKey, salt, info, 32));

const unpadded = (bytes: Bytes): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

function headOf(stanzas: readonly Stanza[]): string {
  let text = "age-encryption.org/v1\n";
  for (const { args, body } of stanzas) {
    text += `-> ${args.join(" ")}\n`;
    for (let at = 0; at < body.length; at += LINE) text += `${unpadded(body.subarray(at, at + LINE))}\n`;
    // The last line is shorter than a whole one, and may be empty.
    if (body.length % LINE === 0) text += "\n";
  }
  return `${text}---`;
}

/** One chunk of the payload: its number and whether it is the last stand in its nonce. */
function chunk(key: Bytes, nth: number, last: boolean, plaintext: Bytes): Buffer<ArrayBuffer>[] {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(nth, 7);
  nonce[11] = last ? 1 : 0;
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
}
