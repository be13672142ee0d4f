/**
 * The log's key by the engine's Ed25519: the same signatures (RFC 8032 leaves no choice), for a small part of the time
 * that a round takes otherwise. Browsers keep the library.
 */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { parseSignerKey, parts, SIGNER_PREFIX, type SignerKey, type VerifierKey } from "../../domain/log/note-key.ts";

/** What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410). */
const BEFORE_PUBLIC = Buffer.from("302a300506032b6570032100", "hex");
const BEFORE_SEED = Buffer.from("302e020100300506032b657004220420", "hex");

/** As `parseSignerKey`; the engine signs. @throws `NOTE_INVALID` */
export function nativeSigner(skey: string): SignerKey {
  const key = parseSignerKey(skey);
  const { material } = parts(skey.slice(SIGNER_PREFIX.length));
  const secret = createPrivateKey({ key: Buffer.concat([BEFORE_SEED, material]), format: "der", type: "pkcs8" });
  return { ...key, sign: (text) => new Uint8Array(sign(null, text, secret)) };
}

/** The same key; the engine checks its signatures. */
export function nativeVerifier(key: VerifierKey): VerifierKey {
  const known = createPublicKey({
    key: Buffer.concat([BEFORE_PUBLIC, key.publicKey]),
    format: "der",
    type: "spki",
  });
  return { ...key, verify: (text, signature) => signature.length === 64 && verify(null, text, known, signature) };
}
