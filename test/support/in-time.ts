/** A wait that ends: what never comes makes a test fail, and does not make it hang. */

/**
 * How long a test waits for anything: longer than anything takes on a busy machine, milliseconds. A wait that succeeds
 * costs nothing. Every limit of waiting in the tests is this one.
 */
export const PATIENCE = 180_000;

/** What comes of the promise. @throws naming what was waited for, after three minutes without it */
export async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`waited three minutes, and there was not ${what}`)), PATIENCE);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until there is something. @throws as `inTime` does */
export async function untilThere<T>(look: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (const end = Date.now() + PATIENCE; ; ) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited three minutes, and there was not ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}
