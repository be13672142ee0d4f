/** What a POST brings: the answers' fields, and the counter's own fields, which are all the state that there is. */
import { randomBytes } from "node:crypto";
import { fromHex, taggedHash, toHex, type Bytes } from "../domain/bytes.ts";
import { canonicalBytes } from "../domain/canonical.ts";
import type { Answers } from "../domain/form/answers.ts";
import { namesOf, valuesIn, type Fields } from "../domain/form/fields.ts";
import type { Form } from "../domain/form/form.ts";
import type { Hidden } from "../domain/form/page.ts";
import { RECEIPT_BYTES } from "../domain/receipt/words.ts";

export type Step =
  | { readonly kind: "answers" }
  | { readonly kind: "send" }
  | { readonly kind: "change"; readonly question: string };

export type Posted = {
  readonly step: Step;
  /** hash of the form version that was filled in; "" where the page did not say */
  readonly formHash: string;
  /** 256 random bits in hex, made on the first POST */
  readonly entropy: string;
  /** the submission of an earlier send of which nobody knows whether it arrived; "" where there was none */
  readonly tried: string;
  readonly fields: Fields;
};

const OWN = new Set(["_step", "_form", "_entropy", "_tried"]);

/** A urlencoded body as parsed: strings, and lists of strings where a name was sent more than once. */
export function readPosted(body: unknown): Posted {
  const all = Object.entries((body ?? {}) as { [name: string]: string | string[] });
  const own = Object.fromEntries(all.filter(([name]) => OWN.has(name)));
  const one = (name: string): string => valuesIn(own, name).at(-1) ?? "";
  const entropy = one("_entropy");
  const tried = one("_tried");
  return {
    step: stepOf(one("_step")),
    formHash: one("_form"),
    entropy: /^[0-9a-f]{64}$/.test(entropy) ? entropy : randomBytes(32).toString("hex"),
    tried: /^[0-9a-f]{32}$/.test(tried) ? tried : "",
    fields: Object.fromEntries(all.filter(([name]) => !OWN.has(name))),
  };
}

function stepOf(text: string): Step {
  if (text === "send") return { kind: "send" };
  return text.startsWith("change ") ? { kind: "change", question: text.slice("change ".length) } : { kind: "answers" };
}

/**
 * The submission id of these answers. The same answers, sent twice by an impatient hand, are the same submission;
 * changed answers are another. The entropy makes it 128 bits that only this person's page knows, and that tell nothing
 * about the answers.
 */
export const submissionIdOf = (form: Form, entropy: string, answers: Answers): string =>
  toHex(taggedHash("counter-id", form.id, fromHex(entropy), canonicalBytes(answers)).subarray(0, 16));

/** The receipt of these answers, by the same rule: what is posted twice has the same words. */
export const receiptOf = (form: Form, entropy: string, answers: Answers): Bytes =>
  taggedHash("counter-receipt", form.id, fromHex(entropy), canonicalBytes(answers)).subarray(0, RECEIPT_BYTES);

/** The counter's own fields for the next page. */
export const ownFields = (formHash: string, { entropy, tried }: Pick<Posted, "entropy" | "tried">): Hidden => [
  { name: "_form", value: formHash },
  { name: "_entropy", value: entropy },
  ...(tried === "" ? [] : [{ name: "_tried", value: tried }]),
];

/** Only the fields that a form has: what somebody wrote into an earlier version is kept as far as it still fits. */
export function fieldsFor(form: Form, fields: Fields): Fields {
  const names = form.questions.flatMap(namesOf).filter((name) => Object.hasOwn(fields, name));
  return Object.fromEntries(names.map((name) => [name, fields[name]!]));
}
