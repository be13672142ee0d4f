/**
 * For tests and benchmarks: a log as files under the paths of c2sp.org/tlog-tiles, of any size, made while only its
 * edge is held.
 */
import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { concat, toHex } from "../../src/domain/bytes.ts";
import { encodeBundle } from "../../src/domain/log/bundle.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, type LogEvent } from "../../src/domain/log/event.ts";
import { newGrowth } from "../../src/domain/log/growth.ts";
import { signerKey, type SignerKey } from "../../src/domain/log/note-key.ts";
import { entriesPath, tilePath, type Tile } from "../../src/domain/log/tile.ts";

export const testLog: SignerKey = signerKey("example.org/log", new Uint8Array(32).fill(3));

const sha = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");
const seeded = (text: string): Uint8Array => new Uint8Array(hash("sha256", text, "buffer"));

/** The entry at a place: the same for the same `history`. */
export function entryAt(leaf: number, history = ""): Uint8Array {
  const nonce = seeded(`${history} nonce ${leaf}`);
  const at = 1_700_000_000_000 + leaf;
  if (leaf === 0) return encodeEntry({ kind: "log.started", origin: testLog.name, at }, nonce);
  const id = (what: string): string => toHex(seeded(`${history} ${what} ${leaf}`));
  const event: LogEvent =
    leaf % 3 === 0
      ? { kind: "session.refused", account: id("account") }
      : { kind: "mailroom.started", start: id("start").slice(0, 32), recipient: id("recipient") };
  return encodeEntry({ ...event, at }, nonce);
}

export const leafOf = (entry: Uint8Array): Uint8Array => sha(concat(Uint8Array.of(0), entry));

export type FileLog = { readonly root: Uint8Array; readonly checkpoint: string };

/** Writes a log of some entries; `entry` gives each. */
export function writeLog(
  directory: string,
  size: number,
  entry: (leaf: number) => Uint8Array = entryAt,
  signer: SignerKey = testLog,
): FileLog {
  const growth = newGrowth([], sha);
  const made = new Set<string>();
  const put = (path: string, bytes: Uint8Array): void => {
    const file = join(directory, path);
    if (!made.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    made.add(dirname(file));
    writeFileSync(file, bytes);
  };
  const keep = (tiles: readonly Tile[]): void =>
    tiles.forEach((tile) => put(tilePath(tile, tile.hashes.length / 32), tile.hashes));
  for (let first = 0; first < size; first += 256) {
    const entries = Array.from({ length: Math.min(256, size - first) }, (_, i) => entry(first + i));
    put(entriesPath(first / 256, entries.length), encodeBundle(entries));
    keep(growth.add(concat(...entries.map(leafOf))));
  }
  keep(growth.rest());
  const checkpoint = signCheckpoint({ origin: signer.name, size, root: growth.root(), extensions: [] }, signer);
  put("checkpoint", new TextEncoder().encode(checkpoint));
  return { root: growth.root(), checkpoint };
}
