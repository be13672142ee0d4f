/** The people of another system, from a table, joined, with every doubtful pair decided by whoever sits here. */
import { readFileSync } from "node:fs";
import {
  chosenColumns,
  columnProblems,
  PART_WORDS,
  PARTS,
  suggestColumns,
  type Columns,
  type Part,
} from "../../domain/affected/columns.ts";
import { parseTable, type Table } from "../../domain/affected/csv.ts";
import {
  joinPeople,
  settlePeople,
  WHY_WORDS,
  type Decision,
  type Doubt,
  type Joined,
} from "../../domain/affected/join.ts";
import { peopleOf, type Note, type Row } from "../../domain/affected/people.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { decodeText } from "../../domain/affected/text.ts";
import { Refusal } from "../say.ts";

export type TableAsk = {
  readonly file: string;
  readonly columns: readonly string[];
  readonly same: readonly string[];
  readonly apart: readonly string[];
  readonly restApart: boolean;
};

export type TableFound = {
  readonly table: Table;
  readonly encoding: string;
  readonly columns: Columns;
  readonly rows: readonly Row[];
  readonly notes: readonly Note[];
  readonly joined: Joined;
  readonly settled: ReturnType<typeof settlePeople>;
  readonly lineOf: (person: AffectedPerson) => number;
};

const refuse = (file: string, problems: readonly string[]): Refusal =>
  new Refusal([`${file} cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));

/** @throws `Refusal` that names every problem */
export function readPeople(ask: TableAsk): TableFound {
  let bytes: Buffer;
  try {
    bytes = readFileSync(ask.file);
  } catch {
    throw new Refusal(
      `The file ${ask.file} cannot be read. Nothing was concluded. Check its name and that you may read it.`,
    );
  }
  const decoded = decodeText(bytes);
  if (!decoded.ok) throw refuse(ask.file, [decoded.problem]);
  const parsed = parseTable(decoded.text);
  if (!parsed.ok) throw refuse(ask.file, parsed.problems);
  const { table } = parsed;
  const columns = columnsOf(table, ask);
  const found = peopleOf(table, columns);
  if (!found.ok) throw refuse(ask.file, found.problems);
  const people = found.rows.map(({ person }) => person);
  const lines = new Map(found.rows.map(({ person, line }) => [person.person, line]));
  const joined = joinPeople(people);
  const lineOf = ({ person }: AffectedPerson): number => lines.get(person)!;
  return {
    table,
    encoding: decoded.encoding,
    columns,
    rows: found.rows,
    notes: found.notes,
    joined,
    lineOf,
    settled: settlePeople(people, joined, decisionsOf(joined.doubts, lineOf, ask)),
  };
}

function columnsOf(table: Table, { file, columns }: TableAsk): Columns {
  const suggested = suggestColumns(table);
  const given = columns.map((text) => {
    const match = /^([a-z]+)=((?:\d+(?:,\d+)*)?)$/.exec(text);
    if (!match || !PARTS.includes(match[1] as Part))
      throw new Refusal(
        `--column ${text} could not be understood. Nothing was concluded. Write for example email=3, or name=1,2, with one of ${PARTS.join(", ")} and the numbers of its columns.`,
      );
    return [match[1] as Part, match[2] === "" ? [] : match[2]!.split(",").map((number) => Number(number) - 1)] as const;
  });
  const chosen = chosenColumns(suggested.columns, Object.fromEntries(given));
  const problems = columnProblems(table, chosen, suggested.repeated);
  if (problems.length > 0)
    throw refuse(file, [
      ...problems,
      `Say it with --column, for example --column email=3. The columns are: ${table.header.map((name, index) => `${index + 1} ${name || "(without a name)"}`).join(", ")}.`,
    ]);
  return chosen;
}

function decisionsOf(
  doubts: readonly Doubt[],
  lineOf: TableFound["lineOf"],
  ask: TableAsk,
): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  if (ask.restApart) for (const { id } of doubts) decisions.set(id, "different");
  const find = (text: string): readonly [Doubt, number] => {
    const [first, second] = text.split("=").map(Number) as [number, number];
    const found = doubts.find(
      ({ one, other }) =>
        (lineOf(one) === first && lineOf(other) === second) || (lineOf(one) === second && lineOf(other) === first),
    );
    if (!found)
      throw new Refusal(
        `“${text}” is not one of the doubtful pairs. Nothing was concluded. Give the two lines as they are listed, for example 12=40.`,
      );
    return [found, first];
  };
  for (const text of ask.apart) decisions.set(find(text)[0].id, "different");
  for (const text of ask.same) {
    const [doubt, kept] = find(text);
    decisions.set(doubt.id, lineOf(doubt.one) === kept ? "one" : "other");
  }
  return decisions;
}

const many = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;
const PAIRS_SAID = 50;

/** What was found, in lines for a person. */
export function tableLines(found: TableFound): readonly string[] {
  const { table, joined, settled, notes, lineOf } = found;
  const used = PARTS.flatMap((part) =>
    found.columns[part].length > 0
      ? [
          `${PART_WORDS[part]}: ${found.columns[part].map((column) => `${column + 1} ${table.header[column]}`).join(", ")}`,
        ]
      : [],
  );
  const open = settled.ok ? [] : settled.open;
  const people = settled.ok ? settled.people : joined.people;
  const reach = (one: AffectedPerson): boolean => one.email === null && one.post === null && one.phone === null;
  return [
    `${many(table.rows.length, "row")} of people, in ${found.encoding}${table.empty > 0 ? `; ${many(table.empty, "row")} without anything in ${table.empty === 1 ? "it" : "them"} left out` : ""}.`,
    ...used.map((line) => `  ${line}`),
    ...notes.slice(0, PAIRS_SAID).map(({ line, text }) => `  Line ${line}: ${text}`),
    ...(notes.length > PAIRS_SAID ? [`  ${notes.length - PAIRS_SAID} more lines with a note.`] : []),
    ...joined.joins
      .slice(0, PAIRS_SAID)
      .map(
        ({ entries, differs }) =>
          `  Lines ${entries.map(lineOf).join(", ")} are one person${differs.length > 0 ? `; two ${differs.join(" and two ")} entries, the first stands` : ""}.`,
      ),
    ...(joined.joins.length > PAIRS_SAID ? [`  ${joined.joins.length - PAIRS_SAID} more were joined.`] : []),
    ...open
      .slice(0, PAIRS_SAID)
      .map(
        ({ one, other, why }) =>
          `  Lines ${lineOf(one)} and ${lineOf(other)} may be one person: ${one.name || "(no name)"} / ${other.name || "(no name)"}. ${WHY_WORDS[why]}.`,
      ),
    ...(open.length > PAIRS_SAID ? [`  ${open.length - PAIRS_SAID} more pairs.`] : []),
    ...(joined.moreDoubts > 0
      ? [
          `So many entries are alike that ${joined.moreDoubts.toLocaleString("en-GB")} further comparisons are not listed; those stay apart. Look at the table and its columns first.`,
        ]
      : []),
    ...(open.length > 0
      ? [
          `${many(open.length, "doubtful pair")} to decide: --same A=B (one person, reached as line A says), --apart A=B (two people), --rest-apart (all others are two people).`,
        ]
      : []),
    `${open.length > 0 ? "So far" : "Affected"}: ${many(people.length, "person", "people")}; ${people.filter(({ inDanger }) => inDanger).length} in danger, ${people.filter(({ safe }) => safe?.length === 0).length} whom no channel reaches safely, ${people.filter(reach).length} without any address.`,
  ];
}
