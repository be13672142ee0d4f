/**
 * Lines of an access log that are not in the combined format: JSON (Caddy, Traefik, nginx, Docker's wrapper around
 * another line), the extended format of the W3C (IIS with spaces, CloudFront with tabs), and the combined format with
 * other fields in between. Each line by itself: a log may change its form half-way.
 */
import { fromUtf8, toUtf8, type Bytes } from "../bytes.ts";
import { normaliseAddress, visitorOf } from "./address.ts";
import { byteString } from "./exposed.ts";

/** A request as a line says it; `target` is "" where none was sent. Texts are byte strings. */
export type LineRead = {
  readonly at: number;
  readonly address: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly agent: string;
};

/** Reads line after line of one part: the header of the W3C's format counts for those that follow. */
export class ShapeReader {
  #fields: readonly string[] = [];

  /** "nothing": a line that is no request; null: it could not be read. */
  read(bytes: Bytes): LineRead | "nothing" | null {
    const text = byteString(bytes);
    const directive = /^\s*#\s*(Fields|Software|Version|Date|Start-Date|End-Date)\s*:(.*)$/i.exec(text);
    if (directive) {
      if (/^fields$/i.test(directive[1]!)) this.#fields = directive[2]!.trim().toLowerCase().split(/\s+/);
      return "nothing";
    }
    const brace = text.indexOf("{");
    if (brace >= 0 && text.trimEnd().endsWith("}") && !/[[\]"]/.test(text.slice(0, brace)))
      return this.#json(bytes.subarray(brace));
    return looseLine(text) ?? balancerLine(text) ?? (this.#fields.length > 0 ? extendedLine(text, this.#fields) : null);
  }

  #json(bytes: Bytes): LineRead | "nothing" | null {
    const value = parsedJson(bytes);
    if (value === null) return null;
    const found = jsonLine(value);
    if (found) return found;
    for (const key of ["log", "message", "msg", "line"]) {
      const inner = value[key];
      if (typeof inner !== "string" || !/["{]/.test(inner)) continue;
      const read = new ShapeReader().read(toUtf8(inner.trim()));
      if (read) return read;
    }
    return holdsPath(value) ? null : "nothing";
  }
}

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsedJson(bytes: Bytes): Json | null {
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    text = byteString(bytes);
  }
  // nginx writes `\x22` where JSON knows `\u0022` only.
  for (const one of [text, text.replace(/\\x([0-9a-f]{2})/gi, "\\u00$1")]) {
    try {
      const value: unknown = JSON.parse(one);
      return isObject(value) ? value : null;
    } catch {}
  }
  return null;
}

/** A text that could be an address of a website, in any depth. */
function holdsPath(value: unknown): boolean {
  if (typeof value === "string") return /[/\\%]/.test(value);
  if (Array.isArray(value)) return value.some(holdsPath);
  return isObject(value) && Object.entries(value).some(([key, one]) => holdsPath(key) || holdsPath(one));
}

/** Names of members as servers and their operators write them, without case and signs. */
const NAMES = {
  time: "ts time timestamp @timestamp timeiso8601 timelocal msec starttime startutc startlocal datetime date edgestarttimestamp",
  address: "clientip remoteip remoteaddr clienthost clientaddr realip cip ip client remote host",
  forwarded: "httpxforwardedfor xforwardedfor forwardedfor requestxforwardedfor xff forwarded",
  method: "method requestmethod httpmethod clientrequestmethod verb",
  target: "requesturi originaluri uri requestpath path url clientrequesturi target requesturl httppath",
  query: "args querystring query",
  line: "request requestline httprequest",
  status:
    "status statuscode httpstatuscode downstreamstatus responsestatus edgeresponsestatus httpstatus responsecode code originstatus",
  agent: "httpuseragent useragent agent requestuseragent clientrequestuseragent ua",
} as const;
const bareKey = (key: string): string => key.toLowerCase().replace(/[^a-z0-9@]/g, "");

function jsonLine(value: Json): LineRead | null {
  const nested = ["request", "req", "http", "httpRequest", "properties", "response", "res"]
    .map((key) => value[key])
    .filter(isObject);
  const headers = nested.map(({ headers: one }) => one).filter(isObject);
  const members = new Map<string, unknown>();
  for (const one of [value, ...nested, ...headers])
    for (const [key, held] of Object.entries(one)) {
      const name = bareKey(key);
      if (!members.has(name)) members.set(name, Array.isArray(held) ? held[0] : held);
    }
  const of = (what: keyof typeof NAMES): string => {
    for (const name of NAMES[what].split(" ")) {
      const held = members.get(name);
      if (typeof held === "string" || typeof held === "number") return byteString(toUtf8(String(held)));
    }
    return "";
  };
  const whole = /^([A-Z]+) (.*?)(?: HTTP\/[0-9.]+)?$/s.exec(of("line"));
  const path = of("target");
  const target =
    whole?.[2] ?? (path !== "" && of("query") !== "" && !path.includes("?") ? `${path}?${of("query")}` : path);
  const [at, status] = [instantIn(of("time")), of("status")];
  if (target === "" || at === null || !/^\d{1,3}$/.test(status)) return null;
  return {
    at,
    address: visitorOf(`${of("address")} - -`, [of("forwarded")]),
    method: whole?.[1] ?? (of("method") || "GET"),
    target,
    status: Number(status),
    agent: of("agent"),
  };
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** Seconds, thousandths, millionths or billionths since the epoch, by their size; from 1990 to 2100. */
const UNITS = [1000, 1, 1 / 1000, 1 / 1_000_000];
const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);

/** A time with its zone, or null: without one nobody knows which hour is meant. */
export function instantIn(text: string): number | null {
  const said = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(said))
    return UNITS.map((unit) => Number(said) * unit).find((at) => at >= EARLIEST && at < LATEST) ?? null;
  const apache = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d)(\d\d)$/.exec(said);
  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|[+-]\d\d:?\d\d)$/.exec(said);
  if (!apache && !iso) return null;
  const zone = (hours: string): string => (/^(?:Z|UTC)$/.test(hours) ? "Z" : hours.replace(/(\d\d):?(\d\d)$/, "$1:$2"));
  const month = apache ? MONTHS.indexOf(apache[2]!) / 3 + 1 : Number(iso![2]);
  const [year, day] = apache ? [apache[3]!, apache[1]!] : [iso![1]!, iso![3]!];
  if (!Number.isInteger(month) || month < 1) return null;
  const clock = apache ? `${apache[4]}${apache[5]}:${apache[6]}` : `${iso![4]!.slice(0, 12)}${zone(iso![5]!)}`;
  const at = Date.parse(`${year}-${String(month).padStart(2, "0")}-${day}T${clock}`);
  const real = new Date(Date.UTC(Number(year), month - 1, Number(day))).getUTCDate() === Number(day);
  return real && at >= EARLIEST && at < LATEST ? at : null;
}

