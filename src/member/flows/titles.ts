/** What a form is called here: by the definition that an owner signed, not by what the server calls it (T1). */
import { parseJson } from "../../domain/canonical.ts";
import { toHex } from "../../domain/bytes.ts";
import { formHash, formOf } from "../../domain/form/form.ts";
import type { FormState } from "../../domain/grant/state.ts";
import type { Hands, Member } from "../member.ts";

/** Titles whose definition had the signed hash, by that hash; they go when the member's keys go. */
const known = new WeakMap<Hands, Map<string, string>>();

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
  { api, hands }: Pick<Member, "api" | "hands">,
  body: string,
  signed: FormState,
): Promise<string> {
  const titles = known.get(hands) ?? new Map<string, string>();
  known.set(hands, titles);
  const hash = toHex(signed.formHash);
  const before = titles.get(hash);
  if (before !== undefined) return before;
  const text = await api.form(body, hash).catch(() => "");
  const title = titleIn(text, hash);
  if (title === null) return signed.form;
  titles.set(hash, title);
  return title;
}
