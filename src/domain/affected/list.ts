/**
 * The list of affected people as bytes to seal. Nothing else of ours may hold it unsealed for longer than somebody
 * works on it.
 */
import { fromUtf8, toUtf8, type Bytes } from "../bytes.ts";
import { parseJson } from "../canonical.ts";
import { Fault } from "../problem.ts";
import type { AffectedPerson, Channel } from "./person.ts";

const FORMAT = "pillarbox/v1/affected";

/** Nothing of an entry leaves but what a person in the list is: no date of birth. */
export const listBytes = (people: readonly AffectedPerson[]): Bytes =>
  toUtf8(JSON.stringify({ format: FORMAT, people: people.map(personOf) }));

/** The list again; `MALFORMED` for anything that `listBytes` did not write. */
export function parseList(bytes: Bytes): readonly AffectedPerson[] {
  const value = parseJson(fromUtf8(bytes)) as { readonly format?: unknown; readonly people?: unknown } | null;
  if (value === null || typeof value !== "object" || value.format !== FORMAT || !Array.isArray(value.people))
    throw new Fault("MALFORMED", "not a list of affected people");
  return value.people.map(personOf);
}

const CHANNELS: readonly unknown[] = ["email", "post", "phone"] satisfies Channel[];
const isText = (value: unknown): value is string => typeof value === "string";
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

function personOf(value: unknown): AffectedPerson {
  const { person, name, email, post, phone, safe, inDanger, records } = (value ?? {}) as Record<
    keyof AffectedPerson,
    unknown
  >;
  const fits =
    isText(person) &&
    /^[0-9a-f]{32}$/.test(person) &&
    isText(name) &&
    (email === null || isText(email)) &&
    (post === null || isTexts(post)) &&
    (phone === null || isText(phone)) &&
    (safe === null || (isTexts(safe) && safe.every((one) => CHANNELS.includes(one)))) &&
    typeof inDanger === "boolean" &&
    isTexts(records);
  if (!fits) throw new Fault("MALFORMED", "not an affected person");
  return { person, name, email, post, phone, safe: safe as readonly Channel[] | null, inDanger, records };
}
