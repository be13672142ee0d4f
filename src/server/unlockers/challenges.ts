/**
 * What passkeys are asked to sign: each challenge is of one use, of five minutes, and for whoever began. They stand in
 * the memory of the staff process: after a start one begins anew.
 */
import { randomBytes } from "node:crypto";
import { toHex, type Bytes } from "../../domain/bytes.ts";

const LASTS = 5 * 60_000;
/** More than that many people do not sign in at once; the oldest goes. */
const MOST = 10_000;

export type Challenges = {
  /** @param whom whoever alone may use it */
  readonly make: (whom: string) => Bytes;
  /** Whether this one was made for them and is open. It is used up, whatever the answer. */
  readonly take: (challenge: Bytes, whom: string) => boolean;
};

/** @param now milliseconds */
export function newChallenges(now: () => number = Date.now): Challenges {
  const open = new Map<string, { readonly whom: string; readonly until: number }>();
  return {
    make: (whom) => {
      const [oldest] = open.keys();
      if (open.size >= MOST && oldest !== undefined) open.delete(oldest);
      const challenge = new Uint8Array(randomBytes(32));
      open.set(toHex(challenge), { whom, until: now() + LASTS });
      return challenge;
    },
    take: (challenge, whom) => {
      const one = open.get(toHex(challenge));
      open.delete(toHex(challenge));
      return one !== undefined && one.whom === whom && now() < one.until;
    },
  };
}
