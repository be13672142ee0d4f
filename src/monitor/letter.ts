/** A letter that nobody wrote, to any form: every question that must be answered is, by words that say what this is. */
import type { Answer } from "../domain/form/answer.ts";
import { checkAnswers, isAsked, type Answers } from "../domain/form/answers.ts";
import { namesOf, type Fields } from "../domain/form/fields.ts";
import type { Form } from "../domain/form/form.ts";
import { limitOf, type Question } from "../domain/form/question.ts";

const SAYS = "Nobody wrote this. The monitor of this service planted it, to look whether it can be seen from outside.";

/**
 * Answers that a form accepts, with the marker's words in every text; null where a form asks for what cannot be made
 * up.
 */
export function markerAnswers(form: Form, words: string): Answers | null {
  const fields: { [name: string]: string | readonly string[] } = {};
  const chosen: { [id: string]: Answer } = {};
  for (const question of form.questions) {
    if (!isAsked(question, chosen)) continue;
    Object.assign(fields, fieldsFor(question, words));
    const value = fields[question.id];
    if (value !== undefined) chosen[question.id] = value as Answer;
  }
  const known = new Set(form.questions.flatMap(namesOf));
  const checked = checkAnswers(form, Object.fromEntries(Object.entries(fields).filter(([name]) => known.has(name))));
  return checked.ok ? checked.answers : null;
}

function fieldsFor(question: Question, words: string): Fields {
  const { id, kind, options } = question;
  const cut = (text: string): string => text.slice(0, limitOf(question));
  switch (kind) {
    case "text":
      return { [id]: cut(words) };
    case "long-text":
      return { [id]: cut(`${words}. ${SAYS}`) };
    case "email":
      return { [id]: "monitor@example.org" };
    case "telephone":
      return { [id]: "01632 960000" };
    case "date":
      return { [`${id}-day`]: "1", [`${id}-month`]: "1", [`${id}-year`]: "2020" };
    case "address":
      return {
        [`${id}-line1`]: words.split(" ").slice(0, 4).join(" "),
        [`${id}-town`]: "Nowhere",
        [`${id}-postcode`]: "HW1 4QT",
      };
    case "radios":
      return { [id]: options?.at(-1)?.value ?? "" };
    case "checkboxes":
      return { [id]: [options?.[0]?.value ?? ""] };
  }
}
