/** One control as `npm run mutants` takes it out (docs/THREAT-MODEL.md says what it keeps). */

/** A text that stands in a file exactly once, and what stands there when the control is gone. */
export type Change = { readonly file: string; readonly find: string; readonly replace: string };

export type Control = Change & {
  /** What holds because of it, in the words of README and threat model. */
  readonly control: string;
  /** The rows of the threat model that rest on it. */
  readonly threat: readonly string[];
  /** The narrowest test files that must fail without it. */
  readonly tests: readonly string[];
  /** Only the tests in whose titles one of these stands: for files that take long, or hold a text that sees everything. */
  readonly pattern?: readonly string[];
  /** Where it is taken out of more than one place. */
  readonly also?: readonly Change[];
  /** The first wall, in words, where this is the second: it is taken away as well, by `also`, or nothing would be seen. */
  readonly secondWall?: string;
};

/** Every change of it, its own first. */
export const changesOf = (control: Control): readonly Change[] => [control, ...(control.also ?? [])];

/** A file's text with the control gone; null where a text does not stand there exactly once. */
export function withoutIt(text: string, { find, replace }: Change): string | null {
  const at = text.indexOf(find);
  return find === "" || at < 0 || text.indexOf(find, at + 1) >= 0
    ? null
    : text.slice(0, at) + replace + text.slice(at + find.length);
}
