/**
 * The checkpoint store: what each log has signed, kept outside the database, so that a database that went back is
 * noticed (T7). Numbered files, each made whole and exclusively, the highest wins; never restored from a backup.
 */
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openCheckpoint, type Checkpoint } from "../../domain/log/checkpoint.ts";
import { HOST, keyOfLog, type Whose } from "../../domain/log/names.ts";
import type { VerifierKey } from "../../domain/log/note-key.ts";
import type { NoteVerifier } from "../../domain/log/note.ts";
import { Fault } from "../../domain/problem.ts";
import { nativeVerifier } from "./native-key.ts";

/** The last checkpoint that was signed: its number, the signed note, and what it says. */
export type Stored = { readonly number: number; readonly note: string; readonly checkpoint: Checkpoint };

/**
 * The stores of all logs of an installation: the host's in the directory itself, a body's in a folder of its own in it,
 * under the same rules.
 */
export type CheckpointStores = {
  readonly of: (whose: Whose) => CheckpointStore;
  /** The bodies that have a store: something of theirs was signed, whatever a database says. */
  readonly bodies: () => Promise<readonly Whose[]>;
};

export type CheckpointStore = {
  /**
   * Makes the store of a body's log before the first checkpoint. Only where nothing of that log is there: where it has
   * leaves and no store, the store was lost, and `highest` says so.
   */
  begin(): Promise<void>;
  /** What `highest` answered last; null before. */
  readonly last: () => Stored | null;
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

const FOLDER = /^([a-z0-9-]{1,64})\.log$/;

/** @param called how messages name the directory, where it was handed over as a descriptor */
export function checkpointStores(directory: string, logKey: VerifierKey, called = directory): CheckpointStores {
  const stores = new Map<Whose, CheckpointStore>();
  return {
    of(whose) {
      const known = stores.get(whose);
      if (known) return known;
      const place = whose === HOST ? [] : [`${whose}.log`];
      const made = checkpointStore(
        join(directory, ...place),
        nativeVerifier(keyOfLog(logKey, whose)),
        join(called, ...place),
      );
      stores.set(whose, made);
      return made;
    },
    bodies: async () =>
      (await readdir(directory).catch((): string[] => [])).flatMap((name) => FOLDER.exec(name)?.[1] ?? []),
  };
}

/** @param called how messages name the directory, where it was handed over as a descriptor */
export function checkpointStore(directory: string, logKey: NoteVerifier, called = directory): CheckpointStore {
  let last: Stored | null = null;
  return {
    last: () => last,
    begin: () => makeStore(directory, logKey.name),
    async highest() {
      const number = (await numbersIn(directory, called)).at(-1);
      if (number === undefined) return null;
      const note = await readFile(join(directory, nameOf(number)), "utf8");
      // Asked several times a second: one text is verified once.
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

/** A folder that is a store from the moment it has its name. One that is there stays as it is. */
async function makeStore(directory: string, name: string): Promise<void> {
  if ((await stat(directory).catch(() => null)) !== null) return;
  const parent = dirname(directory);
  const draft = join(parent, `${DRAFT}${process.pid}-${crypto.randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  await writeDurably(join(draft, MARKER), `${name}\n`);
  await syncDirectory(draft);
  try {
    // A directory that holds anything is never replaced by a rename.
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  }
  await syncDirectory(parent);
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
    if (isOld) await rm(path, { recursive: true }).catch(() => {});
  }
}

const isForgotten = async (path: string): Promise<boolean> =>
  Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now()) > 60_000;
