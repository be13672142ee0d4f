/**
 * The tree, recomputed from its lowest tiles as they come; the tiles above are compared with what comes out. Memory
 * does not grow with the log.
 */
import { equalBytes, toHex, type Bytes } from "../bytes.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { newGrowth, type Growth, type Sha256 } from "../log/growth.ts";
import { TILE_WIDTH, tilePath, tileWidth, type Tile } from "../log/tile.ts";
import { find, number, type Report } from "./report.ts";
import { ahead, type LogSource } from "./source.ts";

/** Told of every lowest tile that is whole, in order. */
export type OnTile = (index: number, hashes: Bytes) => Promise<void>;

/** The root at sizes before, where the tree came out as signed; null where it did not. */
export type Recomputed = { readonly rootAt: (size: number) => Bytes | undefined };

/** Recomputes the tree of a checkpoint and says what does not fit. */
export async function checkTree(
  report: Report,
  source: LogSource,
  checkpoint: Checkpoint,
  marks: readonly number[],
  sha: Sha256,
  onTile: OnTile,
): Promise<Recomputed | null> {
  const { size } = checkpoint;
  const tiles = Math.ceil(size / TILE_WIDTH);
  const growth = newGrowth(marks, sha);
  const above: Differing[] = [];
  const gaps: number[] = [];
  let looked = 0;
  let index = 0;
  for await (const hashes of ahead(tiles, (i) =>
    source.tile({ level: 0, index: i }, tileWidth({ level: 0, index: i }, size)),
  )) {
    const id = { level: 0, index: index++ };
    const width = tileWidth(id, size);
    if (hashes !== null) looked += 1;
    if (hashes === null || hashes.length !== width * 32) {
      if (hashes !== null && hashes.length > width * 32)
        find(
          report,
          "altered",
          `${tilePath(id, width)} has ${number(hashes.length)} bytes, and its width says ${number(width * 32)}`,
        );
      else if (hashes !== null && hashes.length > 0)
        find(
          report,
          "truncated",
          `${tilePath(id, width)} has ${number(hashes.length)} bytes, and its width says ${number(width * 32)}`,
        );
      gaps.push(id.index);
      continue;
    }
    await onTile(id.index, hashes);
    if (gaps.length === 0) for (const tile of growth.add(hashes)) looked += await compare(source, tile, size, above);
  }
  tellGaps(report, gaps, tiles, size);
  if (gaps.length === 0) for (const tile of growth.rest()) looked += await compare(source, tile, size, above);
  report.looked.push(
    `As a stranger: the checkpoint and ${number(looked)} tiles${gaps.length > 0 ? `, as far as they are there` : ""}.`,
  );
  const sound = gaps.length === 0 && equalBytes(growth.root(), checkpoint.root);
  tellDiffering(report, above, sound);
  if (gaps.length > 0) return null;
  if (!sound) {
    tellRoot(report, growth, checkpoint);
    return null;
  }
  report.holds.push(`The tree of ${number(size)} entries, recomputed from its lowest tiles, has the signed root.`);
  if (above.length === 0 && size > 0) report.holds.push("The tiles above are what the lowest give.");
  return growth;
}

type Differing = {
  readonly tile: Tile;
  readonly missing: boolean;
  /** the first of its hashes that differs */
  readonly at: number;
};

async function compare(source: LogSource, tile: Tile, size: number, above: Differing[]): Promise<number> {
  if (tile.level === 0) return 0;
  const served = await source.tile(tile, tileWidth(tile, size));
  if (served !== null && equalBytes(served, tile.hashes)) return 1;
  const at = tile.hashes.findIndex((byte, i) => served?.[i] !== byte);
  // More than a few say no more than a few.
  if (above.length < 50) above.push({ tile, missing: served === null, at: Math.floor(Math.max(0, at) / 32) });
  return served === null ? 0 : 1;
}

function tellGaps(report: Report, gaps: readonly number[], tiles: number, size: number): void {
  const [first] = gaps;
  if (first === undefined) return;
  const isEnd = gaps.length === tiles - first;
  if (isEnd)
    find(
      report,
      "truncated",
      `from ${tilePath({ level: 0, index: first }, tileWidth({ level: 0, index: first }, size))} on nothing whole is there: the tree ends before its signed size of ${number(size)}`,
    );
  else
    for (const index of gaps)
      find(
        report,
        "missing",
        `${tilePath({ level: 0, index }, tileWidth({ level: 0, index }, size))} is not there whole`,
      );
}

function tellDiffering(report: Report, above: readonly Differing[], sound: boolean): void {
  for (const { tile, missing, at } of above) {
    const path = tilePath(tile, tile.hashes.length / 32);
    const below = tilePath({ level: tile.level - 1, index: tile.index * TILE_WIDTH + at });
    if (missing) find(report, "missing", `${path} is not there`);
    else if (sound)
      find(report, "altered", `${path} is not what the tiles below it give, beginning with its hash ${at}`);
    else find(report, "altered", `${below} does not give the hash that ${path} has for it`);
  }
}

function tellRoot(report: Report, growth: Growth, checkpoint: Checkpoint): void {
  find(
    report,
    "altered",
    `the tiles give the root ${toHex(growth.root())} at size ${number(growth.size())}, and the checkpoint says ${toHex(checkpoint.root)}: a hash was altered, put elsewhere, or is of another history`,
  );
}
