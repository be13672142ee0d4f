/** One question of a form: its kinds, and reading it from JSON. */
import { isCategory, CATEGORIES, type DataCategory } from "./category.ts";
import {
  given,
  place,
  readFlag,
  readList,
  readObject,
  readSlug,
  readText,
  readWhole,
  type JsonObject,
  type Report,
} from "./read.ts";

export const KINDS = ["text", "long-text", "email", "telephone", "date", "radios", "checkboxes", "address"] as const;
export type Kind = (typeof KINDS)[number];

/** What part an answer has in reaching the person who wrote. */
export const REACHES = ["name", "email", "telephone", "address", "safe-channel"] as const;
export type Reach = (typeof REACHES)[number];

/** What a browser may fill in: only ever the writer's own details (WCAG 2.2, 1.3.5). */
export const AUTOCOMPLETES = ["name", "email", "tel", "address", "off"] as const;

export type Option = { readonly value: string; readonly label: string; readonly hint?: string };

/** The question is asked only if an earlier choice is one of these values. */
export type When = { readonly question: string; readonly is: readonly string[] };

/**
 * `missing` is the whole error message; `subject` begins the others, as in "The date of the letter must be a real
 * date".
 */
export type QuestionErrors = { readonly missing?: string; readonly subject?: string };

export type Question = {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly category: DataCategory;
  /** Whether the answer stands on the slip, the few lines that readers see in the list. */
  readonly slip: boolean;
  readonly reach?: Reach;
  readonly when?: When;
  /** Of radios and checkboxes only. */
  readonly options?: readonly Option[];
  /** Characters; of text and long text only. */
  readonly maxLength?: number;
  readonly autocomplete?: (typeof AUTOCOMPLETES)[number];
  readonly errors?: QuestionErrors;
};

export const TEXT_LIMIT = 500;
export const LONG_TEXT_LIMIT = 20_000;

/** How many characters a text or long text may have. */
export const limitOf = (question: Question): number =>
  question.maxLength ?? (question.kind === "long-text" ? LONG_TEXT_LIMIT : TEXT_LIMIT);

export const isChoice = (question: Question): boolean => question.kind === "radios" || question.kind === "checkboxes";

// A control named like a property of HTMLFormElement hides that property from the page's script.
const RESERVED = new Set([
  "action",
  "method",
  "target",
  "elements",
  "length",
  "name",
  "id",
  "submit",
  "reset",
  "enctype",
  "encoding",
  "letter",
  "sealing-note",
  "pillarbox-form",
  "pillarbox-setup",
  "main-content",
  "constructor",
  "children",
  "remove",
]);

// Endings that the page itself gives to elements that belong to a question.
const ENDING = /-(?:\d+|hint|error|when|info)$/;

const REQUIRED = ["id", "kind", "title", "category", "slip"];
const OPTIONAL = ["hint", "optional", "reach", "when", "options", "maxLength", "autocomplete", "errors"];

/** A question as read; what is wrong with it is reported, and then the value must not be used. */
export function readQuestion(value: unknown, where: string, report: Report): Question {
  const object = readObject(value, where, report, REQUIRED, OPTIONAL);
  const id = readSlug(object, "id", where, report);
  if (RESERVED.has(id) || ENDING.test(id) || /^\d/.test(id))
    report(place(where, "id"), `“${id}” cannot be the name of a question. Choose another.`);
  if (Object.hasOwn(object, "kind") && !KINDS.includes(object["kind"] as Kind))
    report(place(where, "kind"), `The kind must be one of ${KINDS.join(", ")}.`);
  readText(object, "title", where, report, 300);
  readText(object, "hint", where, report, 500);
  readFlag(object, "slip", where, report);
  const optional = readFlag(object, "optional", where, report);
  if (Object.hasOwn(object, "category") && !isCategory(object["category"]))
    report(place(where, "category"), `The category must be one of ${Object.keys(CATEGORIES).join(", ")}.`);
  oneOf(object, "reach", REACHES, where, report);
  oneOf(object, "autocomplete", AUTOCOMPLETES, where, report);
  readErrors(object, optional, where, report);
  readWhen(object, where, report);
  readByKind(object, where, report);
  return object as Question;
}

function oneOf(object: JsonObject, key: string, values: readonly string[], where: string, report: Report): void {
  if (Object.hasOwn(object, key) && !values.includes(object[key] as string))
    report(place(where, key), `This must be one of ${values.join(", ")}.`);
}

function readErrors(object: JsonObject, optional: boolean, where: string, report: Report): void {
  const at = place(where, "errors");
  if (!Object.hasOwn(object, "errors")) {
    if (!optional) report(at, "A question that must be answered needs errors.missing: the message when it is not.");
    return;
  }
  const errors = readObject(object["errors"], at, report, optional ? [] : ["missing"], ["missing", "subject"]);
  readText(errors, "missing", at, report, 200);
  readText(errors, "subject", at, report, 100);
}

function readWhen(object: JsonObject, where: string, report: Report): void {
  if (!Object.hasOwn(object, "when")) return;
  const at = place(where, "when");
  const when = readObject(object["when"], at, report, ["question", "is"]);
  readSlug(when, "question", at, report);
  for (const value of readList(when, "is", at, report)) {
    if (typeof value !== "string") report(place(at, "is"), "This must be a list of option values.");
  }
}

function readByKind(object: JsonObject, where: string, report: Report): void {
  const kind = object["kind"];
  const choice = kind === "radios" || kind === "checkboxes";
  if (choice) readOptions(object, where, report);
  else if (Object.hasOwn(object, "options"))
    report(place(where, "options"), "Only radios and checkboxes have options.");
  if (kind === "long-text") readWhole(object, "maxLength", where, report, [1_000, 50_000]);
  else if (kind === "text") readWhole(object, "maxLength", where, report, [1, TEXT_LIMIT]);
  else if (Object.hasOwn(object, "maxLength"))
    report(place(where, "maxLength"), "Only text and long text have a length.");
  if (choice && Object.hasOwn(object, "autocomplete"))
    report(place(where, "autocomplete"), "Radios and checkboxes have no autocomplete.");
  if (
    (kind === "address") !== (object["autocomplete"] === "address") &&
    given(object, "autocomplete") &&
    object["autocomplete"] !== "off"
  )
    report(place(where, "autocomplete"), "“address” belongs to questions of the kind address, and to them only.");
  if (object["slip"] === true && (kind === "long-text" || kind === "address"))
    report(place(where, "slip"), "A long text or an address does not fit on the slip.");
}

function readOptions(object: JsonObject, where: string, report: Report): void {
  if (!Object.hasOwn(object, "options")) report(place(where, "options"), "Radios and checkboxes need options.");
  const seen = new Set<string>();
  readList(object, "options", where, report).forEach((value, index) => {
    const at = place(place(where, "options"), index);
    const option = readObject(value, at, report, ["value", "label"], ["hint"]);
    const name = readSlug(option, "value", at, report);
    readText(option, "label", at, report, 200);
    readText(option, "hint", at, report, 300);
    if (name && seen.has(name)) report(place(at, "value"), `“${name}” is used twice.`);
    seen.add(name);
  });
}
