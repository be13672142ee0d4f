/** From what somebody typed to `Answers`, or every problem at once (GOV.UK Design System, "Error message"). */
import type { Answer, Outcome } from "./answer.ts";
import { answerTo, namesOf, type Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import { checkAddress, checkDate } from "./parts.ts";
import type { Question } from "./question.ts";
import { checkChoice, checkText, type Given } from "./single.ts";

declare const checked: unique symbol;

/** Every answer of one letter, checked against its form. Only `checkAnswers` makes it. */
export type Answers = { readonly [questionId: string]: Answer } & { readonly [checked]: true };

/** `field` is the control to go to; both are "" where the problem belongs to no question. */
export type AnswerProblem = { readonly question: string; readonly field: string; readonly text: string };

export type Checked =
  | { readonly ok: true; readonly answers: Answers }
  | { readonly ok: false; readonly problems: readonly AnswerProblem[] };

/** Whether a question is asked, given the answers to those before it. */
export function isAsked(question: Question, answers: { readonly [id: string]: Answer }): boolean {
  if (question.when === undefined) return true;
  const answer = answerTo(answers, question.when.question);
  if (answer === undefined) return false;
  const chosen = typeof answer === "string" ? [answer] : Array.isArray(answer) ? (answer as readonly string[]) : [];
  return question.when.is.some((value) => chosen.includes(value));
}

/**
 * Checks fields against a form. Answers to questions that are not asked are left out; a field that the form does not
 * have is refused, because a page that sends it is not ours.
 */
export function checkAnswers(form: Form, fields: Fields, as: Given = "typed"): Checked {
  const answers: { [id: string]: Answer } = {};
  const problems: AnswerProblem[] = [];
  for (const question of form.questions) {
    if (!isAsked(question, answers)) continue;
    const outcome = checkOne(question, fields, as);
    if (outcome.answer !== undefined) answers[question.id] = outcome.answer;
    for (const problem of outcome.problems) problems.push({ question: question.id, ...problem });
  }
  const known = new Set(form.questions.flatMap(namesOf));
  if (Object.keys(fields).some((name) => !known.has(name))) {
    problems.push({
      question: "",
      field: "",
      text: "The page sent something that this form does not ask for. Nothing was sent on. Reload the form and try again",
    });
  }
  return problems.length === 0 ? { ok: true, answers: answers as Answers } : { ok: false, problems };
}

/** The rule of the question's kind. Also used by the page to check one question at a time. */
export function checkOne(question: Question, fields: Fields, as: Given = "typed"): Outcome {
  switch (question.kind) {
    case "date":
      return checkDate(question, fields);
    case "address":
      return checkAddress(question, fields, as);
    case "radios":
    case "checkboxes":
      return checkChoice(question, fields);
    default:
      return checkText(question, fields, as);
  }
}
