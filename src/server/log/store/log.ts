/**
 * The log's tables: events wait for their leaf, tiles hold the tree, one row is its head.
 * Only the log process's login may write `leaf`, `tile` and `head`; actors insert events.
 */
import type { Bytes } from "../../../domain/bytes.ts";
import { EMPTY_ROOT } from "../../../domain/log/tree.ts";
import { tileKey, type ReadTile, type Tile, type TileId } from "../../../domain/log/tile.ts";
import { HOST, type Whose } from "../../../domain/log/names.ts";
import type { Aside } from "../../../domain/log/writers.ts";
import { Fault } from "../../../domain/problem.ts";
import { listenFor, type Listener } from "../../database/listen.ts";
import { inTransaction, type Client, type Db, type Pool } from "../../database/pool.ts";

/** One log: whose it is, and which of theirs, counted from 0. */
export type Which = { readonly whose: Whose; readonly log: number };

/** `ended`: the last entry names the next key. */
export type Head = Which & {
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

type HeadRow = Which & {
  readonly ended: boolean;
  readonly size: number;
  readonly root: Bytes | null;
  readonly signedSize: number;
};
const HEAD = 'body AS whose, log, ended, size, root, signed_size AS "signedSize"';

/** Every log as the database has it, the host's first. One that was taken away reads as an empty tree. */
export async function readHeads(db: Db): Promise<readonly [Head, ...Head[]]> {
  const { rows } = await db.query<HeadRow>(`SELECT ${HEAD} FROM head ORDER BY body`);
  const heads = rows.map((row): Head => ({ ...row, root: row.root ?? EMPTY_ROOT }));
  return [heads.find(({ whose }) => whose === HOST) ?? noHead(HOST), ...heads.filter(({ whose }) => whose !== HOST)];
}

/**
 * One of them. A head that was taken away reads as an empty tree, which no stored checkpoint fits.
 */
export async function readHead(db: Db, whose: Whose): Promise<Head> {
  return (await readHeads(db)).find((one) => one.whose === whose) ?? noHead(whose);
}

/** What a head that was taken away reads as. */
export const noHead = (whose: Whose): Head => ({
  whose,
  log: 0,
  ended: false,
  size: 0,
  root: EMPTY_ROOT,
  signedSize: 0,
});

/** Whether any event waits for its leaf. */
export async function anyWaiting(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ waiting: boolean }>(
    "SELECT EXISTS (SELECT FROM event WHERE leaf IS NULL AND aside IS NULL) AS waiting",
  );
  return rows[0]?.waiting === true;
}

/**
 * A page of the events that wait for a leaf, in the order of their ids, behind one that another page of this transaction
 * ended with. Never "those after the last that got a leaf": commits appear out of order.
 */
export async function waitingEvents(client: Client, most: number, after: number): Promise<readonly WaitingEvent[]> {
  const { rows } = await client.query<WaitingEvent>(
    "SELECT id, entry, login FROM event WHERE leaf IS NULL AND aside IS NULL AND id > $2 ORDER BY id LIMIT $1",
    [most, after],
  );
  return rows;
}

/** Which of these name what is another body's than the one in whose log they would stand (`sql/000002.sql`). */
export async function ofOthers(client: Client, events: readonly number[]): Promise<ReadonlySet<number>> {
  if (events.length === 0) return new Set();
  const { rows } = await client.query<{ id: number }>("SELECT of_others AS id FROM of_others($1)", [events]);
  return new Set(rows.map((row) => row.id));
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
export async function entryAt(db: Db, { whose, log }: Which, leaf: number): Promise<Bytes> {
  const { rows } = await db.query<{ entry: Bytes }>(
    "SELECT entry FROM event WHERE body = $1 AND log = $2 AND leaf = $3",
    [whose, log, leaf],
  );
  if (rows[0] === undefined) throw new Fault("LOG_DIVERGED", `the entry ${leaf} is missing`);
  return new Uint8Array(rows[0].entry);
}

/** Gives events their leaves, counted up from `first`. */
export async function giveLeaves(
  client: Client,
  { whose, log }: Which,
  events: readonly Pick<WaitingEvent, "id" | "entry">[],
  first: number,
): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE event SET leaf = given.leaf, log = $3, body = $4 FROM unnest($1::bigint[], $2::bigint[]) AS given (id, leaf) WHERE event.id = given.id AND event.leaf IS NULL",
    [events.map((event) => event.id), events.map((_, i) => first + i), log, whose],
  );
  if (rowCount !== events.length) throw new Fault("INTERNAL", "an event was given a leaf by somebody else");
}

