/**
 * Tables as text (RFC 4180, with the separators that spreadsheets use). Strict where a guess could lose a person: a row
 * that does not fit its header is named, never bent or left out. A cell is text and stays text; nothing in it is ever
 * computed. Tables are written in src/domain/incident/csv.ts. Ours and not a library's: those bend or drop a row that
 * does not fit, and each row is a person (docs/decisions/0025).
 */

export type Table = {
  readonly separator: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** the line of the file on which each row begins */
  readonly lines: readonly number[];
  /** rows without anything in them, which were left out */
  readonly empty: number;
};
export type Parsed =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly problems: readonly string[] };

export const SEPARATORS = [",", ";", "\t", "|"] as const;
const NAMES: Readonly<Record<string, string>> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };
const MOST_PROBLEMS = 20;
const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 500;

/** `quoted`: the numbers of the cells that stood between quotation marks */
type Row = { readonly cells: readonly string[]; readonly quoted: ReadonlySet<number>; readonly line: number };

/**
 * A table whose first row names its columns. The separator is that of the header, unless a first line `sep=;` says
 * another.
 */
export function parseTable(text: string): Parsed {
  const told = /^(?:sep=(.)|"sep=(.)")[;,\t]*(?:\r\n|\r|\n)/i.exec(text);
  const separator = told?.[1] ?? told?.[2] ?? separatorOf(text);
  if (separator === null)
    return no(
      "The first row holds as many of one separator as of another, so it is not clear which one divides the columns. Nothing was read. Put a line in front of it that says which, for example sep=;",
    );
  const read = rowsOf(told ? text.slice(told[0].length) : text, separator, told ? 2 : 1);
  if (typeof read === "string") return { ok: false, problems: [read] };
  const filled = read.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const [first, ...rest] = filled;
  if (!first) return no("The file holds no table. Nothing was read. Choose a file whose first row names its columns.");
  if (rest.length === 0)
    return no(
      "The file holds one row only. Nothing was read. Its first row must name the columns, and each further row is one person.",
    );
  if (first.cells.length > MOST_COLUMNS || rest.length > MOST_ROWS)
    return no(
      `The file holds more than ${MOST_COLUMNS} columns or ${MOST_ROWS.toLocaleString("en-GB")} rows. Nothing was read. Leave out what is not needed, or divide it.`,
    );
  const width = first.cells.length;
  // A title over the table: one cell of the first row holds something, and a row below fills more.
  const names = first.cells.filter((cell) => cell.trim() !== "").length;
  if (names === 1 && rest.some(({ cells }) => cells.filter((cell) => cell.trim() !== "").length > 1))
    return no(
      `Line ${first.line} holds one cell only (“${first.cells.join(" ").trim().slice(0, 80)}”), so it looks like a title above the table. Nothing was read. Take out what stands above the row that names the columns, and totals below the last person.`,
    );
  const wrong = rest.filter(
    ({ cells }) => cells.length !== width && !(cells.length > width && cells.slice(width).every((cell) => cell === "")),
  );
  const apart = ({ cells, quoted }: Row): readonly boolean[] =>
    cells.map((cell, at) => !quoted.has(at) && /^ +"/.test(cell)).slice(1);
  const spaced =
    wrong.some((row) => apart(row).includes(true)) || (width > 1 && rest.every((row) => !apart(row).includes(false)));
  if (spaced && wrong.length === 0) return no(`${SPACED} Nothing was read.`);
  if (wrong.length > 0)
    return {
      ok: false,
      problems: [
        ...(spaced ? [SPACED] : []),
        ...wrong
          .slice(0, MOST_PROBLEMS)
          .map(
            ({ cells, line }) =>
              `Line ${line} has ${cells.length} cells, and the header has ${width} (separated by ${NAMES[separator] ?? separator}). Often a ${NAMES[separator]?.slice(0, -1) ?? "separator"} inside a cell without quotation marks is the reason.`,
          ),
        ...(wrong.length > MOST_PROBLEMS ? [`${wrong.length - MOST_PROBLEMS} more lines do not fit.`] : []),
        "Nothing was read, so that nobody is left out. Mend these lines, or save the table again from the program that it came from.",
      ],
    };
  return {
    ok: true,
    table: {
      separator,
      header: first.cells.map((cell) => cell.trim()),
      rows: rest.map(({ cells }) => cells.slice(0, width)),
      lines: rest.map(({ line }) => line),
      empty: read.length - filled.length,
    },
  };
}

const SPACED =
  "A space stands between separators and quotation marks, so the quotation marks divide nothing, and cells fall apart. Take these spaces out, or save the table again.";

const no = (problem: string): Parsed => ({ ok: false, problems: [problem] });

/** The separator that stands most often in the header, outside quotation marks; null where that is two. */
function separatorOf(text: string): string | null {
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.replace(/^[\r\n]+/, ""))![0].replace(/"(?:[^"]|"")*"/g, "");
  const count = (separator: string): number => header.split(separator).length;
  const best = SEPARATORS.reduce((most, one) => (count(one) > count(most) ? one : most));
  return count(best) > 1 && SEPARATORS.some((one) => one !== best && count(one) === count(best)) ? null : best;
}

/**
 * Rows of cells, or the sentence that says where a quotation mark is missing. A quotation mark inside a cell that does
 * not begin with one is a letter like any other.
 */
function rowsOf(text: string, separator: string, firstLine: number): Row[] | string {
  const rows: Row[] = [];
  let [at, line] = [0, firstLine];
  while (at < text.length) {
    const begun = line;
    const cells: string[] = [];
    const quoted = new Set<number>();
    for (;;) {
      if (text[at] === '"') {
        const [opened, from] = [line, at];
        let end = at + 1;
        for (;;) {
          end = text.indexOf('"', end);
          if (end < 0)
            return `A quotation mark that opens on line ${opened} is never closed, so the table cannot be read behind it. Nothing was read. Close it there, or save the table again from the program that it came from.`;
          if (text[end + 1] !== '"') break;
          end += 2;
        }
        const cell = text.slice(from + 1, end);
        for (let i = cell.indexOf("\n"); i >= 0; i = cell.indexOf("\n", i + 1)) line++;
        at = end + 1;
        if (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r")
          return `On line ${line} something stands behind a closing quotation mark, so it is not clear where the cell ends. Nothing was read. A quotation mark inside a cell is written twice; mend that line.`;
        quoted.add(cells.length);
        cells.push(cell.replaceAll('""', '"'));
      } else {
        const from = at;
        while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
        cells.push(text.slice(from, at));
      }
      if (text[at] !== separator) break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    rows.push({ cells, quoted, line: begun });
  }
  return rows;
}
