/** How long six words are compared (`compared.ts`), and how often somebody may be wrong. */

/** Fifteen minutes, in milliseconds. */
export const COMPARING_TIME = 15 * 60_000;
export const COMPARING_MAX = 3;
