/** The rules of questions with one field: text, long text, e-mail, telephone, radios, checkboxes. */
import type { Outcome } from "./answer.ts";
import { cleanBlock, cleanCode, cleanLine, count, isSeen, lengthOf } from "./clean.ts";
import { EMAIL_FAULTS, readEmail } from "./email.ts";
import { valuesIn, type Fields } from "./fields.ts";
import { limitOf, type Question } from "./question.ts";

/**
 * Whether an answer is typed now, or comes out of a letter that was sealed under rules that were looser here and there:
 * who reads that letter is shown what stands in it.
 */
export type Given = "typed" | "opened";

/** What an e-mail answer could be before there was one grammar; length first, so that no pattern sees a long text. */
const OPENED_EMAIL =
  /^[^\s@"'<>()[\]\\,;:]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;
const wasEmail = (text: string): boolean => text.length <= 254 && text.indexOf("@") <= 64 && OPENED_EMAIL.test(text);

/** A number, what it is in a few words before it, and whatever somebody has to say of it after it. */
const TELEPHONE = /^(?:[^\d+(@]{0,40}[\s:.])?(\+?[\d(][\d\s().\-/_\u00b7\u2022]*)(.*)$/;
/** Characters: a number, an extension and a short note. */
const TELEPHONE_MAX = 100;

const wrong = (field: string, text: string): Outcome => ({ problems: [{ field, text }] });

/** What a question says when it is left empty; for an optional one that is no problem. */
export const whenEmpty = (question: Question, field: string): Outcome =>
  question.optional === true ? { problems: [] } : wrong(field, question.errors?.missing ?? "Enter your answer");

export function checkText(question: Question, fields: Fields, as: Given): Outcome {
  const { id, kind } = question;
  const values = valuesIn(fields, id);
  if (values.length > 1) return wrong(id, "This answer was sent more than once. Enter it once");
  const text = (kind === "long-text" ? cleanBlock : cleanLine)(values[0] ?? "");
  if (text === "" || (as === "typed" && !isSeen(text))) return whenEmpty(question, id);
  if (kind === "email") return checkEmail(id, text, as);
  if (kind === "telephone") return checkTelephone(id, cleanCode(text));
  const limit = limitOf(question);
  if (lengthOf(text) > limit)
    return wrong(id, `${question.errors?.subject ?? "Your answer"} must be ${count(limit)} characters or fewer`);
  return { answer: text, problems: [] };
}

function checkEmail(id: string, text: string, as: Given): Outcome {
  if (as === "opened" && wasEmail(text)) return { answer: text, problems: [] };
  const read = readEmail(text);
  return read.address === null ? wrong(id, EMAIL_FAULTS[read.fault]) : { answer: read.address, problems: [] };
}

function checkTelephone(id: string, text: string): Outcome {
  const number = lengthOf(text) <= TELEPHONE_MAX ? (TELEPHONE.exec(text)?.[1] ?? "") : "";
  const digits = number.replace(/\D/g, "").length;
  return digits >= 6 && digits <= 22
    ? { answer: text, problems: [] }
    : wrong(
        id,
        lengthOf(text) > TELEPHONE_MAX
          ? `A telephone number and what you add to it must be ${TELEPHONE_MAX} characters or fewer`
          : "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192",
      );
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
