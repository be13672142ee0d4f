/** Waiting that an event cuts short. */
import { setTimeout as sleep } from "node:timers/promises";

export type Waker = {
  /** Ends the present wait, or the next one if nobody waits. */
  readonly wake: () => void;
  /** Waits until woken, at most `ms`; at once when there was a call meanwhile. */
  readonly within: (ms: number) => Promise<void>;
  /** Waits `ms`, whoever calls. */
  readonly pause: (ms: number) => Promise<void>;
};

/** All waits end when `stopped` does. */
export function newWaker(stopped: AbortSignal): Waker {
  let called = false;
  let woken = new AbortController();
  const wait = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
  return {
    wake() {
      called = true;
      woken.abort();
    },
    async within(ms) {
      if (!called) await wait(ms, AbortSignal.any([stopped, woken.signal]));
      called = false;
      woken = new AbortController();
    },
    pause: (ms) => wait(ms, stopped),
  };
}
