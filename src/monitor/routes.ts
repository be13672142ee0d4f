/**
 * Addresses for staff, tried as a stranger: one id that exists and one that does not must be refused by the same bytes;
 * in the matrix every method and spelling (T25, T30).
 */
import type { Observation } from "../domain/watch/finding.ts";
import type { Config, Route } from "./config.ts";
import { contentIn, headersOf, isDenial, isRefusal, observe, told, type Of } from "./judge-answer.ts";
import type { Needle } from "./needles.ts";
import { NotLooked } from "./asker.ts";
import { ask, header, type Answer, type Ask } from "./stranger.ts";

const INVENTED: { readonly [part: string]: string } = {
  body: "no-such-body",
  form: "no-such-form",
  hash: "5".repeat(64),
  epoch: "977",
  "*": "no/such/thing",
};
const invented = (part: string): string => INVENTED[part] ?? "5a".repeat(16);

/** An address of a route with its parts filled. */
export const filled = (url: string, value: (part: string) => string): string =>
  url.replace(/:(\w+)(?:\([^)]*\))?/g, (_, part: string) => value(part)).replace("*", value("*"));

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Other spellings of one path. */
export const spellings = (path: string): string[] => {
  const last = path.lastIndexOf("/");
  const end = path.slice(last + 1);
  return [
    `${path}/`,
    `/${path}`,
    path.replaceAll("/", "//"),
    `/.${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/assets/..${path}`,
    `/assets/..%2f${path.slice(1)}`,
    path.replace("/api", "/API"),
    path.replace("/api", "/%61pi"),
    `${path.slice(0, last)}/${end.slice(0, 1)}${encodeLetter(end.slice(1, 2))}${end.slice(2)}`,
    `${path};x=1`,
    `${path}/..;/`,
    `${path}.json`,
    `${path}?format=json`,
    `${path}?admin=1&token=`,
    `${path}%00`,
    `${path}%20`,
    `${path}%2f`,
    path.slice(1).startsWith("api") ? `/health/..${path}` : `${path}#`,
  ];
};
const encodeLetter = (letter: string): string => (letter === "" ? "" : `%${letter.charCodeAt(0).toString(16)}`);

/** Headers by which something in between could be talked into letting somebody in. */
const HEADERS: readonly { readonly [name: string]: string }[] = [
  { "x-original-url": "/health" },
  { "x-rewrite-url": "/health" },
  { "x-forwarded-for": "127.0.0.1" },
  { "x-forwarded-host": "localhost" },
  { "x-forwarded-user": "admin" },
  { "x-http-method-override": "GET" },
  { forwarded: "for=127.0.0.1" },
  { authorization: "Bearer 0" },
  { authorization: "Basic YWRtaW46YWRtaW4=" },
  { cookie: `pillarbox-staff=${"0".repeat(64)}` },
  { accept: "text/html" },
  { accept: "application/xml" },
  { range: "bytes=0-99" },
];

export const placeOfRoute = ({ server, method, url }: Pick<Route, "server" | "method" | "url">): string =>
  `route ${server} ${method} ${url}`;

export type RouteLook = {
  readonly config: Config;
  readonly live: ReadonlyMap<string, string>;
  readonly needles: readonly Needle[];
  readonly shell: string;
  /** waits between addresses */
  readonly pause: () => Promise<void>;
};

/** @param whole every method and spelling, not only the route's own */
export async function lookAtRoute(
  { config, live, needles, shell, pause }: RouteLook,
  route: Route,
  whole: boolean,
): Promise<Observation[]> {
  const origin = config.origins[route.server];
  if (!origin) throw new NotLooked(`no address of ${route.server}`);
  const of: Of = { place: placeOfRoute(route), body: null, form: null };
  const path = filled(route.url, (part) => live.get(part) ?? invented(part));
  const to = (method: string, where: string, headers: Ask["headers"] = {}): Ask => ({
    method,
    origin,
    path: where,
    headers: {
      accept: "application/json",
      ...(unsafe(method) ? { origin } : {}),
      ...(bears(method) ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(bears(method) ? { body: "{}" } : {}),
  });
  const [real, none] = [await ask(to(route.method, path)), await ask(to(route.method, filled(route.url, invented)))];
  // A server that fails says nothing about who may.
  for (const answer of [real, none]) if (answer.status >= 500) throw new NotLooked(told(answer));
  const seen = [real, none].flatMap((answer) => [
    ...contentIn(of, answer, needles),
    ...headersOf(of, answer, "never", config.https),
    ...(isDenial(answer) ? [] : [observe(of, "route-open", told(answer))]),
  ]);
  if (!alike(real, none)) seen.push(observe(of, "denial-differs", told(real), told(none)));
  if (!whole) return merged(seen);
  const more: Ask[] = [
    ...METHODS.filter((method) => method !== route.method).map((method) => to(method, path)),
    ...spellings(path).flatMap((where) => [to(route.method, where)]),
    ...HEADERS.map((headers) => to(route.method, path, headers)),
    // The same path at the other servers is nothing there.
    ...(["public", "counter"] as const).flatMap((server) =>
      // Where the counter is a path of the public pages, one address is both.
      config.origins[server] && server !== route.server && config.origins[server] !== origin
        ? [{ ...to(route.method, path), origin: config.origins[server] }]
        : [],
    ),
  ];
  for (const one of more) {
    await pause();
    const answer = await ask(one);
    seen.push(...contentIn(of, answer, needles));
    if (!isClosed(answer, shell)) seen.push(observe(of, "route-open", told(answer)));
  }
  return merged(seen);
}

const bears = (method: string): boolean => ["POST", "PUT", "PATCH"].includes(method);
const unsafe = (method: string): boolean => !["GET", "HEAD", "OPTIONS"].includes(method);

/**
 * A refusal of any of our kinds; a page that shows the same empty staff app to everybody; a refusal page of the public
 * site.
 */
function isClosed(answer: Answer, shell: string): boolean {
  if (answer.status >= 500) throw new NotLooked(told(answer));
  if (isRefusal(answer) || (answer.status >= 400 && answer.status < 500)) return true;
  return /text\/html/.test(header(answer, "content-type")) && answer.bytes.toString("utf8") === shell;
}

/** The same answer but for what differs from moment to moment. */
function alike(a: Answer, b: Answer): boolean {
  const rest = ({ headers }: Answer): string =>
    JSON.stringify(
      Object.entries(headers)
        .filter(([name]) => name !== "date")
        .sort(),
    );
  return a.status === b.status && a.bytes.equals(b.bytes) && rest(a) === rest(b);
}

/** One observation for each code and place, with the evidence of all. */
export function merged(seen: readonly Observation[]): Observation[] {
  const byCode = new Map<string, Observation>();
  for (const one of seen) {
    const key = `${one.code} ${one.place} ${one.body}`;
    const before = byCode.get(key);
    byCode.set(
      key,
      before
        ? { ...before, evidence: [...new Set([...before.evidence, ...one.evidence])].slice(0, 12) }
        : { ...one, evidence: one.evidence.slice(0, 12) },
    );
  }
  return [...byCode.values()];
}
