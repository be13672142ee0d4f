/**
 * Times in words: the one place that formats them, for pages, staff, papers and commands. They are the body's, which is
 * in the United Kingdom, wherever the browser or the machine is (docs/decisions/0048-one-reader-of-files.md). What is
 * given is always milliseconds since the epoch.
 */

export const HOUR = 3_600_000;

export const ZONE = "Europe/London";

const format = (how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...how });
const DAY = { day: "numeric", month: "long", year: "numeric" } as const;
const LONG = format(DAY);
const SHORT = format({ ...DAY, month: "short" });
const CLOCK = format({ hour: "numeric", minute: "2-digit", hour12: true });
const MINUTE = format({ ...DAY, hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const SECOND = format({ ...DAY, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
const NAME = format({ timeZoneName: "short" });

/** "2 December 2026" */
export const dayWords = (at: number): string => LONG.format(at);

/** "2 Dec 2026" */
export const shortDayWords = (at: number): string => SHORT.format(at);

/** "2:05pm" */
export const clockWords = (at: number): string => CLOCK.format(at).replaceAll(/[\s.]/gu, "").toLowerCase();

/** "2 December 2026 at 2:05pm" */
export const timeWords = (at: number): string => `${dayWords(at)} at ${clockWords(at)}`;

/** "GMT" or "BST" */
export const zoneWords = (at: number): string =>
  NAME.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";

/** "29 March 2026 at 2:30am BST": where it is read beside times of other zones. */
export const timeInZone = (at: number): string => `${timeWords(at)} ${zoneWords(at)}`;

/** "11 November 2022 at 09:12 GMT": of logs, which count from 0 to 24. */
export const timeOfLog = (at: number): string => MINUTE.format(at);

/** "11 November 2022 at 09:12:01 GMT" */
export const timeOfLogExactly = (at: number): string => SECOND.format(at);
