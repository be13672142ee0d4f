/**
 * Stands in browser bundles where the sealing library imports the NIST curves, for recipients of a kind that the guard
 * refuses (`src/domain/seal/age-seal.ts`). It has the shape that the library looks at while it loads, and no curve:
 * whatever would compute with one throws. Decision 0030.
 */
const never = (): never => {
  throw new Error("this page has no NIST curve");
};

/** @param bytes of a secret key */
const shape = (bytes: number) => ({
  lengths: {
    secretKey: bytes,
    publicKey: bytes + 1,
    publicKeyUncompressed: 2 * bytes + 1,
    seed: bytes + Math.ceil(bytes / 2),
  },
  keygen: never,
  getPublicKey: never,
  getSharedSecret: never,
  utils: { randomSecretKey: never },
  Point: {
    Fn: { isLE: false, BYTES: bytes, ORDER: 0n, create: never, toBytes: never, fromBytes: never },
    Fp: { BYTES: bytes },
    fromBytes: never,
  },
});

export const p256 = shape(32);
export const p384 = shape(48);
export const p521 = shape(66);
