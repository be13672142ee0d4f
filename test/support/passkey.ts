/**
 * A passkey of a program, as a device plays it (W3C Web Authentication Level 3): an ES256 key, a counter, and an answer of
 * the extension PRF. For attacks: each part of it can be another.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { MadePasskey, ShownPasskey } from "../../src/contract/unlockers.ts";
import { concat, type Bytes } from "../../src/domain/bytes.ts";
import type { Passkeys } from "../../src/member/flows/unlockers.ts";

export type Device = Passkeys & {
  readonly credential: Bytes;
  /** What it will say from now on. */
  origin: string;
  host: string;
  verified: boolean;
  /** of what it says of its maker */
  format: string;
  count: number;
  /** whether it counts at all */
  counts: boolean;
  /** its answers of PRF, in turn; the last one stays */
  answers: (Bytes | null)[];
};

const sha = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();
const own = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes);

// CBOR (RFC 8949) of the few things that a device writes.
const head = (major: number, length: number): Buffer =>
  length < 24
    ? Buffer.from([(major << 5) | length])
    : length < 256
      ? Buffer.from([(major << 5) | 24, length])
      : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
const text = (value: string): Buffer => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const bytes = (value: Uint8Array): Buffer => Buffer.concat([head(2, value.length), value]);
const number = (value: number): Buffer => (value < 0 ? head(1, -1 - value) : head(0, value));
const map = (...pairs: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

/** @param staffOrigin of the pages that it is used on */
export function newDevice(staffOrigin: string): Device {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" }) as { x: string; y: string };
  const cose = map(
    [number(1), number(2)],
    [number(3), number(-7)],
    [number(-1), number(1)],
    [number(-2), bytes(Buffer.from(x, "base64url"))],
    [number(-3), bytes(Buffer.from(y, "base64url"))],
  );
  const credential = own(randomBytes(32));

  const answer = (): Bytes | null => (device.answers.length > 1 ? device.answers.shift()! : device.answers[0]!);
  const clientData = (type: string, challenge: Bytes): Buffer =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: Buffer.from(challenge).toString("base64url"),
        origin: device.origin,
        crossOrigin: false,
      }),
    );
  const authenticatorData = (attested: Uint8Array | null): Buffer => {
    if (device.counts) device.count += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(device.count);
    const flags = 0x01 | (device.verified ? 0x04 : 0) | (attested ? 0x40 : 0);
    return Buffer.concat([sha(device.host), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)]);
  };

  const device: Device = {
    credential,
    origin: staffOrigin,
    host: new URL(staffOrigin).hostname,
    verified: true,
    format: "none",
    count: 0,
    counts: true,
    answers: [own(randomBytes(32))],
    make: async (challenge): Promise<MadePasskey & { prf: Bytes | null }> => {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, credential.length]), credential, cose]);
      const attestation = map(
        [text("fmt"), text(device.format)],
        [text("attStmt"), map()],
        [text("authData"), bytes(authenticatorData(attested))],
      );
      return {
        credential,
        clientData: own(clientData("webauthn.create", challenge)),
        attestation: own(attestation),
        prf: answer(),
      };
    },
    use: async (challenge): Promise<ShownPasskey & { prf: Bytes | null }> => {
      const [said, data] = [clientData("webauthn.get", challenge), authenticatorData(null)];
      return {
        credential,
        clientData: own(said),
        authenticatorData: own(data),
        signature: own(sign("sha256", concat(own(data), own(sha(said))), privateKey)),
        prf: answer(),
      };
    },
  };
  return device;
}
