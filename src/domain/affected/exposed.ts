/**
 * The addresses that were exposed, and whether a request asked for one of them, however it was spelled. Everything is a
 * byte string here (each character is one byte), because that is what an access log holds.
 */
import { toUtf8, type Bytes } from "../bytes.ts";

/** An exposed address. Its tree is everything below it as well; a query names what a request must hold at least. */
export type Exposed = {
  readonly given: string;
  readonly path: string;
  readonly tree: boolean;
  readonly query: readonly Pair[];
};
type Pair = readonly [name: string, value: string];

/** Servers, proxies and programs each decode once; more than five of them in a row have not been seen. */
const DECODINGS = 5;

/** One character a byte. */
export function byteString(bytes: Bytes, from = 0, to = bytes.length): string {
  let text = "";
  for (let at = from; at < to; at += 4096)
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(at + 4096, to)) as never);
  return text;
}

/**
 * An exposed address as somebody wrote it: `/results`, `/results/*` for all below, `/index.php?q=results` where a query
 * chooses the page, or a whole address. Null for anything else.
 */
export function parseExposed(text: string): Exposed | null {
  const given = text.trim();
  const bare = byteString(toUtf8(given.replace(/^https?:\/\/[^/?#]*/i, "").replace(/#.*$/s, "") || "/"));
  if (given === "" || !bare.startsWith("/") || /[\u0000-\u0020]/.test(bare)) return null;
  const tree = /\/\*$/.test(bare);
  const [path, query] = splitTarget(tree ? bare.slice(0, -2) : bare);
  return path.includes("*") ? null : { given, path: normalPath(path), tree, query: pairsOf(query) };
}

/** The exposed address that a request's target asks for: the first that fits, or null. */
export function exposedFor(exposed: readonly Exposed[], target: string): Exposed | null {
  const [path, query] = splitTarget(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, ""));
  const asked = normalPath(path);
  const pairs = pairsOf(query);
  return (
    exposed.find(
      (one) =>
        (asked === one.path || (one.tree && asked.startsWith(`${one.path}/`))) &&
        one.query.every(([name, value]) => pairs.some((pair) => pair[0] === name && pair[1] === value)),
    ) ?? null
  );
}

function splitTarget(target: string): readonly [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}

const hexPair = /%([0-9a-f]{2})/gi;

/** Decoded as often as it changes: double encoding is how a filter in front is passed by. */
function decoded(text: string): string {
  let [before, now] = ["", text];
  for (let turn = 0; turn < DECODINGS && now !== before && now.includes("%"); turn++) {
    before = now;
    now = before.replace(hexPair, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return now;
}

/** Lower case of ASCII alone: the other bytes are parts of letters. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * One spelling of a path: decoded, `\` as `/`, without empty and dot segments, parameters (`;…`), case and a slash at
 * the end. "" is the root. Errs towards the exposed address: a server that takes two spellings for two addresses
 * answered one of them with an error, which is told apart by its status.
 */
function normalPath(path: string): string {
  const kept: string[] = [];
  for (const part of lower(decoded(path)).replaceAll("\\", "/").split("?")[0]!.split("/")) {
    const segment = part.split(";")[0]!;
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return kept.map((segment) => `/${segment}`).join("");
}

const pairsOf = (query: string): readonly Pair[] =>
  query
    .split(/[&;]/)
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      const value = (text: string): string => lower(decoded(text.replaceAll("+", " ")));
      return at < 0 ? [value(part), ""] : [value(part.slice(0, at)), value(part.slice(at + 1))];
    });

/**
 * Whether a line that nobody could read could hold a request for an exposed address, or a piece of one. Words alone,
 * without a figure, a slash or a quotation mark, are no piece of a request, unless an exposed address holds them.
 */
export function mayHold(exposed: readonly Exposed[], text: string): boolean {
  if (!/^[A-Za-z\s\u0000.,:;!?()_-]*$/.test(text)) return true;
  const said = text.toLowerCase();
  return exposed.some(({ path }) => path.split("/").some((segment) => segment !== "" && said.includes(segment)));
}
