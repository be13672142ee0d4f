/**
 * Cosignatures: a witness says that, as of a time, this checkpoint is the largest consistent one it has seen. Source:
 * c2sp.org/tlog-cosignature@v1, "Ed25519". Every refusal is a Fault `NOTE_INVALID`.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, toBase64, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { hexId, keyId, parts, SIGNER_PREFIX, verifies } from "./note-key.ts";
import { isKeyName, parseNote, signatureLine } from "./note.ts";

/** Signature type `0x04`: timestamped Ed25519 checkpoint cosignatures. */
const COSIGNATURE = 4;
const TIME = 8;

/** A witness's public key. */
export type CosignerKey = { readonly name: string; readonly id: number; readonly publicKey: Bytes };

/** A witness's private key. */
export type Cosigner = { readonly key: CosignerKey; readonly seed: Bytes };

/** Who co-signed, and when it says it did: POSIX time in seconds. */
export type Cosignature = { readonly key: CosignerKey; readonly time: number };

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

function cosignerKey(name: string, publicKey: Bytes): CosignerKey {
  if (!isKeyName(name)) throw invalid("the key name is not usable");
  if (publicKey.length !== 32) throw invalid("an Ed25519 public key has 32 bytes");
  return { name, id: keyId(name, publicKey, COSIGNATURE), publicKey };
}

/**
 * The cosigner of a name and a 32-byte seed. A seed signs under one name only: the signed message does not say the
 * name.
 */
export function cosigner(name: string, seed: Bytes): Cosigner {
  if (seed.length !== 32) throw invalid("an Ed25519 seed has 32 bytes");
  return { key: cosignerKey(name, ed25519.getPublicKey(seed)), seed };
}

const typed = (material: Bytes): string => toBase64(concat(Uint8Array.of(COSIGNATURE), material));

/** `<name>+<hex id>+<base64(0x04 || public key)>`. */
export const formatCosignerKey = ({ name, id, publicKey }: CosignerKey): string =>
  `${name}+${hexId(id)}+${typed(publicKey)}`;

/** `PRIVATE+KEY+<name>+<hex id>+<base64(0x04 || seed)>`: a secret. */
export const formatCosigner = ({ key, seed }: Cosigner): string =>
  `${SIGNER_PREFIX}${key.name}+${hexId(key.id)}+${typed(seed)}`;

export function parseCosignerKey(vkey: string): CosignerKey {
  const { name, id, material } = parts(vkey, COSIGNATURE);
  const key = cosignerKey(name, material);
  if (hexId(key.id) !== id) throw invalid("the key id does not belong to the key");
  return key;
}

export function parseCosigner(skey: string): Cosigner {
  if (!skey.startsWith(SIGNER_PREFIX)) throw invalid("not a signer key");
  const { name, id, material } = parts(skey.slice(SIGNER_PREFIX.length), COSIGNATURE);
  const made = cosigner(name, material);
  if (hexId(made.key.id) !== id) throw invalid("the key id does not belong to the key");
  return made;
}

const message = (text: string, time: number): Bytes => toUtf8(`cosignature/v1\ntime ${time}\n${text}`);

/** The signature line of a cosignature over a checkpoint's text, which must end in a newline; `time` in seconds. */
export function cosign(text: string, time: number, { key, seed }: Cosigner): string {
  if (!Number.isSafeInteger(time) || time < 1) throw invalid("a cosignature has a time");
  const stamp = new Uint8Array(TIME);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  return signatureLine({
    name: key.name,
    id: key.id,
    signature: concat(stamp, ed25519.sign(message(text, time), seed)),
  });
}

/**
 * The cosignatures of a note by known keys; others are ignored, and one by a known key that does not hold refuses the
 * note.
 */
export function cosignaturesOf(note: string, known: readonly CosignerKey[]): Cosignature[] {
  const { text, signatures } = parseNote(note);
  return signatures.flatMap(({ name, id, signature }) => {
    const key = known.find((one) => one.name === name && one.id === id);
    return key === undefined ? [] : [{ key, time: timeOf(text, signature, key) }];
  });
}

function timeOf(text: string, signature: Bytes, key: CosignerKey): number {
  if (signature.length !== TIME + 64) throw invalid("a cosignature has another length");
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time < 1n || time > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid("a cosignature without a usable time");
  if (!verifies(key.publicKey, message(text, Number(time)), signature.subarray(TIME)))
    throw invalid("a cosignature by a known key does not verify");
  return Number(time);
}
