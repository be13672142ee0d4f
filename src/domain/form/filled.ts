/** From answers back to the fields of an HTML form: what a page shows that is filled already. */
import type { Answer } from "./answer.ts";
import type { Answers } from "./answers.ts";
import { ADDRESS_PARTS, answerTo, DATE_PARTS, type Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import type { Question } from "./question.ts";

/** The fields that give these answers: `checkAnswers(form, fieldsOf(form, answers))` gives them back. */
export function fieldsOf(form: Form, answers: Answers): Fields {
  const fields: { [name: string]: string | readonly string[] } = {};
  for (const question of form.questions) {
    const answer = answerTo(answers, question.id);
    if (answer !== undefined) Object.assign(fields, fieldsOfAnswer(question, answer));
  }
  return fields;
}

function fieldsOfAnswer(question: Question, answer: Answer): Fields {
  if (typeof answer === "string" || Array.isArray(answer))
    return { [question.id]: answer as string | readonly string[] };
  const parts = question.kind === "date" ? DATE_PARTS : ADDRESS_PARTS;
  const values = answer as unknown as { readonly [part: string]: string | number | undefined };
  return Object.fromEntries(
    parts.flatMap((part) => {
      const value = values[part];
      return value === undefined ? [] : [[`${question.id}-${part}`, String(value)]];
    }),
  );
}
