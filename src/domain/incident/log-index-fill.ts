/**
 * Filling the index from the entries of the log, bundle by bundle, and believing it only if they are exactly what the
 * log signed.
 */
import { concat, equalBytes, sha256, type Bytes } from "../bytes.ts";
import { parseBundle } from "../log/bundle.ts";
import { openCheckpoint } from "../log/checkpoint.ts";
import { parseEntry } from "../log/event.ts";
import { newGrowth, type Sha256 } from "../log/growth.ts";
import { parseVerifierKey } from "../log/note-key.ts";
import { TILE_WIDTH } from "../log/tile.ts";
import { Fault } from "../problem.ts";
import { LogIndex } from "./log-index.ts";

/** RFC 6962: what stands before an entry when its leaf is hashed. */
const LEAF = Uint8Array.of(0);

/** How many bundles a log of this size has, and how wide the last is. */
export const bundlesOf = (size: number): { readonly index: number; readonly width: number }[] =>
  Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, index) => ({
    index,
    width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH),
  }));

export class IndexFill {
  readonly #index = new LogIndex();
  readonly #growth;
  readonly #sha: Sha256;

  /** @param sha where the machine has a faster one */
  constructor(sha: Sha256 = sha256) {
    this.#sha = sha;
    this.#growth = newGrowth([], sha);
  }
  get size(): number {
    return this.#growth.size();
  }
  /** The next bundle; only the last may be partial. @throws `MALFORMED` */
  add(bundle: Bytes): void {
    const entries = parseBundle(bundle);
    this.#growth.add(concat(...entries.map((entry) => this.#sha(concat(LEAF, entry)))));
    for (const entry of entries) this.#index.add(parseEntry(entry));
  }
  /** The index, under a signed checkpoint. @throws `LOG_REFUSED` when these are not the entries that it signs */
  done(note: string, logKey: string): LogIndex {
    const { size, root } = openCheckpoint(note, parseVerifierKey(logKey));
    if (size !== this.size || !equalBytes(root, this.#growth.root()))
      throw new Fault("LOG_REFUSED", "the entries are not those that the log signed");
    return this.#index;
  }
}
