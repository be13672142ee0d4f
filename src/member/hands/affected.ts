/**
 * Another system's access log and its table of people, read in the browser: they hold names, and go nowhere. Files of
 * any size, in pieces.
 */
import { AccessLog } from "../../domain/affected/access-log.ts";
import { columnProblems, suggestColumns } from "../../domain/affected/columns.ts";
import { parseTable, type Table } from "../../domain/affected/csv.ts";
import { joinPeople, settlePeople } from "../../domain/affected/join.ts";
import { linesToRead, peopleOf } from "../../domain/affected/people.ts";
import { logQuestion } from "../../domain/affected/question.ts";
import { decodeText } from "../../domain/affected/text.ts";
import { verdictOf } from "../../domain/affected/verdict.ts";
import type { Tasks } from "./tasks.ts";
import type { Hand, Report } from "./vault.ts";

/** A table of 100,000 people is far smaller; more would not fit beside what a browser already holds. */
const TABLE_MAX = 200 * 1024 * 1024;
const SAMPLE = 5;

type Part = ReturnType<AccessLog["part"]>;

async function readPart(file: File, part: Part, onBytes: (bytes: number) => void): Promise<void> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    part.push(read.value);
    onBytes(read.value.length);
  }
  part.end();
}

async function readLog(
  { files, question }: Tasks["readLog"]["ask"],
  tell: Report,
): Promise<Tasks["readLog"]["answer"]> {
  const asked = logQuestion(question);
  if (!asked.ok) return asked;
  const log = new AccessLog(asked.question);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  const names = new Map<string, number>();
  for (const file of files) {
    const turn = (names.get(file.name) ?? 0) + 1;
    names.set(file.name, turn);
    await readPart(file, log.part(turn === 1 ? file.name : `${file.name} (${turn})`), (bytes) =>
      tell((done += bytes), total),
    );
  }
  const reading = log.reading();
  return { ok: true, reading, verdict: verdictOf(reading) };
}

type Read =
  | { readonly ok: true; readonly table: Table; readonly encoding: string; readonly certain: boolean }
  | { readonly ok: false; readonly problems: readonly string[] };

async function read(file: File): Promise<Read> {
  if (file.size > TABLE_MAX)
    return {
      ok: false,
      problems: [
        "The file is larger than 200 MB. Nothing was read. Leave out columns that are not needed, or use the command pillarbox affected.",
      ],
    };
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
  if (!decoded.ok) return { ok: false, problems: [decoded.problem] };
  const parsed = parseTable(decoded.text);
  return parsed.ok ? { ok: true, table: parsed.table, encoding: decoded.encoding, certain: decoded.certain } : parsed;
}

export const affectedOf = (): {
  [N in "readLog" | "readTable" | "joinTable" | "joinAgain" | "settleList"]: Hand<N>;
} => ({
  readLog,

  readTable: async ({ file }) => {
    const found = await read(file);
    if (!found.ok) return found;
    const { table, encoding } = found;
    const { columns, repeated } = suggestColumns(table);
    return {
      ok: true,
      encoding,
      header: table.header,
      rows: table.rows.length,
      empty: table.empty,
      sample: table.rows.slice(0, SAMPLE),
      columns,
      repeated,
    };
  },

  joinTable: async ({ file, columns, repeated }) => {
    const found = await read(file);
    if (!found.ok) return found;
    const problems = columnProblems(found.table, columns, repeated);
    if (problems.length > 0) return { ok: false, problems };
    const people = peopleOf(found.table, columns);
    if (!people.ok) return people;
    const entries = people.rows.map(({ person }) => person);
    return {
      ok: true,
      entries,
      lines: new Map(people.rows.map(({ person, line }) => [person.person, line])),
      notes: people.notes,
      toRead: found.certain ? [] : linesToRead(people.rows),
      joined: joinPeople(entries),
    };
  },

  joinAgain: ({ entries, parted }) => joinPeople(entries, parted),

  settleList: ({ entries, joined, decisions }) => settlePeople(entries, joined, decisions),
});
