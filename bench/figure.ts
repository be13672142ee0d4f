/** What a measure yields: one line of JSON each on stdout. Whatever is said on the way goes to stderr. */
import type { StaffedWorld } from "../test/support/staffed.ts";

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** the same work by the barest means, in the same run */
  readonly floor?: number;
  /** value by floor */
  readonly ratio?: number;
  readonly [detail: string]: unknown;
};

/**
 * A measure is taken in a world that other measures use before and after it; it prints its figures as it goes, and stops
 * what it starts.
 */
export type Measure = (place: StaffedWorld, print: (figure: Figure) => void) => Promise<void>;

/** A figure as one line for people: the ratio first. */
export function inWords({ name, value, unit, floor, ratio, ...more }: Figure): string {
  const beside = Object.entries(more).map(([key, told]) => `${key} ${JSON.stringify(told)}`);
  const first = ratio === undefined ? "" : `${ratio} of the floor: `;
  return `${name}: ${first}${value} ${unit}${floor === undefined ? "" : `, floor ${floor}`}${beside.length ? ` (${beside.join(", ")})` : ""}`;
}

export const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The middle value; of an even number the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The value below which `share` (0 to 1) of the sorted values lie. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/** To `digits` after the point: more would say more than was measured. */
export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** The numbers that every measure's world raises; the limits themselves are on. */
export const LIMITS = { submissionsPerMinute: 100_000_000, signInsPerMinute: 100_000, requestsPerMinute: 100_000_000 };
