import { createHash, generateKeyPairSync } from "node:crypto";

/** A key of a C2SP signed note (c2sp.org/signed-note), as its two lines of text. */
export type LogKey = { readonly signer: string; readonly verifier: string };

const ED25519 = Buffer.from([1]);

/** Makes an Ed25519 key for notes signed under `name`, which holds neither spaces nor plus signs. */
export function newLogKey(name: string): LogKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  // Both encodings end with the 32 bytes of the key itself.
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const hash = createHash("sha256").update(name).update("\n").update(ED25519).update(key).digest("hex").slice(0, 8);
  return {
    signer: `PRIVATE+KEY+${name}+${hash}+${Buffer.concat([ED25519, seed]).toString("base64")}`,
    verifier: `${name}+${hash}+${Buffer.concat([ED25519, key]).toString("base64")}`,
  };
}