/**
 * Reads tiles of a log by one statement; the reader throws `LOG_DIVERGED` for a tile that is not there.
 */
export async function readTiles(db: Db, ids: readonly TileId[], { whose, log }: Which): Promise<ReadTile> {
  const { rows } =
    ids.length === 0
      ? { rows: [] }
      : await db.query<Tile>(
          "SELECT level, index, hashes FROM tile WHERE log = $3 AND body = $4 AND (level, index) IN (SELECT * FROM unnest($1::int[], $2::bigint[]))",
          [ids.map((id) => id.level), ids.map((id) => id.index), log, whose],
        );
  const tiles = new Map(rows.map((tile) => [tileKey(tile.level, tile.index), tile.hashes]));
  return (level, index) => {
    const tile = tiles.get(tileKey(level, index));
    if (tile === undefined) throw new Fault("LOG_DIVERGED", `tile ${tileKey(level, index)} is missing`);
    return tile;
  };
}

/** Writes tiles: new ones, and partial ones that have grown. */
export async function writeTiles(client: Client, { whose, log }: Which, tiles: readonly Tile[]): Promise<void> {
  await client.query(
    `INSERT INTO tile (log, body, level, index, hashes) SELECT $4, $5, * FROM unnest($1::int[], $2::bigint[], $3::bytea[])
     ON CONFLICT (body, log, level, index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.hashes), log, whose],
  );
}

/** Moves the head from one size to the next, perhaps for the last time; throws if it stood anywhere else. */
export async function advanceHead(
  client: Client,
  { whose, log, size }: Which & Pick<Head, "size">,
  to: number,
  root: Bytes,
  isEnd: boolean,
): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE head SET size = $2, root = $3, ended = $5 WHERE size = $1 AND log = $4 AND body = $6 AND NOT ended",
    [size, to, root, log, isEnd, whose],
  );
  if (rowCount !== 1) throw new Fault("INTERNAL", "the head of the log was moved by somebody else");
}

/** Shows a stored checkpoint to the other processes and wakes those who wait for it. Never goes back. */
export async function publishCheckpoint(
  db: Db,
  { whose, log }: Which,
  size: number,
  checkpoint: string,
  at: number,
): Promise<void> {
  await db.query(
    `WITH published AS (
       UPDATE head SET signed_size = $1::bigint, checkpoint = $2, signed_at = $3
       WHERE log = $4 AND body = $5 AND size >= $1::bigint AND (signed_size < $1::bigint OR checkpoint IS NULL) RETURNING size)
     SELECT pg_notify('pillarbox_checkpoint', ($1::bigint)::text) FROM published`,
    [size, checkpoint, at, log, whose],
  );
}

/** Shows the checkpoint that stands with more signatures under it. */
export async function republishCheckpoint(
  db: Db,
  { whose, log }: Which,
  size: number,
  checkpoint: string,
): Promise<void> {
  await db.query(
    "UPDATE head SET checkpoint = $2 WHERE log = $3 AND body = $4 AND signed_size = $1 AND checkpoint IS NOT NULL",
    [size, checkpoint, log, whose],
  );
}

/** Calls `wake` whenever an actor says that it wrote events. */
export const listenForEvents = (pool: Pool, wake: () => void): Promise<Listener> =>
  listenFor(pool, "pillarbox_event", wake);
