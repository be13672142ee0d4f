/** What the access log said, in lines for a person and as JSON. */
import type { LogReading } from "../../domain/affected/access-log.ts";
import { instantText, timeOfLog, type Zone } from "../../domain/time.ts";
import { verdictWords, type Verdict } from "../../domain/affected/verdict.ts";

const SAID = 20;
const OUTCOMES = {
  headers: "asked for headers only",
  elsewhere: "sent elsewhere",
  refused: "refused",
  failed: "answered with a fault",
  unclear: "broken off",
} as const;

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");

export function logLines(reading: LogReading, verdict: Verdict, zone: Zone): readonly string[] {
  const { outcomes, visitors, own, outside } = reading;
  const others = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[])
    .filter((kind) => outcomes[kind] > 0)
    .map((kind) => `${outcomes[kind].toLocaleString("en-GB")} ${OUTCOMES[kind]}`);
  return [
    ...verdictWords(verdict, zone),
    ...(others.length > 0 ? [`Further requests for these addresses, without content: ${others.join(", ")}.`] : []),
    ...(own > 0 ? [`${own.toLocaleString("en-GB")} requests of your own monitor are not counted.`] : []),
    ...(outside > 0
      ? [`${outside.toLocaleString("en-GB")} requests before or after the time that was asked about are not counted.`]
      : []),
    ...visitors
      .slice(0, SAID)
      .map(
        (one) =>
          `  ${printable(one.address)}${one.known ? " (known)" : ""}: ${one.requests.toLocaleString("en-GB")} from ${timeOfLog(one.first, zone)} to ${timeOfLog(one.last, zone)}, ${printable(one.agents[0] || "no user agent").slice(0, 90)}`,
      ),
    ...(visitors.length > SAID
      ? [`  and ${(visitors.length - SAID).toLocaleString("en-GB")} more addresses (all of them with --json)`]
      : []),
  ];
}

/** Names of members are part of what other programs may rely on. Times in UTC. */
export function logJson(reading: LogReading, verdict: Verdict): object {
  const time = (at: number | null): string | null => (at === null ? null : instantText(at));
  const { coverage, kind } = verdict;
  return {
    verdict: kind,
    ...(kind === "cannot-tell" && { why: verdict.why }),
    ...(kind === "reached" && { proxy: verdict.proxy }),
    coverage: {
      from: time(coverage.from),
      to: time(coverage.to),
      hours: coverage.hours,
      covered: coverage.covered,
      gaps: coverage.gaps.map((gap) => ({ from: time(gap.from), to: time(gap.to) })),
      lines: coverage.lines,
      broken: coverage.broken,
      unread: coverage.unread,
      unreadLines: coverage.unreadLines,
      others: coverage.others,
      cut: coverage.cut,
      twice: coverage.twice,
      overlaps: coverage.overlaps,
    },
    outcomes: reading.outcomes,
    known: reading.known,
    own: reading.own,
    outside: reading.outside,
    first: time(reading.first),
    last: time(reading.last),
    visitors: reading.visitors.map((one) => ({ ...one, first: time(one.first), last: time(one.last) })),
    moreVisitors: reading.moreVisitors,
    requests: reading.requests.map((one) => ({ ...one, at: time(one.at) })),
    moreRequests: reading.moreRequests,
    parts: reading.parts.map((part) => ({ ...part, first: time(part.first), last: time(part.last) })),
  };
}
