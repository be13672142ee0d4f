/**
 * What a passkey says, verified (W3C Web Authentication Level 3, 7.1 and 7.2), by a library that is loaded when the first
 * passkey comes. A device is not asked who made it.
 */
import type { MadePasskey, ShownPasskey } from "../../contract/unlockers.ts";
import { equalBytes, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";

/** `isOpen` takes the challenge: it was made for whoever asks, and is used up. */
export type Asked = { readonly staffOrigin: string; readonly isOpen: (challenge: Bytes) => boolean };

const spelled = (bytes: Bytes): string => Buffer.from(bytes).toString("base64url");
const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, "base64url"));

const expected = ({ staffOrigin, isOpen }: Asked) => ({
  expectedChallenge: (challenge: string) => isOpen(bytesOf(challenge)),
  expectedOrigin: staffOrigin,
  // The whole host name: a passkey of the staff pages is for no page above them.
  expectedRPID: new URL(staffOrigin).hostname,
  requireUserVerification: true,
});

/** Everything that a library throws about what was sent is one refusal: the sender learns nothing else. */
const refusing = async <T>(work: Promise<T>): Promise<T> =>
  work.catch(() => {
    throw new Fault("PASSKEY_REFUSED");
  });

/**
 * What a new passkey says, without what is said of its maker: whoever signs certificates under a maker's root, which are
 * many, could else name an address in one for this server to fetch. @throws where it is no CBOR
 */
async function withoutMaker(attestation: Bytes): Promise<Bytes> {
  const { isoCBOR } = await import("@simplewebauthn/server/helpers");
  const said = isoCBOR.decodeFirst<Map<string, Uint8Array>>(new Uint8Array(attestation));
  const parts = new Map<string, unknown>([
    ["fmt", "none"],
    ["attStmt", new Map()],
    ["authData", said.get("authData")],
  ]);
  return new Uint8Array(isoCBOR.encode(parts as Parameters<typeof isoCBOR.encode>[0]));
}

/** A new passkey's public key and counter. @throws `PASSKEY_REFUSED` */
export async function checkMade(
  asked: Asked,
  { credential, clientData, attestation }: MadePasskey,
): Promise<{ readonly publicKey: Bytes; readonly signCount: number }> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const id = spelled(credential);
  const told = await refusing(withoutMaker(attestation));
  const { verified, registrationInfo } = await refusing(
    verifyRegistrationResponse({
      ...expected(asked),
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON: spelled(clientData), attestationObject: spelled(told) },
        clientExtensionResults: {},
      },
    }),
  );
  if (!verified || !equalBytes(bytesOf(registrationInfo.credential.id), credential)) throw new Fault("PASSKEY_REFUSED");
  return {
    publicKey: new Uint8Array(registrationInfo.credential.publicKey),
    signCount: registrationInfo.credential.counter,
  };
}

/** @returns the counter that the passkey has now. @throws `PASSKEY_REFUSED`, and where the counter did not grow */
export async function checkShown(
  asked: Asked,
  { credential, clientData, authenticatorData, signature }: ShownPasskey,
  known: { readonly publicKey: Bytes; readonly signCount: number },
): Promise<number> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const id = spelled(credential);
  const { verified, authenticationInfo } = await refusing(
    verifyAuthenticationResponse({
      ...expected(asked),
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: {
          clientDataJSON: spelled(clientData),
          authenticatorData: spelled(authenticatorData),
          signature: spelled(signature),
        },
        clientExtensionResults: {},
      },
      credential: { id, publicKey: new Uint8Array(known.publicKey), counter: known.signCount },
    }),
  );
  if (!verified) throw new Fault("PASSKEY_REFUSED");
  return authenticationInfo.newCounter;
}
