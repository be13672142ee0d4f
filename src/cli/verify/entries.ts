/** What an auditor sees: every entry is the leaf that the tree has, and one of the closed list. */
import { equalBytes, type Bytes } from "../../domain/bytes.ts";
import { parseBundle } from "../../domain/log/bundle.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { entriesPath, hashesOf } from "../../domain/log/tile.ts";
import type { Checkpoint } from "../../domain/log/checkpoint.ts";
import { bearsSignature } from "../../domain/log/rotation.ts";
import type { Sha256 } from "../../domain/log/growth.ts";
import { newMismatches } from "./mismatch.ts";
import { find, number, type Report } from "./report.ts";
import type { Dated, Times } from "./times.ts";

export type EntryCheck = {
  /** A bundle beside the hashes of its tile. */
  readonly bundle: (index: number, bytes: Bytes | null, tile: Bytes) => void;
  /** Tells what it found; the extremes of the times that the entries say. */
  readonly end: () => Times;
};

/** @param since the size of an older checkpoint: what stands after it is younger */
export function newEntryCheck(report: Report, checkpoint: Pick<Checkpoint, "origin" | "size">, sha: Sha256, since: number | null): EntryCheck {
  const mismatches = newMismatches("entry");
  let looked = 0;
  let sound = true;
  let newest: Dated | null = null;
  let oldestSince: Dated | null = null;
  const before = report.findings.length;
  const say = (wrong: "missing" | "truncated" | "altered", what: string): void => {
    sound = false;
    find(report, wrong, what);
  };
  function one(leaf: number, entry: Bytes, wanted: Bytes): void {
    looked += 1;
    const found = leafHashOf(entry, sha);
    if (!equalBytes(found, wanted)) {
      sound = false;
      return mismatches.add(leaf, wanted, found);
    }
    const parsed = entryOf(entry);
    const what = strange(leaf, parsed, checkpoint);
    if (what !== null) say("altered", `entry ${number(leaf)} is in the tree, and ${what}`);
    if (parsed === null) return;
    if (newest === null || parsed.at > newest.at) newest = { leaf, at: parsed.at };
    if (since !== null && leaf >= since && (oldestSince === null || parsed.at < oldestSince.at)) oldestSince = { leaf, at: parsed.at };
  }
  return {
    bundle(index, bytes, tile) {
      const wanted = hashesOf(tile);
      if (bytes === null) return say("missing", `the entry bundle ${entriesPath(index, wanted.length)} is not there`);
      const entries = entriesIn(bytes);
      if (entries === null) return say("altered", `the entry bundle ${entriesPath(index, wanted.length)} cannot be read`);
      if (entries.length !== wanted.length) say(entries.length < wanted.length ? "truncated" : "altered", `the entry bundle ${entriesPath(index, wanted.length)} has ${entries.length} entries, and the tree has ${wanted.length}`);
      entries.slice(0, wanted.length).forEach((entry, i) => one(index * 256 + i, entry, wanted[i]!));
    },
    end() {
      mismatches.tell(report);
      report.looked.push(`As an auditor: ${number(looked)} entries.`);
      if (sound && report.findings.length === before && looked > 0) report.holds.push("Every entry is the leaf that the tree has, and one of the kinds there are.");
      else if (sound && looked > 0) report.holds.push("Every entry that could be compared is the leaf that its tile has.");
      return { newest, oldestSince };
    },
  };
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
function strange(leaf: number, entry: Entry | null, { origin, size }: Pick<Checkpoint, "origin" | "size">): string | null {
  if (entry === null) return "is not one of the kinds there are";
  const isStart = entry.kind === "log.started" || entry.kind === "log.continued";
  if (isStart !== (leaf === 0)) return "the start of a log is its first entry and no other";
  if (isStart && entry.origin !== origin) return "it begins another log";
  if (entry.kind === "log.continued" && !bearsSignature(entry)) return "the checkpoint that it goes on from is not signed by the key that it names";
  if (entry.kind === "log.rotated" && leaf !== size - 1) return "what names the next key is the last entry and no other";
  return null;
}
