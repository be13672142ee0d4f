/** The log as others read it: the signed checkpoint, tiles, entries. Nothing here reaches beyond what is signed. */
import type { Bytes } from "../../domain/bytes.ts";
import { parseCheckpoint, type Checkpoint } from "../../domain/log/checkpoint.ts";
import { parseNote } from "../../domain/log/note.ts";
import { TILE_WIDTH, tileWidth, type TileId } from "../../domain/log/tile.ts";
import type { Db } from "./pool.ts";

const HASH = 32;

/** The published checkpoint as the log signed it; null before the first. The size comes from the note, so no other column is needed. */
export async function publishedCheckpoint(db: Db): Promise<{ readonly note: string; readonly checkpoint: Checkpoint } | null> {
  const { rows } = await db.query<{ checkpoint: string | null }>("SELECT checkpoint FROM head");
  const note = rows[0]?.checkpoint ?? null;
  return note === null ? null : { note, checkpoint: parseCheckpoint(parseNote(note).text) };
}

/** Whether the signed tree has this many hashes in this tile. */
async function isSigned(db: Db, id: TileId, width: number): Promise<boolean> {
  const published = await publishedCheckpoint(db);
  return published !== null && width <= tileWidth(id, published.checkpoint.size);
}

/** The first `width` hashes of a tile; null where the signed tree does not have them. A tile only grows, so what is answered never changes. */
export async function signedTile(db: Db, id: TileId, width: number): Promise<Bytes | null> {
  if (!(await isSigned(db, id, width))) return null;
  const { rows } = await db.query<{ hashes: Buffer }>("SELECT hashes FROM tile WHERE level = $1 AND index = $2", [id.level, id.index]);
  const hashes = rows[0]?.hashes;
  return hashes === undefined || hashes.length < width * HASH ? null : hashes.subarray(0, width * HASH);
}

/** The first `width` entries of a bundle; null where the signed tree does not have them. */
export async function signedEntries(db: Db, index: number, width: number): Promise<Bytes[] | null> {
  if (!(await isSigned(db, { level: 0, index }, width))) return null;
  const first = index * TILE_WIDTH;
  const { rows } = await db.query<{ entry: Buffer }>("SELECT entry FROM event WHERE leaf >= $1 AND leaf < $2 ORDER BY leaf", [first, first + width]);
  return rows.length === width ? rows.map((row) => row.entry) : null;
}
