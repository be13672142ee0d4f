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
import { linesToRead, peopleOf, type Note, type Row } from "../../domain/affected/people.ts";
import type { AffectedPerson } from "../../domain/affected/person.ts";
import { decodeText, type TextLine } from "../../domain/affected/text.ts";
import { Refusal } from "../say.ts";

export type TableAsk = {
  readonly file: string;
  readonly columns: readonly string[];
  readonly same: readonly string[];
  readonly apart: readonly string[];
  readonly restApart: boolean;
  /** somebody looked at the names whose encoding was not certain */
  readonly looked: boolean;
};

export type TableFound = {
  readonly table: Table;
  readonly encoding: string;
  readonly columns: Columns;
  readonly rows: readonly Row[];
  readonly notes: readonly Note[];
  /** names to be looked at before anybody is written to; [] where the encoding is certain, or somebody looked */
  readonly toRead: readonly TextLine[];
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
  const lineOf = ({ person }: AffectedPerson): number => lines.get(person)!;
  const joined = joinPeople(people, partedBy(joinPeople(people), lineOf, ask.apart));
  return {
    table,
    encoding: decoded.encoding,
    columns,
    rows: found.rows,
    notes: found.notes,
    toRead: decoded.certain || ask.looked ? [] : linesToRead(found.rows),
    joined,
    lineOf,
    settled: settlePeople(people, joined, decisionsOf(joined, lineOf, ask)),
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

type Lines = readonly [number, number];

const linesIn = (text: string): Lines => {
  const [first, second] = text.split("=").map(Number);
  return [first ?? Number.NaN, second ?? Number.NaN];
};

/** Entries that `--apart A=B` takes out of a join: B, who is a person of their own then. */
function partedBy(joined: Joined, lineOf: TableFound["lineOf"], apart: readonly string[]): ReadonlySet<string> {
  const inOne = ([first, second]: Lines): AffectedPerson | undefined =>
    joined.joins
      .map(({ entries }) => entries)
      .find(
        (entries) => first !== second && [first, second].every((line) => entries.some((one) => lineOf(one) === line)),
      )
      ?.find((one) => lineOf(one) === second);
  return new Set(apart.flatMap((text) => inOne(linesIn(text))?.person ?? []));
}

function decisionsOf(
  { doubts, joins }: Joined,
  lineOf: TableFound["lineOf"],
  ask: TableAsk,
): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  if (ask.restApart) for (const { id } of doubts) decisions.set(id, "different");
  const find = (text: string): readonly [Doubt, number] | null => {
    const [first, second] = linesIn(text);
    const found = doubts.find(({ one, other }) => {
      const [has, hasOther] = [linesOfOne(one, joins, lineOf), linesOfOne(other, joins, lineOf)];
      return (has.includes(first) && hasOther.includes(second)) || (has.includes(second) && hasOther.includes(first));
    });
    if (found) return [found, first];
    const inOne = joins.some(({ entries }) =>
      [first, second].every((line) => entries.some((one) => lineOf(one) === line)),
    );
    if (inOne) return null;
    throw new Refusal(
      `“${text}” is not one of the pairs. Nothing was concluded. Give two lines as they are listed, for example 12=40.`,
    );
  };
  for (const text of ask.apart) {
    const found = find(text);
    if (found) decisions.set(found[0].id, "different");
  }
  for (const text of ask.same) {
    const found = find(text);
    if (!found) continue;
    const [doubt, kept] = found;
    decisions.set(doubt.id, linesOfOne(doubt.one, joins, lineOf).includes(kept) ? "one" : "other");
  }
  return decisions;
}

/** Any line of somebody joined names them in a pair. */
function linesOfOne(one: AffectedPerson, joins: Joined["joins"], lineOf: TableFound["lineOf"]): readonly number[] {
  const join = joins.find(({ entries, parted }) => !parted.includes(one.person) && entries.includes(one));
  return join === undefined
    ? [lineOf(one)]
    : join.entries.filter(({ person }) => !join.parted.includes(person)).map(lineOf);
}

const many = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;
const PAIRS_SAID = 50;

const letterLines = (toRead: readonly TextLine[]): readonly string[] =>
  toRead.length === 0
    ? []
    : [
        "The file does not say how its letters are written. Look whether these are right, and say --looked; if one is wrong, save the table as “CSV UTF-8” in the program that it came from.",
        ...toRead.slice(0, PAIRS_SAID).map(({ line, text }) => `  Line ${line}: ${text}`),
        ...(toRead.length > PAIRS_SAID ? [`  ${toRead.length - PAIRS_SAID} more lines.`] : []),
      ];

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
  const against = settled.ok ? [] : settled.against;
  const people = settled.ok ? settled.people : joined.people;
  const reach = (one: AffectedPerson): boolean => one.email === null && one.post === null && one.phone === null;
  return [
    `${many(table.rows.length, "row")} of people, in ${found.encoding}${table.empty > 0 ? `; ${many(table.empty, "row")} without anything in ${table.empty === 1 ? "it" : "them"} left out` : ""}.`,
    ...used.map((line) => `  ${line}`),
    ...notes.slice(0, PAIRS_SAID).map(({ line, text }) => `  Line ${line}: ${text}`),
    ...(notes.length > PAIRS_SAID ? [`  ${notes.length - PAIRS_SAID} more lines with a note.`] : []),
    ...letterLines(found.toRead),
    ...joined.joins.slice(0, PAIRS_SAID).map(
      ({ entries, parted }) =>
        `  Lines ${entries.map(lineOf).join(", ")} are one person: ${entries[0]!.name || "(no name)"}${
          parted.length === 0
            ? ""
            : `; taken out: ${entries
                .filter(({ person }) => parted.includes(person))
                .map(lineOf)
                .join(", ")}`
        }.`,
    ),
    ...(joined.joins.length > PAIRS_SAID ? [`  ${joined.joins.length - PAIRS_SAID} more were joined.`] : []),
    ...(joined.joins.length > 0 ? ["  --apart A=B takes line B out of such a join: a person of their own."] : []),
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
    ...against
      .slice(0, PAIRS_SAID)
      .map(
        ([one, other]) =>
          `  Lines ${lineOf(one)} and ${lineOf(other)} were called two people, and are one person by way of others. Decide one of these pairs anew.`,
      ),
    `${settled.ok ? "Affected" : "So far"}: ${many(people.length, "person", "people")}; ${people.filter(({ inDanger }) => inDanger).length} in danger, ${people.filter(({ safe }) => safe?.length === 0).length} whom no channel reaches safely, ${people.filter(reach).length} without any address.`,
  ];
}
