/**
 * The log's tables: events wait for their leaf, tiles hold the tree, one row is its head.
 * Only the log process's login may write `leaf`, `tile` and `head`; actors insert events.
 */
import type { Bytes } from "../../../domain/bytes.ts";
import { EMPTY_ROOT } from "../../../domain/log/tree.ts";
import { tileKey, type ReadTile, type Tile, type TileId } from "../../../domain/log/tile.ts";
import type { Aside } from "../../../domain/log/writers.ts";
import { Fault } from "../../../domain/problem.ts";
import { listenFor, type Listener } from "../../database/listen.ts";
import { inTransaction, type Client, type Db, type Pool } from "../../database/pool.ts";

/** `log` counts the logs of this installation from 0; `ended`: the last entry names the next key. */
export type Head = {
  readonly log: number;
  readonly ended: boolean;
  readonly size: number;
  readonly root: Bytes;
  readonly signedSize: number;
};
/** `login` wrote it, as the database says. */
export type WaitingEvent = { readonly id: number; readonly entry: Bytes; readonly login: string };

// Any constant that nothing else locks.
const LOCK = 7_212;

/** Makes this transaction the only writer of the log until it ends, and durable before it answers. */
export async function lockLog(client: Client): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  // A server told to answer before its disk does would lose leaves that are already signed.
  await client.query("SET LOCAL synchronous_commit = on");
}

/** Runs `work` on one unmoving view of the committed tree. */
export async function inSnapshot<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    return work(client);
  });
}

/**
 * The tree as the database has it. A head that was taken away reads as an empty tree, which no stored checkpoint fits.
 */
export async function readHead(db: Db): Promise<Head> {
  const { rows } = await db.query<{
    log: number;
    ended: boolean;
    size: number;
    root: Bytes | null;
    signed_size: number;
  }>("SELECT log, ended, size, root, signed_size FROM head");
  const row = rows[0];
  return row
    ? { log: row.log, ended: row.ended, size: row.size, root: row.root ?? EMPTY_ROOT, signedSize: row.signed_size }
    : { log: 0, ended: false, size: 0, root: EMPTY_ROOT, signedSize: 0 };
}

/** Whether any event waits for its leaf. */
export async function anyWaiting(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ waiting: boolean }>(
    "SELECT EXISTS (SELECT FROM event WHERE leaf IS NULL AND aside IS NULL) AS waiting",
  );
  return rows[0]?.waiting === true;
}

/** Events that wait for a leaf, in the order of their ids. Never "those after the last": commits appear out of order. */
export async function waitingEvents(client: Client, most: number): Promise<readonly WaitingEvent[]> {
  const { rows } = await client.query<WaitingEvent>(
    "SELECT id, entry, login FROM event WHERE leaf IS NULL AND aside IS NULL ORDER BY id LIMIT $1",
    [most],
  );
  return rows;
}

/** Sets an event aside: it gets no leaf, and its row says why. */
export async function setAside(client: Client, id: number, why: Aside): Promise<void> {
  const { rowCount } = await client.query("UPDATE event SET aside = $2 WHERE id = $1 AND leaf IS NULL", [id, why]);
  if (rowCount !== 1) throw new Fault("INTERNAL", "an event was given a leaf by somebody else");
}

/**
 * Writes an event of the log's own, about its beginning, its end or what it set aside; the only ones that the log
 * process may write.
 */
export async function addOwnEvent(
  client: Client,
  at: number,
  kind: "log.started" | "log.continued" | "log.rotated" | "log.set-aside",
  entry: Bytes,
): Promise<Pick<WaitingEvent, "id" | "entry">> {
  const { rows } = await client.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) VALUES ($1, $2, $3) RETURNING id",
    [at, kind, entry],
  );
  return { id: rows[0]!.id, entry };
}

/** The entry at a leaf. */
export async function entryAt(db: Db, log: number, leaf: number): Promise<Bytes> {
  const { rows } = await db.query<{ entry: Bytes }>("SELECT entry FROM event WHERE log = $1 AND leaf = $2", [
    log,
    leaf,
  ]);
  if (rows[0] === undefined) throw new Fault("LOG_DIVERGED", `the entry ${leaf} is missing`);
  return new Uint8Array(rows[0].entry);
}

