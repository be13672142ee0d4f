/**
 * What a stranger sees in one answer: whether the marker stands in it, and how many entries beside it. Only counts
 * leave here, never what the entries say.
 */
import type { Answer } from "./pinned.ts";

export type Needles = { readonly words: string; readonly id: string };
/** How an answer holds entries: rows of a table, items of a list, lines of a file, members of an array. */
export type Shape = {
  readonly kind: "csv" | "json" | "tr" | "li" | "article" | "section" | "dt" | "p" | "text";
  readonly count: number;
};
export type Seen = { readonly marker: boolean; readonly shape: Shape };

/** A listing shows the beginning of a text: three of the words in a row are as good as all of them. */
const RUN = 3;
/** 48 bits of the id. */
const SHORT = 12;

/** Lower case, one space between words, whatever stood there: tags, encodings of a space, punctuation. */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, " ")
    .replace(/%20|\+|&nbsp;|&#32;|\\n/gi, " ")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ");
}

function holdsMarker(body: string, needles: readonly Needles[]): boolean {
  const text = ` ${plain(body)} `;
  return needles.some(({ words, id }) => {
    if (text.includes(id.slice(0, SHORT))) return true;
    const list = words.toLowerCase().split(" ");
    return (
      list.some((_, at) => at + RUN <= list.length && text.includes(` ${list.slice(at, at + RUN).join(" ")} `)) ||
      base64Of(words).some((one) => body.includes(one))
    );
  });
}

/**
 * The words inside base64, wherever in a group of three bytes they begin; the ends, which depend on their neighbours,
 * are left out.
 */
const base64Of = (words: string): readonly string[] =>
  [0, 1, 2].map((shift) =>
    Buffer.from(" ".repeat(shift) + words)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4)
      .slice(0, 32),
  );

/**
 * @param before how a listing was held when it was open: what is counted where the marker is not among what is shown
 */
export function lookAt(answer: Answer, needles: readonly Needles[], before: Shape["kind"] | null = null): Seen {
  const body = answer.body.toString("utf8");
  const open = answer.status >= 200 && answer.status < 300;
  return {
    marker: open && holdsMarker(body, needles),
    shape: open ? shapeOf(answer.type, body, needles, before) : { kind: "text", count: 0 },
  };
}

function shapeOf(type: string, body: string, needles: readonly Needles[], before: Shape["kind"] | null): Shape {
  const start = body.trimStart();
  if (/json/i.test(type) || start.startsWith("{") || start.startsWith("[")) {
    const count = largestArray(parse(body), needles);
    if (count !== null) return { kind: "json", count };
  }
  if (/csv|tab-separated/i.test(type) || (/text\/plain|octet-stream/i.test(type) && !start.startsWith("<")))
    return { kind: "csv", count: Math.max(0, records(body) - 1) };
  const counts = (["tr", "article", "li", "section", "dt", "p"] as const).map(
    (kind): Shape => ({ kind, count: blocks(body, kind) }),
  );
  const around = counts.find(
    ({ kind, count }) =>
      count > 0 &&
      body.split(new RegExp(`<${kind}[\\s>]`, "i")).some((block, index) => index > 0 && holdsMarker(block, needles)),
  );
  return (
    around ?? counts.find(({ kind, count }) => kind === (before ?? "tr") && count > 0) ?? { kind: "text", count: 0 }
  );
}

/**
 * Whether a listing that was open still lists: newer entries push the marker off a page, and that closes nothing.
 * Paragraphs and list items stand on every page, a page to sign in at too, so of these it takes about as many as
 * before.
 */
export const stillLists = (before: Shape, { kind, count }: Shape): boolean =>
  kind === before.kind &&
  before.count > 0 &&
  count >= (["tr", "csv", "json"].includes(kind) ? 1 : Math.max(2, Math.ceil(before.count / 2)));

/** Blocks of a kind; of table rows those with a cell that is no heading. */
const blocks = (body: string, kind: string): number =>
  body
    .split(new RegExp(`<${kind}[\\s>]`, "i"))
    .slice(1)
    .filter((block) => kind !== "tr" || /<td[\s>]/i.test(block)).length;

/** Lines of a table, of which a cell in quotation marks may span several. */
const records = (body: string): number =>
  body
    .replace(/"(?:[^"]|"")*"/g, "q")
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "").length;

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Members of the array that holds the marker, else of the longest; null where there is none. */
function largestArray(value: unknown, needles: readonly Needles[]): number | null {
  const found: { readonly length: number; readonly marker: boolean }[] = [];
  const walk = (one: unknown, deep: number): void => {
    if (deep > 6 || typeof one !== "object" || one === null) return;
    if (Array.isArray(one)) found.push({ length: one.length, marker: holdsMarker(JSON.stringify(one), needles) });
    for (const inner of Array.isArray(one) ? one.slice(0, 5) : Object.values(one)) walk(inner, deep + 1);
  };
  walk(value, 0);
  const best = found.filter(({ marker }) => marker);
  return (best.length > 0 ? best : found).reduce<number | null>(
    (most, { length }) => (most === null || length > most ? length : most),
    null,
  );
}

const LIKE_A_FILE = /\.(?:csv|tsv|xlsx?|json|xml|zip|sql|txt)(?:\?|$)|export|download/i;

/**
 * Links of a page to files on the same host: where results are open, what was exported from them often stays when they
 * are closed.
 */
export function filesLinked(answer: Answer, origin: string): readonly string[] {
  if (!/html/i.test(answer.type)) return [];
  const links = [...answer.body.toString("utf8").matchAll(/<a\s[^>]*?href\s*=\s*["']([^"']+)["']/gi)].map(([, href]) =>
    URL.parse(href!.replaceAll("&amp;", "&"), new URL(answer.path, origin).href),
  );
  return [
    ...new Set(
      links.flatMap((to) =>
        to && to.origin === origin && LIKE_A_FILE.test(to.pathname + to.search) ? [to.pathname + to.search] : [],
      ),
    ),
  ].slice(0, 20);
}
