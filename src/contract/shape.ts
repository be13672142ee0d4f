/**
 * Shapes: what goes over the wire, read and written in one place. `parse` makes the type true or throws `MALFORMED`;
 * `encode` writes what is named and nothing else. Each says what it takes, so that a test can make values for it.
 */
import { fromBase64, fromHex, toBase64, toHex, type Bytes } from "../domain/bytes.ts";
import { Fault } from "../domain/problem.ts";

/** What a shape takes, as a value. `own` is checked by a rule that only its file knows. */
export type Kind =
  | { readonly kind: "text"; readonly min: number; readonly max: number; readonly typed: boolean }
  | { readonly kind: "matching"; readonly pattern: RegExp }
  | { readonly kind: "whole" | "numeral" | "flag" | "anything" }
  | { readonly kind: "bytes" | "hex"; readonly max: number }
  | { readonly kind: "one-of"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly of: Shape<unknown>; readonly max: number }
  | { readonly kind: "maybe" | "optional"; readonly of: Shape<unknown> }
  | { readonly kind: "dictionary"; readonly key: Shape<string>; readonly of: Shape<unknown> }
  | { readonly kind: "record" | "exact"; readonly fields: Fields }
  | { readonly kind: "own"; readonly name: string };

export type Shape<T> = {
  readonly is: Kind;
  /** @throws `MALFORMED` */
  parse(value: unknown): T;
  encode(value: T): unknown;
};
export type Optional<T> = Shape<T | undefined> & { readonly optional: true };
export type Fields = { readonly [name: string]: Shape<unknown> };

/** The type of what a shape takes. */
export type Value<S> = S extends Shape<infer T> ? T : never;
type OptionalIn<F> = { [N in keyof F]: F[N] extends { readonly optional: true } ? N : never }[keyof F];
export type Values<F> = { readonly [N in Exclude<keyof F, OptionalIn<F>>]: Value<F[N]> } & {
  readonly [N in OptionalIn<F>]?: Value<F[N]> | undefined;
};

const bad = (what: string): never => {
  throw new Fault("MALFORMED", `expected ${what}`);
};
const same = (value: unknown): unknown => value;
const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What no text may hold: control characters, except tab and the two that end a line. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What a person typed: `min` to `max` UTF-16 units, no control characters. */
export const text = (max: number, min = 1): Shape<string> => ({
  is: { kind: "text", min, max, typed: true },
  parse: (value) =>
    typeof value === "string" && value.length >= min && value.length <= max && !CONTROL.test(value)
      ? value
      : bad(`a text of ${min} to ${max}`),
  encode: same,
});

/** Any text: for answers, whose writer we are. */
export const anyText: Shape<string> = {
  is: { kind: "text", min: 0, max: Number.POSITIVE_INFINITY, typed: false },
  parse: (value) => (typeof value === "string" ? value : bad("a text")),
  encode: same,
};

const matching = (pattern: RegExp, what: string): Shape<string> => ({
  is: { kind: "matching", pattern },
  parse: (value) => (typeof value === "string" && pattern.test(value) ? value : bad(what)),
  encode: same,
});
/** 16 bytes as 32 lower-case hex characters. */
export const id = matching(/^[0-9a-f]{32}$/, "an id");
/** 32 bytes as 64 lower-case hex characters. */
export const hash = matching(/^[0-9a-f]{64}$/, "a hash");
/** The short name of a body, a form or a field. */
export const slug = matching(/^[a-z0-9-]{1,64}$/, "a short name");
/** For what else has a spelling of its own. */
export const spelled = (pattern: RegExp): Shape<string> => matching(pattern, "its spelling");

/** A safe whole number, zero or more. Times are milliseconds since the epoch. */
export const whole: Shape<number> = {
  is: { kind: "whole" },
  parse: (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : bad("a whole number")),
  encode: same,
};

/** A whole number in an address, where everything is text. */
export const numeral: Shape<number> = {
  is: { kind: "numeral" },
  parse: (value) => whole.parse(typeof value === "string" ? Number(value) : value),
  encode: String,
};

export const flag: Shape<boolean> = {
  is: { kind: "flag" },
  parse: (value) => (typeof value === "boolean" ? value : bad("yes or no")),
  encode: same,
};

