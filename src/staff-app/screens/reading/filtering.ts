/** Looking through opened slips: words, form version, dates, order, pages. All of it in this browser. */
import { dueOf, urgencyOf, type Due } from "../../../domain/case/due.ts";
import type { FormTimes } from "../../../domain/form/clock.ts";
import { civilDayAt } from "../../../domain/clock/day.ts";
import { referenceOf } from "../../../domain/seal/reference.ts";
import { endOfDay, startOfDay } from "../../../domain/time.ts";
import { bodyZone } from "../../words/format.ts";
import { and, count } from "../../words/format.ts";
import type { CaseStep } from "../../../domain/case/fold.ts";
import type { SlipRow } from "../../../member/hands/tasks.ts";
import type { Filter, ListMemory, View } from "../../list-memory.ts";
import type { Day } from "../../parts/fields.tsx";
import type { Problem } from "../../parts/problems.tsx";
import type { Sort } from "../../parts/table.tsx";

export const PAGE_SIZE = 25;

const plain = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
const empty = ({ day, month, year }: Day): boolean => [day, month, year].every((part) => part.trim() === "");

/** How many letters these are; what was added to one is not another, and the monitor's own nobody wrote. */
export function lettersIn(rows: readonly SlipRow[]): string {
  const markers = rows.filter(({ marker }) => marker).length;
  const additions = rows.filter(({ first, marker }) => first !== null && !marker).length;
  return and([
    count(rows.length - markers - additions, "letter"),
    ...(additions === 0 ? [] : [count(additions, "addition")]),
    ...(markers === 0 ? [] : [count(markers, "marker")]),
  ]);
}

/** Whether somebody wrote again behind the end, and nothing was done about it since: no end hides that. */
export const isUnseen = ({ first, receivedAt, stand }: SlipRow): boolean =>
  first !== null && stand?.step === "closed" && stand.since !== null && receivedAt > stand.since;

/** The instants of two typed days, or what is wrong with them; an empty one leaves its side open. */
export function rangeOf(from: Day, to: Day): { readonly since?: number; readonly before?: number } | null {
  const [since, last] = [instant(from, false), instant(to, true)];
  if (since === undefined || last === undefined) return null;
  return { ...(since === null ? {} : { since }), ...(last === null ? {} : { before: last + 1 }) };
}

/** The first or last instant of a typed day; null when nothing was typed, undefined when it is no day. */
function instant(day: Day, end: boolean): number | null | undefined {
  if (empty(day)) return null;
  const [d, m, y] = [day.day, day.month, day.year].map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN)) as [
    number,
    number,
    number,
  ];
  return (end ? endOfDay : startOfDay)(y, m, d, bodyZone()) ?? undefined;
}

/** What is wrong with the typed dates. */
export function filterProblems(filter: Filter): Problem[] {
  const [from, to] = [instant(filter.from, false), instant(filter.to, true)];
  const problems: Problem[] = [];
  if (from === undefined) problems.push({ field: "from", text: "Received from must be a real date" });
  if (to === undefined) problems.push({ field: "to", text: "Received to must be a real date" });
  if (from && to && from > to)
    problems.push({ field: "to", text: "Received to must be the same as or after received from" });
  return problems;
}

const dues = new WeakMap<SlipRow, Due | null>();

/** What is to be done about a letter next; null where no clock runs. A row is counted once: a change makes another. */
export function dueOfRow(row: SlipRow, times: ReadonlyMap<string, FormTimes>): Due | null {
  const known = dues.get(row);
  if (known !== undefined) return known;
  const { stand, first, marker, formHash, receivedAt } = row;
  const of = times.get(formHash);
  if (stand === null || first !== null || marker || of === undefined) return null;
  const due = dueOf(of, bodyZone(), { ...stand, received: receivedAt });
  dues.set(row, due);
  return due;
}

/** A letter whose acts do not hold, or whose version of the form did not come: nobody can say that it has time. */
export const isDateUnknown = (
  { stand, first, marker, formHash }: SlipRow,
  times: ReadonlyMap<string, FormTimes>,
): boolean => first === null && !marker && stand?.step !== "closed" && (stand === null || !times.has(formHash));

export type IsDue = (row: SlipRow) => boolean;

