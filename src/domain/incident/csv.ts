/**
 * The one writer of tables: comma-separated values for a spreadsheet (RFC 4180), UTF-8 with a mark at the start,
 * because the programs that offices use guess wrong without one. A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front: nothing here is ever executed.
 */

// Also after white space, which some programs skip, and in the wide forms that some turn into the narrow ones.
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r]/;

/** One cell, always quoted. A number is a number and stays one. */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A whole file: the head line, then the rows. */
export const csvOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  `\ufeff${[head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("")}`;
