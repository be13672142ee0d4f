/**
 * The checkpoint store: what this log has signed, kept outside the database, so that a database that went back is
 * noticed (T7). Numbered files, each made whole and exclusively, the highest wins; never restored from a backup.
 */
import { link, open, readdir, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint, type Checkpoint } from "../../domain/log/checkpoint.ts";
import type { NoteVerifier } from "../../domain/log/note.ts";
import { Fault } from "../../domain/problem.ts";

/** The last checkpoint that was signed: its number, the signed note, and what it says. */
export type Stored = { readonly number: number; readonly note: string; readonly checkpoint: Checkpoint };

export type CheckpointStore = {
  /**
   * The highest checkpoint, its signature verified; null before the first.
   * @throws `CONFIG_INVALID` when the store is missing, `NOTE_INVALID` when it is damaged.
   */
  highest(): Promise<Stored | null>;
  /** Keeps a note under the number after `last`; false when another writer was first. Durable once it answers. */
  add(last: Stored | null, note: string): Promise<boolean>;
};

/** Put there by the supervisor when it makes the log's key, and never again: without it a store was lost, not new. */
const MARKER = "init";
const KEPT = 1000;
const DRAFT = "draft-";
const NAME = /^(\d{16})\.checkpoint$/;
const nameOf = (number: number): string => `${String(number).padStart(16, "0")}.checkpoint`;

/** @param called how messages name the directory, where it was handed over as a descriptor */
export function checkpointStore(directory: string, logKey: NoteVerifier, called = directory): CheckpointStore {
  let last: Stored | null = null;
  return {
    async highest() {
      const number = (await numbersIn(directory, called)).at(-1);
      if (number === undefined) return null;
      const note = await readFile(join(directory, nameOf(number)), "utf8");
      // Asked ten times a second: one text is verified once.
      if (last?.number !== number || last.note !== note)
        last = { number, note, checkpoint: openCheckpoint(note, logKey) };
      return last;
    },
    async add(after, note) {
      const number = (after?.number ?? 0) + 1;
      if (!(await createExclusively(directory, nameOf(number), note))) return false;
      await prune(directory, number);
      return true;
    },
  };
}

async function numbersIn(directory: string, called: string): Promise<number[]> {
  const names = await readdir(directory).catch((): string[] => []);
  if (!names.includes(MARKER))
    throw new Fault("CONFIG_INVALID", `the checkpoint store ${called} is missing or was emptied`);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A file that is there whole or not at all, under a name that nobody had before. */
async function createExclusively(directory: string, name: string, text: string): Promise<boolean> {
  const draft = join(directory, `${DRAFT}${process.pid}-${crypto.randomUUID()}`);
  await writeDurably(draft, text);
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(draft, join(directory, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
  await syncDirectory(directory);
  return true;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Keeps the highest thousand, and clears the drafts of writers that were killed. */
async function prune(directory: string, number: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const isOld = NAME.test(name)
      ? Number(NAME.exec(name)?.[1]) <= number - KEPT
      : name.startsWith(DRAFT) && (await isForgotten(path));
    // Another writer may clear the same files.
    if (isOld) await unlink(path).catch(() => {});
  }
}

const isForgotten = async (path: string): Promise<boolean> =>
  Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now()) > 60_000;
