/**
 * One bundle of entries beside the hashes of its tile. It only computes, so that a log of a million entries can be
 * shared out among threads.
 */
import { equalBytes, type Bytes } from "../bytes.ts";
import { parseBundle } from "../log/bundle.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { parseEntry, type Entry } from "../log/event.ts";
import { HOST, mayStandIn, whoseEntry, type Whose } from "../log/names.ts";
import type { Sha256 } from "../log/growth.ts";
import { bearsSignature } from "../log/rotation.ts";
import { entriesPath, hashesOf } from "../log/tile.ts";
import { number } from "./report.ts";
import type { Dated, Times } from "./times.ts";

/** `since`: the size of an older checkpoint; what stands after it is younger. */
export type Job = Pick<Checkpoint, "origin" | "size"> & {
  readonly whose: Whose;
  readonly index: number;
  readonly bytes: Bytes | null;
  readonly tile: Bytes;
  readonly since: number | null;
};

export type Look = Times & {
  readonly looked: number;
  /** Entries that are not the leaf at their place. */
  readonly mismatches: readonly { readonly leaf: number; readonly wanted: Bytes; readonly found: Bytes }[];
  readonly says: readonly { readonly wrong: "missing" | "truncated" | "altered"; readonly what: string }[];
};

export function lookAt({ index, bytes, tile, whose, origin, size, since }: Job, sha: Sha256): Look {
  const mismatches: { leaf: number; wanted: Bytes; found: Bytes }[] = [];
  const says: { wrong: "missing" | "truncated" | "altered"; what: string }[] = [];
  let [newest, oldestSince]: [Dated | null, Dated | null] = [null, null];
  const wanted = hashesOf(tile);
  const path = (): string => entriesPath(index, wanted.length);
  const entries = bytes === null ? null : entriesIn(bytes);
  if (bytes === null) says.push({ wrong: "missing", what: `the entry bundle ${path()} is not there` });
  else if (entries === null) says.push({ wrong: "altered", what: `the entry bundle ${path()} cannot be read` });
  else if (entries.length !== wanted.length)
    says.push({
      wrong: entries.length < wanted.length ? "truncated" : "altered",
      what: `the entry bundle ${path()} has ${entries.length} entries, and the tree has ${wanted.length}`,
    });
  const there = (entries ?? []).slice(0, wanted.length);
  there.forEach((bytes, i) => {
    const leaf = index * 256 + i;
    const found = leafHashOf(bytes, sha);
    if (!equalBytes(found, wanted[i]!)) return void mismatches.push({ leaf, wanted: wanted[i]!, found });
    const entry = entryOf(bytes);
    const what = strange(leaf, entry, { whose, origin, size });
    if (what !== null) says.push({ wrong: "altered", what: `entry ${number(leaf)} is in the tree, and ${what}` });
    if (entry === null) return;
    if (newest === null || entry.at > newest.at) newest = { leaf, at: entry.at };
    if (since !== null && leaf >= since && (oldestSince === null || entry.at < oldestSince.at))
      oldestSince = { leaf, at: entry.at };
  });
  return { looked: there.length, mismatches, says, newest, oldestSince };
}

/** SHA-256(0x00 || entry). */
export function leafHashOf(entry: Bytes, sha: Sha256): Bytes {
  const leaf = new Uint8Array(1 + entry.length);
  leaf.set(entry, 1);
  return sha(leaf);
}

function entriesIn(bytes: Bytes): Bytes[] | null {
  try {
    return parseBundle(bytes);
  } catch {
    return null;
  }
}

/** The entry, or null when it is none of the closed list. */
export function entryOf(bytes: Bytes): Entry | null {
  try {
    return parseEntry(bytes);
  } catch {
    return null;
  }
}

/** What no entry of a sound log is; null for what may stand there. */
function strange(
  leaf: number,
  entry: Entry | null,
  { whose, origin, size }: Pick<Job, "whose" | "origin" | "size">,
): string | null {
  if (entry === null) return "is not one of the kinds there are";
  if (!mayStandIn(entry, whose))
    return `it is of ${whoseEntry(entry) === HOST ? "the host" : `the body ${whoseEntry(entry)}`}, whose log is another`;
  const isStart = entry.kind === "log.started" || entry.kind === "log.continued";
  if (isStart !== (leaf === 0)) return "the start of a log is its first entry and no other";
  if (isStart && entry.origin !== origin) return "it begins another log";
  if (entry.kind === "log.continued" && !bearsSignature(entry))
    return "the checkpoint that it goes on from is not signed by the key that it names";
  if (entry.kind === "log.rotated" && leaf !== size - 1)
    return "what names the next key is the last entry and no other";
  return null;
}
