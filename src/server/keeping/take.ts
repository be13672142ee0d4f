/**
 * Taking a snapshot: the logs as they were published, recomputed to what was signed, then every table, then what was
 * counted. One state of the database throughout, whoever writes meanwhile; nothing is held but the piece at hand.
 */
import { setTimeout as wait } from "node:timers/promises";
import { concat, equalBytes, toHex, toUtf8, type Bytes } from "../../domain/bytes.ts";
import { encodeBundle } from "../../domain/log/bundle.ts";
import { openCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseEntry } from "../../domain/log/event.ts";
import { HOST, keyOfLog } from "../../domain/log/names.ts";
import { parseVerifierKey, type VerifierKey } from "../../domain/log/note-key.ts";
import {
  appendLeaves,
  edgeTiles,
  entriesPath,
  nodesOfTiles,
  TILE_WIDTH,
  tileKey,
  tilePath,
  tileWidth,
} from "../../domain/log/tile.ts";
import { leafHash, treeRoot } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import type { KeptTable, LogOfSnapshot, Snapshot } from "../../domain/keeping/manifest.ts";
import type { Part } from "../../domain/keeping/tar.ts";
import { openPool, type Client } from "../database/pool.ts";
import { checkpointStores } from "../log/checkpoint-store.ts";
import { readHeads, type Which } from "../log/store/log.ts";
import { publishedCheckpoint } from "../log/store/tiles.ts";
import {
  absent,
  beginSnapshot,
  bundleOf,
  endSnapshot,
  rowsOf,
  schemaOf,
  sequencesOf,
  sizeOf,
  tablesOf,
  unwhole,
} from "./store.ts";

const PIECE = 4 * 1024 * 1024;
/** Until all that has its leaf is signed: the log process takes a quarter of a second. */
const LOOKS = 20;
const LOOK = 250;

/** Where each part of a backup stands; the log's files as `export-log --entries` lays them. */
export const SIZE_PART = "size.json";
export const SNAPSHOT_PART = "snapshot.json";
const logPlace = ({ whose, log }: Which): string =>
  ["log", ...(whose === HOST ? [] : [whose]), ...(log === 0 ? [] : [String(log)])].join("/");
export const tablePart = (table: string, piece: number): string => `tables/${table}/${String(piece).padStart(6, "0")}`;

const json = (value: unknown): Bytes => toUtf8(`${JSON.stringify(value)}\n`);

/**
 * Everything of the database at one moment, as parts: first its size, last what it holds.
 * @param key of the log that runs, as text
 * @param store its checkpoint store, of which only the position is kept
 * @throws `LOG_DIVERGED` where the entries are not those that were signed: such a snapshot could never be verified
 */
export async function* takeSnapshot(url: string, key: string, store: string): AsyncGenerator<Part> {
  const pool = openPool(url, 1);
  const client = await pool.connect();
  const stores = checkpointStores(store, parseVerifierKey(key));
  try {
    await settledSnapshot(client);
    yield { name: SIZE_PART, bytes: json({ bytes: await sizeOf(client) }) };
    const missing = { letters: 0, parts: await unwhole(client) };
    const logs: LogOfSnapshot[] = [];
    for (const { whose, log } of await readHeads(client)) {
      const found = yield* logParts(client, parseVerifierKey(key), { whose, log });
      if (found === null) continue;
      const position = await stores
        .of(whose)
        .highest()
        .catch(() => null);
      logs.push({ ...found.log, ...(position && { store: position.number }) });
      missing.letters += found.missing;
    }
    const tables: KeptTable[] = [];
    for (const table of await tablesOf(client))
      tables.push({ ...table, rows: yield* tableParts(table.name, rowsOf(client, table)) });
    const [schema, sequences] = [await schemaOf(client), await sequencesOf(client)];
    const snapshot: Snapshot = { schema, tables, sequences, logs, missing };
    yield { name: SNAPSHOT_PART, bytes: json(snapshot) };
    await endSnapshot(client);
  } finally {
    // Broken off it is in the middle of something.
    client.release(true);
    await pool.end();
  }
}

