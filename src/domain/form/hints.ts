/**
 * What is allowed in a form and is probably not meant: said by `pillarbox form check` to whoever writes it. Nothing is
 * refused for it.
 */
import { withoutHidden } from "./clean.ts";
import type { Form } from "./form.ts";
import { isChoice, type Question, type Reach } from "./question.ts";
import { place, type Problem } from "./read.ts";

/** Every text that people see, as it reads aloud: case, width, accents' spelling and white space do not count. */
const alike = (text: string): string => withoutHidden(text).normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

/** What somebody should look at, each with its place; none for a form in order. */
export function formHints(form: Form): readonly Problem[] {
  const questions = form.questions.map((question, index) => ({ question, at: place("questions", index) }));
  return [
    ...unseen(form, ""),
    ...twice(
      questions.map(({ question, at }) => ({ where: place(at, "title"), text: question.title })),
      (text) => `Another question is called “${text}” too. People cannot tell them apart.`,
    ),
    ...questions.flatMap(({ question, at }) =>
      twice(
        (question.options ?? []).map(({ label }, index) => ({
          where: place(place(place(at, "options"), index), "label"),
          text: label,
        })),
        (text) => `Another option is called “${text}” too. People cannot tell them apart.`,
      ),
    ),
    ...danger(form),
    ...questions.flatMap(({ question, at }) => past(question, place(at, "hint"))),
    ...neverReached(form.questions),
  ];
}

/** A sign of several parts is held together by characters that nobody sees. */
const SIGN = /\p{Extended_Pictographic}[\u200d\ufe0f]+/gu;

function* unseen(value: unknown, where: string): Generator<Problem> {
  if (typeof value === "string") {
    const shown = value.replace(SIGN, "");
    const seen = [...withoutHidden(shown)];
    const found = [...shown].find((one, index) => one !== seen[index]);
    if (found !== undefined)
      yield {
        where,
        text: `There is a character that nobody sees (U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}). Type the text anew, unless it is meant.`,
      };
  } else if (value !== null && typeof value === "object")
    for (const [key, inner] of Object.entries(value)) yield* unseen(inner, place(where, key));
}

function twice(texts: readonly Problem[], sentence: (text: string) => string): readonly Problem[] {
  const seen = new Set<string>();
  return texts.flatMap(({ where, text }) => {
    const key = alike(text);
    const again = seen.has(key);
    seen.add(key);
    return again ? [{ where, text: sentence(text) }] : [];
  });
}

const DANGER =
  /\b(?:danger\w*|at risk|unsafe|afraid|scared|frighten\w*|threat\w*|violen\w*|abus\w*|harm\w*|hurt|stalk\w*|harass\w*|assault\w*|rape\w*|controlling|coerci\w*)\b/i;
const SAFE = /\bsafe(?:ly|st)?\b/i;

/** Whoever may be in danger must be able to say how they can be reached without danger. */
function danger({ questions }: Form): readonly Problem[] {
  const words = ({ title, hint, options }: Question): string =>
    [title, hint, ...(options ?? []).flatMap(({ label, hint: more }) => [label, more])].join(" ");
  const index = questions.findIndex((question) => DANGER.test(words(question)) && question.reach === undefined);
  const asks = questions.some(
    ({ reach, title, hint }) =>
      reach === "safe-channel" ||
      (SAFE.test(`${title} ${hint ?? ""}`) &&
        /\b(?:reach|contact|write|call|ring|reply)\b/i.test(`${title} ${hint ?? ""}`)),
  );
  return index < 0 || asks
    ? []
    : [
        {
          where: place("questions", index),
          text: "This asks about danger, and no question asks for a safe way to reach the person. Ask for one (“reach”: “safe-channel”), or nobody may be written to after a breach.",
        },
      ];
}

const PAST =
  /\b(?:birth|born|happened|happen|did|was|were|died|death|began|started|first noticed|incident|received|last (?:saw|spoke|wrote))\b/i;
const SAID = /\b(?:past|ago|in the future|not yet|today or earlier|for example|or will)\b/i;

/** A date is taken from 1900 to 2100; where it should lie in the past, only the words can say so. */
const past = ({ kind, title, hint }: Question, where: string): readonly Problem[] =>
  kind === "date" && PAST.test(title) && !SAID.test(`${title} ${hint ?? ""}`)
    ? [
        {
          where,
          text: `“${title}” asks for a day in the past, and a day to come is taken as well. Give an example in the hint (“For example 27 3 2020”), so that a wrong year is seen.`,
        },
      ]
    : [];

const NAMED: { readonly [reach in Reach]?: RegExp } = {
  email: /\be-?mail\b/i,
  telephone: /\b(?:tele)?phone\b|\bring\b|\bcall\b/i,
  address: /\b(?:post|letter)\b/i,
};

/** Whoever chooses a way is asked for it; a choice of a way that leads to no question, or to another, is a slip. */
function neverReached(questions: readonly Question[]): readonly Problem[] {
  return questions.flatMap((question, index) => {
    const named = question.reach === undefined ? undefined : NAMED[question.reach];
    const asked = questions.find(({ id }) => id === question.when?.question);
    if (named === undefined || asked === undefined || !isChoice(asked)) return [];
    const fits = (asked.options ?? []).filter(
      ({ value, label }) => named.test(value.replaceAll("-", " ")) || named.test(label),
    );
    const missed = fits.find(
      ({ value }) =>
        !questions.some(
          ({ reach, when }) => reach === question.reach && when?.question === asked.id && when.is.includes(value),
        ),
    );
    return missed === undefined
      ? []
      : [
          {
            where: place(place("questions", index), "when.is"),
            text: `Whoever chooses “${missed.label}” for “${asked.title}” is never asked “${question.title}”. Name “${missed.value}” here, if it is meant.`,
          },
        ];
  });
}
