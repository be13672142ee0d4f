/** Whether an entry has exactly the fields of its kind's row (`event-kinds.ts`), and in each what it may hold. */
import type { Json } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { EVENT_KINDS, EVENTS } from "./event-kinds.ts";
import { exactly, hash, time, type Field, type Optional } from "./field.ts";

type AnyField = Field<Json> | Optional<Json>;

/** What every entry has. */
const COMMON = { v: exactly(1), at: time, nonce: hash };

/** The whole table of each kind, made once: a verifier asks a million times. */
const TABLES: ReadonlyMap<string, ReadonlyMap<string, AnyField>> = new Map(
  EVENT_KINDS.map((kind) => [
    kind,
    new Map<string, AnyField>(Object.entries({ ...COMMON, ...EVENTS[kind].fields, kind: exactly(kind) })),
  ]),
);

/** Refuses (`MALFORMED`) an unknown kind, an unknown field, a missing one, and a value that the field cannot hold. */
export function checkFields(entry: { readonly [field: string]: Json }): void {
  const kind = entry["kind"];
  const fields = typeof kind === "string" ? TABLES.get(kind) : undefined;
  if (fields === undefined) throw new Fault("MALFORMED", "an event of an unknown kind");
  for (const field of Object.keys(entry)) {
    if (!fields.has(field)) throw new Fault("MALFORMED", `${String(kind)} has no such field`);
  }
  for (const [field, rule] of fields) {
    const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
    if (!fits(rule, value)) throw new Fault("MALFORMED", `${String(kind)}: the field ${field} does not fit`);
  }
}

function fits(rule: AnyField, value: Json | undefined): boolean {
  if (typeof rule === "function") return value !== undefined && rule(value);
  return value === undefined || rule.optional(value);
}
