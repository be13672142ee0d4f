/** The rules of questions with one field: text, long text, e-mail, telephone, radios, checkboxes. */
import type { Outcome } from "./answer.ts";
import { cleanBlock, cleanLine, count, lengthOf } from "./clean.ts";
import { valuesIn, type Fields } from "./fields.ts";
import { limitOf, type Question } from "./question.ts";

const EMAIL =
  /^[^\s@"'<>()[\]\\,;:]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;
const TELEPHONE = /^\+?[\d\s().\-/]+(?:(?:ext|x|#)\.?\s*\d{1,6})?$/i;

const wrong = (field: string, text: string): Outcome => ({ problems: [{ field, text }] });

/** What a question says when it is left empty; for an optional one that is no problem. */
export const whenEmpty = (question: Question, field: string): Outcome =>
  question.optional === true ? { problems: [] } : wrong(field, question.errors?.missing ?? "Enter your answer");

export function checkText(question: Question, fields: Fields): Outcome {
  const { id, kind } = question;
  const values = valuesIn(fields, id);
  if (values.length > 1) return wrong(id, "This answer was sent more than once. Enter it once");
  const text = (kind === "long-text" ? cleanBlock : cleanLine)(values[0] ?? "");
  if (text === "") return whenEmpty(question, id);
  if (kind === "email")
    return isEmail(text)
      ? { answer: text, problems: [] }
      : wrong(id, "Enter an email address in the correct format, like name@example.com");
  if (kind === "telephone")
    return isTelephone(text)
      ? { answer: text, problems: [] }
      : wrong(id, "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192");
  const limit = limitOf(question);
  if (lengthOf(text) > limit)
    return wrong(id, `${question.errors?.subject ?? "Your answer"} must be ${count(limit)} characters or fewer`);
  return { answer: text, problems: [] };
}

function isEmail(text: string): boolean {
  // RFC 5321, 4.5.3.1: 64 before the sign, 254 in all. Length first, so that the pattern never sees a long text.
  return text.length <= 254 && text.indexOf("@") <= 64 && EMAIL.test(text);
}

function isTelephone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return text.length <= 40 && digits >= 6 && digits <= 22 && TELEPHONE.test(text);
}

export function checkChoice(question: Question, fields: Fields): Outcome {
  const { id, kind } = question;
  const chosen = valuesIn(fields, id).filter((value) => value !== "");
  const known = (question.options ?? []).map((option) => option.value);
  if (chosen.length === 0) return whenEmpty(question, id);
  if (chosen.some((value) => !known.includes(value)))
    return wrong(id, question.errors?.missing ?? "Select an answer from the list");
  if (kind === "checkboxes") return { answer: known.filter((value) => chosen.includes(value)), problems: [] };
  const [only] = chosen;
  return chosen.length === 1 && only !== undefined
    ? { answer: only, problems: [] }
    : wrong(id, "Select one answer only");
}
