/** Words for dates, roles and counts, in one place so that every screen says the same. */
import { wallTime } from "../../domain/incident/london.ts";
import { clockWords, dayWords, shortDayWords, zoneWords } from "../../domain/time.ts";
import type { Role } from "../../contract/session.ts";

/** "2 December 2026" */
export const day = dayWords;

/** "2:05pm"; where this browser's clock shows another hour, with the zone that is meant. */
export const clock = (at: number): string => `${clockWords(at)}${isDoubted(at) ? ` ${zoneWords(at)}` : ""}`;

/** Whoever works abroad would take a time without a zone for their own. */
function isDoubted(at: number): boolean {
  const [here, there] = [new Date(at), wallTime(at)];
  return here.getHours() !== there.hour || here.getMinutes() !== there.minute;
}

/** "2 December 2026 at 2:05pm" */
export const moment = (at: number): string => `${day(at)} at ${clock(at)}`;

/** "2 Dec 2026, 2:05pm" */
export const shortMoment = (at: number): string => `${shortDayWords(at)}, ${clock(at)}`;

/** For the `datetime` attribute. */
export const machine = (at: number): string => new Date(at).toISOString();

/** 1,234 */
export const number = (value: number): string => value.toLocaleString("en-GB");

/** "1 letter", "2 letters" */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

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

/** A calendar day as its three numbers, on the wall in London: of an instant, and so many months and days behind it. */
export function dayNumbers(at: number, months = 0, days = 0): { day: string; month: string; year: string } {
  const wall = wallTime(at);
  const then = new Date(Date.UTC(wall.year, wall.month - 1 + months, wall.day + days));
  return {
    day: String(then.getUTCDate()),
    month: String(then.getUTCMonth() + 1),
    year: String(then.getUTCFullYear()),
  };
}
