/** What stands in the memory of a running process, as whoever may debug it sees it (Linux). */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

const PAGE = 4096;
/** Read at once, pages. */
const MOST = 1024;

/** A process and all that descend from it, without those that have ended. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has just ended.
    }
  }
  const family = [pid];
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  return family;
}

/**
 * How often a word stands in all memory that a process can write, as one byte or two bytes a letter.
 * @returns 0, too, for a process that has ended
 */
export function timesInMemory(pid: number, word: string): number {
  const spellings = [Buffer.from(word, "latin1"), Buffer.from(word, "utf16le")];
  const open: number[] = [];
  try {
    const maps = readFileSync(`/proc/${pid}/maps`, "utf8");
    const memory = openSync(`/proc/${pid}/mem`, "r");
    open.push(memory);
    const pages = openSync(`/proc/${pid}/pagemap`, "r");
    open.push(pages);
    let times = 0;
    for (const [from, to] of usedRuns(maps, pages)) {
      const bytes = Buffer.alloc(to - from);
      const seen = bytes.subarray(0, readAt(memory, bytes, from));
      for (const spelling of spellings)
        for (let found = seen.indexOf(spelling); found >= 0; found = seen.indexOf(spelling, found + 1)) times++;
    }
    return times;
  } catch (thrown) {
    if (["ENOENT", "ESRCH"].includes((thrown as NodeJS.ErrnoException).code ?? "")) return 0;
    throw thrown;
  } finally {
    open.forEach(closeSync);
  }
}

/** Runs of pages that are there, in memory or swapped out; each begins one page before, for words across two runs. */
function* usedRuns(maps: string, pages: number): Generator<readonly [from: number, to: number]> {
  for (const [, first = "", last = ""] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
    const [from, to] = [parseInt(first, 16), parseInt(last, 16)];
    const entries = Buffer.alloc(((to - from) / PAGE) * 8);
    readAt(pages, entries, (from / PAGE) * 8);
    const used = (page: number): boolean => (entries[page * 8 + 7]! & 0xc0) !== 0;
    for (let page = 0; page * 8 < entries.length; page++) {
      if (!used(page)) continue;
      const start = page;
      while (page * 8 < entries.length && used(page) && page - start < MOST) page++;
      yield [Math.max(from, from + (start - 1) * PAGE), from + page * PAGE];
      page--;
    }
  }
}

/** Bytes read; 0 where the place is not there any more. */
function readAt(file: number, into: Buffer, at: number): number {
  try {
    return readSync(file, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