/** Whether something about a letter is overdue, or due within 5 working days, or may be. */
export function isDueAt(times: ReadonlyMap<string, FormTimes>, now: number): IsDue {
  const today = civilDayAt(now, bodyZone());
  return (row) => {
    if (isDateUnknown(row, times)) return true;
    const due = dueOfRow(row, times);
    return due !== null && urgencyOf(due, today) !== "later";
  };
}

/**
 * The rows of a view. An addition stands where its letter stands, and one that came behind the end is open, too; markers are no work, and a letter of which it is not
 * known what was done stands in every view, so that nobody overlooks it.
 */
export function inView(rows: readonly SlipRow[], view: View, me: string, isDue: IsDue): readonly SlipRow[] {
  if (view === "all") return rows;
  return rows.filter((row) => {
    const { stand, marker } = row;
    if (marker) return false;
    if (stand === null) return true;
    const isOpen = stand.step !== "closed" || isUnseen(row);
    if (view === "mine") return stand.to === me && isOpen;
    if (view === "due") return isDue(row);
    if (view === "open") return stand.step !== "new" && isOpen;
    return stand.step === view;
  });
}

/** How many letters a view has, each once however much was added to it. */
export const countIn = (rows: readonly SlipRow[], view: View, me: string, isDue: IsDue): number =>
  new Set(
    inView(rows, view, me, isDue)
      .filter(({ marker }) => !marker)
      .map(({ first, submission }) => first ?? submission),
  ).size;

/** What a list shows, in its order. @param keep one that stays, wherever it stands by now: the letter that is open */
export const shownIn = (
  { rows, view, filter, sort, times }: Pick<ListMemory, "rows" | "view" | "filter" | "sort" | "times">,
  me: string,
  now: number,
  keep?: string,
): readonly SlipRow[] => {
  const those = new Set(inView(rows, view, me, isDueAt(times, now)).map(({ submission }) => submission));
  return sorted(
    filtered(
      rows.filter(({ submission }) => those.has(submission) || submission === keep),
      filter,
    ),
    sort,
    times,
  );
};

/** The rows that fit; every typed word must stand somewhere on the slip or in the reference. */
export function filtered(rows: readonly SlipRow[], filter: Filter): readonly SlipRow[] {
  const words = plain(filter.words)
    .split(/\s+/)
    .filter((word) => word !== "");
  const from = instant(filter.from, false) ?? -Infinity;
  const to = instant(filter.to, true) ?? Infinity;
  return rows.filter((row) => {
    if (row.receivedAt < from || row.receivedAt > to) return false;
    if (filter.form !== "" && row.formHash !== filter.form) return false;
    // What was added is found by the letter that it was added to, too.
    const text = plain(
      [row.reference, ...(row.first === null ? [] : [referenceOf(row.first)]), ...Object.values(row.cells)].join(" "),
    );
    return words.every((word) => text.includes(word));
  });
}

const STEPS: readonly CaseStep[] = ["new", "in-hand", "answered", "closed"];
const COLLATOR = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

/** By a column; equal rows stay in the order of arrival, newest first. */
export function sorted(
  rows: readonly SlipRow[],
  { column, down }: Sort,
  times: ReadonlyMap<string, FormTimes>,
): readonly SlipRow[] {
  const last = (row: SlipRow): number =>
    isDateUnknown(row, times) ? -Infinity : (dueOfRow(row, times)?.deadline.day ?? Infinity);
  const by = (a: SlipRow, b: SlipRow): number => {
    if (column === "received") return a.receivedAt - b.receivedAt;
    if (column === "due") return last(a) === last(b) ? 0 : last(a) - last(b);
    if (column === "stand") return STEPS.indexOf(a.stand?.step ?? "new") - STEPS.indexOf(b.stand?.step ?? "new");
    return COLLATOR.compare(a.cells[column] ?? "", b.cells[column] ?? "");
  };
  return rows.toSorted((a, b) => (down ? by(b, a) : by(a, b)) || b.receivedAt - a.receivedAt);
}

export const pagesOf = (rows: number): number => Math.max(1, Math.ceil(rows / PAGE_SIZE));
export const pageOf = <T>(rows: readonly T[], page: number): readonly T[] =>
  rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
