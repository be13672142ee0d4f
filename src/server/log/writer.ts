/**
 * One round of the log, in the order that must never change: commit leaves, sign and store the checkpoint, publish it.
 * Killed anywhere, the next round goes on from what was kept.
 */
import { signCheckpoint } from "../../domain/log/checkpoint.ts";
import type { NoteSigner } from "../../domain/log/note.ts";
import { Fault } from "../../domain/problem.ts";
import { anyWaiting, inSnapshot, publishCheckpoint, readHead, republishCheckpoint } from "./store/log.ts";
import type { Pool } from "../database/pool.ts";
import { checkTree, diverged, EMPTY_TREE } from "./check-tree.ts";
import type { CheckpointStore, Stored } from "./checkpoint-store.ts";
import { sequence, type Clock } from "./sequence.ts";
import type { Witnesses } from "./witnesses.ts";

export type LogParts = {
  readonly pool: Pool;
  readonly store: CheckpointStore;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  /** those who are asked to co-sign, if anybody is */
  readonly witnesses?: Witnesses;
};

/** Whether a round has anything to do: events wait, or tree, store and published checkpoint are not all of one size. */
export async function needsRound({ pool, store }: LogParts): Promise<boolean> {
  const [head, stored] = [await readHead(pool), await store.highest()];
  return (
    stored === null ||
    head.size !== stored.checkpoint.size ||
    head.signedSize !== head.size ||
    (!head.ended && (await anyWaiting(pool)))
  );
}

/** Appends, signs and publishes whatever there is. @throws `LOG_DIVERGED` without having signed anything */
export async function round(parts: LogParts): Promise<void> {
  // The head first: what is published was stored before, so a store read later that does not have it has gone back.
  const head = await readHead(parts.pool);
  const stored = (await parts.store.highest()) ?? (await storeEmptyTree(parts));
  if (stored.checkpoint.size < head.signedSize)
    throw diverged(
      `the checkpoint store is older than what was published at size ${head.signedSize}`,
      head,
      stored.checkpoint,
    );
  await sequence(parts.pool, stored.checkpoint, parts.signer.name, parts.clock);
  const { size, note } = await storeCheckpoint(parts, stored, head.log);
  const shown = parts.witnesses && size > head.signedSize ? await parts.witnesses.cosign({ size, note }) : note;
  await publishCheckpoint(parts.pool, head.log, size, shown, parts.clock.now());
}

/** Between rounds: adds cosignatures that came late to the checkpoint that stands. */
export async function addCosignatures({ pool, store, witnesses }: LogParts): Promise<void> {
  const stored = witnesses && (await store.highest());
  if (!stored) return;
  const { size } = stored.checkpoint;
  const note = witnesses.more({ size, note: stored.note });
  if (note !== null) await republishCheckpoint(pool, (await readHead(pool)).log, size, note);
}

/**
 * The first thing ever signed is the empty tree, so that an empty store beside a tree with leaves can only mean that
 * the store was lost.
 */
async function storeEmptyTree({ pool, store, signer }: LogParts): Promise<Stored> {
  const head = await readHead(pool);
  if (head.size > 0) throw diverged("the checkpoint store is empty, but the database has a log", head, EMPTY_TREE);
  await store.add(null, signCheckpoint({ origin: signer.name, ...EMPTY_TREE, extensions: [] }, signer));
  return mustBeThere(await store.highest());
}

/** Signs the tree as it was committed, if it has grown; returns the highest checkpoint. */
async function storeCheckpoint(parts: LogParts, stored: Stored, log: number): Promise<{ size: number; note: string }> {
  const { pool, store, signer } = parts;
  const head = await inSnapshot(pool, async (client) => {
    const committed = await readHead(client);
    if (committed.log !== log)
      throw diverged("another log has taken the place of this one", committed, stored.checkpoint);
    await checkTree(client, committed, stored.checkpoint);
    return committed;
  });
  if (head.size === stored.checkpoint.size) return { size: head.size, note: stored.note };
  const note = signCheckpoint({ origin: signer.name, size: head.size, root: head.root, extensions: [] }, signer);
  // Another writer may have signed since this one looked: then its checkpoint is what the next signature must extend.
  if (await store.add(stored, note)) return { size: head.size, note };
  return storeCheckpoint(parts, mustBeThere(await store.highest()), log);
}

function mustBeThere(stored: Stored | null): Stored {
  if (stored === null) throw new Fault("CONFIG_INVALID", "the checkpoint store was emptied");
  return stored;
}
