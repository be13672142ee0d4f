/** Filling the gaps of a sentence: `{months}`, `{spot}` and the like. */
import type { Draw } from "./draw.ts";
import { SPOTS, STREETS } from "./places.ts";

const SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const ORDINALS = ["second", "third", "fourth", "fifth"];
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Numbers below ten in words, as people write them. */
const spoken = (number: number): string => SMALL[number] ?? String(number);
const between = (draw: Draw, low: number, high: number): number => low + draw.below(high - low + 1);

const GAPS: { readonly [gap: string]: (draw: Draw) => string } = {
  age: (draw) => String(between(draw, 10, 17)),
  old: (draw) => String(between(draw, 68, 92)),
  weeks: (draw) => spoken(between(draw, 2, 11)),
  months: (draw) => spoken(between(draw, 2, 14)),
  days: (draw) => spoken(between(draw, 3, 28)),
  hours: (draw) => spoken(between(draw, 2, 9)),
  times: (draw) => spoken(between(draw, 3, 9)),
  years: (draw) => String(between(draw, 12, 51)),
  miles: (draw) => spoken(between(draw, 4, 19)),
  pounds: (draw) => (between(draw, 9, 480) * 10).toLocaleString("en-GB"),
  month: (draw) => draw.pick(MONTHS),
  ordinal: (draw) => draw.pick(ORDINALS),
  spot: (draw) => draw.pick(SPOTS),
  street: (draw) => draw.pick(STREETS),
};

/** The sentence with its gaps filled; a gap that is not known is a fault of ours and stays visible. */
export const fill = (draw: Draw, sentence: string): string =>
  sentence.replace(/\{([a-z]+)\}/g, (whole, gap: string) => GAPS[gap]?.(draw) ?? whole);
