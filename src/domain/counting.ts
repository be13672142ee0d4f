/** Counting how often somebody has asked: the rule of every limit that a process counts in its own memory. */

/** How often they have asked within the window, this time included, and the milliseconds until it ends. */
export type Counted = { readonly current: number; readonly ttl: number };

/** How many are counted at once; more would be an attack on memory, and who has not asked for longest is forgotten. */
const MOST = 20_000;

/**
 * Counts one request. `whose` names who asks, and never by their address; `window` and `at` are milliseconds. A window
 * begins with the first request in it.
 */
export function newCount(): (whose: string, window: number, at: number) => Counted {
  const known = new Map<string, { current: number; readonly since: number }>();
  return (whose, window, at) => {
    const old = known.get(whose);
    const one = old && at - old.since < window ? old : { current: 0, since: at };
    one.current += 1;
    known.delete(whose);
    known.set(whose, one);
    if (known.size > MOST) known.delete(known.keys().next().value!);
    return { current: one.current, ttl: window - (at - one.since) };
  };
}
