/**
 * Rows of another system's table as people. Every row becomes somebody or a sentence that says why not; none is left
 * out.
 */
import { cleanBlock, cleanLine } from "../form/clean.ts";
import { readEmail, type EmailFault, type EmailMend } from "../form/email.ts";
import { newId } from "../seal/random.ts";
import { columnProblems, type Columns } from "./columns.ts";
import type { Table } from "./csv.ts";
import type { Entry } from "./likeness.ts";
import type { Channel } from "./person.ts";
import type { TextLine } from "./text.ts";
import { homeLines, isNoMail, isNoName, isNoPhone } from "./placeholder.ts";

/** Something that was not clear in a row and was taken to the safe side; a person should look. */
export type Note = { readonly line: number; readonly text: string };
export type Row = { readonly line: number; readonly person: Entry };
export type People =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly notes: readonly Note[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const MOST_PROBLEMS = 20;
const YES = /^(?:yes|y|true|1|x)$/i;
const NO = /^(?:no|n|false|0|-)?$/i;
const NONE = /^(?:none|no|nothing|not safe|unsafe)$/i;
const CHANNELS: readonly (readonly [RegExp, Channel])[] = [
  [/^(?:e-?mail)$/i, "email"],
  [/^(?:post|letter|mail|address)$/i, "post"],
  [/^(?:(?:tele)?phone|tel|call|mobile)$/i, "phone"],
];

/** The people of a table, one a row. @param newPerson makes an entry's own id */
export function peopleOf(table: Table, columns: Columns, newPerson: () => string = newId): People {
  const wrong = columnProblems(table, columns);
  if (wrong.length > 0) return { ok: false, problems: wrong };
  const notes: Note[] = [];
  const problems: string[] = [];
  const rows = table.rows.map((cells, index): Row => {
    const line = table.lines[index]!;
    const note = (text: string): void => void notes.push({ line, text });
    const at = (part: keyof Columns): string => cleanLine(cells[columns[part][0] ?? -1] ?? "");
    const all = (part: keyof Columns): string[] =>
      columns[part]
        .flatMap((column) => cleanBlock(cells[column] ?? "").split("\n"))
        .map((text) => cleanLine(text))
        .filter((text) => text !== "");
    const [names, lines, phone] = [all("name"), all("post"), at("phone")];
    const [name, post, email] = [names.join(" "), homeLines(lines), emailOf(at("email"), note)];
    const noName = isNoName(name) || names.every(isNoName);
    if (name !== "" && noName) note("What stands as the name is a word for none, so this person has no name here.");
    if (lines.length > 0 && post.length === 0)
      note("What stands as the postal address says that there is none, so it is not used.");
    if (phone !== "" && isNoPhone(phone))
      note("What stands as the telephone number says that there is none, so it is not used.");
    const born = at("born");
    const person: Entry = {
      person: newPerson(),
      name: noName ? "" : name,
      email: email.address,
      post: post.length > 0 ? post : null,
      phone: phone === "" || isNoPhone(phone) ? null : phone,
      safe: safeOf(at("safe"), note),
      inDanger: dangerOf(at("danger"), note),
      records: all("record"),
      ...(born !== "" && { born }),
      ...(email.unusable !== "" && { unusable: email.unusable }),
    };
    if (name + at("email") + phone === "" && lines.length === 0)
      problems.push(`Line ${line} says nothing about who this is or how to reach them.`);
    else if (person.name === "" && person.email === null && person.post === null && person.phone === null)
      note("Nothing here says who this is or how to reach them. Look at the record, or tell them in public.");
    return { line, person };
  });
  if (problems.length > 0)
    return {
      ok: false,
      problems: [
        ...problems.slice(0, MOST_PROBLEMS),
        ...(problems.length > MOST_PROBLEMS ? [`${problems.length - MOST_PROBLEMS} more lines are like this.`] : []),
        "Nothing was taken over, so that nobody is lost. Fill these lines in, take them out, or choose other columns.",
      ],
    };
  return { ok: true, rows, notes };
}

/** What holds letters beyond ASCII, row by row, for somebody to look at where the encoding is not certain. */
export const linesToRead = (rows: readonly Row[]): readonly TextLine[] =>
  rows.flatMap(({ line, person: { name, email, unusable, post } }) => {
    const beyond = [name, email ?? unusable ?? "", ...(post ?? [])].filter((text) =>
      /[^\u0000-\u007f]|\p{L}\?\p{L}/u.test(text),
    );
    return beyond.length > 0 ? [{ line, text: beyond.join("; ") }] : [];
  });

const MENDED: { readonly [mend in EmailMend]?: string } = {
  unseen: "an invisible character was taken out",
  spelling: "an apostrophe or a wide letter was put right",
};
const UNUSED: { readonly [fault in EmailFault]: string } = {
  format: "The email address is not one that can be written to",
  several: "There is more than one email address",
  dots: "The email address has two dots in a row, or one beside the @, and with one fewer it may be somebody else’s",
  long: "The email address is longer than any can be",
};

/** @returns the address, or what stands there and cannot be written to */
function emailOf(text: string, note: (text: string) => void): { address: string | null; unusable: string } {
  if (text === "") return { address: null, unusable: "" };
  const read = readEmail(text);
  if (isNoMail(read.address ?? text)) {
    note("What stands as the email address is nobody’s mailbox, so it is not used.");
    return { address: null, unusable: "" };
  }
  if (read.address === null) {
    note(`${UNUSED[read.fault]}, so it is not used. Look at it, or reach this person in another way.`);
    return { address: null, unusable: text };
  }
  const mended = read.mended.flatMap((mend) => MENDED[mend] ?? []);
  if (mended.length > 0) note(`The email address was mended: ${mended.join(", and ")}.`);
  return { address: read.address, unusable: "" };
}

/** Whoever said what is safe is never written to otherwise: a word that is not understood makes nothing safe. */
function safeOf(text: string, note: (text: string) => void): readonly Channel[] | null {
  if (text === "") return null;
  if (NONE.test(text)) return [];
  const words = text
    .split(/[,;/|+&]|\band\b|\bor\b/i)
    .map((word) => word.trim())
    .filter((word) => word !== "");
  const channels = words.map((word) => CHANNELS.find(([pattern]) => pattern.test(word))?.[1]);
  if (channels.includes(undefined))
    note(
      "What is safe could not be understood, so only the channels that were understood count as safe. Write email, post, phone or none.",
    );
  return [...new Set(channels.filter((channel) => channel !== undefined))];
}

function dangerOf(text: string, note: (text: string) => void): boolean {
  if (YES.test(text)) return true;
  if (NO.test(text)) return false;
  note("Whether this person is in danger is neither yes nor no, so it counts as yes.");
  return true;
}
