/** Answers and the fields of an HTML form: which fields a question has, and how an answer fills them. */
import type { Answer, Answers } from "./answers.ts";
import type { Form } from "./form.ts";
import type { Question } from "./question.ts";

/** What a form sends: one value per field, several for checkboxes. */
export type Fields = { readonly [name: string]: string | readonly string[] };

export const DATE_PARTS = ["day", "month", "year"] as const;
export const ADDRESS_PARTS = ["line1", "line2", "town", "county", "postcode"] as const;

/** The names of a question's fields, which are also the ids of its controls. */
export function namesOf(question: Question): readonly string[] {
  if (question.kind === "date") return DATE_PARTS.map((part) => `${question.id}-${part}`);
  if (question.kind === "address") return ADDRESS_PARTS.map((part) => `${question.id}-${part}`);
  return [question.id];
}

/** The answer to a question, or undefined; never something inherited, whatever the question is called. */
export const answerTo = (answers: { readonly [id: string]: Answer }, id: string): Answer | undefined =>
  Object.hasOwn(answers, id) ? answers[id] : undefined;

/** The values of a field, as a list. */
export function valuesIn(fields: Fields, name: string): readonly string[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

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
