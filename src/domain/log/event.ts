/**
 * Events: the closed union of what the log can say. Ids, counts, times, codes and commitments; no names, no free text
 * (T43). An entry is an event with its time and a nonce, as canonical JSON; its bytes are the leaf.
 */
import { toHex, type Bytes } from "../bytes.ts";
import { canonicalBytes, parseCanonical, type Json } from "../canonical.ts";
import { Fault } from "../problem.ts";
import { checkFields } from "./event-fields.ts";
import type { EventKind, EVENTS } from "./event-kinds.ts";
import type { Held, role, WithFields } from "./field.ts";

/** An event of each kind, without the time and the nonce of its entry: what the row of its kind says. */
type Events = { readonly [K in EventKind]: WithFields<K, (typeof EVENTS)[K]["fields"]> };

export type LogEvent = Events[EventKind];

export type Role = Held<typeof role>;

/** What sealed bytes of letters may leave for. */
export type ReleasePurpose = Extract<LogEvent, { readonly ids: string }>["purpose"];

/** An event as it stands in the log. */
export type Entry = LogEvent & { readonly v: 1; readonly at: number; readonly nonce: string };

/** Entry bundles say an entry's length in 16 bits (c2sp.org/tlog-tiles). */
export const MOST_ENTRY_BYTES = 65_535;

/**
 * The bytes of an entry. `at` is in milliseconds; `nonce` is 32 fresh random bytes, so that the public leaf hash tells
 * nothing about a guessable entry. `MALFORMED` for anything that `parseEntry` would refuse: a mistaken caller puts
 * nothing unforeseen into the log.
 */
export function encodeEntry(event: LogEvent & { readonly at: number }, nonce: Bytes): Bytes {
  const bytes = canonicalBytes({ ...event, v: 1, nonce: toHex(nonce) });
  parseEntry(bytes);
  return bytes;
}

/**
 * Reads an entry strictly: known kind, exactly its fields, canonical spelling (`MALFORMED`), a known version
 * (`UNKNOWN_VERSION`).
 */
export function parseEntry(bytes: Bytes): Entry {
  if (bytes.length > MOST_ENTRY_BYTES) throw new Fault("MALFORMED", "an entry is at most 65,535 bytes");
  const value = parseCanonical(bytes);
  if (!isObject(value)) throw new Fault("MALFORMED", "an entry is an object");
  if (value["v"] !== 1) throw new Fault("UNKNOWN_VERSION", "an entry of an unknown version");
  checkFields(value);
  return value as Entry;
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
