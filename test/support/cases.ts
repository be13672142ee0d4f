/** The right result of each file of `test/cases/log` and `test/cases/csv`, and what a reading says, in the same words. */
import type { LogReading } from "../../src/domain/affected/access-log.ts";
import type { Joined } from "../../src/domain/affected/join.ts";
import type { AffectedPerson } from "../../src/domain/affected/person.ts";
import type { LogAsk } from "../../src/domain/affected/question.ts";
import type { TextLine } from "../../src/domain/affected/text.ts";
import type { Verdict } from "../../src/domain/affected/verdict.ts";

type LogSaid = {
  readonly verdict: string;
  readonly requests: number;
  readonly visitors: readonly string[];
  readonly known: number;
  readonly own: number;
  readonly covered: number;
};
type LogCase = { readonly ask?: Partial<LogAsk>; readonly said: LogSaid };

const reached = (
  requests: number,
  visitors: readonly string[],
  covered: number,
  more: Partial<LogSaid> = {},
): LogSaid => ({
  verdict: "reached",
  requests,
  visitors,
  known: 0,
  own: 0,
  covered,
  ...more,
});
const named = (what: string): LogCase => ({
  said: { verdict: `cannot-tell: unread, ${what}`, requests: 0, visitors: [], known: 0, own: 0, covered: 0 },
});
const UNPACK = "Unpack it first, and choose the files that were in it.";

export const LOG_CASES: { readonly [file: string]: LogCase } = {
  "joined-archives.log.gz": { said: reached(2, ["203.0.113.10", "203.0.113.9"], 3) },
  "two-members.log.gz": { said: reached(1, ["203.0.113.9"], 2) },
  "iis-w3c.log": { said: reached(1, ["203.0.113.9"], 2) },
  "caddy.json.log": { said: reached(1, ["203.0.113.9"], 2) },
  "duration-before-request.log": { said: reached(1, ["203.0.113.9"], 2) },
  "powershell-utf16.log": { said: reached(1, ["203.0.113.9"], 2) },
  "access.log.bz2": named(`This is a file packed with bzip2. ${UNPACK}`),
  "access.log.xz": named(`This is a file packed with xz. ${UNPACK}`),
  "access.zip": named(`This is a zip archive. ${UNPACK}`),
  "forwarded-first.log": { ask: { known: ["203.0.113.9"] }, said: reached(2, ["203.0.113.9"], 1, { known: 2 }) },
  "forwarded-last.log": {
    ask: { own: { agent: "our-monitor", address: "", token: "secrettoken99" } },
    said: reached(2, ["198.51.100.20", "203.0.113.9"], 1, { own: 1 }),
  },
  "vhost-without-port.log": { said: reached(2, ["198.51.100.20", "203.0.113.9"], 1) },
  "compose-prefix.log": { said: reached(2, ["198.51.100.20", "203.0.113.9"], 1) },
  "ipv6-spellings.log": {
    ask: { known: ["2001:DB8:0::0009", "::ffff:203.0.113.9"] },
    said: reached(4, ["2001:db8::9", "203.0.113.9"], 1, { known: 4 }),
  },
  "blank-fields-and-garbage.log": { said: reached(3, ["203.0.113.5", "203.0.113.6", "203.0.113.7"], 1) },
};

export const logSaid = (reading: LogReading, verdict: Verdict): LogSaid => ({
  verdict:
    verdict.kind === "cannot-tell"
      ? `cannot-tell: ${verdict.why}, ${verdict.coverage.others.map(({ what }) => what).join(" ")}`
      : verdict.kind,
  requests: reading.outcomes.reached,
  visitors: reading.visitors.map(({ address }) => address).sort(),
  known: reading.known,
  own: reading.own,
  covered: verdict.coverage.covered,
});

type PeopleSaid = {
  readonly people: number;
  /** lines of each doubtful pair */
  readonly doubts: readonly string[];
  /** lines to be looked at, because the encoding was not certain */
  readonly toRead: readonly number[];
  /** by line: whoever has no channel, or no name */
  readonly nobody: readonly string[] | null;
};

const said = (people: number, more: Partial<PeopleSaid> = {}): PeopleSaid => ({
  people,
  doubts: [],
  toRead: [],
  nobody: [],
  ...more,
});

/** A sentence: the file is refused with it. */
export const CSV_CASES: { readonly [file: string]: PeopleSaid | string } = {
  "couples-by-title.csv": said(6, { doubts: ["2 3", "4 5", "6 7"] }),
  "shared-mailbox-couple.csv": said(4, { doubts: ["2 3", "4 5"] }),
  "excel-for-mac.csv": said(2, { toRead: [2, 3] }),
  "cyrillic-1251.csv": said(2, { toRead: [2, 3] }),
  "placeholders.csv": said(6, {
    nobody: ["2 no channel", "3 no channel", "4 no channel", "5 no channel", "6 no name", "7 no name"],
  }),
  // Which of them can be written to is said by the one grammar of addresses, in its own test. Two people have one mailbox
  // there, once the curly apostrophe of one of them is put right.
  "odd-emails.csv": said(16, { doubts: ["2 3"], nobody: null }),
  "really-xlsx.csv": "This is an Excel file\\. .*Nothing was read",
  "really-html.csv": "This is a web page \\(HTML\\)\\. .*Nothing was read",
  "json.csv": "This is JSON and not a table\\. Nothing was read",
  "title-row.csv": "Line 1 holds one cell only .*title above the table\\. Nothing was read",
  "space-after-comma.csv": "A space stands between separators and quotation marks.*Nothing was read",
  "sep-quoted.csv": said(1),
  "sep-upper.csv": said(1),
  "mac-cr.csv": said(2),
  "ms-dos.csv": "neither UTF-8 nor UTF-16 nor Windows-1252\\. Nothing was read",
};

export const peopleSaid = (
  { people, doubts }: Joined,
  line: (of: AffectedPerson) => number,
  toRead: readonly TextLine[],
  entries: readonly AffectedPerson[] | null,
): PeopleSaid => ({
  people: people.length,
  doubts: doubts.map(({ one, other }) => [line(one), line(other)].sort((a, b) => a - b).join(" ")).sort(),
  toRead: toRead.map(({ line: number }) => number),
  nobody:
    entries?.flatMap((one) => [
      ...(one.email === null && one.post === null && one.phone === null ? [`${line(one)} no channel`] : []),
      ...(one.name === "" ? [`${line(one)} no name`] : []),
    ]) ?? null,
});
