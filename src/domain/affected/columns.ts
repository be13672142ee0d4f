/**
 * Which column of a table says what about a person. Suggested from the header, confirmed by whoever knows the table.
 */
import type { Table } from "./csv.ts";

export const PARTS = ["name", "email", "post", "phone", "safe", "danger", "born", "record"] as const;
export type Part = (typeof PARTS)[number];

/** Columns by number, from 0. A name and a postal address may be in several, in their order; the others are in one. */
export type Columns = Readonly<Record<Part, readonly number[]>>;

export const PART_WORDS: Readonly<Record<Part, string>> = {
  name: "name",
  email: "email address",
  post: "postal address",
  phone: "telephone number",
  safe: "channels that are safe",
  danger: "in danger",
  born: "date of birth",
  record: "record number",
};
const SEVERAL: readonly Part[] = ["name", "post", "record"];

/** Names of columns as they are met, without case and without anything but letters. */
const KNOWN: Readonly<Record<Part, RegExp>> = {
  name: /^(?:full|first|last|fore|given|family|middle|sur|your|complainants?|customer|contact|persons?)*(?:name|names|surname|forename|forenames)$|^(?:title|salutation|complainant)$/,
  email: /^(?:your|contact|primary)?(?:e?mail)(?:address|adress)?$/,
  post: /^(?:your|home|postal|post|full)?address(?:line)?(?:\d|one|two|three|four)?$|^(?:street|road|town|city|townorcity|towncity|county|district|postcode|postalcode|zip|house|housenumber|country)$/,
  phone: /^(?:your|home|daytime|contact)?(?:tele)?(?:phone|mobile|tel|telno)(?:number|no)?$/,
  safe: /^(?:safe|safechannels?|safetocontact|safecontact|safeway)$/,
  danger: /^(?:danger|indanger|atrisk|risk|vulnerable|safeguarding)$/,
  born: /^(?:your)?(?:dateofbirth|dob|birthdate|birthday|born|bornon|birth)$/,
  record:
    /^(?:id|sid|serial|record|recordnumber|recordno|reference|ref|case|casenumber|caseref|submission|submissionid|number|no)$/,
};

export type Suggestion = {
  readonly columns: Columns;
  /** names that stand over more than one column: which one is meant, only a person knows */
  readonly repeated: readonly { readonly name: string; readonly columns: readonly number[] }[];
  /** what is to be answered before the table can be used */
  readonly problems: readonly string[];
};

const bare = (name: string): string =>
  name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]/g, "");

/** What the header suggests. Nothing is suggested where two columns bear one name. */
export function suggestColumns({ header }: Pick<Table, "header">): Suggestion {
  const byName = new Map<string, number[]>();
  header.forEach((name, column) => byName.set(bare(name), [...(byName.get(bare(name)) ?? []), column]));
  const repeated = [...byName]
    .filter(([name, columns]) => name !== "" && columns.length > 1)
    .map(([, columns]) => ({ name: header[columns[0]!]!, columns }));
  const twice = new Set(repeated.flatMap(({ columns }) => columns));
  const of = (part: Part): readonly number[] => {
    const fit = header.flatMap((name, column) => (KNOWN[part].test(bare(name)) && !twice.has(column) ? [column] : []));
    return SEVERAL.includes(part) ? fit : fit.slice(0, 1);
  };
  const columns = Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Columns;
  // "Name" beside "First name" and "Surname" would say everything twice.
  const whole = columns.name.filter((column) => /^(?:your|full)?name$/.test(bare(header[column]!)));
  const named: Columns = whole.length > 0 ? { ...columns, name: whole.slice(0, 1) } : columns;
  return { columns: named, repeated, problems: columnProblems({ header }, named, repeated) };
}

/** What was said by hand takes its columns away from what was only suggested. */
export function chosenColumns(suggested: Columns, given: Partial<Columns>): Columns {
  const taken = new Set(Object.values(given).flat());
  const of = (part: Part): readonly number[] => given[part] ?? suggested[part].filter((column) => !taken.has(column));
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Columns;
}

/** One column put to another use, or to none; several of one part stay in the order in which they stand. */
export function withColumn(columns: Columns, column: number, part: Part | null): Columns {
  const of = (one: Part): readonly number[] =>
    [...columns[one].filter((other) => other !== column), ...(one === part ? [column] : [])].sort((a, b) => a - b);
  return Object.fromEntries(PARTS.map((one) => [one, of(one)])) as Columns;
}

/** Why a table cannot be used with these columns; [] where it can. */
export function columnProblems(
  { header }: Pick<Table, "header">,
  columns: Columns,
  repeated: Suggestion["repeated"] = [],
): readonly string[] {
  const problems: string[] = [];
  const used = new Map<number, Part>();
  for (const part of PARTS) {
    if (columns[part].length > 1 && !SEVERAL.includes(part))
      problems.push(`More than one column was chosen for the ${PART_WORDS[part]}. Choose one.`);
    for (const column of columns[part]) {
      if (!Number.isInteger(column) || column < 0 || column >= header.length)
        problems.push(
          `There is no column ${column + 1}: the table has ${header.length}. Choose one of them for the ${PART_WORDS[part]}.`,
        );
      else if (used.has(column))
        problems.push(
          `Column ${column + 1} (${header[column] || "without a name"}) was chosen for two things. Choose it for one.`,
        );
      used.set(column, part);
    }
  }
  if ((["name", "email", "post", "phone"] as const).every((part) => columns[part].length === 0)) {
    const doubled = repeated
      .map(
        ({ name, columns: where }) =>
          ` Several columns are called “${name}” (${where.map((column) => column + 1).join(" and ")}).`,
      )
      .join("");
    problems.push(
      `No column says who a person is or how to reach them.${doubled} Say which column holds the name, the email address, the postal address or the telephone number.`,
    );
  } else {
    for (const { name, columns: where } of repeated) {
      const part = PARTS.find((one) => KNOWN[one].test(bare(name)));
      if (part && !where.some((column) => used.has(column)))
        problems.push(
          `Several columns are called “${name}” (${where.map((column) => column + 1).join(" and ")}). Say which one holds the ${PART_WORDS[part]}.`,
        );
    }
  }
  return problems;
}

/** Columns as they were kept, for a table of so many; null for what is none. */
export function columnsIn(kept: unknown, length: number): Columns | null {
  if (typeof kept !== "object" || kept === null) return null;
  const found = PARTS.map((part): unknown => (kept as { readonly [part: string]: unknown })[part]);
  const fits = (one: unknown): one is readonly number[] =>
    Array.isArray(one) && one.every((column) => Number.isInteger(column) && column >= 0 && column < length);
  return found.every(fits) ? (Object.fromEntries(PARTS.map((part, at) => [part, found[at]])) as Columns) : null;
}
