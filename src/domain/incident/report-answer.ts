/**
 * One answer of a report: a code of the question's own list, a count, a time, or an officer's own words. There is no
 * kind of answer that a name, an address or a line out of a letter would fit by itself (T42).
 */
import { Fault } from "../problem.ts";
import { MOST_WORDS, wordsOf, type Words } from "./words.ts";

export const COUNT_HOW = {
  exact: "exact",
  approximate: "approximate",
  "at-most": "at most: the greatest possible number, because it is not known yet",
} as const;
export type CountHow = keyof typeof COUNT_HOW;

export type Answer =
  | { readonly kind: "words"; readonly words: Words }
  | { readonly kind: "choice"; readonly code: string; readonly more?: Words }
  | { readonly kind: "choices"; readonly codes: readonly string[]; readonly more?: Words }
  | { readonly kind: "count"; readonly count: number; readonly how: CountHow }
  /** milliseconds since the epoch */
  | { readonly kind: "moment"; readonly at: number; readonly estimated: boolean };

export type AnswerKind = Answer["kind"];

type Question = { readonly kind: AnswerKind; readonly codes?: Readonly<Record<string, string>> };

const bad = (): never => {
  throw new Fault("BAD_REQUEST", "the answer does not fit its question");
};
const object = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : bad();
const whole = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : bad();
const text = (value: unknown): Words =>
  typeof value === "string" && value.trim() !== "" ? wordsOf(value, MOST_WORDS) : bad();

/** Exactly the fields of its kind, each fitting; anything else is refused (`BAD_REQUEST`). */
export function answerOf({ kind, codes = {} }: Question, value: unknown): Answer {
  const given = object(value);
  const known = (code: unknown): string => (typeof code === "string" && Object.hasOwn(codes, code) ? code : bad());
  const more = given["more"] === undefined ? {} : { more: text(given["more"]) };
  const exactly = (answer: Answer): Answer =>
    Object.keys(given).every((key) => Object.hasOwn(answer, key)) ? answer : bad();
  if (given["kind"] !== kind) return bad();
  switch (kind) {
    case "words":
      return exactly({ kind, words: text(given["words"]) });
    case "choice":
      return exactly({ kind, code: known(given["code"]), ...more });
    case "choices": {
      const chosen = Array.isArray(given["codes"]) ? given["codes"].map(known) : bad();
      // In the list's own order, once each: so that the same answer has one spelling.
      const inOrder = Object.keys(codes).filter((code) => chosen.includes(code));
      if (chosen.length === 0 || inOrder.length !== chosen.length) return bad();
      return exactly({ kind, codes: inOrder, ...more });
    }
    case "count": {
      const how = given["how"];
      return exactly({
        kind,
        count: whole(given["count"]),
        how: typeof how === "string" && Object.hasOwn(COUNT_HOW, how) ? (how as CountHow) : bad(),
      });
    }
    case "moment":
      return exactly({
        kind,
        at: whole(given["at"]),
        estimated: typeof given["estimated"] === "boolean" ? given["estimated"] : bad(),
      });
  }
}

/** Whether an answer says that the answer is not known. */
export const saysUnknown = (answer: Answer, unknown: string): boolean =>
  answer.kind === "choice" ? answer.code === unknown : answer.kind === "choices" && answer.codes.includes(unknown);
