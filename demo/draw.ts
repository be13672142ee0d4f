/**
 * Chance that repeats: the same seed and name always draw the same, so that the demonstration can be filled twice and
 * is the same.
 */
import { taggedHash } from "../src/domain/bytes.ts";

export type Draw = {
  /** A whole number from 0 to `below - 1`. */
  readonly below: (below: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** `count` different members of a list, in the order drawn; all of them when the list is shorter. */
  readonly some: <T>(list: readonly T[], count: number) => T[];
  /** True in about `share` of all draws (0 to 1). */
  readonly chance: (share: number) => boolean;
};

/** A sequence of draws for one thing. Not for secrets: it is meant to be predictable. */
export function drawFor(seed: string, thing: string): Draw {
  const hash = taggedHash("demo-draw", seed, thing);
  let state = new DataView(hash.buffer, hash.byteOffset).getUint32(0);
  // mulberry32: 32 bits of state are plenty for inventing people.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    some: (list, count) => {
      const rest = [...list];
      const drawn = [];
      while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(below(rest.length), 1));
      return drawn;
    },
    chance: (share) => next() < share,
  };
}
