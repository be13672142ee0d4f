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

// Joiners: between letters of these scripts they are part of how a word is written; anywhere else they are dirt that
// was copied along.
const JOINER = /^[\u200c\u200d]$/;
const JOINERS = /[\u200c\u200d]/g;
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;
// Everything that Unicode calls ignorable (joiners, soft hyphens, marks of direction, variation selectors, fillers), the
// rest of the format characters, and control characters that are no white space.
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u2800]/gu;

/**
 * Without characters that nobody sees: for what a machine reads (an e-mail address, a number, a date, a postcode). A
 * joiner stays between two letters of a script that is written with it.
 */
export const withoutHidden = (text: string): string =>
  text
    .replace(UNSEEN, (one) => (JOINER.test(one) ? one : ""))
    .replace(JOINERS, (one, index: number, whole: string) =>
      JOINED.test(whole.charAt(index - 1)) && JOINED.test(whole.charAt(index + 1)) ? one : "",
    );

/** Whether there is anything to be seen. Names are written with joiners; joiners alone are no name. */
export const isSeen = (text: string): boolean => withoutHidden(text).replace(/[\p{Z}\s]/gu, "") !== "";

/** One line for a machine: as `cleanLine`, without anything that nobody sees, in plain figures. */
export const cleanCode = (text: string): string =>
  cleanLine(
    withoutHidden(text)
      .normalize("NFKC")
      .replace(/\p{Nd}/gu, figureOf)
      .replace(/\p{Pd}|[\u2212\u2043]/gu, "-"),
  );

/** The ten figures of a script stand in a row that begins with its nought. */
function figureOf(figure: string): string {
  let value = 0;
  const code = figure.codePointAt(0)!;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}

/** Characters as people count them: code points, a line end is one. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export const count = (n: number): string => n.toLocaleString("en-GB");
