/** Words for dates, roles and counts, in one place so that every screen says the same. */
import {
  clockWords,
  dayAfter,
  dayWords,
  LONDON,
  instantText,
  shortDayWords,
  dayFigures,
  timeInZone,
  wallTime,
  zoneWords,
  type Zone,
} from "../../domain/time.ts";
import type { Role } from "../../contract/session.ts";

let zone: Zone = LONDON;

/** Where the clock of this visit hangs: the body's of whoever signed in. */
export const bodyZone = (): Zone => zone;

/** Said once, when somebody signs in. A page is used by one person of one body. */
export function setBodyZone(its: Zone): void {
  zone = its;
}

/** "2 December 2026" */
export const day = (at: number): string => dayWords(at, zone);

/** "2:05pm"; with the zone that is meant where this browser's clock shows another hour, or where the hour comes twice. */
export const clock = (at: number): string => {
  const words = clockWords(at, zone);
  return isDoubted(at) && !words.includes(" ") ? `${words} ${zoneWords(at, zone)}` : words;
};

/** Whoever works abroad would take a time without a zone for their own. */
function isDoubted(at: number): boolean {
  const [here, there] = [new Date(at), wallTime(at, zone)];
  return here.getHours() !== there.hour || here.getMinutes() !== there.minute;
}

/** "2 December 2026 at 2:05pm GMT": where it is compared with times from elsewhere. */
export const inZone = (at: number): string => timeInZone(at, zone);

/** "2 December 2026 at 2:05pm" */
export const moment = (at: number): string => `${day(at)} at ${clock(at)}`;

/** "2 Dec 2026, 2:05pm" */
export const shortMoment = (at: number): string => `${shortDayWords(at, zone)}, ${clock(at)}`;

/** For the `datetime` attribute. */
export const machine = instantText;

/** For the `datetime` attribute of a day. */
export const machineDay = (at: number): string => dayFigures(at, zone);

/** 1,234 */
export const number = (value: number): string => value.toLocaleString("en-GB");

/** "1 letter", "2 letters" */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

const DAY = 86_400_000;
/** How long ago, in whole days. */
export const age = (at: number, now: number): string =>
  now - at < DAY ? "less than a day" : count(Math.floor((now - at) / DAY), "day");

/** "a, b and c" */
export function and(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

const ROLES: Record<Role, string> = {
  operator: "Operator at the host",
  owner: "Owner",
  reader: "Case officer",
  auditor: "Auditor",
};

/** A role in words; what is not a role stays as it came. */
export const roleName = (role: string): string => ROLES[role as Role] ?? role;

/** A calendar day as its three numbers, on the body's wall: of an instant, and so many months and days behind it. */
export function dayNumbers(at: number, months = 0, days = 0): { day: string; month: string; year: string } {
  const then = dayAfter(wallTime(at, zone), months, days);
  return { day: String(then.day), month: String(then.month), year: String(then.year) };
}
