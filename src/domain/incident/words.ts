/**
 * Words that may stand in a report: what an officer typed into it, and what the body's public record says. The type
 * keeps anything else out by accident: nothing that came out of a letter or a list of people has it (T42).
 */
import { Fault } from "../problem.ts";

declare const ours: unique symbol;
export type Words = string & { readonly [ours]: true };

export const MOST_WORDS = 8_000;

// Tab and newline are what a text area gives; nothing else that is invisible.
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/**
 * What an officer typed, or a public record says. `BAD_REQUEST` for control characters and for more than `most`
 * characters.
 */
export function wordsOf(text: string, most: number = MOST_WORDS): Words {
  if (text.length > most || !text.isWellFormed() || FORBIDDEN.test(text))
    throw new Fault("BAD_REQUEST", "a text is too long or holds characters that cannot be shown");
  return text as Words;
}
