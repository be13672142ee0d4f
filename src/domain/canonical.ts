/**
 * One spelling of a JSON value, so that its hash means its content. Keys sorted by UTF-16 code unit, no white space (as
 * RFC 8785), and `<` always as `\u003c`, so that it can stand inside a page.
 */
import { fromUtf8, toUtf8, type Bytes } from "./bytes.ts";
import { Fault } from "./problem.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The one spelling of a JSON value. `undefined` members are left out; a number must be a safe whole number. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Fault("MALFORMED", "a number is not a safe whole number");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    const members = value as { readonly [key: string]: unknown };
    let text = "";
    for (const key of inOrder(Object.keys(members)))
      if (members[key] !== undefined)
        text += `${text === "" ? "" : ","}${canonicalText(key)}:${canonicalJson(members[key])}`;
    return `{${text}}`;
  }
  throw new Fault("MALFORMED", "not a JSON value");
}

// A verifier does this a million times over: what needs no escape and no sorting, and that is nearly all, is not put
// through either.
const PLAIN = /^[ !#-;=-[\]-~]*$/;
const canonicalText = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : JSON.stringify(text).replaceAll("<", "\\u003c");
const inOrder = (keys: string[]): string[] =>
  keys.every((key, i) => i === 0 || keys[i - 1]! < key) ? keys : keys.sort((a, b) => (a < b ? -1 : 1));

/** Parses canonical bytes and refuses any other spelling of the same value (`MALFORMED`). */
export function parseCanonical(bytes: Bytes): Json {
  const text = fromUtf8(bytes);
  const value = parseJson(text);
  if (canonicalJson(value) !== text) throw new Fault("MALFORMED", "JSON is not in its one spelling");
  return value;
}

/** Parses JSON; `MALFORMED` instead of a SyntaxError. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Fault("MALFORMED", "not JSON");
  }
}

export const canonicalBytes = (value: unknown): Bytes => toUtf8(canonicalJson(value));