/** Gives events their leaves, counted up from `first`. */
export async function giveLeaves(
  client: Client,
  log: number,
  events: readonly Pick<WaitingEvent, "id" | "entry">[],
  first: number,
): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE event SET leaf = given.leaf, log = $3 FROM unnest($1::bigint[], $2::bigint[]) AS given (id, leaf) WHERE event.id = given.id AND event.leaf IS NULL",
    [events.map((event) => event.id), events.map((_, i) => first + i), log],
  );
  if (rowCount !== events.length) throw new Fault("INTERNAL", "an event was given a leaf by somebody else");
}

/**
 * Reads tiles of a log (of the one that runs, unless said otherwise) by one statement; the reader throws `LOG_DIVERGED`
 * for a tile that is not there.
 */
export async function readTiles(db: Db, ids: readonly TileId[], log: number | null = null): Promise<ReadTile> {
  const { rows } =
    ids.length === 0
      ? { rows: [] }
      : await db.query<Tile>(
          "SELECT level, index, hashes FROM tile WHERE log = coalesce($3, (SELECT log FROM head)) AND (level, index) IN (SELECT * FROM unnest($1::int[], $2::bigint[]))",
          [ids.map((id) => id.level), ids.map((id) => id.index), log],
        );
  const tiles = new Map(rows.map((tile) => [tileKey(tile.level, tile.index), tile.hashes]));
  return (level, index) => {
    const tile = tiles.get(tileKey(level, index));
    if (tile === undefined) throw new Fault("LOG_DIVERGED", `tile ${tileKey(level, index)} is missing`);
    return tile;
  };
}

/** Writes tiles: new ones, and partial ones that have grown. */
export async function writeTiles(client: Client, log: number, tiles: readonly Tile[]): Promise<void> {
  await client.query(
    `INSERT INTO tile (log, level, index, hashes) SELECT $4, * FROM unnest($1::int[], $2::bigint[], $3::bytea[])
     ON CONFLICT (log, level, index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.hashes), log],
  );
}

/** Moves the head from one size to the next, perhaps for the last time; throws if it stood anywhere else. */
export async function advanceHead(
  client: Client,
  { log, size }: Pick<Head, "log" | "size">,
  to: number,
  root: Bytes,
  isEnd: boolean,
): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE head SET size = $2, root = $3, ended = $5 WHERE size = $1 AND log = $4 AND NOT ended",
    [size, to, root, log, isEnd],
  );
  if (rowCount !== 1) throw new Fault("INTERNAL", "the head of the log was moved by somebody else");
}

/** Shows a stored checkpoint to the other processes and wakes those who wait for it. Never goes back. */
export async function publishCheckpoint(
  db: Db,
  log: number,
  size: number,
  checkpoint: string,
  at: number,
): Promise<void> {
  await db.query(
    `WITH published AS (
       UPDATE head SET signed_size = $1::bigint, checkpoint = $2, signed_at = $3
       WHERE log = $4 AND size >= $1::bigint AND (signed_size < $1::bigint OR checkpoint IS NULL) RETURNING size)
     SELECT pg_notify('pillarbox_checkpoint', ($1::bigint)::text) FROM published`,
    [size, checkpoint, at, log],
  );
}

/** Shows the checkpoint that stands with more signatures under it. */
export async function republishCheckpoint(db: Db, log: number, size: number, checkpoint: string): Promise<void> {
  await db.query("UPDATE head SET checkpoint = $2 WHERE log = $3 AND signed_size = $1 AND checkpoint IS NOT NULL", [
    size,
    checkpoint,
    log,
  ]);
}

/** Calls `wake` whenever an actor says that it wrote events. */
export const listenForEvents = (pool: Pool, wake: () => void): Promise<Listener> =>
  listenFor(pool, "pillarbox_event", wake);
