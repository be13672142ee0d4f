/**
 * Recipients over the runtime's own cryptography, because the counter seals for many at once. They write the same
 * stanzas as the library's (`mlkem768x25519`, `X25519` of age-encryption.org/v1); the test opens them with the library.
 */
import { Stanza, type Recipient } from "age-encryption";
import { base64nopad, bech32 } from "@scure/base";
import {
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import { Fault } from "../domain/problem.ts";
import { kindOfRecipient } from "../domain/seal/age.ts";

type Bytes = Uint8Array;

const SPKI_X25519 = Buffer.from("302a300506032b656e032100", "hex");
const SPKI_MLKEM768 = Buffer.from("308204b2300b0609608648016503040402038204a100", "hex");
const MLKEM_KEY = 1184;
/** X-Wing's label (draft-connolly-cfrg-xwing-kem, 5.3). */
const XWING_LABEL = Buffer.from("5c2e2f2f5e5c", "hex");
/** HPKE suite (RFC 9180): KEM X-Wing 0x647a, HKDF-SHA256 0x0001, ChaCha20Poly1305 0x0003. */
const SUITE = Buffer.concat([Buffer.from("HPKE"), Buffer.from("647a00010003", "hex")]);

/** A recipient of either kind from its text. @throws `SEAL_RECIPIENTS` */
export function nativeRecipient(text: string): Recipient {
  const kind = kindOfRecipient(text);
  const key = keyBytes(text, kind === "hybrid" ? MLKEM_KEY + 32 : 32);
  return kind === "hybrid" ? hybrid(key) : x25519(key);
}

function keyBytes(text: string, length: number): Bytes {
  let bytes: Bytes;
  try {
    // The recipients of age are longer than bech32's own limit of 90 characters.
    bytes = bech32.fromWords(bech32.decode(text as `${string}1${string}`, false).words);
  } catch {
    throw new Fault("SEAL_RECIPIENTS", "a recipient with a wrong checksum");
  }
  if (bytes.length !== length) throw new Fault("SEAL_RECIPIENTS", "a recipient of a wrong length");
  return bytes;
}

const publicKey = (prefix: Bytes, raw: Bytes): KeyObject =>
  createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
// As JWK, because OpenSSL takes ten times as long to write the same 32 bytes as SPKI.
const rawOf = (key: KeyObject): Bytes => Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");

/** An ephemeral X25519 exchange: our share and the common secret. OpenSSL refuses a secret of zeros. */
function exchange(theirs: KeyObject): { share: Bytes; secret: Bytes } {
  const ours = generateKeyPairSync("x25519");
  return { share: rawOf(ours.publicKey), secret: diffieHellman({ privateKey: ours.privateKey, publicKey: theirs }) };
}

function x25519(key: Bytes): Recipient {
  const theirs = publicKey(SPKI_X25519, key);
  return {
    wrapFileKey(fileKey) {
      const { share, secret } = exchange(theirs);
      const wrapping = new Uint8Array(
        hkdfSync("sha256", secret, Buffer.concat([share, key]), "age-encryption.org/v1/X25519", 32),
      );
      return [new Stanza(["X25519", base64nopad.encode(share)], encrypt(wrapping, new Uint8Array(12), fileKey))];
    },
  };
}

function hybrid(key: Bytes): Recipient {
  const lattice = publicKey(SPKI_MLKEM768, key.subarray(0, MLKEM_KEY));
  const curve = publicKey(SPKI_X25519, key.subarray(MLKEM_KEY));
  return {
    wrapFileKey(fileKey) {
      const { sharedKey, ciphertext } = encapsulate(lattice);
      const { share, secret } = exchange(curve);
      const shared = createHash("sha3-256")
        .update(sharedKey)
        .update(secret)
        .update(share)
        .update(key.subarray(MLKEM_KEY))
        .update(XWING_LABEL)
        .digest();
      const { wrapping, nonce } = hpkeContext(shared);
      const encapsulated = Buffer.concat([ciphertext, share]);
      return [new Stanza(["mlkem768x25519", base64nopad.encode(encapsulated)], encrypt(wrapping, nonce, fileKey))];
    },
  };
}

const INFO = Buffer.from("age-encryption.org/mlkem768x25519");
const EMPTY = Buffer.alloc(0);
const hmac = (key: Bytes, data: Bytes): Buffer => createHmac("sha256", key).update(data).digest();

/** RFC 9180, 4: LabeledExtract and LabeledExpand; one block of HKDF is enough for key and nonce. */
const extract = (salt: Bytes, label: string, input: Bytes): Buffer =>
  hmac(
    salt.length ? salt : Buffer.alloc(32),
    Buffer.concat([Buffer.from("HPKE-v1"), SUITE, Buffer.from(label), input]),
  );
const expand = (secret: Bytes, label: string, info: Bytes, length: number): Buffer =>
  hmac(
    secret,
    Buffer.concat([
      Buffer.from([0, length]),
      Buffer.from("HPKE-v1"),
      SUITE,
      Buffer.from(label),
      info,
      Buffer.from([1]),
    ]),
  ).subarray(0, length);

/** Neither depends on a key: the context of mode "base" without a pre-shared key. */
const CONTEXT = Buffer.concat([
  Buffer.from([0]),
  extract(EMPTY, "psk_id_hash", EMPTY),
  extract(EMPTY, "info_hash", INFO),
]);

function hpkeContext(shared: Bytes): { wrapping: Bytes; nonce: Bytes } {
  const secret = extract(shared, "secret", EMPTY);
  return { wrapping: expand(secret, "key", CONTEXT, 32), nonce: expand(secret, "base_nonce", CONTEXT, 12) };
}

function encrypt(key: Bytes, nonce: Bytes, plaintext: Bytes): Bytes {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
}
