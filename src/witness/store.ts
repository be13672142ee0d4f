/**
 * What a witness remembers: for each log the largest checkpoint that it has co-signed. Numbered files, each made whole
 * and exclusively, the highest wins, so that two processes on one directory cannot sign two histories. Never restored
 * from a backup.
 */
import { createHash } from "node:crypto";
import { link, mkdir, open, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint, type Checkpoint } from "../domain/log/checkpoint.ts";
import { parseNote } from "../domain/log/note.ts";

/** The last co-signed checkpoint of a log, as it was given out. */
export type Seen = { readonly number: number; readonly note: string; readonly checkpoint: Checkpoint };

export type WitnessStore = {
  /** By origin; null when this witness has never co-signed a checkpoint of it. */
  readonly latest: (origin: string) => Promise<Seen | null>;
  /** By the hex SHA-256 of the origin. */
  readonly latestByHash: (hash: string) => Promise<Seen | null>;
  /** Keeps a co-signed checkpoint after `last`; false when another was first. Durable once it answers. */
  readonly add: (origin: string, last: Seen | null, note: string) => Promise<boolean>;
};

const KEPT = 1000;
const NAME = /^(\d{16})\.checkpoint$/;
const nameOf = (number: number): string => `${String(number).padStart(16, "0")}.checkpoint`;
const hashOf = (origin: string): string => createHash("sha256").update(origin).digest("hex");

export function witnessStore(directory: string): WitnessStore {
  const latestByHash = async (hash: string): Promise<Seen | null> => {
    const place = join(directory, hash);
    const number = (await numbersIn(place)).at(-1);
    if (number === undefined) return null;
    const note = await readFile(join(place, nameOf(number)), "utf8");
    return { number, note, checkpoint: parseCheckpoint(parseNote(note).text) };
  };
  return {
    latestByHash,
    latest: (origin) => latestByHash(hashOf(origin)),
    async add(origin, last, note) {
      const place = join(directory, hashOf(origin));
      if (last === null && (await mkdir(place, { recursive: true, mode: 0o700 })) !== undefined)
        await syncDirectory(directory);
      const number = (last?.number ?? 0) + 1;
      const made = await createExclusively(place, nameOf(number), note);
      if (made)
        for (const old of await numbersIn(place))
          if (old <= number - KEPT) await unlink(join(place, nameOf(old))).catch(() => {});
      return made;
    },
  };
}

async function numbersIn(place: string): Promise<number[]> {
  const names = await readdir(place).catch((thrown: NodeJS.ErrnoException) => {
    // Only a log that was never seen has no directory: anything else must not look like one.
    if (thrown.code === "ENOENT") return [];
    throw thrown;
  });
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A file that is there whole or not at all, under a name that nobody had before. */
async function createExclusively(place: string, name: string, text: string): Promise<boolean> {
  const draft = join(place, `draft-${process.pid}-${crypto.randomUUID()}`);
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(draft, join(place, name));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  } finally {
    await unlink(draft);
  }
  await syncDirectory(place);
  return true;
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
