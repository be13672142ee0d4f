/** The log as others read it: the signed checkpoint, tiles, entries. Nothing here reaches beyond what is signed. */
import type { Bytes } from "../../../domain/bytes.ts";
import { parseCheckpoint, type Checkpoint } from "../../../domain/log/checkpoint.ts";
import { parseNote } from "../../../domain/log/note.ts";
import { TILE_WIDTH, tileWidth, type TileId } from "../../../domain/log/tile.ts";
import type { Whose } from "../../../domain/log/names.ts";
import type { Which } from "./log.ts";
import type { Db } from "../../database/pool.ts";

const HASH = 32;

export type Published = Which & { readonly note: string; readonly checkpoint: Checkpoint };

/**
 * The published checkpoint as the log signed it, of the one of theirs that runs or of another; null before the first.
 * The size comes from the note, so no other column is needed.
 */
export async function publishedCheckpoint(db: Db, whose: Whose, log: number | null = null): Promise<Published | null> {
  const { rows } = await db.query<{ log: number; checkpoint: string | null }>(
    "SELECT log, checkpoint FROM head WHERE body = $2 AND log = coalesce($1, log) UNION ALL SELECT log, checkpoint FROM past_log WHERE body = $2 AND log = $1",
    [log, whose],
  );
  const [row] = rows;
  return row?.checkpoint
    ? { whose, log: row.log, note: row.checkpoint, checkpoint: parseCheckpoint(parseNote(row.checkpoint).text) }
    : null;
}

/** Whether the signed tree has this many hashes in this tile. */
async function isSigned(db: Db, { whose, log }: Which, id: TileId, width: number): Promise<boolean> {
  const published = await publishedCheckpoint(db, whose, log);
  return published !== null && width <= tileWidth(id, published.checkpoint.size);
}

/**
 * The first `width` hashes of a tile; null where the signed tree does not have them. A tile only grows, so what is
 * answered never changes.
 */
export async function signedTile(db: Db, of: Which, id: TileId, width: number): Promise<Bytes | null> {
  if (!(await isSigned(db, of, id, width))) return null;
  const { rows } = await db.query<{ hashes: Buffer }>(
    "SELECT hashes FROM tile WHERE log = $3 AND body = $4 AND level = $1 AND index = $2",
    [id.level, id.index, of.log, of.whose],
  );
  const hashes = rows[0]?.hashes;
  return hashes === undefined || hashes.length < width * HASH ? null : hashes.subarray(0, width * HASH);
}

/** The first `width` entries of a bundle; null where the signed tree does not have them. */
export async function signedEntries(db: Db, of: Which, index: number, width: number): Promise<Bytes[] | null> {
  if (!(await isSigned(db, of, { level: 0, index }, width))) return null;
  const first = index * TILE_WIDTH;
  const { rows } = await db.query<{ entry: Buffer }>(
    "SELECT entry FROM event WHERE log = $3 AND body = $4 AND leaf >= $1 AND leaf < $2 ORDER BY leaf",
    [first, first + width, of.log, of.whose],
  );
  return rows.length === width ? rows.map((row) => row.entry) : null;
}
