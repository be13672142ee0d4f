/**
 * The newest log, from files that were kept outside the database (`export-log --entries`): read whole, and believed
 * only as far as it recomputes to a checkpoint that the log's key signed.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes, type Bytes } from "../../domain/bytes.ts";
import { parseBundle } from "../../domain/log/bundle.ts";
import { openCheckpoint, type Checkpoint } from "../../domain/log/checkpoint.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import type { NoteVerifier } from "../../domain/log/note.ts";
import {
  appendLeaves,
  entriesPath,
  nodesOfTiles,
  TILE_WIDTH,
  tileKey,
  tileWidth,
  type Tile,
} from "../../domain/log/tile.ts";
import { leafHash, treeRoot } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";

export type AtLeaf<E = Entry> = { readonly leaf: number; readonly entry: E };
export type ErasureEntry = Extract<Entry, { kind: "erasure.requested" | "erasure.refused" | "erasure.done" }>;

export type KeptLog = {
  readonly note: string;
  readonly checkpoint: Checkpoint;
  /** every tile of the tree */
  readonly tiles: ReadonlyMap<string, Tile>;
  /** the entries from a leaf on, as they stand */
  readonly later: readonly Bytes[];
  /** every erasure of the whole log */
  readonly erasures: readonly AtLeaf<ErasureEntry>[];
};

const refusal = (detail: string): Fault => new Fault("RESTORE_REFUSED", detail);

/** @param from the entries from this leaf on are given back whole @throws `RESTORE_REFUSED` */
export async function readKeptLog(directory: string, logKey: NoteVerifier, from: number): Promise<KeptLog> {
  const note = await read(directory, "checkpoint").then((bytes) => new TextDecoder().decode(bytes));
  const checkpoint = opened(note, logKey);
  const tiles = new Map<string, Tile>();
  const later: Bytes[] = [];
  const erasures: AtLeaf<ErasureEntry>[] = [];
  const at = (level: number, index: number): Bytes => tiles.get(tileKey(level, index))?.hashes ?? new Uint8Array();
  for (let index = 0; index * TILE_WIDTH < checkpoint.size; index++) {
    const first = index * TILE_WIDTH;
    const width = tileWidth({ level: 0, index }, checkpoint.size);
    const entries = parseBundle(await read(directory, entriesPath(index, width)));
    if (entries.length !== width)
      throw refusal(`the bundle ${entriesPath(index, width)} has ${entries.length} entries, and the tree has ${width}`);
    entries.forEach((bytes, i) => {
      if (first + i >= from) later.push(bytes);
      const entry = parseEntry(bytes);
      if (entry.kind === "erasure.requested" || entry.kind === "erasure.refused" || entry.kind === "erasure.done")
        erasures.push({ leaf: first + i, entry });
    });
    for (const tile of appendLeaves(first, entries.map(leafHash), at)) tiles.set(tileKey(tile.level, tile.index), tile);
  }
  if (!equalBytes(treeRoot(checkpoint.size, nodesOfTiles(at)), checkpoint.root))
    throw refusal("the entries in the files are not those that were signed");
  return { note, checkpoint, tiles, later, erasures };
}

function opened(note: string, logKey: NoteVerifier): Checkpoint {
  try {
    return openCheckpoint(note, logKey);
  } catch (thrown) {
    throw refusal(
      `the checkpoint in the files is not one that this installation's log signed (${thrown instanceof Fault ? thrown.detail : "it cannot be read"})`,
    );
  }
}

async function read(directory: string, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(join(directory, path)));
  } catch {
    throw refusal(`the file ${path} is not in the directory of the log; export-log --entries writes it`);
  }
}
