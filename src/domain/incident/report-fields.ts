/**
 * Every field of the regulator's form and of the EDPB's draft template, in the order in which the form asks, as data:
 * the question, the kind of answer, where it is filled from, and which phase needs it. Articles are of the UK GDPR.
 */
import type { AnswerKind } from "./report-answer.ts";
import * as lists from "./report-choices.ts";
import type { Phase } from "./report-choices.ts";

export const SECTIONS = { report: "The report", happened: "What happened", data: "The data", people: "The people", harm: "What could come of it", measures: "What was done", telling: "Who was told", us: "About us" } as const;
export type Section = keyof typeof SECTIONS;

/** `incident`: computed and never typed. `suggested`: computed until an officer says otherwise. `officer`: typed. */
export type From = "incident" | "suggested" | "officer";

export type ReportField = {
  readonly id: string;
  readonly section: Section;
  readonly question: string;
  readonly hint?: string;
  readonly kind: AnswerKind;
  readonly codes?: Readonly<Record<string, string>>;
  readonly from: From;
  /** in words, for whoever fills it in */
  readonly source: string;
  readonly asks: "regulator" | "template";
  readonly law?: string;
  /** the phases that cannot do without it */
  readonly needed: readonly Phase[];
  /** asked only where another answer is one of these codes, or the report is late */
  readonly when?: { readonly field: string; readonly is: readonly string[] } | "late";
};

const ALWAYS: readonly Phase[] = ["initial", "follow-up", "final"];
const LATER: readonly Phase[] = ["follow-up", "final"];
const FINAL: readonly Phase[] = ["final"];
const NEVER: readonly Phase[] = [];
const TYPED = "an officer writes it";

