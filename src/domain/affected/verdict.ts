/**
 * What an access log says about an exposure. "No evidence of access" cannot be said without the hours that the log
 * covers.
 */
import { HOUR, timeOfLog, type Zone } from "../time.ts";
import { lineName } from "./log-names.ts";
import type { LogPart, LogReading, ProxySeen, UnreadLine } from "./access-log.ts";

/**
 * Hours without a line: either nobody came, or the log of that time is missing. Which, only the people who run the
 * system know.
 */
export type Gap = { readonly from: number; readonly to: number };

export type Coverage = {
  /** the window that was asked about, or the log's own first and last line */
  readonly from: number;
  readonly to: number;
  readonly hours: number;
  readonly covered: number;
  readonly gaps: readonly Gap[];
  readonly lines: number;
  /** each of these may be a request that nobody sees */
  readonly broken: number;
  /** of the broken ones, those that could be a request for an exposed address in the time that was asked about */
  readonly unread: number;
  readonly unreadLines: readonly UnreadLine[];
  /** files that are no log, each with what it is and what to do */
  readonly others: readonly { readonly name: string; readonly what: string }[];
  /** names of parts that could not be unpacked to their end */
  readonly cut: readonly string[];
  readonly twice: LogReading["twice"];
  /** names of parts whose times overlap: if they hold the same lines, requests count twice */
  readonly overlaps: readonly (readonly [string, string])[];
};

declare const judged: unique symbol;

/** Only `verdictOf` makes one, and every kind carries the coverage: nobody can state the one without the other. */
export type Verdict = { readonly [judged]: true; readonly coverage: Coverage } & (
  | {
      readonly kind: "reached";
      readonly requests: number;
      readonly known: number;
      readonly visitors: number;
      readonly moreVisitors: boolean;
      /** what stands in the place of a visitor and is most likely a proxy; null where visitors are told apart */
      readonly proxy: ProxySeen | null;
      readonly first: number;
      readonly last: number;
    }
  /** no request was answered with content, in the hours covered */
  | { readonly kind: "no-evidence" }
  /**
   * something of the log was not read, it covers nothing of the window, what became of some requests is not in it, or a
   * part was given twice
   */
  | { readonly kind: "cannot-tell"; readonly why: "unread" | "not-covered" | "unclear-answers" | "part-twice" }
);

export function verdictOf(reading: LogReading): Verdict {
  const coverage = coverageOf(reading);
  const { outcomes, first, last, known, visitors, moreVisitors } = reading;
  const said = (rest: object): Verdict => ({ coverage, ...rest }) as Verdict;
  if (reading.twice.length > 0) return said({ kind: "cannot-tell", why: "part-twice" });
  if (outcomes.reached > 0)
    return said({
      kind: "reached",
      requests: outcomes.reached,
      known,
      visitors: visitors.length,
      moreVisitors: moreVisitors > 0,
      proxy: reading.proxy,
      first,
      last,
    });
  if (coverage.unread > 0 || coverage.cut.length > 0 || coverage.others.length > 0)
    return said({ kind: "cannot-tell", why: "unread" });
  if (coverage.covered === 0) return said({ kind: "cannot-tell", why: "not-covered" });
  return outcomes.unclear > 0 ? said({ kind: "cannot-tell", why: "unclear-answers" }) : said({ kind: "no-evidence" });
}

function coverageOf({ question, parts, twice, hours, unread, unreadLines }: LogReading): Coverage {
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  const broken = parts.reduce((sum, part) => sum + part.broken, 0);
  const times = parts.flatMap(({ first, last }) => (first === null || last === null ? [] : [first, last]));
  const from = question.window.from ?? times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = question.window.to ?? times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const rest = {
    lines,
    broken,
    unread,
    unreadLines,
    others: parts.flatMap(({ name, other }) => (other === null ? [] : [{ name, what: other }])),
    cut: parts.filter(({ cut, other }) => cut && other === null).map(({ name }) => name),
    twice,
    overlaps: overlapsOf(parts).filter((pair) => !twice.some((same) => pair.every((name) => same.includes(name)))),
  };
  if (!Number.isFinite(from) || !Number.isFinite(to) || to < from)
    return { from: question.window.from ?? 0, to: question.window.to ?? 0, hours: 0, covered: 0, gaps: [], ...rest };
  const [begin, end] = [Math.floor(from / HOUR), Math.floor(to / HOUR)];
  const inside = hours.filter((hour) => hour >= begin && hour <= end);
  return { from, to, hours: end - begin + 1, covered: inside.length, gaps: gapsOf(inside, begin, end), ...rest };
}

function gapsOf(hours: readonly number[], begin: number, end: number): Gap[] {
  const gaps: Gap[] = [];
  let next = begin;
  for (const hour of [...hours, end + 1]) {
    if (hour > next) gaps.push({ from: next * HOUR, to: hour * HOUR });
    next = hour + 1;
  }
  return gaps;
}

function overlapsOf(parts: readonly LogPart[]): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  let widest: LogPart | null = null;
  for (const part of [...parts].filter(({ first }) => first !== null).sort((a, b) => a.first! - b.first!)) {
    // The minute in which a log is rotated stands in both parts.
    if (widest && part.first! + 60_000 < widest.last!) found.push([widest.name, part.name]);
    if (!widest || part.last! > widest.last!) widest = part;
  }
  return found;
}

const many = (n: number, one: string, more = `${one}s`): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;

