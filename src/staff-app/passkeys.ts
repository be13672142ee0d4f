/**
 * Passkeys of this browser. The ceremony is a library's; what the extension PRF answers is taken out before anything
 * else looks at it, and goes to the worker alone.
 */
import {
  base64URLStringToBuffer,
  browserSupportsWebAuthn,
  bufferToBase64URLString,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { fromHex, type Bytes } from "../domain/bytes.ts";
import { prfTag, prfOf } from "../domain/person/prf.ts";
import { Fault } from "../domain/problem.ts";
import type { Passkeys } from "../member/flows/unlockers.ts";

/** As long as the server waits; milliseconds. */
const TIMEOUT = 5 * 60_000;
/** ES256 and RS256: what devices have (COSE, RFC 9053). */
const ALGORITHMS = [-7, -257];

export const hasPasskeys = (): boolean => browserSupportsWebAuthn();

const spelled = (bytes: Bytes): string => bufferToBase64URLString(Uint8Array.from(bytes).buffer);
const bytesOf = (text: string): Bytes => new Uint8Array(base64URLStringToBuffer(text));

/** Asked for at every making and every use: some devices give none later to whoever did not ask when it was made. */
const asking = () => ({ prf: { eval: { first: Uint8Array.from(prfTag()) } } }) as never;

const one = (id: Bytes) => ({ id: spelled(id), type: "public-key" as const });

/** The answer, which then stands nowhere else. */
function takePrf(response: { clientExtensionResults: object }): Bytes | null {
  const results = response.clientExtensionResults as { prf?: unknown };
  const prf = prfOf(results);
  delete results.prf;
  return prf;
}

/** Refused, cancelled, too late, there already, or not on this page: browsers do not say which, on purpose. */
const notDone = (): never => {
  throw new Fault("PASSKEY_NOT_DONE");
};

export const browserPasskeys: Passkeys = {
  make: async (challenge, others, { person, name, email }) => {
    const response = await startRegistration({
      optionsJSON: {
        challenge: spelled(challenge),
        // The whole host name, and no part of it: then no page above this name can ask for it.
        rp: { id: window.location.hostname, name: "Pillarbox" },
        user: { id: spelled(fromHex(person)), name: email, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: "public-key" as const })),
        timeout: TIMEOUT,
        attestation: "none",
        excludeCredentials: others.map(one),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
        extensions: asking(),
      },
    }).catch(notDone);
    const prf = takePrf(response);
    return {
      credential: bytesOf(response.id),
      clientData: bytesOf(response.response.clientDataJSON),
      attestation: bytesOf(response.response.attestationObject),
      prf,
    };
  },

  use: async (challenge, only) => {
    const response = await startAuthentication({
      optionsJSON: {
        challenge: spelled(challenge),
        rpId: window.location.hostname,
        timeout: TIMEOUT,
        allowCredentials: only === null ? [] : [one(only)],
        userVerification: "required",
        extensions: asking(),
      },
    }).catch(notDone);
    const prf = takePrf(response);
    return {
      credential: bytesOf(response.id),
      clientData: bytesOf(response.response.clientDataJSON),
      authenticatorData: bytesOf(response.response.authenticatorData),
      signature: bytesOf(response.response.signature),
      prf,
    };
  },
};
