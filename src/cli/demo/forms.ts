/** The forms of the demonstration, read from the repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../../domain/canonical.ts";
import { formOf, type Form } from "../../domain/form/form.ts";
import { FORM_OF } from "./fit.ts";
import type { Letter } from "./letter.ts";

export type DemoForms = { readonly [to in Letter["to"]]: Form };

/** Both forms under `root` (the repository); `FORM_INVALID` when one does not hold. */
export function demoForms(root: string): DemoForms {
  const read = (id: string): Form => formOf(parseJson(readFileSync(join(root, "forms", `${id}.json`), "utf8")));
  return { complaint: read(FORM_OF.complaint), contact: read(FORM_OF.contact) };
}
