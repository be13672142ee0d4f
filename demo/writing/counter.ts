/**
 * Writing a letter as a browser without script does: through the counter's pages, carrying its hidden fields from one
 * to the next.
 */
import type { Fields } from "../../src/domain/form/fields.ts";
import { Fault } from "../../src/domain/problem.ts";
import { fetchFrom } from "../../src/cli/fetch.ts";

export type Page = { readonly status: number; readonly html: string };

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal: string, hex: string, name: string) =>
    decimal
      ? String.fromCodePoint(Number(decimal))
      : hex
        ? String.fromCodePoint(parseInt(hex, 16))
        : (ENTITIES[name] ?? whole),
  );

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plain(found);
};

/** One form step: name and value of each hidden field of the form whose `_step` is this, in the order of the page. */
export function hiddenFields(html: string, step: string): [string, string][] {
  for (const [, inside = ""] of html.matchAll(/<form\b[^>]*>(.*?)<\/form>/gs)) {
    const fields = [...inside.matchAll(/<(?:input|button)\b[^>]*>/g)].flatMap(([tag]): [string, string][] => {
      const name = attribute(tag, "name");
      const hidden = attribute(tag, "type") === "hidden" || (name === "_step" && attribute(tag, "value") === step);
      return hidden && name !== undefined ? [[name, attribute(tag, "value") ?? ""]] : [];
    });
    if (fields.some(([name, value]) => name === "_step" && value === step)) return fields;
  }
  throw new Fault("BAD_REQUEST", `the page has no step “${step}”`);
}

/** Posts one step. A page that shows errors comes back too; the caller looks at its status. */
export async function postStep(
  counterOrigin: string,
  form: string,
  pairs: readonly (readonly [string, string])[],
): Promise<Page> {
  const response = await fetchFrom(`${counterOrigin}/counter/forms/${form}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString(),
  });
  return { status: response.status, html: await response.text() };
}

export const pairsOf = (fields: Fields): [string, string][] =>
  Object.entries(fields).flatMap(
    ([name, value]) =>
      (typeof value === "string" ? [[name, value]] : value.map((one) => [name, one])) as [string, string][],
  );

/**
 * Answers, check, send: the three pages of a visit.
 * @param entropy 64 hex digits instead of those that the counter makes: the same answers sent with them again are the
 * same submission
 */
export async function sendByCounter(
  counterOrigin: string,
  form: string,
  fields: Fields,
  entropy?: string,
): Promise<Page> {
  const own: [string, string][] = entropy === undefined ? [] : [["_entropy", entropy]];
  const check = await postStep(counterOrigin, form, [...pairsOf(fields), ...own, ["_step", "answers"]]);
  if (check.status !== 200) throw new Fault("UNAVAILABLE", `the counter answered ${check.status}`);
  return postStep(counterOrigin, form, hiddenFields(check.html, "send"));
}