const TIMES =
  /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)? ?(?:Z|[+-]\d\d:?\d\d)/g;

/** Every time with a zone that a line holds. */
export const timesIn = (text: string): readonly number[] =>
  [...text.matchAll(TIMES)].map(([time]) => instantIn(time)).filter((at) => at !== null);

/** What could end a field is written as an escape: `\"`, `\\`, `\x22`. */
export const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, one: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : one,
  );

/**
 * What stands behind the status: the user agent is the second field in quotation marks, or the only one; the rest may
 * say for whom a proxy asked.
 */
export function tailOf(text: string): { readonly agent: string; readonly rest: readonly string[] } {
  const quoted = [...text.matchAll(/"((?:[^"\\]|\\.)*)(?:"|$)/gs)];
  const last = quoted[1] ?? quoted[0];
  const behind = quoted[1] ? text.slice(quoted[1].index + quoted[1][0].length) : "";
  const bare = behind.replace(/"(?:[^"\\]|\\.)*(?:"|$)/gs, " ").split(/\s+/);
  return { agent: unescaped(last?.[1] ?? ""), rest: [...quoted.slice(2).map(([, field]) => field!), ...bare] };
}

/**
 * Whether a line holds a second time, or the end of a second request, not escaped: then nobody knows which status is the first one's. A
 * server that escapes nothing lets a visitor write this.
 */
