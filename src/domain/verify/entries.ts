/** What an auditor sees: every entry is the leaf that the tree has, and one of the closed list. */
import type { Bytes } from "../bytes.ts";
import type { Sha256 } from "../log/growth.ts";
import { lookAt, type Job, type Look } from "./look.ts";
import { newMismatches } from "./mismatch.ts";
import { find, number, type Report } from "./report.ts";
import type { Dated, Times } from "./times.ts";

/** Others that look at bundles beside this thread; answers come in the order asked. */
export type Threads = { readonly look: (job: Job) => Promise<Look>; readonly end: () => Promise<unknown> };

/** What the domain has not of its own: a fast hash, and where there are any, threads. */
export type Means = { readonly sha: Sha256; readonly newThreads?: () => Threads };

export type EntryCheck = {
  /** A bundle beside the hashes of its tile; in order, each once the one before was taken. */
  readonly bundle: (index: number, bytes: Bytes | null, tile: Bytes) => Promise<void>;
  /** Tells what it found; the extremes of the times that the entries say. */
  readonly end: () => Promise<Times>;
  /** Ends its threads, whatever happened. */
  readonly close: () => Promise<void>;
};

/** Below this a log is read before threads would have begun. */
const WORTH_THREADS = 20_000;
/** Bundles under way: enough that no thread waits, few enough that memory stays flat. */
const AHEAD = 32;

/** @param since the size of an older checkpoint: what stands after it is younger */
export function newEntryCheck(
  report: Report,
  { whose, origin, size }: Pick<Job, "whose" | "origin" | "size">,
  since: number | null,
  { sha, newThreads }: Means,
): EntryCheck {
  const mismatches = newMismatches("entry");
  const threads: Threads | null = size < WORTH_THREADS ? null : (newThreads?.() ?? null);
  const under: Promise<Look>[] = [];
  let looked = 0;
  let sound = true;
  let [newest, oldestSince]: [Dated | null, Dated | null] = [null, null];
  const before = report.findings.length;

  function take(look: Look): void {
    looked += look.looked;
    for (const { leaf, wanted, found } of look.mismatches) mismatches.add(leaf, wanted, found);
    for (const { wrong, what } of look.says) find(report, wrong, what);
    sound &&= look.mismatches.length === 0 && look.says.length === 0;
    if (look.newest !== null && (newest === null || look.newest.at > newest.at)) newest = look.newest;
    if (look.oldestSince !== null && (oldestSince === null || look.oldestSince.at < oldestSince.at))
      oldestSince = look.oldestSince;
  }

  return {
    async bundle(index, bytes, tile) {
      const job: Job = { index, bytes, tile, whose, origin, size, since };
      if (threads === null) return take(lookAt(job, sha));
      const look = threads.look(job);
      // Its fault is thrown when its turn comes.
      look.catch(() => {});
      under.push(look);
      if (under.length > AHEAD) take(await under.shift()!);
    },
    async end() {
      while (under.length > 0) take(await under.shift()!);
      mismatches.tell(report);
      report.looked.push(`As an auditor: ${number(looked)} entries.`);
      if (sound && report.findings.length === before && looked > 0)
        report.holds.push("Every entry is the leaf that the tree has, and one of the kinds there are.");
      else if (sound && looked > 0)
        report.holds.push("Every entry that could be compared is the leaf that its tile has.");
      return { newest, oldestSince };
    },
    close: async () => void (await threads?.end()),
  };
}
