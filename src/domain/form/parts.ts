/** The rules of questions with several fields: date and address. */
import type { AddressAnswer, Outcome } from "./answer.ts";
import { cleanCode, cleanLine, isSeen, lengthOf } from "./clean.ts";
import { ADDRESS_PARTS, DATE_PARTS, valuesIn, type Fields } from "./fields.ts";
import type { Question } from "./question.ts";
import { whenEmpty, type Given } from "./single.ts";

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
function part(fields: Fields, name: string, clean: (text: string) => string): string {
  const values = valuesIn(fields, name);
  return values.length > 1 ? "?" : clean((values[0] ?? "").slice(0, 1_000));
}

export function checkDate(question: Question, fields: Fields): Outcome {
  const { id } = question;
  const subject = question.errors?.subject ?? "The date";
  const typed = DATE_PARTS.map((name) => ({ name, text: part(fields, `${id}-${name}`, cleanCode) }));
  const missing = typed.filter(({ text }) => text === "");
  if (missing.length === DATE_PARTS.length) return whenEmpty(question, `${id}-day`);
  const wrong = (name: string, text: string): Outcome => ({ problems: [{ field: `${id}-${name}`, text }] });
  const [first] = missing;
  if (first) return wrong(first.name, `${subject} must include a ${missing.map(({ name }) => name).join(" and ")}`);

  const [day, month, year] = [
    whole(typed[0]!.text.replace(/(?<=\d)(?:st|nd|rd|th)$/i, ""), 2),
    monthOf(typed[1]!.text),
    whole(typed[2]!.text, 4),
  ];
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
  country: "Country",
};
/** Forces' post has no town, and its number stands wherever there is room. */
const FORCES = /\bBFPO\b/i;
const FORCES_CODE = /^BF1 \d[A-Z]{2}$/;
const NO_HOME =
  /^(?:(?:i have )?no (?:fixed|permanent) (?:abode|address|home)|n\.?f\.?a\.?|homeless|of no fixed abode)\.?$/i;
/** Said instead of a postcode that somebody does not have. */
const NO_CODE = /^(?:none|n\/?a|no|not known|unknown|don['\u2019]?t know|no postcode|-+|\?+)$/i;

/** An address in parts. Somebody without one is offered another way, because no letter would reach them. */
export function checkAddress(question: Question, fields: Fields, as: Given): Outcome {
  const { id } = question;
  const typed = Object.fromEntries(
    ADDRESS_PARTS.map((name) => [name, part(fields, `${id}-${name}`, name === "postcode" ? cleanCode : cleanLine)]),
  ) as Record<(typeof ADDRESS_PARTS)[number], string>;
  if (as === "typed") for (const name of ADDRESS_PARTS) if (!isSeen(typed[name])) typed[name] = "";
  if (ADDRESS_PARTS.every((name) => typed[name] === "")) return whenEmpty(question, `${id}-line1`);
  const { line1, line2, town, county, country } = typed;
  const problems: Issue[] = [];
  const wrong = (name: string, text: string): number => problems.push({ field: `${id}-${name}`, text });
  if (as === "typed" && NO_HOME.test(line1)) return { problems: [{ field: `${id}-line1`, text: noHome(question) }] };
  for (const name of ADDRESS_PARTS) {
    if (lengthOf(typed[name]) > PART_LIMIT)
      wrong(name, `${PART_NAMES[name]} must be ${PART_LIMIT} characters or fewer`);
  }
  const asked = NO_CODE.test(typed.postcode) ? "" : typed.postcode;
  const postcode = country === "" ? postcodeOf(asked) : asked.toUpperCase();
  const forces = FORCES_CODE.test(postcode ?? "") || ADDRESS_PARTS.some((name) => FORCES.test(typed[name]));
  if (line1 === "") wrong("line1", "Enter address line 1, typically the building and street");
  if (town === "" && !forces && (asked === "" || postcode === undefined)) wrong("town", "Enter town or city");
  if (postcode === undefined)
    wrong("postcode", "Enter a postcode in the correct format, like AA3 1AB, or leave it out if you do not know it");
  if (problems.length > 0) return { problems };
  const given = { line1, line2, town, county, postcode, country };
  return {
    answer: Object.fromEntries(Object.entries(given).filter(([, text]) => text)) as AddressAnswer,
    problems: [],
  };
}

/** Who is asked by a choice of theirs can choose again; who must answer here is told what else can stand here. */
const noHome = ({ when, optional }: Question): string =>
  [
    "A letter cannot reach you without an address.",
    when !== undefined
      ? "Choose another way for us to reach you,"
      : optional === true
        ? "Leave this out, and say elsewhere how we can reach you,"
        : "Say where you can be found,",
    "or give the address of somebody who takes in post for you, for example a day centre, a friend or a Post Office that keeps letters",
  ].join(" ");

/** A British postcode in its usual spelling; another country's code as typed, in capitals; "" where there is none. */
function postcodeOf(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[ .,;]+$/, "");
  if (code === "") return "";
  const british = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(code.replaceAll(/[ -]/g, ""));
  if (british) return `${british[1]} ${british[2]}`;
  return /^(?=.*\d)[A-Z\d][A-Z\d -]{1,10}[A-Z\d]$/.test(code) ? code : undefined;
}
