/** Locks an unattended screen. Counts by the clock, not by ticks: a sleeping computer must find itself locked. */

export type Idle = {
  readonly stop: () => void;
  readonly stay: () => void;
  /** Until then nobody need touch anything: there is something to be read aloud. Milliseconds; null ends it. */
  readonly hold: (until: number | null) => void;
};

const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
const MINUTE_MS = 60_000;
const TICK_MS = 1_000;

/** How long before the end the warning comes: a minute, or half of a shorter time. */
export const warningMs = (lockAfterMs: number): number => Math.min(MINUTE_MS, Math.floor(lockAfterMs / 2));

/**
 * Watches for signs of life.
 * @param lockAfterMs milliseconds without any before `lock` is called, once
 * @param warn called each second of the last stretch with the milliseconds left, and with null when somebody came back
 */
export function watchIdle(
  page: Window,
  lockAfterMs: number,
  warn: (leftMs: number | null) => void,
  lock: () => void,
): Idle {
  let last = Date.now();
  let warned = false;
  let held = 0;
  const stay = () => {
    last = Date.now();
    if (warned) warn(null);
    warned = false;
  };
  // Once the warning stands, only its button counts: a sleeve on the mouse is not a person.
  const sign = () => {
    if (!warned) last = Date.now();
  };
  const look = () => {
    if (Date.now() < held) stay();
    const left = last + lockAfterMs - Date.now();
    if (left <= 0) {
      stop();
      lock();
    } else if (left <= warningMs(lockAfterMs)) {
      warned = true;
      warn(left);
    }
  };
  const timer = page.setInterval(look, TICK_MS);
  const stop = () => {
    page.clearInterval(timer);
    for (const name of SIGNS) page.removeEventListener(name, sign, true);
    page.document.removeEventListener("visibilitychange", look);
  };
  for (const name of SIGNS) page.addEventListener(name, sign, { capture: true, passive: true });
  page.document.addEventListener("visibilitychange", look);
  const hold = (until: number | null) => {
    held = until ?? 0;
    look();
  };
  return { stop, stay, hold };
}
