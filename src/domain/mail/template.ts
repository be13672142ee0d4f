/**
 * The message to somebody whose data was touched: what Art. 34(2) UK GDPR asks for, in parts that an owner writes, each
 * with fields that are filled in per person. Nothing is sent while a part is empty or a field has no meaning.
 */
import type { AffectedPerson } from "../affected/person.ts";
import { referenceOf } from "../seal/reference.ts";
import { MESSAGE_SUBJECTS, type Subject } from "./subject.ts";

/**
 * In the order of the message. Nature, contact point, likely consequences and measures are the law's; what to do is what
 * people need.
 */
export const MESSAGE_PARTS = ["nature", "consequences", "measures", "advice", "contact"] as const;
export type MessagePart = (typeof MESSAGE_PARTS)[number];

export type MessageTemplate = {
  readonly subject: Subject;
  readonly opening: string;
  readonly parts: { readonly [part in MessagePart]: string };
  readonly signature: string;
};

export const PART_TITLES: { readonly [part in MessagePart]: string } = {
  nature: "What happened",
  consequences: "What this could mean for you",
  measures: "What we have done",
  advice: "What you can do",
  contact: "How to reach us",
};

/** What may stand in braces in any text of a template, and what it becomes. */
export const MESSAGE_FIELDS = {
  name: "the person’s name",
  records: "the numbers of their letters or records",
} as const;
export type MessageField = keyof typeof MESSAGE_FIELDS;

export const PART_MAX = 6_000;

export type TemplateProblem = {
  readonly at: MessagePart | "opening" | "signature" | "subject";
  readonly what: "empty" | "too-long" | "unknown-field" | "unfilled" | "not-neutral";
};

const textsOf = (template: MessageTemplate): [TemplateProblem["at"], string][] => [
  ["opening", template.opening],
  ...MESSAGE_PARTS.map((part): [MessagePart, string] => [part, template.parts[part]]),
  ["signature", template.signature],
];

/** Every problem at once; none means that the message may be sent. */
export function templateProblems(template: MessageTemplate): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  if (!(MESSAGE_SUBJECTS as readonly string[]).includes(template.subject))
    problems.push({ at: "subject", what: "not-neutral" });
  for (const [at, text] of textsOf(template)) {
    if (text.trim() === "") problems.push({ at, what: "empty" });
    if (text.length > PART_MAX) problems.push({ at, what: "too-long" });
    if (
      [...text.matchAll(/\{([^{}]*)\}/g)].some(([, field]) => !Object.hasOwn(MESSAGE_FIELDS, field!)) ||
      /[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, ""))
    )
      problems.push({ at, what: "unknown-field" });
    // What the first template leaves to be written stands in square brackets.
    if (/\[[^\]]*\]/.test(text)) problems.push({ at, what: "unfilled" });
  }
  return problems;
}

export type MessageSection = { readonly title: string; readonly paragraphs: readonly string[] };
/** A message as it is printed or sent: the same words by either way. */
export type Message = {
  readonly opening: string;
  readonly sections: readonly MessageSection[];
  readonly signature: readonly string[];
};

/** A submission is called by its reference, as its writer knows it. */
const numberOf = (record: string): string => (/^[0-9a-f]{32}$/.test(record) ? referenceOf(record) : record);

/** One person's message. What comes from outside, a name above all, loses whatever could break a line or hide. */
export function letterTo(template: MessageTemplate, person: AffectedPerson): Message {
  const plain = (text: string): string =>
    text
      .normalize("NFC")
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, " ")
      .replaceAll(/ {2,}/g, " ")
      .trim();
  const fields: { readonly [field in MessageField]: string } = {
    name: plain(person.name) || "Sir or Madam",
    records: person.records.map(numberOf).map(plain).join(", ") || "not known",
  };
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, field: string) =>
      Object.hasOwn(fields, field) ? fields[field as MessageField] : whole,
    );
  const paragraphs = (text: string): string[] =>
    filled(text)
      .replaceAll("\r\n", "\n")
      .split(/\n{2,}/)
      .map((one) => one.trim())
      .filter((one) => one !== "");
  return {
    opening: filled(template.opening).trim(),
    sections: MESSAGE_PARTS.map((part) => ({ title: PART_TITLES[part], paragraphs: paragraphs(template.parts[part]) })),
    signature: filled(template.signature)
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  };
}

/** A message as the text of an e-mail. */
export const textOf = ({ opening, sections, signature }: Message): string =>
  `${[opening, ...sections.map(({ title, paragraphs }) => [title.toUpperCase(), ...paragraphs].join("\n\n")), signature.join("\n")].join("\n\n")}\n`.replaceAll(
    /[^\P{Cc}\n\t]/gu,
    " ",
  );

/** What an owner begins with. Square brackets are what only they can know; none may be left. */
export const firstTemplate = (body: string): MessageTemplate => ({
  subject: "letter",
  opening:
    "Dear {name},\n\nWe are writing because information that you gave us was not kept as safe as it should have been. We are sorry.",
  parts: {
    nature:
      "[Say in plain words what happened, when it began and when it ended.]\n\nThis concerns: {records}.\n\n[Say which kinds of information could be seen, and by whom.]",
    consequences: "[Say what could happen to the person because of this, and how likely it is.]",
    measures: "[Say what you have done to end it, and to keep it from happening again.]",
    advice: "[Say what the person can do, such as watching for unexpected messages, and where they find support.]",
    contact: `[Say who at ${body} answers questions: a name, a telephone number, an e-mail address.]\n\nYou may also complain to the regulator. [Say how.]`,
  },
  signature: `[Name of the person who signs]\n${body}`,
});
