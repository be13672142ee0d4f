/**
 * A marked letter, sent through the site's own form as anybody would send one. It says what it is, and holds nobody's
 * data.
 */
import { fromHex } from "../../domain/bytes.ts";
import { newId } from "../../domain/seal/random.ts";
import { markerWords } from "../../domain/watch/marker.ts";
import type { Needles } from "./look.ts";
import { NotLooked } from "../asker.ts";
import type { Visitor } from "./pinned.ts";
import type { SiteForm } from "./site.ts";

export type Planted = { readonly id: string; readonly at: number };

export const needlesOf = (secret: string, planted: readonly Planted[]): readonly Needles[] =>
  planted.map(({ id }) => ({ id, words: markerWords(fromHex(secret), id) }));

const NOTE = "This is a test by the monitor of this website. It is not from a person. Please leave it where it is:";

/** Sends one. @throws `NotLooked` when the site did not take it */
export async function plant(visitor: Visitor, form: SiteForm, secret: string, now: number): Promise<Planted> {
  const id = newId();
  const words = markerWords(fromHex(secret), id);
  const page = await visitor.ask({ path: form.page });
  if (page.status !== 200) throw new NotLooked(`${form.page} answered ${page.status}`);
  const filled = Object.entries(form.fields).map(
    ([name, text]) => [name, text.replaceAll("{words}", `${NOTE} ${words}`).replaceAll("{id}", id)] as const,
  );
  const own = new Set(filled.map(([name]) => name));
  const body = new URLSearchParams(
    [...hiddenFields(page.body.toString("utf8")).filter(([name]) => !own.has(name)), ...filled].map(
      ([name, value]) => [name, value] as [string, string],
    ),
  ).toString();
  const cookie = (page.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]!).join("; ");
  const answer = await visitor.ask({ method: "POST", path: form.action, body, ...(cookie && { cookie }) });
  const taken = answer.status < 400 && (form.sent === "" || answer.body.toString("utf8").includes(form.sent));
  if (!taken)
    throw new NotLooked(
      `the form at ${form.action} answered ${answer.status}${form.sent === "" ? "" : " without the words that say it was sent"}`,
    );
  return { id, at: now };
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i")
    .exec(tag)
    ?.slice(1)
    .find((one) => one !== undefined);
const unescaped = (text: string): string =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** What the page carries along, such as the token that many forms ask back. */
function hiddenFields(html: string): readonly (readonly [string, string])[] {
  return [...html.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]) => {
    const name = attribute(tag, "name");
    return attribute(tag, "type")?.toLowerCase() === "hidden" && name !== undefined
      ? [[unescaped(name), unescaped(attribute(tag, "value") ?? "")] as const]
      : [];
  });
}
