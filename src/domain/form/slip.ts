/** The slip: the few answers of a letter that readers see in the list. */
import type { Answer } from "./answer.ts";
import type { Answers } from "./answers.ts";
import { answerTo } from "./fields.ts";
import type { Form } from "./form.ts";

declare const slip: unique symbol;

/** The answers to the questions that the form marks for the slip. Only `slipOf` and `checkOpenedSlip` make it. */
export type Slip = { readonly [questionId: string]: Answer } & { readonly [slip]: true };

export function slipOf(form: Form, answers: Answers): Slip {
  const kept: { [id: string]: Answer } = {};
  for (const question of form.questions) {
    const answer = question.slip ? answerTo(answers, question.id) : undefined;
    if (answer !== undefined) kept[question.id] = answer;
  }
  return kept as Slip;
}
