/**
 * The way through the form, as numbers: 0 the introduction, 1…n the questions in the order of the form, n+1 check your
 * answers. A number is all that the browser's history gets to know.
 */
import type { Answer } from "../domain/form/answer.ts";
import { checkOne, isAsked, type AnswerProblem } from "../domain/form/answers.ts";
import type { Fields } from "../domain/form/fields.ts";
import type { Form } from "../domain/form/form.ts";
import type { Question } from "../domain/form/question.ts";

/** A question that is asked, given what was answered before, with what is wrong with its answer now. */
export type Stop = { readonly step: number; readonly question: Question; readonly problems: readonly AnswerProblem[] };

export const INTRODUCTION = 0;
export const checkStep = (form: Form): number => form.questions.length + 1;

/**
 * The questions that are asked, in order, and the answers so far: the rules of `checkAnswers`, one question at a time.
 */
export function walk(
  form: Form,
  fields: Fields,
): { readonly stops: readonly Stop[]; readonly answers: { readonly [id: string]: Answer } } {
  const answers: { [id: string]: Answer } = {};
  const stops: Stop[] = [];
  form.questions.forEach((question, index) => {
    if (!isAsked(question, answers)) return;
    const { answer, problems } = checkOne(question, fields);
    if (answer !== undefined) answers[question.id] = answer;
    stops.push({
      step: index + 1,
      question,
      problems: problems.map((problem) => ({ question: question.id, ...problem })),
    });
  });
  return { stops, answers };
}

/**
 * Where Continue leads: onwards, or, when one answer was changed, to what is newly asked and then back to the summary.
 */
export function after(form: Form, stops: readonly Stop[], step: number, seen: ReadonlySet<number> | null): number {
  const next = stops.find(
    (stop) => stop.step > step && (seen === null || !seen.has(stop.step) || stop.problems.length > 0),
  );
  return next?.step ?? checkStep(form);
}

/** The step that may be shown where `wanted` was asked for: nobody gets past a question that is not answered yet. */
export function reachable(form: Form, stops: readonly Stop[], wanted: number): number {
  if (wanted <= INTRODUCTION) return INTRODUCTION;
  const waiting = stops.find((stop) => stop.step < wanted && stop.problems.length > 0);
  if (waiting) return waiting.step;
  if (wanted >= checkStep(form)) return checkStep(form);
  // A question that is no longer asked: the one that is asked before it, or the introduction.
  return stops.findLast((stop) => stop.step <= wanted)?.step ?? INTRODUCTION;
}
