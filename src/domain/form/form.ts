/** A form as data: what it asks, of whom, for how long it is kept. Parsed strictly, hashed in one spelling. */
import { sha256, toHex } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { MOST_DAYS, readClock, type FormClock } from "./clock.ts";
import {
  given,
  place,
  readFlag,
  readList,
  readObject,
  readSlug,
  readText,
  readTexts,
  readUrl,
  readWhole,
  type Problem,
  type Report,
} from "./read.ts";
import { readQuestion, type Question } from "./question.ts";
import { checkWhole } from "./whole.ts";

export type Channel = { readonly label: string; readonly text: string };

export type FormDefinition = {
  readonly id: string;
  readonly title: string;
  /** Slug of the body that owns what is sent. */
  readonly body: string;
  /** Paragraphs before the first question. */
  readonly lead: readonly string[];
  /** One sentence for somebody in danger, shown apart. */
  readonly urgent?: string;
  readonly retention: { readonly months: number; readonly why: string };
  /** True: only letters sealed in the browser are accepted; the counter is refused. */
  readonly browserOnly: boolean;
  readonly exitPage: { readonly url: string } | null;
  readonly otherChannels: readonly Channel[];
  /** What happens after sending, and within how many working days somebody answers. */
  readonly next: { readonly text: readonly string[]; readonly days: number };
  /** By which rule the time is counted in which somebody is answered; without it, the days of `next` are. */
  readonly clock?: FormClock;
  readonly declaration: string | null;
  readonly questions: readonly Question[];
};

declare const parsed: unique symbol;

/** A form that `parseForm` has accepted. */
export type Form = FormDefinition & { readonly [parsed]: true };

const REQUIRED = [
  "id",
  "title",
  "body",
  "lead",
  "retention",
  "browserOnly",
  "exitPage",
  "otherChannels",
  "next",
  "declaration",
  "questions",
];

/** A form from JSON, or every problem at once. Unknown entries are refused; nothing is filled in. */
export function parseForm(value: unknown): { ok: true; form: Form } | { ok: false; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (where, text) => problems.push({ where, text });
  const object = readObject(value, "", report, REQUIRED, ["urgent", "clock"]);
  readSlug(object, "id", "", report);
  readText(object, "title", "", report, 200);
  readSlug(object, "body", "", report);
  readTexts(object, "lead", "", report);
  readText(object, "urgent", "", report);
  readFlag(object, "browserOnly", "", report);
  readClock(object, report);
  if (given(object, "declaration")) readText(object, "declaration", "", report);
  if (Object.hasOwn(object, "retention")) {
    const retention = readObject(object["retention"], "retention", report, ["months", "why"]);
    readWhole(retention, "months", "retention", report, [1, 1_200]);
    readText(retention, "why", "retention", report);
  }
  if (given(object, "exitPage"))
    readUrl(readObject(object["exitPage"], "exitPage", report, ["url"]), "url", "exitPage", report);
  readList(object, "otherChannels", "", report).forEach((channel, index) => {
    const at = place("otherChannels", index);
    const entry = readObject(channel, at, report, ["label", "text"]);
    readText(entry, "label", at, report, 100);
    readText(entry, "text", at, report);
  });
  if (Object.hasOwn(object, "next")) {
    const next = readObject(object["next"], "next", report, ["text", "days"]);
    readTexts(next, "text", "next", report);
    readWhole(next, "days", "next", report, [1, MOST_DAYS]);
  }
  const questions = readList(object, "questions", "", report).map((question, index) =>
    readQuestion(question, place("questions", index), report),
  );
  if (questions.length > 100) report("questions", "A form has at most 100 questions.");
  if (problems.length === 0) checkWhole(questions, report);
  if (problems.length === 0 && given(object, "exitPage")) refuseFilling(questions, report);
  return problems.length === 0 ? { ok: true, form: object as unknown as Form } : { ok: false, problems };
}

/**
 * Who may be in danger if somebody sees where they were has an exit from the page; a browser that offers their name in
 * other forms afterwards would tell all the same.
 */
function refuseFilling(questions: readonly Question[], report: Report): void {
  questions.forEach(({ autocomplete }, index) => {
    if (autocomplete !== undefined && autocomplete !== "off")
      report(
        place(place("questions", index), "autocomplete"),
        "A form with an exit page lets no browser fill in or keep an answer: leave “autocomplete” out.",
      );
  });
}

/** A form from JSON that was accepted before (a stored or published version); `FORM_INVALID` otherwise. */
export function formOf(value: unknown): Form {
  const result = parseForm(value);
  if (result.ok) return result.form;
  const first = result.problems[0];
  throw new Fault("FORM_INVALID", first ? `${first.where}: ${first.text}` : "");
}

/** Hex SHA-256 over the one spelling of the form: the name of this version. */
export const formHash = (form: Form): string => toHex(sha256(canonicalBytes(form)));
