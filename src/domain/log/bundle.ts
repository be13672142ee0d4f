/**
 * Entry bundles: entries side by side, each behind its length as a big-endian uint16. Source: c2sp.org/tlog-tiles@v1,
 * "Log entries".
 */
import type { Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { MOST_ENTRY_BYTES } from "./event.ts";

const HEAD = 2;

/** The bytes of a bundle. `MALFORMED` for an entry that is too long to say. */
export function encodeBundle(entries: readonly Bytes[]): Bytes {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + HEAD + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MOST_ENTRY_BYTES) throw new Fault("MALFORMED", "an entry is at most 65,535 bytes");
    view.setUint16(at, entry.length);
    bundle.set(entry, at + HEAD);
    at += HEAD + entry.length;
  }
  return bundle;
}

/** The entries of a bundle; `MALFORMED` when lengths and bytes do not fit exactly. */
export function parseBundle(bundle: Bytes): Bytes[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Bytes[] = [];
  for (let at = 0; at < bundle.length; ) {
    const end = at + HEAD <= bundle.length ? at + HEAD + view.getUint16(at) : Infinity;
    if (end > bundle.length) throw new Fault("MALFORMED", "an entry of a bundle ends early");
    entries.push(bundle.subarray(at + HEAD, end));
    at = end;
  }
  return entries;
}
