/** The rules of questions with several fields: date and address. */
import type { Outcome } from "./answer.ts";
import { cleanLine } from "./clean.ts";
import { ADDRESS_PARTS, DATE_PARTS, valuesIn, type Fields } from "./fields.ts";
import type { Question } from "./question.ts";
import { whenEmpty } from "./single.ts";

type Issue = { readonly field: string; readonly text: string };

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const EARLIEST = 1900;
const LATEST = 2100;

/** A part as typed; more than one value, or a very long one, counts as one that cannot be right. */
function part(fields: Fields, name: string): string {
  const values = valuesIn(fields, name);
  return values.length > 1 ? "?" : cleanLine((values[0] ?? "").slice(0, 1_000));
}

export function checkDate(question: Question, fields: Fields): Outcome {
  const { id } = question;
  const subject = question.errors?.subject ?? "The date";
  const typed = DATE_PARTS.map((name) => ({ name, text: part(fields, `${id}-${name}`) }));
  const missing = typed.filter(({ text }) => text === "");
  if (missing.length === DATE_PARTS.length) return whenEmpty(question, `${id}-day`);
  const wrong = (name: string, text: string): Outcome => ({ problems: [{ field: `${id}-${name}`, text }] });
  const [first] = missing;
  if (first) return wrong(first.name, `${subject} must include a ${missing.map(({ name }) => name).join(" and ")}`);

  const [day, month, year] = [whole(typed[0]!.text, 2), monthOf(typed[1]!.text), whole(typed[2]!.text, 4)];
  if (/^\d{1,3}$/.test(typed[2]!.text)) return wrong("year", "Year must include 4 numbers");
  if (year === undefined) return wrong("year", `${subject} must be a real date`);
  if (month === undefined || month < 1 || month > 12) return wrong("month", `${subject} must be a real date`);
  if (day === undefined || day < 1 || day > daysIn(month, year)) return wrong("day", `${subject} must be a real date`);
  if (year < EARLIEST || year > LATEST) return wrong("year", `Year must be between ${EARLIEST} and ${LATEST}`);
  return { answer: { day, month, year }, problems: [] };
}

const whole = (text: string, digits: number): number | undefined =>
  /^\d+$/.test(text) && text.length <= digits ? Number(text) : undefined;

function monthOf(text: string): number | undefined {
  const name = text.toLowerCase().replace(/\.$/, "");
  const index = MONTHS.findIndex((month) => month === name || (name.length >= 3 && month.startsWith(name)));
  return index >= 0 ? index + 1 : whole(text, 2);
}

function daysIn(month: number, year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const PART_LIMIT = 100;
const PART_NAMES = {
  line1: "Address line 1",
  line2: "Address line 2",
  town: "Town or city",
  county: "County",
  postcode: "Postcode",
};

export function checkAddress(question: Question, fields: Fields): Outcome {
  const { id } = question;
  const typed = Object.fromEntries(ADDRESS_PARTS.map((name) => [name, part(fields, `${id}-${name}`)])) as Record<
    (typeof ADDRESS_PARTS)[number],
    string
  >;
  if (ADDRESS_PARTS.every((name) => typed[name] === "")) return whenEmpty(question, `${id}-line1`);
  const problems: Issue[] = [];
  const wrong = (name: string, text: string): number => problems.push({ field: `${id}-${name}`, text });
  for (const name of ADDRESS_PARTS) {
    if (typed[name].length > PART_LIMIT) wrong(name, `${PART_NAMES[name]} must be ${PART_LIMIT} characters or fewer`);
  }
  if (typed.line1 === "") wrong("line1", "Enter address line 1, typically the building and street");
  if (typed.town === "") wrong("town", "Enter town or city");
  const postcode = postcodeOf(typed.postcode);
  if (typed.postcode === "") wrong("postcode", "Enter postcode");
  else if (postcode === undefined) wrong("postcode", "Enter a postcode in the correct format, like AA3 1AB");
  if (problems.length > 0 || postcode === undefined) return { problems };
  const { line1, line2, town, county } = typed;
  return { answer: { line1, ...(line2 && { line2 }), town, ...(county && { county }), postcode }, problems: [] };
}

/** A British postcode in its usual spelling; another country's code as typed, in capitals. */
function postcodeOf(text: string): string | undefined {
  const code = text.toUpperCase();
  const british = /^([A-Z]{1,2}\d[A-Z\d]?)[ -]?(\d[A-Z]{2})$/.exec(code);
  if (british) return `${british[1]} ${british[2]}`;
  return /^(?=.*\d)[A-Z\d][A-Z\d -]{1,10}[A-Z\d]$/.test(code) ? code : undefined;
}
