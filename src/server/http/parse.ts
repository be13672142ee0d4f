/** Parsing what a staff browser sends: every field named, anything else refused (`BAD_REQUEST`). */
import { fromBase64, fromHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";

export type Shape = { readonly [field: string]: (value: unknown) => unknown };
export type Parsed<S extends Shape> = { readonly [F in keyof S]: ReturnType<S[F]> };

const bad = (): never => {
  throw new Fault("BAD_REQUEST");
};

/** An object with exactly these fields; a field that may be missing has a reader that takes `undefined`. */
export function fields<S extends Shape>(value: unknown, shape: S): Parsed<S> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad();
  const given = value as { [field: string]: unknown };
  if (Object.keys(given).some((name) => !Object.hasOwn(shape, name))) return bad();
  return Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(given[name])])) as Parsed<S>;
}

export const text =
  (max: number, min = 1) =>
  (value: unknown): string =>
    typeof value === "string" &&
    value.length >= min &&
    value.length <= max &&
    !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)
      ? value
      : bad();
export const id = (value: unknown): string =>
  typeof value === "string" && /^[0-9a-f]{32}$/.test(value) ? value : bad();
export const slug = (value: unknown): string =>
  typeof value === "string" && /^[a-z0-9-]{1,64}$/.test(value) ? value : bad();
export const whole = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : bad();
export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: unknown): T =>
    values.find((known) => known === value) ?? bad();
export const optional =
  <T>(read: (value: unknown) => T) =>
  (value: unknown): T | undefined =>
    value === undefined || value === null ? undefined : read(value);
export const list =
  <T>(read: (value: unknown) => T, max: number) =>
  (value: unknown): T[] =>
    Array.isArray(value) && value.length <= max ? value.map(read) : bad();
export const object =
  <S extends Shape>(shape: S) =>
  (value: unknown): Parsed<S> =>
    fields(value, shape);

/** Bytes as base64, of at most `max` bytes. */
export const bytes =
  (max: number) =>
  (value: unknown): Bytes => {
    if (typeof value !== "string" || value.length > Math.ceil(max / 3) * 4) return bad();
    return fromBase64(value);
  };
export const hex =
  (length: number) =>
  (value: unknown): Bytes =>
    typeof value === "string" && value.length === length * 2 ? fromHex(value) : bad();
