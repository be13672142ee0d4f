/** Times as the body has them, wherever the person is: a clock on a wall in London. */

const SHOWN = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  hour12: true,
  timeZoneName: "short",
});

/**
 * "29 March 2026 at 2:30am", the same in every browser: made of parts, because engines differ in what stands between
 * them.
 * @param at milliseconds since the epoch
 * @param zone whether GMT or BST is named after it: where the time could be taken for that of another place
 */
export function shownTime(at: number, zone: "with zone" | "without zone" = "without zone"): string {
  const parts = new Map(SHOWN.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? "";
  const half = part("dayPeriod").replaceAll(/[\s.]/gu, "").toLowerCase();
  const clock = `${part("hour")}:${part("minute")}${half}`;
  const named = zone === "with zone" ? ` ${part("timeZoneName")}` : "";
  return `${part("day")} ${part("month")} ${part("year")} at ${clock}${named}`;
}
