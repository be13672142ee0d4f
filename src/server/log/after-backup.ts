/**
 * After a backup was put into new tables: which log is the newest that is there, and the rows brought to it. The
 * checkpoint store is in no backup. Where it survived, it says which log is the newest; where it did not, a new one
 * begins with what is found, and that is told: then only those who saw a newer one can say so.
 */
import { join } from "node:path";
import { stat } from "node:fs/promises";
import { equalBytes } from "../../domain/bytes.ts";
import { HOST, keyOfLog, type Whose } from "../../domain/log/names.ts";
import { parseVerifierKey, type VerifierKey } from "../../domain/log/note-key.ts";
import { nodesOfTiles, tileKey } from "../../domain/log/tile.ts";
import { treeRoot } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import type { Config } from "../config.ts";
import { openPool } from "../database/pool.ts";
import { checkTree } from "./check-tree.ts";
import { checkpointStores, type CheckpointStores } from "./checkpoint-store.ts";
import { readKeptLog, type KeptLog } from "./kept-log.ts";
import { wordsOf } from "./restore.ts";
import { readHead } from "./store/log.ts";
import { restoreTo, sizesOfLogs } from "./store/restore.ts";

/** Where the logs are that are there. */
export type Found = {
  /** The one that came with the backup. */
  readonly own: string;
  /** Another that was kept elsewhere; null: none. */
  readonly newer: string | null;
  /** The checkpoint store, and whether it survived or is to begin. */
  readonly store: string;
  readonly survived: boolean;
  /** Which log of the installation, counted from 0. */
  readonly log: number;
};

const refuse = (whose: Whose, why: string): Fault =>
  new Fault("RESTORE_REFUSED", `${whose === HOST ? "" : `of ${whose}: `}${why}`);

/**
 * Applies the newest log that is there, and begins the checkpoint store where none survived.
 * @returns what to tell
 * @throws `RESTORE_REFUSED`
 */
export async function bringToNewest(config: Config, url: string, found: Found): Promise<readonly string[]> {
  const key = parseVerifierKey(config.logKey);
  const stores = checkpointStores(found.store, key);
  const pool = openPool(url, 1);
  try {
    const sizes = await sizesOfLogs(pool, found.log);
    const newest = new Map<Whose, Newest>();
    const signed = found.survived ? await stores.bodies() : [];
    for (const whose of new Set([HOST, ...sizes.keys(), ...signed])) {
      const one = await newestOf(found, whose, key, sizes.get(whose) ?? 0);
      if (one !== null) newest.set(whose, one);
      else if (signed.includes(whose) && (await stores.of(whose).highest()) !== null)
        throw refuse(
          whose,
          "the checkpoint store that was named has this log, and no files of it are there; name them",
        );
    }
    if (found.survived) for (const [whose, { kept }] of newest) await fits(stores, whose, kept);
    const later = new Map<Whose, KeptLog>();
    for (const [whose, { kept }] of newest) {
      const head = await readHead(pool, whose);
      // What was not signed yet when the snapshot was made stands in its tables alone, and is signed next.
      if (head.size > kept.checkpoint.size) await checkTree(pool, head, kept.checkpoint);
      else later.set(whose, kept);
    }
    const done = await restoreTo(pool, later, found.log, Date.now(), true);
    if (!found.survived) {
      // Also where nothing of it was signed yet.
      await stores.of(HOST).begin();
      for (const [whose, { kept }] of newest) await begin(stores, whose, kept);
    }
    return [...wordsOf(done), ...(found.survived ? [] : noStore(newest))];
  } finally {
    await pool.end();
  }
}

type Newest = { readonly kept: KeptLog; readonly from: "backup" | "elsewhere" };

async function newestOf(found: Found, whose: Whose, key: VerifierKey, size: number): Promise<Newest | null> {
  const read = async (directory: string): Promise<KeptLog | null> => {
    const place = join(directory, ...(whose === HOST ? [] : [whose]), ...(found.log === 0 ? [] : [String(found.log)]));
    if ((await stat(join(place, "checkpoint")).catch(() => null)) === null) return null;
    return readKeptLog(place, keyOfLog(key, whose), size).catch((thrown: unknown) => {
      throw thrown instanceof Fault ? refuse(whose, thrown.detail) : thrown;
    });
  };
  const own = await read(found.own);
  const other = found.newer === null ? null : await read(found.newer);
  if (found.newer !== null && other === null && whose === HOST)
    throw refuse(whose, `there is no log in ${found.newer}; export-log --entries writes one`);
  if (own === null && other === null) {
    if (size === 0) return null;
    throw refuse(whose, "the backup has entries of this log, and no checkpoint of it");
  }
  if (own !== null && other !== null) extending(whose, own, other);
  return other === null ? { kept: own!, from: "backup" } : { kept: other, from: "elsewhere" };
}

/** @throws `RESTORE_REFUSED` where the other one is older than the backup's own, or another log */
function extending(whose: Whose, own: KeptLog, other: KeptLog): void {
  const { size, root } = own.checkpoint;
  if (other.checkpoint.size < size)
    throw refuse(
      whose,
      `the log that was named ends with ${other.checkpoint.size} entries, and the backup's own with ${size}: it is older; leave it out, or name a newer one`,
    );
  const read = nodesOfTiles((level, index) => other.tiles.get(tileKey(level, index))?.hashes ?? new Uint8Array());
  if (!equalBytes(treeRoot(size, read), root))
    throw refuse(whose, "the log that was named is another one than the backup's: it does not go on where that ends");
}

/** @throws `RESTORE_REFUSED` where a store that survived says that more was signed, or something else */
async function fits(stores: CheckpointStores, whose: Whose, { checkpoint }: KeptLog): Promise<void> {
  const signed = (await stores.of(whose).highest())?.checkpoint;
  if (!signed) throw refuse(whose, "the checkpoint store that was named has nothing of this log");
  if (checkpoint.size < signed.size)
    throw refuse(
      whose,
      `the newest log that is there ends with ${checkpoint.size} entries, and ${signed.size} were signed: an erasure among the last ${signed.size - checkpoint.size} would not be applied; name a newer log`,
    );
  if (checkpoint.size > signed.size || !equalBytes(checkpoint.root, signed.root))
    throw refuse(whose, "the checkpoint store that was named ends with another tree than the newest log that is there");
}

/** A store begins with the newest checkpoint that was found: from here on nothing goes back behind it. */
async function begin(stores: CheckpointStores, whose: Whose, { note }: KeptLog): Promise<void> {
  const store = stores.of(whose);
  await store.begin();
  if ((await store.highest()) !== null || !(await store.add(null, note)))
    throw refuse(whose, "a checkpoint store is there already");
}

function noStore(newest: ReadonlyMap<Whose, Newest>): string[] {
  const old = [...newest]
    .filter(([, { from }]) => from === "backup")
    .map(([whose]) => (whose === HOST ? "the host" : whose));
  return [
    ...(old.length > 0
      ? [
          `No newer log was there of ${old.join(", ")}: what was erased, ended or removed after the backup (letters, access, lost passkeys, betrayed passphrases) is not known here, and must be done again.`,
        ]
      : []),
    "No checkpoint store survived, so nobody here can say whether more was signed than this. Whoever saw more (a browser of the staff, a witness, a verifier with a kept checkpoint) will refuse this log: ask them before letters are read.",
  ];
}
