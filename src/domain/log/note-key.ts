/**
 * The Ed25519 keys of signed notes as text: verifier keys (vkey) and signer keys (skey). Source:
 * c2sp.org/signed-note@v1, "Verifier keys" and "Ed25519 signatures"; the signer key is spelled as
 * golang.org/x/mod/sumdb/note spells it. Every refusal is a Fault `NOTE_INVALID`.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, fromBase64, sha256, toBase64, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { isKeyName, type NoteSigner, type NoteVerifier } from "./note.ts";

/** Signature type `0x01`, the only one that this log signs with. */
const ED25519 = 1;
/** What the text of a secret key begins with. */
export const SIGNER_PREFIX = "PRIVATE+KEY+";

/** A log's public key: checks signatures, and prints as a vkey. */
export type VerifierKey = NoteVerifier & { readonly publicKey: Bytes };

/** A log's private key, in the log process alone. */
export type SignerKey = NoteSigner & { readonly verifier: VerifierKey };

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/** SHA-256(key name || 0x0A || signature type || public key)[:4], big-endian. */
export function keyId(name: string, publicKey: Bytes, type: number = ED25519): number {
  const hash = sha256(concat(toUtf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/** A key id as text. */
export const hexId = (id: number): string => id.toString(16).padStart(8, "0");

/** The verifier of a name and a 32-byte public key. */
export function verifierKey(name: string, publicKey: Bytes): VerifierKey {
  if (!isKeyName(name)) throw invalid("the key name is not usable");
  if (publicKey.length !== 32) throw invalid("an Ed25519 public key has 32 bytes");
  return {
    name,
    id: keyId(name, publicKey),
    publicKey,
    verify: (text, signature) => verifies(publicKey, text, signature),
  };
}

/** Whether an Ed25519 signature holds. */
export function verifies(publicKey: Bytes, text: Bytes, signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  try {
    // RFC 8032 strictly: the laxer rule of ZIP 215 takes several spellings of one signature.
    return ed25519.verify(signature, text, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** The signer of a name and a 32-byte seed (RFC 8032 private key). */
export function signerKey(name: string, seed: Bytes): SignerKey {
  if (seed.length !== 32) throw invalid("an Ed25519 seed has 32 bytes");
  const verifier = verifierKey(name, ed25519.getPublicKey(seed));
  return { name, id: verifier.id, verifier, sign: (text) => ed25519.sign(text, seed) };
}

/** The same key under another name. */
export function signerNamed({ sign, verifier: { publicKey } }: SignerKey, name: string): SignerKey {
  const verifier = verifierKey(name, publicKey);
  return { name, id: verifier.id, verifier, sign };
}

/** `<name>+<hex id>+<base64(0x01 || public key)>`. */
export const formatVerifierKey = ({ name, id, publicKey }: VerifierKey): string =>
  `${name}+${hexId(id)}+${toBase64(concat(Uint8Array.of(ED25519), publicKey))}`;

/** `PRIVATE+KEY+<name>+<hex id>+<base64(0x01 || seed)>`: a secret. */
export function formatSignerKey(name: string, seed: Bytes): string {
  return `${SIGNER_PREFIX}${name}+${hexId(signerKey(name, seed).id)}+${toBase64(concat(Uint8Array.of(ED25519), seed))}`;
}

/** Reads a vkey; its id must be the hash that the specification recommends. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const { name, id, material } = parts(vkey);
  const key = verifierKey(name, material);
  if (hexId(key.id) !== id) throw invalid("the key id does not belong to the key");
  return key;
}

/** Reads a signer key string; the id must belong to the key derived from the seed. */
export function parseSignerKey(skey: string): SignerKey {
  if (!skey.startsWith(SIGNER_PREFIX)) throw invalid("not a signer key");
  const { name, id, material } = parts(skey.slice(SIGNER_PREFIX.length));
  const key = signerKey(name, material);
  if (hexId(key.id) !== id) throw invalid("the key id does not belong to the key");
  return key;
}

/** The fields of a key's text, which must be of the signature type asked for. */
export function parts(text: string, type: number = ED25519): { name: string; id: string; material: Bytes } {
  // The name holds no plus, base64 may: so only the first two part the fields.
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) throw invalid("a key is malformed");
  const bytes = decode(base64);
  if (bytes[0] !== type) throw invalid(`the key is not of the signature type ${type}`);
  return { name, id, material: bytes.subarray(1) };
}

function decode(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw invalid("a key is not base64");
  }
}