/** At a moment when all that stands in the logs is signed, if such a moment comes; else as it is. */
async function settledSnapshot(client: Client): Promise<void> {
  for (let look = 0; ; look++) {
    await beginSnapshot(client);
    const heads = await readHeads(client);
    if (heads.every(({ size, signedSize }) => size === signedSize) || look === LOOKS) return;
    await endSnapshot(client);
    await wait(LOOK);
  }
}

async function* tableParts(name: string, rows: AsyncGenerator<Bytes, number>): AsyncGenerator<Part, number> {
  let held: Bytes[] = [];
  let length = 0;
  let piece = 0;
  for (;;) {
    const { value, done } = await rows.next();
    if (!done) {
      held.push(value);
      length += value.length;
    }
    while (length >= PIECE || (done && length > 0)) {
      const all = concat(...held);
      yield { name: tablePart(name, piece++), bytes: all.subarray(0, PIECE) };
      [held, length] = [[all.subarray(PIECE)], Math.max(0, length - PIECE)];
    }
    if (done) return value;
  }
}

/** One log as it was published: bundles, tiles, and last its checkpoint. Null: nothing of it was signed yet. */
async function* logParts(
  client: Client,
  key: VerifierKey,
  of: Which,
): AsyncGenerator<Part, { readonly log: LogOfSnapshot; readonly missing: number } | null> {
  const published = await publishedCheckpoint(client, of.whose, of.log);
  if (published === null) return null;
  const { size, root } = opened(published.note, key, of);
  const place = logPlace(of);
  const edge = new Map<string, Bytes>();
  const read = (level: number, index: number): Bytes => edge.get(tileKey(level, index)) ?? new Uint8Array();
  const lost = new Set<number>();
  const gaps: { readonly from: number; readonly to: number }[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const first = index * TILE_WIDTH;
    const width = tileWidth({ level: 0, index }, size);
    const entries = await bundleOf(client, of, index, width);
    yield { name: `${place}/${entriesPath(index, width)}`, bytes: encodeBundle(entries) };
    for (const tile of appendLeaves(first, entries.map(leafHash), read)) {
      edge.set(tileKey(tile.level, tile.index), tile.hashes);
      const whole = tile.hashes.length / 32;
      if (whole === TILE_WIDTH || first + width === size)
        yield { name: `${place}/${tilePath(tile, whole)}`, bytes: tile.hashes };
    }
    const kept = new Set(edgeTiles(first + width).map(({ level, index: at }) => tileKey(level, at)));
    for (const name of edge.keys()) if (!kept.has(name)) edge.delete(name);
    const received = new Map<string, number>();
    for (const [i, bytes] of entries.entries()) {
      const entry = parseEntry(bytes);
      if (entry.kind === "submission.received") received.set(entry.submission, first + i);
      if (entry.kind === "database.restored") gaps.push(entry);
    }
    for (const id of await absent(client, [...received.keys()])) lost.add(received.get(id)!);
  }
  if (!equalBytes(treeRoot(size, nodesOfTiles(read)), root))
    throw new Fault("LOG_DIVERGED", `the entries of ${place} in the database are not those that were signed`);
  yield { name: `${place}/checkpoint`, bytes: toUtf8(published.note) };
  const missing = [...lost].filter((leaf) => !gaps.some(({ from, to }) => from <= leaf && leaf < to)).length;
  return { log: { ...of, size, root: toHex(root) }, missing };
}

function opened(note: string, key: VerifierKey, { whose }: Which) {
  try {
    return openCheckpoint(note, keyOfLog(key, whose));
  } catch {
    throw new Fault(
      "LOG_DIVERGED",
      "the database's log is signed by another key than this installation's: it is another installation's database, or the log was rotated meanwhile",
    );
  }
}
