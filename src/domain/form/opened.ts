/**
 * Answers that came out of a sealed file. The server could not look inside, so whoever sealed it may have put in
 * anything:
 * it is checked like a POST before a reader sees a word of it (T45). What any earlier version took opens for ever:
 * letters sealed years ago are checked by today's program.
 */
import { canonicalJson } from "../canonical.ts";
import { Fault } from "../problem.ts";
import type { Answer } from "./answer.ts";
import { checkAnswers, checkOne, type Answers } from "./answers.ts";
import { ADDRESS_PARTS, DATE_PARTS, type Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import type { Question } from "./question.ts";
import type { Slip } from "./slip.ts";

/** The answers of a whole letter; `ANSWERS_INVALID` for any other shape or content. */
export function checkOpened(form: Form, value: unknown): Answers {
  const fields = rawFields(form.questions, value);
  const result = checkAnswers(form, fields, "opened");
  if (!result.ok) throw new Fault("ANSWERS_INVALID", "the answers do not fit the form");
  return same(result.answers, value);
}

/**
 * The answers of a slip. Whether a question was asked cannot be judged here: the choice may stand in the letter only.
 */
export function checkOpenedSlip(form: Form, value: unknown): Slip {
  const questions = form.questions.filter((question) => question.slip);
  const fields = rawFields(questions, value);
  const kept: { [id: string]: Answer } = {};
  for (const question of questions) {
    if (!Object.hasOwn(value as object, question.id)) continue;
    const { answer } = checkOne(question, fields, "opened");
    if (answer === undefined) throw new Fault("ANSWERS_INVALID", "the slip does not fit the form");
    kept[question.id] = answer;
  }
  return same(kept as Slip, value);
}

/** Only the one spelling that sealing gives is accepted, so nothing can be shown that the check has not seen. */
function same<T>(checked: T, value: unknown): T {
  if (canonicalJson(checked) !== canonicalJson(value))
    throw new Fault("ANSWERS_INVALID", "the answers are not as sealing writes them");
  return checked;
}

function rawFields(questions: readonly Question[], value: unknown): Fields {
  const members = plain(value);
  const fields: { [name: string]: string | readonly string[] } = {};
  for (const [id, answer] of members) {
    const question = questions.find((candidate) => candidate.id === id);
    if (question === undefined) throw new Fault("ANSWERS_INVALID", "an answer to no question");
    Object.assign(fields, rawField(question, answer));
  }
  return fields;
}

function rawField(question: Question, answer: unknown): Fields {
  if (question.kind === "date" || question.kind === "address") {
    const parts: readonly string[] = question.kind === "date" ? DATE_PARTS : ADDRESS_PARTS;
    const type = question.kind === "date" ? "number" : "string";
    return Object.fromEntries(
      plain(answer).map(([name, part]) => {
        if (!parts.includes(name) || typeof part !== type) throw new Fault("ANSWERS_INVALID", "a part of another kind");
        return [`${question.id}-${name}`, String(part)];
      }),
    );
  }
  if (question.kind === "checkboxes") {
    if (!Array.isArray(answer) || !answer.every((item) => typeof item === "string"))
      throw new Fault("ANSWERS_INVALID", "not a list of choices");
    return { [question.id]: answer as string[] };
  }
  if (typeof answer !== "string") throw new Fault("ANSWERS_INVALID", "not text");
  return { [question.id]: answer };
}

function plain(value: unknown): [string, unknown][] {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Fault("ANSWERS_INVALID", "not an object");
  return Object.entries(value);
}
