/**
 * Secrets that were shown and not yet proved by a code: in the memory of the staff process, for one sign-in and five
 * minutes. After a start one begins anew.
 */
import { toHex, type Bytes } from "../../domain/bytes.ts";
import { newTotp } from "../../domain/person/totp.ts";
import { newId } from "../../domain/seal/random.ts";

const LASTS = 5 * 60_000;
const MOST = 1000;

export type Begun = { readonly totp: string; readonly secret: Bytes };
export type Pending = {
  /** Another one takes the place of what this sign-in was shown before. @param session hash of its token */
  readonly begin: (session: Bytes) => Begun;
  readonly find: (session: Bytes) => Begun | undefined;
  readonly end: (session: Bytes) => void;
};

/** @param now milliseconds */
export function newPending(now: () => number = Date.now): Pending {
  const open = new Map<string, Begun & { readonly until: number }>();
  return {
    begin: (session) => {
      const [oldest] = open.keys();
      if (open.size >= MOST && oldest !== undefined) open.delete(oldest);
      const begun = { totp: newId(), secret: newTotp() };
      open.delete(toHex(session));
      open.set(toHex(session), { ...begun, until: now() + LASTS });
      return begun;
    },
    find: (session) => {
      const one = open.get(toHex(session));
      return one && now() < one.until ? one : undefined;
    },
    end: (session) => void open.delete(toHex(session)),
  };
}