export const holdsTwo = (tail: string): boolean =>
  /\[\d\d\/[A-Z][a-z]{2}\/\d{4}:/.test(tail) || / HTTP\/\d(?:\.\d)?" \d{3}(?: |$)/.test(tail);

const hasAddress = (text: string): boolean => text.split(/[\s,]+/).some((word) => normaliseAddress(word) !== null);

/** The combined format with other fields between, or another spelling of the time. */
function looseLine(text: string): LineRead | null {
  const found = /\[([^\][]{19,40})\]/g;
  for (let time = found.exec(text); time; time = found.exec(text)) {
    const at = instantIn(time[1]!);
    if (at === null) continue;
    const behind = text.slice(time.index + time[0].length);
    const request = /^(?:\s+(?:[^\s"[\]]+|"[^"\\ ]*"(?! \d{3}(?: |$))))*\s+"((?:[^"\\]|\\.)*)" (\d{3})(?= |$)/s.exec(
      behind,
    );
    if (!request) return null;
    const tail = behind.slice(request[0].length);
    if (holdsTwo(tail)) return null;
    const asked = /^([^ ]+) (.*?)(?: HTTP\/[0-9.]+)?$/s.exec(request[1]!);
    const { agent, rest } = tailOf(tail);
    const before = text.slice(0, time.index);
    // A store of AWS has the visitor behind the time, Envoy behind the status; never out of what a visitor sends.
    const near = /^\s+([^\s"[\]]+) /.exec(behind)?.[1] ?? "";
    const first = before.trim() === "" ? (/^(?:\s+[^\s"]+)*\s+"([^"\\]*)"/.exec(tail)?.[1] ?? "") : "";
    const elsewhere = hasAddress(before) ? undefined : [near, first].find(hasAddress);
    return {
      at,
      address: visitorOf(elsewhere === undefined ? before : `${elsewhere} - -`, rest),
      method: asked?.[1] ?? "",
      target: unescaped(asked?.[2] ?? ""),
      status: Number(request[2]),
      agent,
    };
  }
  return null;
}

/**
 * AWS's load balancers, the newer and the classic kind, whose times are UTC; `-` where they gave no answer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
const BALANCER =
  /^(?:(?:https?|h2|wss?|grpcs?) )?(\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ (\S+:\d+) \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (\d{3}) \S+ \d+ \d+ "([A-Z]+) ([^" ]*) (?:HTTP\/[\d.]+|-)\s*"(?: "([^"]*)")?/;

function balancerLine(text: string): LineRead | null {
  const [, time, from, status, method, target, agent = ""] = BALANCER.exec(text) ?? [];
  const at = instantIn(time ?? "");
  if (at === null || from === undefined || method === undefined || target === undefined) return null;
  return { at, address: visitorOf(`${from} - -`, []), method, target, status: Number(status), agent };
}

/** One line of the W3C's extended format; its times are UTC (https://www.w3.org/TR/WD-logfile). */
function extendedLine(text: string, fields: readonly string[]): LineRead | null {
  const tabs = text.includes("\t");
  const cells = text.trim().split(tabs ? "\t" : /\s+/);
  if (cells.length !== fields.length) return null;
  const cell = (...names: readonly string[]): string => {
    const found = names.map((name) => cells[fields.indexOf(name)] ?? "-").find((one) => one !== "-");
    return found ?? "";
  };
  const at = instantIn(`${cell("date")}T${cell("time")}Z`);
  const [stem, query, status] = [cell("cs-uri-stem", "cs-uri"), cell("cs-uri-query"), cell("sc-status")];
  if (at === null || !/^\d{1,3}$/.test(status) || !fields.some((name) => /^cs-uri(?:-stem)?$/.test(name))) return null;
  const agent = cell("cs(user-agent)");
  return {
    at,
    address: visitorOf(`${cell("c-ip")} - -`, [cell("x-forwarded-for", "cs(x-forwarded-for)")]),
    method: cell("cs-method") || "GET",
    target: query === "" ? stem : `${stem}?${query}`,
    status: Number(status),
    agent: tabs
      ? agent.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : agent.replaceAll("+", " "),
  };
}
