/** A body's own form in a rehearsal: letters that anybody could have written, with a word to look for in each text. */
import { readFileSync } from "node:fs";
import { parseJson } from "../src/domain/canonical.ts";
import type { Fields } from "../src/domain/form/fields.ts";
import { formOf, type Form } from "../src/domain/form/form.ts";
import { BODY } from "./place.ts";

/** A form from its file, moved to the invented body of the rehearsal. @throws `FORM_INVALID` */
export const ownForm = (file: string): Form =>
  formOf({ ...(parseJson(readFileSync(file, "utf8")) as object), body: BODY });

/** Every question that is asked is answered, and another choice is taken each time. */
export function answersTo(form: Form, number: number, word: string): Fields {
  const fields: { [name: string]: string | readonly string[] } = {};
  const chosen = (question: string): readonly string[] => [fields[question] ?? []].flat();
  for (const { id, kind, when, options = [] } of form.questions) {
    if (when && !when.is.some((value) => chosen(when.question).includes(value))) continue;
    const option = options[number % Math.max(1, options.length)]?.value ?? "";
    if (kind === "radios") fields[id] = option;
    else if (kind === "checkboxes") fields[id] = [option];
    else if (kind === "email") fields[id] = `rehearsal.${number}@letters.example`;
    else if (kind === "telephone") fields[id] = `01632 960${String(number % 1000).padStart(3, "0")}`;
    else if (kind === "date")
      Object.assign(fields, { [`${id}-day`]: "1", [`${id}-month`]: "2", [`${id}-year`]: "2026" });
    else if (kind === "address")
      Object.assign(fields, {
        [`${id}-line1`]: `${number} Rehearsal Row`,
        [`${id}-town`]: "Harrowmere",
        [`${id}-postcode`]: "AA3 1AB",
      });
    else fields[id] = `Rehearsal ${number} ${word}`;
  }
  return fields;
}
