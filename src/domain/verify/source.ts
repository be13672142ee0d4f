/** Where a log is read from, whatever it is: files, an address, or the database itself. */
import type { Bytes } from "../bytes.ts";
import type { TileId } from "../log/tile.ts";

/** `null`: there is no such thing. */
export type LogSource = {
  readonly checkpoint: () => Promise<string | null>;
  readonly tile: (id: TileId, width: number) => Promise<Bytes | null>;
  readonly bundle: (index: number, width: number) => Promise<Bytes | null>;
  /** Of a log that ended: the proof of the entry that names the next key. */
  readonly next: () => Promise<string | null>;
  /** Of a log that goes on: the proof of its first entry. */
  readonly first: () => Promise<string | null>;
  /** The n-th log of the same body, or of the host; the first is at the place itself. */
  readonly at: (number: number) => LogSource;
  /** From the host's log: the first log of a body of the same installation. */
  readonly of: (body: string) => LogSource;
};

/** Reads `count` things in order, some of them ahead. */
export async function* ahead<T>(count: number, read: (index: number) => Promise<T>, most = 16): AsyncGenerator<T> {
  const under: Promise<T>[] = [];
  for (let i = 0; i < count; i++) {
    while (under.length < most && i + under.length < count) {
      const one = read(i + under.length);
      // Its fault is thrown when its turn comes.
      one.catch(() => {});
      under.push(one);
    }
    yield await under.shift()!;
  }
}
