/** Words for dates, roles and counts, in one place so that every screen says the same. */
import { instantOf } from "../../domain/incident/london.ts";
import type { Role } from "../../contract/session.ts";

/** The body's, whatever the browser says. */
const timeZone = "Europe/London";
const DAY = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short", year: "numeric" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "2-digit", hour12: true });

/** "2 December 2026" */
export const day = (at: number): string => DAY.format(at);

/** "2 Dec 2026" */
const shortDay = (at: number): string => SHORT_DAY.format(at);

/** "2:05pm" */
export const clock = (at: number): string => CLOCK.format(at).replaceAll(/\s/gu, "").toLowerCase();

/** "2 December 2026 at 2:05pm" */
export const moment = (at: number): string => `${day(at)} at ${clock(at)}`;

/** "2 Dec 2026, 2:05pm" */
export const shortMoment = (at: number): string => `${shortDay(at)}, ${clock(at)}`;

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

/** The first instant of a calendar day in London. Clocks change at one at night, so every day has a midnight. */
export const startOfDay = (year: number, month: number, date: number): number =>
  instantOf({ year, month, day: date, hour: 0, minute: 0 }) ?? Number.NaN;

/** The last instant of a calendar day in London. */
export const endOfDay = (year: number, month: number, date: number): number => {
  const next = new Date(Date.UTC(year, month - 1, date + 1));
  return startOfDay(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate()) - 1;
};

/** Whether the three numbers name a day that exists. */
export function realDay(year: number, month: number, date: number): boolean {
  const made = new Date(year, month - 1, date);
  return made.getFullYear() === year && made.getMonth() === month - 1 && made.getDate() === date;
}
