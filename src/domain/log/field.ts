/**
 * What a field of an event may hold: each line is the check at run time and, by it, the type. No kind of value here can
 * hold a sentence; that is what keeps names and stories out of the log (T43).
 */
import type { Json } from "../canonical.ts";
import { isKeyName } from "./note.ts";

/** Whether a value may stand in the field. What it says yes to is a `T`. */
export type Field<T extends Json> = (value: Json) => value is T;
/** A field that an entry may leave out. */
export type Optional<T extends Json> = { readonly optional: Field<T> };

/** The type of what a field holds. */
export type Held<F> = F extends Optional<infer T> ? T : F extends Field<infer T> ? T : never;

type Needed<Fields> = { readonly [F in keyof Fields as Fields[F] extends Optional<Json> ? never : F]: Held<Fields[F]> };
type Allowed<Fields> = {
  readonly [F in keyof Fields as Fields[F] extends Optional<Json> ? F : never]?: Held<Fields[F]>;
};
/** The type of an object with these fields, and a kind. */
export type WithFields<Kind extends string, Fields> = Flat<{ readonly kind: Kind } & Needed<Fields> & Allowed<Fields>>;
// One object in place of three, so that what is shown of a type can be read.
type Flat<T> = { readonly [F in keyof T]: T[F] };

export const optional = <T extends Json>(field: Field<T>): Optional<T> => ({ optional: field });

const matches =
  (pattern: RegExp): Field<string> =>
  (value): value is string =>
    typeof value === "string" && pattern.test(value);
const atLeast =
  (least: number): Field<number> =>
  (value): value is number =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least;

export const oneOf =
  <const T extends string>(...values: readonly T[]): Field<T> =>
  (value): value is T =>
    typeof value === "string" && (values as readonly string[]).includes(value);
export const exactly =
  <T extends string | number>(wanted: T): Field<T> =>
  (value): value is T =>
    value === wanted;
export const orNull =
  <T extends Json>(field: Field<T>): Field<T | null> =>
  (value): value is T | null =>
    value === null || field(value);

/** 128 bits in hex. */
export const id = matches(/^[0-9a-f]{32}$/);
/** A hash or a commitment, in hex. */
export const hash = matches(/^[0-9a-f]{64}$/);
/** An Ed25519 signature, in hex. */
export const signature = matches(/^[0-9a-f]{128}$/);
/** Bodies, forms, purposes, reasons. */
export const slug = matches(/^[a-z0-9-]{1,64}$/);
/** A code of ours, as in `src/domain/problem.ts`. */
export const code = matches(/^[A-Z0-9_]{1,64}$/);
export const count = atLeast(0);
export const ordinal = atLeast(1);
/** Milliseconds since 1970. */
export const time = atLeast(0);
export const yesNo = oneOf("yes", "no");
export const role = oneOf("operator", "owner", "reader", "auditor");
/** Who looks for exposure: from outside, or at the database's own catalogue (`src/domain/watch/finding.ts`). */
export const watcher = oneOf("monitor", "inspect", "site");

export const keyName: Field<string> = (value): value is string => typeof value === "string" && isKeyName(value);
/** In the spelling of `formatVerifierKey`; whether it is a key is asked where it is used. */
export const vkey: Field<string> = (value): value is string =>
  typeof value === "string" &&
  /^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/.test(value) &&
  isKeyName(value.split("+")[0] ?? "");

/** Ids in ascending order, none twice. */
export const ids: Field<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.every((one, i) => id(one) && (i === 0 || String(value[i - 1]) < String(one)));