/** A JSON value that somebody else checks. */
export const anything: Shape<unknown> = { is: { kind: "anything" }, parse: same, encode: same };

/** Bytes, on the wire as base64; at most `max`, rounded up to a multiple of three. */
export const bytes = (max = Number.POSITIVE_INFINITY): Shape<Bytes> => ({
  is: { kind: "bytes", max },
  parse: (value) =>
    typeof value === "string" && value.length <= Math.ceil(max / 3) * 4
      ? fromBase64(value)
      : bad(`at most ${max} bytes`),
  encode: toBase64,
});

/** So many bytes, on the wire as hex. */
export const hex = (length: number): Shape<Bytes> => ({
  is: { kind: "hex", max: length },
  parse: (value) =>
    typeof value === "string" && value.length === length * 2 ? fromHex(value) : bad(`${length} bytes as hex`),
  encode: toHex,
});

export const oneOf = <const T extends string>(...values: readonly T[]): Shape<T> => ({
  is: { kind: "one-of", values },
  parse: (value) => values.find((known) => known === value) ?? bad(values.join(" or ")),
  encode: same,
});

export const list = <T>(of: Shape<T>, max = Number.POSITIVE_INFINITY): Shape<readonly T[]> => ({
  is: { kind: "list", of, max },
  parse: (value) =>
    Array.isArray(value) && value.length <= max ? value.map((one) => of.parse(one)) : bad(`a list of at most ${max}`),
  encode: (value) => value.map((one) => of.encode(one)),
});

/** A value, or null; what is missing is null. */
export const maybe = <T>(of: Shape<T>): Shape<T | null> => ({
  is: { kind: "maybe", of },
  parse: (value) => (value === null || value === undefined ? null : of.parse(value)),
  encode: (value) => (value === null ? null : of.encode(value)),
});

/** A field that may be missing. */
export const optional = <T>(of: Shape<T>): Optional<T> => ({
  optional: true,
  is: { kind: "optional", of },
  parse: (value) => (value === null || value === undefined ? undefined : of.parse(value)),
  encode: (value) => (value === undefined ? undefined : of.encode(value)),
});

/** Values by name. */
export const dictionary = <T>(key: Shape<string>, of: Shape<T>): Shape<{ readonly [name: string]: T }> => ({
  is: { kind: "dictionary", key, of },
  parse: (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [key.parse(name), of.parse(one)]))
      : bad("values by name"),
  encode: (value) => Object.fromEntries(Object.entries(value).map(([name, one]) => [name, of.encode(one)])),
});

/** Each named field; one that is undefined is left out. */
function each(fields: Fields, take: (shape: Shape<unknown>, name: string) => unknown): { [name: string]: unknown } {
  const out: { [name: string]: unknown } = {};
  for (const [name, shape] of Object.entries(fields)) {
    const value = take(shape, name);
    if (value !== undefined) out[name] = value;
  }
  return out;
}
const own = (value: { readonly [name: string]: unknown }, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

/** An answer, which may grow: what is not named is left out. */
export const record = <F extends Fields>(fields: F): Shape<Values<F>> => ({
  is: { kind: "record", fields },
  parse: (value) =>
    isObject(value) ? (each(fields, (shape, name) => shape.parse(own(value, name))) as Values<F>) : bad("a record"),
  encode: (value) => each(fields, (shape, name) => shape.encode((value as { readonly [name: string]: unknown })[name])),
});

/** A request: these fields, and no other. */
export const exact = <F extends Fields>(fields: F): Shape<Values<F>> => {
  const { parse, encode } = record(fields);
  return {
    is: { kind: "exact", fields },
    parse: (value) =>
      isObject(value) && Object.keys(value).every((name) => Object.hasOwn(fields, name))
        ? parse(value)
        : bad("these fields alone"),
    encode,
  };
};

/** A shape whose rule stands in its own file. `encode` writes what `parse` reads. */
export const ownShape = <T>(
  name: string,
  parse: (value: unknown) => T,
  encode: (value: T) => unknown = same,
): Shape<T> => ({
  is: { kind: "own", name },
  parse,
  encode,
});
