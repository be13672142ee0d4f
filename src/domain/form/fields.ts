/** The fields of an HTML form: which ones a question has, and what stands in them. */
import type { Answer } from "./answer.ts";
import type { Question } from "./question.ts";

/** What a form sends: one value per field, several for checkboxes. */
export type Fields = { readonly [name: string]: string | readonly string[] };

export const DATE_PARTS = ["day", "month", "year"] as const;
export const ADDRESS_PARTS = ["line1", "line2", "town", "county", "postcode", "country"] as const;

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