const GAPS_SAID = 10;
const LINES_SAID = 10;

/** A line as it stands, without what a screen would take for something else. */
const unreadWords = ({ part, line, text }: UnreadLine): string =>
  `${part}, line ${line.toLocaleString("en-GB")}: ${text.slice(0, 160).replace(/[^\x20-\x7e]/g, "?")}`;

/** What writes such lines, where that is known: each name once. */
const named = (lines: readonly UnreadLine[]): readonly string[] => [
  ...new Set(
    lines.flatMap(({ part, text }) => {
      const name = lineName(text);
      return name === null ? [] : [`${part} has lines ${name.what}. ${name.todo}`];
    }),
  ),
];

/** How far the log can be believed, in sentences. */
function coverageWords(coverage: Coverage, zone: Zone): readonly string[] {
  const { from, to, hours, covered, gaps, lines, broken, cut, overlaps } = coverage;
  const missed = [
    ...coverage.others.map(({ name, what }) => `${name} was not read. ${what}`),
    ...(broken > 0
      ? [
          `${many(broken, "line")} could not be read.${coverage.unread > 0 ? ` ${coverage.unread === broken ? (broken === 1 ? "It" : "Each") : `${coverage.unread.toLocaleString("en-GB")} of them`} may be a request that is not counted here:` : " None of them can be a request for these addresses in that time."}`,
          ...coverage.unreadLines.slice(0, LINES_SAID).map(unreadWords),
          ...named(coverage.unreadLines),
          ...(coverage.unread > LINES_SAID ? [`and ${many(coverage.unread - LINES_SAID, "more line")}.`] : []),
        ]
      : []),
    ...(cut.length > 0
      ? [`${cut.join(", ")} could not be unpacked to the end, so what stood there is not counted. Fetch it again.`]
      : []),
  ];
  if (hours === 0)
    return [
      `The files hold no line that could be read (${many(lines, "line")}), so they say nothing about any hour.`,
      ...missed,
    ];
  const longest = [...gaps]
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, GAPS_SAID)
    .sort((a, b) => a.from - b.from);
  return [
    `The log covers ${covered === hours ? `all ${many(hours, "hour")}` : `${covered.toLocaleString("en-GB")} of ${many(hours, "hour")}`} from ${timeOfLog(from, zone)} to ${timeOfLog(to, zone)}, with ${many(lines, "line")}.`,
    ...(gaps.length > 0
      ? [
          `In these hours it holds no line, so it says nothing about them${gaps.length > GAPS_SAID ? ` (the longest ${GAPS_SAID} of ${gaps.length})` : ""}: ${longest.map((gap) => `${timeOfLog(gap.from, zone)} to ${timeOfLog(gap.to, zone)}`).join("; ")}. Either nobody came, or the log of that time is missing: ask whoever runs the system.`,
        ]
      : []),
    ...missed,
    ...overlaps.map(
      ([one, other]) =>
        `${one} and ${other} overlap in time. If they hold the same lines, requests are counted twice: look, and leave one out.`,
    ),
  ];
}

/** The verdict in sentences; what the log covers always follows. */
export function verdictWords(verdict: Verdict, zone: Zone): readonly string[] {
  return [finding(verdict, zone), ...coverageWords(verdict.coverage, zone)];
}

const WHY: Readonly<Record<(Verdict & { kind: "cannot-tell" })["why"], (coverage: Coverage) => string>> = {
  unread: () =>
    "something of the log could not be read, and could hold such a request. It is named below; have it put right, or look at it yourself.",
  "not-covered": () => "the log covers no hour of the time that was asked about. Look for more of its files.",
  "unclear-answers": () =>
    "some requests for the exposed addresses were broken off, and the log does not say how much they got. Treat them as access.",
  "part-twice": ({ twice }) =>
    `the same part of the log was given twice (${twice.map((pair) => pair.join(" and ")).join("; ")}), so every request in it counts twice. Leave one of the two out.`,
};

const PROXY: Readonly<Record<ProxySeen["why"], (address: string) => string>> = {
  "no-address": (address) =>
    `“${address.slice(0, 80).replace(/[^\x20-\x7e]/g, "?")}” stands where a visitor’s address should be: most likely a proxy in front of the server. Who came through it, only its own log says.`,
  inside: (address) =>
    `They all come from inside, such as ${address}: most likely a proxy in front of the server. Who came through it, only its own log says.`,
};

function finding(verdict: Verdict, zone: Zone): string {
  switch (verdict.kind) {
    case "reached": {
      const { requests, known, visitors, moreVisitors, proxy, first, last } = verdict;
      const own =
        known === 0
          ? ""
          : known === requests
            ? " All of them came from addresses that you called known."
            : ` ${known.toLocaleString("en-GB")} of them came from addresses that you called known.`;
      return `The exposed addresses were reached: ${many(requests, "request")} from ${moreVisitors ? "more than " : ""}${many(visitors, "address", "addresses")}, the first on ${timeOfLog(first, zone)}, the last on ${timeOfLog(last, zone)}.${own}${proxy === null ? "" : ` ${PROXY[proxy.why](proxy.address)}`}`;
    }
    case "no-evidence":
      return "No evidence of access in the hours that the log covers: no request for the exposed addresses was answered with content.";
    case "cannot-tell":
      return `Whether anybody had access cannot be told: ${WHY[verdict.why](verdict.coverage)}`;
  }
}