export const REPORT_FIELDS = [
  { id: "report-type", section: "report", question: "What kind of report is this?", kind: "choice", codes: lists.PHASES, from: "incident", source: "the version that you make", asks: "regulator", law: "33(4)", needed: ALWAYS },
  { id: "case-reference", section: "report", question: "The regulator’s case reference", hint: "Stands in the answer to the first report.", kind: "words", from: "suggested", source: "the first report that was marked as sent", asks: "regulator", needed: LATER },

  { id: "what", section: "happened", question: "What happened?", hint: "No names of those affected, and nothing out of a letter.", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(a)", needed: ALWAYS },
  { id: "how", section: "happened", question: "How did it happen?", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(a)", needed: ALWAYS },
  { id: "cyber", section: "happened", question: "Was it a cyber incident?", kind: "choice", codes: lists.YES_NO_UNKNOWN, from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "breach-type", section: "happened", question: "What type of breach was it?", kind: "choices", codes: lists.BREACH_TYPES, from: "suggested", source: "the kind of the incident", asks: "template", needed: FINAL },
  { id: "found-how", section: "happened", question: "How was it found?", kind: "words", from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "found-by", section: "happened", question: "Who found it?", kind: "choice", codes: lists.FOUND_BY, from: "suggested", source: "how the incident came to notice", asks: "template", needed: FINAL },
  { id: "discovered", section: "happened", question: "When was it discovered?", kind: "moment", from: "incident", source: "when it came to notice, as recorded", asks: "regulator", needed: ALWAYS },
  { id: "aware", section: "happened", question: "When did the controller become aware?", hint: "The earliest time ever recorded. The 72 hours run from it.", kind: "moment", from: "incident", source: "the clock", asks: "template", law: "33(1)", needed: ALWAYS },
  { id: "times", section: "happened", question: "When did it happen?", kind: "choice", codes: lists.TIMES, from: "incident", source: "the window", asks: "template", needed: ALWAYS },
  { id: "happened-from", section: "happened", question: "It began", hint: "The earliest time that is possible: it decides who is affected.", kind: "moment", from: "incident", source: "the window", asks: "regulator", needed: ALWAYS, when: { field: "times", is: ["specific", "range", "ongoing"] } },
  { id: "happened-to", section: "happened", question: "It ended", kind: "moment", from: "incident", source: "the window", asks: "regulator", needed: ALWAYS, when: { field: "times", is: ["specific", "range"] } },

  { id: "categories", section: "data", question: "Which categories of personal data are included?", kind: "choices", codes: lists.DATA_CATEGORIES, from: "suggested", source: "the questions of the forms", asks: "regulator", law: "33(3)(a)", needed: ALWAYS },
  { id: "records", section: "data", question: "How many records?", kind: "count", from: "suggested", source: "the count of those affected", asks: "regulator", law: "33(3)(a)", needed: ALWAYS },
  { id: "confidentiality", section: "data", question: "Was the data disclosed?", kind: "choice", codes: lists.CONFIDENTIALITY, from: "officer", source: TYPED, asks: "template", needed: LATER },
  { id: "protection", section: "data", question: "Was the data protected?", hint: "What was sealed and whose keys did not leave is unintelligible.", kind: "choice", codes: lists.PROTECTION, from: "suggested", source: "the kind of the incident", asks: "template", law: "34(3)(a)", needed: LATER },

  { id: "people", section: "people", question: "How many people could be affected?", hint: "While it is unknown, the greatest possible number.", kind: "count", from: "suggested", source: "the count of those affected", asks: "regulator", law: "33(3)(a)", needed: ALWAYS },
  { id: "people-categories", section: "people", question: "What kinds of people?", kind: "choices", codes: lists.PEOPLE_CATEGORIES, from: "officer", source: TYPED, asks: "regulator", law: "33(3)(a)", needed: ALWAYS },

  { id: "consequences", section: "harm", question: "What could the consequences be for them?", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(c)", needed: ALWAYS },
  { id: "likelihood", section: "harm", question: "How likely is significant harm to them?", kind: "choice", codes: lists.LIKELIHOOD, from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "severity", section: "harm", question: "How severe is it?", kind: "choice", codes: lists.SEVERITIES, from: "incident", source: "the latest assessment", asks: "template", needed: LATER },

  { id: "before", section: "measures", question: "Which measures were there before?", kind: "words", from: "officer", source: TYPED, asks: "regulator", needed: FINAL },
  { id: "taken", section: "measures", question: "What have you done about it?", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(d)", needed: ALWAYS },
  { id: "proposed", section: "measures", question: "What else will you do?", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(d)", needed: ALWAYS },
  { id: "recurrence", section: "measures", question: "What will keep it from happening again, and by when?", kind: "words", from: "suggested", source: "the recommendations and training that are planned", asks: "regulator", needed: FINAL },
  { id: "training", section: "measures", question: "Had the staff involved been trained in data protection in the last two years?", kind: "choice", codes: lists.YES_NO_UNKNOWN, from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "delay", section: "measures", question: "Why is this reported more than 72 hours after you became aware?", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(1)", needed: ALWAYS, when: "late" },

  { id: "told", section: "telling", question: "Have you told the people affected?", kind: "choice", codes: lists.TOLD, from: "incident", source: "the decision about the people, and the letters", asks: "regulator", law: "34(1)", needed: ALWAYS },
  { id: "told-why-not", section: "telling", question: "Why not?", kind: "words", from: "suggested", source: "the reason of that decision", asks: "regulator", law: "34(3)", needed: ALWAYS, when: { field: "told", is: ["no"] } },
  { id: "told-text", section: "telling", question: "What were they told?", hint: "The text of the letter without anything about one person.", kind: "words", from: "officer", source: TYPED, asks: "template", law: "34(2)", needed: FINAL, when: { field: "told", is: ["yes"] } },
  { id: "others-told", section: "telling", question: "Which other organisations were told?", hint: "If none, write “none”.", kind: "words", from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "attachments", section: "telling", question: "What is attached?", hint: "Documents that you send beside this report. Never the data itself.", kind: "words", from: "officer", source: TYPED, asks: "template", needed: NEVER },

  { id: "controller", section: "us", question: "The controller", kind: "words", from: "suggested", source: "the body’s record", asks: "regulator", needed: ALWAYS },
  { id: "registration", section: "us", question: "The controller’s registration number", kind: "words", from: "officer", source: TYPED, asks: "regulator", needed: ALWAYS },
  { id: "reporter", section: "us", question: "Who makes this report, and how to reach them", kind: "words", from: "officer", source: TYPED, asks: "regulator", law: "33(3)(b)", needed: ALWAYS },
  { id: "dpo", section: "us", question: "The data protection officer", kind: "words", from: "suggested", source: "the body’s record", asks: "regulator", law: "33(3)(b)", needed: ALWAYS },
  { id: "processor", section: "us", question: "The processor, and when it told the controller", kind: "words", from: "suggested", source: "the parties of the incident", asks: "template", law: "33(2)", needed: FINAL },
] as const satisfies readonly ReportField[];

export type FieldId = (typeof REPORT_FIELDS)[number]["id"];

const BY_ID: ReadonlyMap<string, ReportField> = new Map(REPORT_FIELDS.map((field) => [field.id, field as ReportField]));

export const fieldOf = (id: string): ReportField | undefined => BY_ID.get(id);
