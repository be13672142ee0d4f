/** What arrives over HTTP or on standard input is parsed before anybody uses it; anything else is `MALFORMED`. */
import { fromBase64, fromHex, type Bytes } from "../domain/bytes.ts";
import { Fault } from "../domain/problem.ts";

export type Parse<T> = (value: unknown) => T;
type Record_ = { readonly [key: string]: unknown };
type Parsers = { readonly [key: string]: Parse<unknown> };
type Parsed<P extends Parsers> = { readonly [K in keyof P]: ReturnType<P[K]> };

const wrong = (what: string): Fault => new Fault("MALFORMED", `expected ${what}`);

export function object(value: unknown): Record_ {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw wrong("an object");
  return value as Record_;
}

/** An object with these members; others are left out. */
export const record =
  <P extends Parsers>(parsers: P): Parse<Parsed<P>> =>
  (value) => {
    const given = object(value);
    return Object.fromEntries(
      Object.entries(parsers).map(([key, parse]) => [key, parse(Object.hasOwn(given, key) ? given[key] : undefined)]),
    ) as Parsed<P>;
  };

/** One member of an object. */
export const member =
  <T>(key: string, parse: Parse<T>): Parse<T> =>
  (value) =>
    parse(object(value)[key]);

/** A list, whether it came by itself or as the only member of an object. */
export const listOf =
  <T>(key: string, parse: Parse<T>): Parse<readonly T[]> =>
  (value) =>
    list(parse)(Array.isArray(value) ? value : object(value)[key]);

export const list =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw wrong("a list");
    return value.map(parse);
  };

export const maybe =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (value) =>
    value === null || value === undefined ? null : parse(value);

export const flag: Parse<boolean> = (value) => {
  if (typeof value !== "boolean") throw wrong("yes or no");
  return value;
};

export const text: Parse<string> = (value) => {
  if (typeof value !== "string") throw wrong("text");
  return value;
};

export const whole: Parse<number> = (value) => {
  if (!Number.isSafeInteger(value)) throw wrong("a whole number");
  return value as number;
};

const matching =
  (pattern: RegExp, what: string): Parse<string> =>
  (value) => {
    if (!pattern.test(text(value))) throw wrong(what);
    return value as string;
  };

export const id = matching(/^[0-9a-f]{32}$/, "an id");
export const slug = matching(/^[a-z0-9-]{1,64}$/, "a short name");
export const hash = matching(/^[0-9a-f]{64}$/, "a hash");
export const bytes: Parse<Bytes> = (value) => fromBase64(text(value));
export const hex: Parse<Bytes> = (value) => fromHex(text(value));
export const anything: Parse<unknown> = (value) => value;

export const oneOf =
  <T extends string>(...values: readonly T[]): Parse<T> =>
  (value) => {
    const found = values.find((known) => known === value);
    if (found === undefined) throw wrong(values.join(" or "));
    return found;
  };
