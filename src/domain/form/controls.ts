/** What a template needs to draw one question: the parameters of its GOV.UK macro, text only. */
import type { AnswerProblem } from "./answers.ts";
import { ADDRESS_PARTS, DATE_PARTS, valuesIn, type Fields } from "./fields.ts";
import { isChoice, type Question } from "./question.ts";

type Text = { readonly text: string };

export type Control = {
  readonly id: string;
  /** Name of the drawing in `views/question.njk`. */
  readonly draw: "input" | "textarea" | "date" | "radios" | "checkboxes" | "address";
  /** For a page without script: when to answer, as a sentence. */
  readonly when: string | null;
  readonly params: { readonly [name: string]: unknown };
  /** Address only: the six inputs inside the fieldset. */
  readonly inputs: readonly { readonly [name: string]: unknown }[];
};

/** Every question of a form as a drawing, with what was typed and what is wrong with it. */
export function controlsOf(
  questions: readonly Question[],
  fields: Fields,
  problems: readonly AnswerProblem[],
): readonly Control[] {
  return questions.map((question) => {
    const own = problems.filter((problem) => problem.question === question.id);
    const when = whenSentence(question, questions);
    return { id: question.id, when, ...drawing(question, fields, own, when ? `${question.id}-when` : undefined) };
  });
}

function whenSentence(question: Question, questions: readonly Question[]): string | null {
  if (question.when === undefined) return null;
  const { question: id, is } = question.when;
  const asked = questions.find((candidate) => candidate.id === id);
  const labels = is.map((value) => `“${asked?.options?.find((option) => option.value === value)?.label ?? value}”`);
  const list = labels.length > 1 ? `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}` : labels[0];
  return `Only answer this if you chose ${list} for “${asked?.title ?? id}”`;
}

type Drawing = Pick<Control, "draw" | "params" | "inputs">;

function drawing(
  question: Question,
  fields: Fields,
  problems: readonly AnswerProblem[],
  describedBy: string | undefined,
): Drawing {
  const title = question.optional === true ? `${question.title} (optional)` : question.title;
  const hint = question.hint === undefined ? {} : { hint: { text: question.hint } satisfies Text };
  // Several parts of one question can be wrong; the group shows each as its own sentence.
  const error = problems.length === 0 ? {} : { errorMessage: { text: problems.map(({ text }) => text).join(". ") } };
  const fieldset = {
    fieldset: { legend: { text: title, classes: "govuk-fieldset__legend--m" }, ...(describedBy && { describedBy }) },
  };
  if (isChoice(question))
    return {
      draw: question.kind as "radios",
      params: { ...hint, ...error, ...fieldset, ...choices(question, fields) },
      inputs: [],
    };
  if (question.kind === "date")
    return {
      draw: "date",
      params: { ...hint, ...error, ...fieldset, id: question.id, items: dateItems(question, fields, problems) },
      inputs: [],
    };
  if (question.kind === "address")
    return {
      draw: "address",
      params: { ...hint, ...fieldset, id: question.id },
      inputs: addressInputs(question, fields, problems),
    };
  const label = { label: { text: title, classes: "govuk-label--m" } };
  const common = {
    id: question.id,
    name: question.id,
    value: valuesIn(fields, question.id)[0] ?? "",
    ...label,
    ...hint,
    ...error,
    ...(describedBy && { describedBy }),
    ...auto(question),
  };
  if (question.kind === "long-text")
    return { draw: "textarea", params: { ...common, rows: 8, spellcheck: true }, inputs: [] };
  return { draw: "input", params: { ...common, ...INPUT[question.kind as keyof typeof INPUT] }, inputs: [] };
}

const INPUT = {
  text: { spellcheck: true },
  email: { type: "email", spellcheck: false },
  telephone: { type: "tel", classes: "govuk-input--width-20", spellcheck: false },
};

const auto = (question: Question): { readonly autocomplete?: string } =>
  question.autocomplete === undefined ? {} : { autocomplete: question.autocomplete };

function choices(question: Question, fields: Fields): { readonly [name: string]: unknown } {
  const chosen = valuesIn(fields, question.id);
  const items = (question.options ?? []).map(({ value, label, hint }) => ({
    value,
    text: label,
    checked: chosen.includes(value),
    ...(hint !== undefined && { hint: { text: hint } }),
  }));
  return { idPrefix: question.id, name: question.id, items };
}

function dateItems(
  question: Question,
  fields: Fields,
  problems: readonly AnswerProblem[],
): readonly { readonly [name: string]: unknown }[] {
  const labels = { day: "Day", month: "Month", year: "Year" };
  return DATE_PARTS.map((part) => {
    const name = `${question.id}-${part}`;
    const wrong = problems.some(({ field }) => field === name) ? " govuk-input--error" : "";
    return {
      id: name,
      name,
      label: labels[part],
      value: valuesIn(fields, name)[0] ?? "",
      classes: `govuk-input--width-${part === "year" ? 4 : 2}${wrong}`,
    };
  });
}

const ADDRESS_LABELS = {
  line1: "Address line 1",
  line2: "Address line 2 (optional)",
  town: "Town or city",
  county: "County (optional)",
  postcode: "Postcode, if you know it",
  country: "Country, if it is not the United Kingdom",
};
const ADDRESS_FILLS = {
  line1: "address-line1",
  line2: "address-line2",
  town: "address-level2",
  county: "address-level1",
  postcode: "postal-code",
  country: "country-name",
};
const ADDRESS_WIDTHS = {
  line1: "",
  line2: "",
  town: "govuk-input--width-20",
  county: "govuk-input--width-20",
  postcode: "govuk-input--width-10",
  country: "govuk-input--width-20",
};

function addressInputs(
  question: Question,
  fields: Fields,
  problems: readonly AnswerProblem[],
): readonly { readonly [name: string]: unknown }[] {
  return ADDRESS_PARTS.map((part) => {
    const name = `${question.id}-${part}`;
    const problem = problems.find(({ field }) => field === name);
    return {
      id: name,
      name,
      label: { text: ADDRESS_LABELS[part] },
      classes: ADDRESS_WIDTHS[part],
      value: valuesIn(fields, name)[0] ?? "",
      ...(question.autocomplete === "address" && { autocomplete: ADDRESS_FILLS[part] }),
      ...(problem && { errorMessage: { text: problem.text } }),
    };
  });
}
