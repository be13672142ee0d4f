/**
 * Pages and programs that everybody may have: that they hold nothing they must not, load nothing from elsewhere, and
 * run what was built (T3, T26, T29).
 */
import type { Observation } from "../domain/watch/finding.ts";
import type { Config, ServerName } from "./config.ts";
import { contentIn, hashOf, headersOf, observe, told, type Kept, type Of } from "./judge-answer.ts";
import type { Needle } from "./needles.ts";
import { merged } from "./routes.ts";
import { NotLooked } from "./asker.ts";
import { ask, BROWSER, header, type Answer } from "./stranger.ts";

/** Answers that may be kept: what is built, what is in the log for ever, the icon. */
const KEEPABLE = /^\/(?:assets\/|log\/tile\/|favicon\.ico$)/;

export const placeOfPage = (server: ServerName, path: string): string => `page ${server} ${path}`;

type Tag = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

/** Tags of a page of ours, which are simple; anything stranger than that is looked at as text by the needles. */
function tagsOf(html: string): Tag[] {
  const tags: Tag[] = [];
  for (const [, name, rest] of html.matchAll(/<([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
    const attributes = new Map(
      [...(rest ?? "").matchAll(/([a-z:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi)].map(
        (m) => [m[1]!.toLowerCase(), m[2] ?? m[3] ?? m[4] ?? ""] as const,
      ),
    );
    tags.push({ name: name!.toLowerCase(), attributes });
  }
  return tags;
}

/** What a browser fetches by itself, and where a form goes. */
const FETCHED: { readonly [tag: string]: readonly string[] } = {
  script: ["src"],
  img: ["src", "srcset"],
  iframe: ["src"],
  embed: ["src"],
  object: ["data"],
  video: ["src", "poster"],
  audio: ["src"],
  source: ["src", "srcset"],
  track: ["src"],
  link: ["href"],
  form: ["action"],
  button: ["formaction"],
  input: ["formaction", "src"],
  base: ["href"],
  use: ["href"],
};

function fromElsewhere(config: Config, server: ServerName, tags: readonly Tag[]): string[] {
  const ours = new Set(Object.values(config.origins));
  const own = config.origins[server] ?? "";
  const hosts = tags.flatMap(({ name, attributes }) =>
    (FETCHED[name] ?? []).flatMap((attribute) => {
      const value = attributes.get(attribute);
      if (value === undefined || value === "") return [];
      const url = URL.parse(value.trim(), `${own}/`);
      if (url === null) return [`${name} ${attribute} that is no address`];
      return ours.has(url.origin) ? [] : [`${name} from ${url.protocol === "data:" ? "inside the page" : url.host}`];
    }),
  );
  return [
    ...new Set([
      ...hosts,
      ...(tags.some(({ attributes }) => [...attributes.keys()].some((attribute) => /^on[a-z]+$/.test(attribute)))
        ? ["a script in an attribute"]
        : []),
    ]),
  ];
}

const scriptsIn = (tags: readonly Tag[]): readonly string[] =>
  tags
    .filter(({ name }) => name === "script")
    .map(({ attributes }) => attributes.get("src") ?? `inline ${attributes.get("type") ?? "script"}`)
    .filter((one) => one !== "inline application/json");

/**
 * One address that everybody may have.
 * @param scripts the programs that this page loads, all of them; null: any that was built
 */
export async function lookAtPage(
  config: Config,
  server: ServerName,
  path: string,
  of: Of,
  needles: readonly Needle[],
  scripts: readonly string[] | null,
): Promise<Observation[]> {
  const origin = config.origins[server];
  if (!origin) throw new NotLooked(`no address of ${server}`);
  // As a browser asks, so that a program that is put into some people's pages is put into this one.
  const answer = await ask({
    method: "GET",
    origin,
    path,
    headers: {
      accept: "text/html,application/xhtml+xml,*/*;q=0.8",
      "accept-language": "en-GB,en;q=0.9",
      "user-agent": BROWSER,
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    },
  });
  if (answer.status >= 500) throw new NotLooked(told(answer));
  return merged([
    ...contentIn(of, answer, needles),
    ...headersOf(of, answer, KEEPABLE.test(path) ? "may" : ("never" satisfies Kept), config.https),
    ...(/text\/html/.test(header(answer, "content-type")) ? inPage(config, server, of, answer, scripts) : []),
  ]);
}

function inPage(
  config: Config,
  server: ServerName,
  of: Of,
  answer: Answer,
  scripts: readonly string[] | null,
): Observation[] {
  const tags = tagsOf(answer.bytes.toString("utf8"));
  const elsewhere = fromElsewhere(config, server, tags);
  const loaded = scriptsIn(tags);
  // The staff pages answer every address with the same page; a public page that refuses runs nothing.
  const wanted = server === "staff" || answer.status === 200 ? (scripts ?? []) : [];
  const may = scripts ?? config.surface.assets.filter((one) => one.server === server).map((one) => one.path);
  const other = [
    ...loaded.filter((one) => !may.includes(one)).map((one) => `it runs ${nameOf(config, server, one)}`),
    ...wanted.filter((one) => !loaded.includes(one)).map((one) => `it does not run ${one}`),
  ];
  return [
    ...(elsewhere.length > 0 ? [observe(of, "third-party", told(answer, elsewhere.join(", ")))] : []),
    ...(other.length > 0 ? [observe(of, "script-altered", told(answer, other.join(", ")))] : []),
  ];
}

/**
 * A program by where it comes from: our own path, somebody else's host, or that it stands in the page. What stands in
 * an address is not ours to keep.
 */
function nameOf(config: Config, server: ServerName, script: string): string {
  if (script.startsWith("inline ")) return "a program that stands in the page";
  const url = URL.parse(script, `${config.origins[server] ?? ""}/`);
  if (url === null) return "a program at no address";
  return Object.values(config.origins).includes(url.origin) ? url.pathname.slice(0, 80) : `a program from ${url.host}`;
}

export const placeOfAsset = (server: ServerName, path: string): string => `asset ${server} ${path}`;

/** A built program or style sheet, as it is served to a browser and as it is served to us. */
export async function lookAtAsset(
  config: Config,
  server: ServerName,
  path: string,
  hash: string | null,
): Promise<Observation[]> {
  const origin = config.origins[server];
  if (!origin) throw new NotLooked(`no address of ${server}`);
  const of: Of = { place: placeOfAsset(server, path), body: null, form: null };
  const seen: Observation[] = [];
  for (const headers of [{ "user-agent": BROWSER, "sec-fetch-dest": "script", referer: `${origin}/` }, {}]) {
    const answer = await ask({ method: "GET", origin, path, headers });
    if (answer.status >= 500) throw new NotLooked(told(answer));
    // A file of an earlier build is nowhere any more, and that is well.
    const same = hash === null ? answer.status === 404 : answer.status === 200 && hashOf(answer.bytes) === hash;
    if (!same) seen.push(observe(of, "script-altered", told(answer, "not the file that was built")));
  }
  return merged(seen);
}
