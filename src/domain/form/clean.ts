/** Text as somebody typed or pasted it, made fit to be kept: one kind of line end, no invisible control characters. */

// Control characters except tab and line feed, and the marks that turn the direction of a whole line: they would let an
// answer show a reader something else than what it holds. The single marks U+200E, U+200F and joiners stay: scripts
// need them.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Several lines: line ends are line feeds, control characters are gone, Unicode is composed (NFC), ends are trimmed.
 */
export function cleanBlock(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(INVISIBLE, "")
    .normalize("NFC")
    .trim();
}

/** One line: as `cleanBlock`, and white space of any length is one space. */
export const cleanLine = (text: string): string => cleanBlock(text).replace(/\s+/g, " ");

/** Characters as people count them: code points, a line end is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export const count = (n: number): string => n.toLocaleString("en-GB");
