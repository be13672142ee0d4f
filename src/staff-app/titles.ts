/** What a form is called here: by the definition that an owner signed, not by what the server calls it (T1). */
import { parseJson } from "../domain/canonical.ts";
import { toHex } from "../domain/bytes.ts";
import { formHash, formOf } from "../domain/form/form.ts";
import type { FormState } from "../domain/grant/state.ts";
import type { Keyring } from "./keyring.ts";
import type { Visit } from "./visit.ts";

/** Titles whose definition had the signed hash, by that hash; they go when the visit's keys go. */
const known = new WeakMap<Keyring, Map<string, string>>();

/** The title in a definition, if that is the one with this hash. */
export function titleIn(text: string, hash: string): string | null {
  try {
    const form = formOf(parseJson(text));
    return formHash(form) === hash ? form.title : null;
  } catch {
    return null;
  }
}

/**
 * The title of a form as an owner signed it. Where no definition comes that fits, its short name, which stands in the
 * statement itself.
 */
export async function titleOf(
  { api, keyring }: Pick<Visit, "api" | "keyring">,
  body: string,
  signed: FormState,
): Promise<string> {
  const titles = known.get(keyring) ?? new Map<string, string>();
  known.set(keyring, titles);
  const hash = toHex(signed.formHash);
  const before = titles.get(hash);
  if (before !== undefined) return before;
  const text = await api.form(body, hash).catch(() => "");
  const title = titleIn(text, hash);
  if (title === null) return signed.form;
  titles.set(hash, title);
  return title;
}
