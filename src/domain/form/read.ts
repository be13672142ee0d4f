/**
 * Reading JSON that somebody wrote by hand: every problem is collected, with its place and a sentence, so that one run
 * of `pillarbox form check` names them all.
 */

import { isSeen, lengthOf } from "./clean.ts";

/** One thing to mend: where it stands in the file, and what is wrong in a sentence. */
export type Problem = { readonly where: string; readonly text: string };

export type Report = (where: string, text: string) => void;
export type JsonObject = { readonly [key: string]: unknown };

/** Lower-case words and hyphens: bodies, forms, questions and option values are named like this. */
export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const at = (where: string, key: string | number): string => (where ? `${where}.${key}` : String(key) || '""');

/** An object with all of `required`, any of `optional` and nothing else; what is missing or unknown is reported. */
export function readObject(
  value: unknown,
  where: string,
  report: Report,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    report(where || "file", "This must be an object in curly brackets.");
    return {};
  }
  for (const key of Object.keys(value)) {
    if (!required.includes(key) && !optional.includes(key))
      report(at(where, key), `“${key}” is not a known entry here.`);
  }
  for (const key of required) {
    if (!Object.hasOwn(value, key)) report(at(where, key), `“${key}” is missing.`);
  }
  return value as JsonObject;
}

/** One line of text without control characters, at most `max` characters; "" (reported) for anything else. */
export function readText(object: JsonObject, key: string, where: string, report: Report, max = 1_000): string {
  if (!Object.hasOwn(object, key)) return "";
  const value = object[key];
  if (typeof value !== "string" || !isSeen(value) || value !== value.trim()) {
    report(at(where, key), "This must be text that can be seen, without spaces at its ends.");
    return "";
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(value)) {
    report(at(where, key), "This must be one line of text without control characters.");
    return "";
  }
  if (lengthOf(value) > max) report(at(where, key), `This must be ${max} characters or fewer.`);
  return value;
}

/** A slug of at most 64 characters. */
export function readSlug(object: JsonObject, key: string, where: string, report: Report): string {
  const value = readText(object, key, where, report, 64);
  if (value && !SLUG.test(value)) report(at(where, key), "This must be lower-case letters, digits and single hyphens.");
  return value;
}

/** A whole number between the two bounds, both included. */
export function readWhole(
  object: JsonObject,
  key: string,
  where: string,
  report: Report,
  bounds: readonly [number, number],
): number {
  if (!Object.hasOwn(object, key)) return bounds[0];
  const value = object[key];
  if (typeof value === "number" && Number.isInteger(value) && value >= bounds[0] && value <= bounds[1]) return value;
  report(at(where, key), `This must be a whole number from ${bounds[0]} to ${bounds[1]}.`);
  return bounds[0];
}

export function readFlag(object: JsonObject, key: string, where: string, report: Report): boolean {
  const value = object[key];
  if (Object.hasOwn(object, key) && typeof value !== "boolean") report(at(where, key), "This must be true or false.");
  return value === true;
}

/** A list with at least one entry, unless `empty` allows none. */
export function readList(
  object: JsonObject,
  key: string,
  where: string,
  report: Report,
  empty: "empty" | "filled" = "filled",
): readonly unknown[] {
  if (!Object.hasOwn(object, key)) return [];
  const value = object[key];
  if (!Array.isArray(value) || (empty === "filled" && value.length === 0)) {
    report(at(where, key), "This must be a list in square brackets with at least one entry.");
    return [];
  }
  return value;
}

/** A list of lines of text. */
export function readTexts(object: JsonObject, key: string, where: string, report: Report): readonly string[] {
  const list = readList(object, key, where, report);
  return list.map((value, index) => readText({ [index]: value }, String(index), at(where, key), report));
}

/** An https address. */
export function readUrl(object: JsonObject, key: string, where: string, report: Report): string {
  const value = readText(object, key, where, report);
  // Anything else than https could be a script in a link, or leave the page unprotected.
  if (value && !/^https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[^\s"'<>\\]*)?$/i.test(value))
    report(at(where, key), "This must be an address that begins with https://");
  return value;
}

/** Whether an entry stands there and is not null. */
export const given = (object: JsonObject, key: string): boolean => Object.hasOwn(object, key) && object[key] !== null;

export const place = at;
