/**
 * Tiles: the tree's hashes in pieces of 256 that never change once full. Source: c2sp.org/tlog-tiles@v1.
 */
import { concat, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { parseDecimal } from "./checkpoint.ts";
import { fullRoot, type ReadNode } from "./tree.ts";

const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;
const HASH = 32;

export type TileId = { readonly level: number; readonly index: number };
export type Tile = TileId & { readonly hashes: Bytes };

/** The hashes of one tile side by side, at least as many as the tree asked about has. */
export type ReadTile = (level: number, index: number) => Bytes;

export const tileKey = (level: number, index: number): string => `${level}/${index}`;

/** How many hashes a tree of this size has at a tile level: floor(size / 256**level). */
export const rowWidth = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** How many hashes a tile has in a tree of this size: 0 to 256. */
export const tileWidth = ({ level, index }: TileId, size: number): number =>
  Math.max(0, Math.min(TILE_WIDTH, rowWidth(level, size) - index * TILE_WIDTH));

function indexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join("/");
}

const partial = (width: number): string => (width === TILE_WIDTH ? "" : `.p/${width}`);

/** `tile/<L>/<N>[.p/<W>]`. */
export const tilePath = ({ level, index }: TileId, width = TILE_WIDTH): string =>
  `tile/${level}/${indexPath(index)}${partial(width)}`;

/** `tile/entries/<N>[.p/<W>]`. */
export const entriesPath = (index: number, width = TILE_WIDTH): string =>
  `tile/entries/${indexPath(index)}${partial(width)}`;

/** Reads a tile's path back; `NOTE_INVALID` for every spelling that `tilePath` would not write. */
export function parseTilePath(path: string): TileId & { readonly width: number } {
  const [, level, index, width] = /^tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined || index === undefined) throw new Fault("NOTE_INVALID", "not the path of a tile");
  const digits = index.replaceAll(/[x/]/g, "").replace(/^0+(?=.)/, "");
  const tile = {
    level: parseDecimal(level),
    index: parseDecimal(digits),
    width: width === undefined ? TILE_WIDTH : parseDecimal(width),
  };
  if (tile.level > 63 || tilePath(tile, tile.width) !== path || tile.width < 1 || tile.width > TILE_WIDTH)
    throw new Fault("NOTE_INVALID", "not the path of a tile");
  return tile;
}

/** Reads an entry bundle's path back, as strictly. */
export function parseEntriesPath(path: string): { readonly index: number; readonly width: number } {
  const { index, width } = parseTilePath(path.replace(/^tile\/entries\//, "tile/0/"));
  if (entriesPath(index, width) !== path) throw new Fault("NOTE_INVALID", "not the path of a bundle");
  return { index, width };
}

/** The hashes of a tile, one by one. */
export const hashesOf = (tile: Bytes): Bytes[] =>
  Array.from({ length: tile.length / HASH }, (_, i) => tile.subarray(i * HASH, (i + 1) * HASH));

/** Reads the nodes of a tree out of its tiles; `LOG_DIVERGED` where a tile is missing or too short. */
export function nodesOfTiles(readTile: ReadTile): ReadNode {
  return (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const width = 2 ** (level % TILE_HEIGHT);
    const first = index * width;
    const from = first % TILE_WIDTH;
    const row = hashesOf(readTile(tileLevel, Math.floor(first / TILE_WIDTH))).slice(from, from + width);
    if (row.length !== width || row.some((hash) => hash.length !== HASH))
      throw new Fault("LOG_DIVERGED", "a tile is missing or too short");
    return fullRoot(row);
  };
}

/**
 * Which tiles a computation over nodes will read, found by running it on nothing: so that all can be fetched at once.
 */
export function tilesFor(compute: (read: ReadNode) => unknown): TileId[] {
  const tiles = new Map<string, TileId>();
  const nothing = new Uint8Array(HASH);
  compute((level, index) => {
    const id = {
      level: Math.floor(level / TILE_HEIGHT),
      index: Math.floor((index * 2 ** (level % TILE_HEIGHT)) / TILE_WIDTH),
    };
    tiles.set(tileKey(id.level, id.index), id);
    return nothing;
  });
  return [...tiles.values()];
}

/** The partial tiles at the right edge of a tree: all that appending reads, and all that its root is made of. */
export function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; rowWidth(level, size) > 0; level++) {
    const index = Math.floor(rowWidth(level, size) / TILE_WIDTH);
    if (tileWidth({ level, index }, size) > 0) tiles.push({ level, index });
  }
  return tiles;
}

/** The tiles that change or begin when leaf hashes are appended to a tree of this size, each with all its hashes. */
export function appendLeaves(size: number, leaves: readonly Bytes[], readTile: ReadTile): Tile[] {
  const changed: Tile[] = [];
  let row = leaves;
  for (let level = 0; row.length > 0; level++) {
    let index = Math.floor(rowWidth(level, size) / TILE_WIDTH);
    const width = tileWidth({ level, index }, size);
    const before = width === 0 ? [] : hashesOf(readTile(level, index));
    // A wider one is as wrong as a shorter one: hashes that the head does not know of.
    if (before.length !== width) throw new Fault("LOG_DIVERGED", "a tile at the edge is not as wide as the tree");
    const hashes = [...before, ...row];
    const above: Bytes[] = [];
    for (let at = 0; at < hashes.length; at += TILE_WIDTH, index++) {
      const tile = hashes.slice(at, at + TILE_WIDTH);
      changed.push({ level, index, hashes: concat(...tile) });
      if (tile.length === TILE_WIDTH) above.push(fullRoot(tile));
    }
    row = above;
  }
  return changed;
}
