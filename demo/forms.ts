/** The forms of the demonstration, read from the repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../src/domain/canonical.ts";
import { formOf, type Form } from "../src/domain/form/form.ts";
import { FORM_OF } from "./fit.ts";
import type { Letter } from "./letter.ts";

export type DemoForms = { readonly [to in Letter["to"]]: Form };

const readForm = (root: string, id: string): Form =>
  formOf(parseJson(readFileSync(join(root, "forms", `${id}.json`), "utf8")));

/** Both forms under `root` (the repository); `FORM_INVALID` when one does not hold. */
export const demoForms = (root: string): DemoForms => ({
  complaint: readForm(root, FORM_OF.complaint),
  contact: readForm(root, FORM_OF.contact),
});

/**
 * By which anybody tells the data protection officer of a problem with the body's data. No letter of the demonstration
 * goes there.
 */
export const dataProblemForm = (root: string): Form => readForm(root, "report-data-problem");
