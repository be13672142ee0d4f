/** A letter's writer as somebody to be told: from the questions that a form marks for reaching them. */
import type { AffectedPerson, Channel } from "../affected/person.ts";
import type { Answers } from "../form/answers.ts";
import { linesOf } from "../form/display.ts";
import { answerTo } from "../form/fields.ts";
import type { Form } from "../form/form.ts";
import type { Question, Reach } from "../form/question.ts";
import { homeLines, isNoMail, isNoName, isNoPhone } from "../affected/placeholder.ts";
import { newId } from "../seal/random.ts";

const CHANNEL: { readonly [reach in Reach]?: Channel } = { email: "email", telephone: "phone", address: "post" };

/** @param newPerson makes the entry's own id */
export function personOfLetter(
  form: Form,
  answers: Answers,
  submission: string,
  newPerson: () => string = newId,
): AffectedPerson {
  const answered = form.questions.flatMap((question): [Question, readonly string[]][] => {
    const answer = question.reach === undefined ? undefined : answerTo(answers, question.id);
    return answer === undefined ? [] : [[question, linesOf(question, answer).filter((line) => line.trim() !== "")]];
  });
  const of = (reach: Reach): readonly string[] =>
    answered.filter(([question]) => question.reach === reach).flatMap(([, lines]) => lines);
  const name = of("name").join(" ");
  const [post, otherwise] = [homeLines(of("address")), of("safe-channel")];
  const [email, phone] = [of("email").find((one) => !isNoMail(one)), of("telephone").find((one) => !isNoPhone(one))];
  return {
    person: newPerson(),
    name: isNoName(name) ? "" : name,
    email: email ?? null,
    post: post.length > 0 ? post : null,
    phone: phone ?? null,
    safe: safeOf(
      form,
      answered.map(([question]) => question),
    ),
    // Whoever asked to be reached only in a way of their own has a reason; a person looks at it before anything is
    // sent.
    inDanger: otherwise.length > 0,
    records: [submission],
  };
}

/**
 * Where a form asks how to reach somebody safely, the channels that they then gave are the safe ones, and no others.
 * Elsewhere nobody asked.
 */
function safeOf(form: Form, answered: readonly Question[]): readonly Channel[] | null {
  if (!form.questions.some(({ reach }) => reach === "safe-channel")) return null;
  return [
    ...new Set(
      answered
        .flatMap(({ reach, when }) => (reach !== undefined && when !== undefined ? [CHANNEL[reach]] : []))
        .filter((channel) => channel !== undefined),
    ),
  ];
}
