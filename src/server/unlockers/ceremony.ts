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
  // The whole host name: a passkey of the staff pages is of no other page of the body's.
  expectedRPID: new URL(staffOrigin).hostname,
  requireUserVerification: true,
});

/** Everything that a library throws about what was sent is one refusal: the sender learns nothing else. */
const refusing = async <T>(work: Promise<T>): Promise<T> =>
  work.catch(() => {
    throw new Fault("PASSKEY_REFUSED");
  });

/** A new passkey's public key and counter. @throws `PASSKEY_REFUSED` */
export async function checkMade(
  asked: Asked,
  { credential, clientData, attestation }: MadePasskey,
): Promise<{ readonly publicKey: Bytes; readonly signCount: number }> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const id = spelled(credential);
  const { verified, registrationInfo } = await refusing(
    verifyRegistrationResponse({
      ...expected(asked),
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON: spelled(clientData), attestationObject: spelled(attestation) },
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
