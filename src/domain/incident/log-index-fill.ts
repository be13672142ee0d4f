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
const HASH = 32;

/** How many bundles a log of this size has, and how wide the last is. */
export const bundlesOf = (size: number): { readonly index: number; readonly width: number }[] =>
  Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, index) => ({
    index,
    width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH),
  }));

export class IndexFill {
  readonly #index: LogIndex;
  readonly #growth;
  readonly #sha: Sha256;
  /** leaves of the last bundle as far as it is read; it may grow */
  #tail: Bytes = new Uint8Array();

  /**
   * @param sha where the machine has a faster one
   * @param index what earlier logs of the installation said, where there were any
   */
  constructor(sha: Sha256 = sha256, index: LogIndex = new LogIndex()) {
    this.#sha = sha;
    this.#index = index;
    this.#growth = newGrowth([], sha);
  }
  get size(): number {
    return this.#growth.size() + this.#tail.length / HASH;
  }
  /** Which bundle comes next: the last one again, as long as it is not full. */
  get next(): number {
    return this.#growth.size() / TILE_WIDTH;
  }
  /**
   * The next bundle, or the last one again when it has grown. In the place of an entry its leaf may stand, 32 bytes: so
   * an entry is withheld, and its place is proved all the same (no entry is so short).
   * @throws `MALFORMED`, `LOG_REFUSED` when it does not begin with what was read of it before
   */
  add(bundle: Bytes): void {
    const entries = parseBundle(bundle);
    const leaves = concat(...entries.map((entry) => (entry.length === HASH ? entry : this.#sha(concat(LEAF, entry)))));
    if (leaves.length > TILE_WIDTH * HASH) throw new Fault("MALFORMED", "not the next bundle");
    if (!equalBytes(leaves.subarray(0, this.#tail.length), this.#tail))
      throw new Fault("LOG_REFUSED", "an entry that was read before has changed");
    const from = this.#growth.size();
    for (const [i, entry] of entries.entries()) {
      if (i * HASH < this.#tail.length) continue;
      if (entry.length === HASH) this.#index.withhold();
      else this.#index.add(parseEntry(entry), from + i);
    }
    this.#tail = leaves;
    if (leaves.length < TILE_WIDTH * HASH) return;
    this.#growth.add(leaves);
    this.#tail = new Uint8Array();
  }
  /** The index, under a signed checkpoint. @throws `LOG_REFUSED` when these are not the entries that it signs */
  done(note: string, logKey: string): LogIndex {
    const { size, root } = openCheckpoint(note, parseVerifierKey(logKey));
    if (size !== this.size || !equalBytes(root, this.#growth.rootWith(this.#tail)))
      throw new Fault("LOG_REFUSED", "the entries are not those that the log signed");
    return this.#index;
  }
}
