/** Parsers for what arrives from the server: nothing is used before it has passed one. Each throws `MALFORMED`. */
import { fromBase64, fromHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";

export type Parse<T> = (value: unknown) => T;

const bad = (what: string): never => {
  throw new Fault("MALFORMED", `the server sent something that is not ${what}`);
};

export const text: Parse<string> = (value) => (typeof value === "string" ? value : bad("text"));
export const flag: Parse<boolean> = (value) => (typeof value === "boolean" ? value : bad("yes or no"));
export const anything: Parse<unknown> = (value) => value;

/** A safe whole number, zero or more. */
export const whole: Parse<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : bad("a whole number");

/** 16 bytes as 32 lower-case hex characters. */
export const id: Parse<string> = (value) =>
  typeof value === "string" && /^[0-9a-f]{32}$/.test(value) ? value : bad("an id");

/** 32 bytes as 64 lower-case hex characters. */
export const hash: Parse<string> = (value) =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : bad("a hash");

export const slug: Parse<string> = (value) =>
  typeof value === "string" && /^[a-z0-9-]{1,64}$/.test(value) ? value : bad("a short name");

/** Bytes, on the wire as base64. */
export const bytes: Parse<Bytes> = (value) => fromBase64(text(value));

/** Bytes, on the wire as hex. */
export const hexBytes: Parse<Bytes> = (value) => fromHex(text(value));

export const maybe =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (value) =>
    value === null || value === undefined ? null : parse(value);

export const list =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(parse) : bad("a list");

export const oneOf =
  <T extends string>(...values: readonly T[]): Parse<T> =>
  (value) =>
    values.includes(value as T) ? (value as T) : bad(values.join(" or "));

/** Free text by field. */
export const texts: Parse<Readonly<Record<string, string>>> = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, text(one)]))
    : bad("texts by field");

type Shape = Record<string, Parse<unknown>>;

/** Exactly the named fields; fields that nobody asked for are dropped here. */
export const record =
  <S extends Shape>(shape: S): Parse<{ readonly [K in keyof S]: ReturnType<S[K]> }> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("a record");
    const given = value as Record<string, unknown>;
    const out: Record<string, unknown> = {};
    for (const [key, parse] of Object.entries(shape))
      out[key] = parse(Object.hasOwn(given, key) ? given[key] : undefined);
    return out as { [K in keyof S]: ReturnType<S[K]> };
  };

/** The value of a named field alone, for answers that wrap one list. */
export const field =
  <T>(name: string, parse: Parse<T>): Parse<T> =>
  (value) =>
    (record({ [name]: parse })(value) as Record<string, T>)[name] as T;

/** A list, bare or under a name. */
export const listOf =
  <T>(name: string, parse: Parse<T>): Parse<readonly T[]> =>
  (value) =>
    Array.isArray(value) ? list(parse)(value) : field(name, list(parse))(value);
