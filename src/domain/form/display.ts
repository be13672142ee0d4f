/** Answers as people read them: on "check your answers", and in a reader's letter. */
import type { AddressAnswer, Answer, DateAnswer } from "./answer.ts";
import { isAsked, type Answers } from "./answers.ts";
import { answerTo } from "./fields.ts";
import type { Form } from "./form.ts";
import type { Question } from "./question.ts";
import type { Slip } from "./slip.ts";

/** One row of a summary: the question, and its answer in lines of plain text. */
export type Row = {
  readonly question: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly provided: boolean;
};

const NOT_PROVIDED = "Not provided";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Every question that was asked, in order; an optional one left empty reads "Not provided". */
export function rowsOf(form: Form, answers: Answers): readonly Row[] {
  return form.questions
    .filter((question) => isAsked(question, answers))
    .map((question) => rowOf(question, answerTo(answers, question.id)));
}

/** The rows of a slip: only what was answered. */
export function rowsOfSlip(form: Form, slip: Slip): readonly Row[] {
  return form.questions.flatMap((question) => {
    const answer = question.slip ? answerTo(slip, question.id) : undefined;
    return answer === undefined ? [] : [rowOf(question, answer)];
  });
}

function rowOf(question: Question, answer: Answer | undefined): Row {
  const lines = answer === undefined ? [NOT_PROVIDED] : linesOf(question, answer);
  return { question: question.id, title: question.title, lines, provided: answer !== undefined };
}

/** An answer in lines; options are shown by their labels. */
export function linesOf(question: Question, answer: Answer): readonly string[] {
  if (typeof answer === "string") return question.kind === "radios" ? [labelOf(question, answer)] : answer.split("\n");
  if (Array.isArray(answer)) return (answer as readonly string[]).map((value) => labelOf(question, value));
  if (question.kind === "date") return [dateText(answer as DateAnswer)];
  const { line1, line2, town, county, postcode, country } = answer as AddressAnswer;
  return [line1, line2, town, county, postcode, country].filter((line) => line !== undefined);
}

const labelOf = (question: Question, value: string): string =>
  question.options?.find((option) => option.value === value)?.label ?? value;

const dateText = ({ day, month, year }: DateAnswer): string => `${day} ${MONTHS[month - 1] ?? ""} ${year}`;
