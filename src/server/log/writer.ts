/**
 * One round of the log, in the order that must never change: commit leaves, sign and store the checkpoint, publish it.
 * Killed anywhere, the next round goes on from what was kept.
 */
import { signCheckpoint } from "../../domain/log/checkpoint.ts";
import { HOST, signerOfLog, type Whose } from "../../domain/log/names.ts";
import type { SignerKey } from "../../domain/log/note-key.ts";
import { Fault } from "../../domain/problem.ts";
import {
  anyWaiting,
  inSnapshot,
  noHead,
  publishCheckpoint,
  readHead,
  readHeads,
  republishCheckpoint,
  type Head,
} from "./store/log.ts";
import type { Pool } from "../database/pool.ts";
import { checkTree, diverged, EMPTY_TREE, type TreeHead } from "./check-tree.ts";
import type { CheckpointStores, Stored } from "./checkpoint-store.ts";
import { sequence, type Clock } from "./sequence.ts";
import type { WitnessesOf } from "./witnesses.ts";

export type LogParts = {
  readonly pool: Pool;
  readonly stores: CheckpointStores;
  /** of the host's log; those of the others follow from it (`signerOfLog`) */
  readonly signer: SignerKey;
  readonly clock: Clock;
  /** those who are asked to co-sign a log, if anybody is */
  readonly witnesses?: WitnessesOf;
};

/** A log of which something was signed, and whose head is not there any more, has gone back: it is looked at, too. */
async function headsOf({ pool, stores }: LogParts): Promise<readonly Head[]> {
  const heads = await readHeads(pool);
  const gone = (await stores.bodies()).filter((body) => heads.every(({ whose }) => whose !== body));
  return [...heads, ...gone.map(noHead)];
}

/**
 * Whether a round has anything to do: events wait, or of some log tree, store and published checkpoint are not all of
 * one size. The host's store is read each time, and of the others one each time, in `turn`: what a look costs while
 * nothing happens does not grow with the bodies.
 */
export async function needsRound(parts: LogParts, turn = 0): Promise<boolean> {
  const { pool, stores } = parts;
  const heads = await headsOf(parts);
  for (const [nth, head] of heads.entries()) {
    // Before a log has anything, its round makes the store.
    if (head.size === 0) return true;
    const store = stores.of(head.whose);
    if (nth === 0 || nth === 1 + (turn % (heads.length - 1))) await store.highest();
    if (!isSettled(parts, head)) return true;
  }
  return heads.every(({ ended }) => !ended) && (await anyWaiting(pool));
}

/** Whether tree, published checkpoint and what the store had last are of one size. */
const isSettled = ({ stores }: LogParts, { whose, size, signedSize }: Head): boolean =>
  size === signedSize && stores.of(whose).last()?.checkpoint.size === size;

/**
 * Appends, signs and publishes whatever there is, in each log. One that is refused holds up no other.
 * @throws `LOG_DIVERGED` of a log that has signed nothing, once the others are done
 */
export async function round(parts: LogParts): Promise<void> {
  // The heads first: what is published was stored before, so a store read later that does not have it has gone back.
  const heads = await headsOf(parts);
  const logs = new Map(heads.map((head) => [head.whose, head.log]));
  const due = heads.filter((head) => head.whose === HOST || !isSettled(parts, head)).map(({ whose }) => whose);
  const stored = async (head: Head): Promise<TreeHead> => (await storedOf(parts, head)).checkpoint;
  const refused = await sequence(parts.pool, stored, parts.signer, parts.clock, await parts.stores.bodies());
  const now = (await headsOf(parts)).filter(
    (head) => !refused.has(head.whose) && (due.includes(head.whose) || !isSettled(parts, head)),
  );
  await Promise.all(
    now.map((head) =>
      sign(parts, head, logs.get(head.whose) ?? head.log).catch((thrown: unknown) => {
        if (!(thrown instanceof Fault)) throw thrown;
        refused.set(head.whose, thrown);
      }),
    ),
  );
  const [why] = refused.values();
  if (why) throw why;
}

/** Signs one log as far as it has grown, and publishes that. */
async function sign(parts: LogParts, head: Head, log: number): Promise<void> {
  const { pool, clock, witnesses } = parts;
  const { whose } = head;
  const { size, note } = await storeCheckpoint(parts, whose, await storedOf(parts, head), log);
  const shown = witnesses && size > head.signedSize ? await witnesses(whose).cosign({ whose, log, size, note }) : note;
  await publishCheckpoint(pool, { whose, log }, size, shown, clock.now());
}

/** Between rounds: adds cosignatures that came late to the checkpoints that stand. */
export async function addCosignatures({ pool, stores, witnesses }: LogParts): Promise<void> {
  if (!witnesses) return;
  for (const { whose, log, signedSize } of await readHeads(pool)) {
    // Before its first checkpoint a body's log has no store.
    const stored = signedSize === 0 ? null : (stores.of(whose).last() ?? (await stores.of(whose).highest()));
    if (!stored) continue;
    const { size } = stored.checkpoint;
    const note = witnesses(whose).more({ whose, log, size, note: stored.note });
    if (note !== null) await republishCheckpoint(pool, { whose, log }, size, note);
  }
}

/**
 * What the store of a log has. The first thing ever signed is the empty tree, so that an empty store beside a tree with
 * leaves can only mean that the store was lost.
 */
async function storedOf({ stores, signer }: LogParts, head: Head): Promise<Stored> {
  const { whose, size, signedSize } = head;
  const store = stores.of(whose);
  if (whose !== HOST && size === 0 && signedSize === 0) await store.begin();
  let stored = await store.highest();
  if (stored === null) {
    if (size > 0) throw diverged("the checkpoint store is empty, but the database has a log", head, EMPTY_TREE);
    const own = signerOfLog(signer, whose);
    await store.add(null, signCheckpoint({ origin: own.name, ...EMPTY_TREE, extensions: [] }, own));
    stored = mustBeThere(await store.highest());
  }
  if (stored.checkpoint.size < signedSize)
    throw diverged(
      `the checkpoint store is older than what was published at size ${signedSize}`,
      head,
      stored.checkpoint,
    );
  return stored;
}

/** Signs the tree as it was committed, if it has grown; returns the highest checkpoint. */
async function storeCheckpoint(
  parts: LogParts,
  whose: Whose,
  stored: Stored,
  log: number,
): Promise<{ size: number; note: string }> {
  const { pool, stores } = parts;
  const store = stores.of(whose);
  const head = await inSnapshot(pool, async (client) => {
    const committed = await readHead(client, whose);
    if (committed.log !== log)
      throw diverged("another log has taken the place of this one", committed, stored.checkpoint);
    await checkTree(client, committed, stored.checkpoint);
    return committed;
  });
  if (head.size === stored.checkpoint.size) return { size: head.size, note: stored.note };
  const signer = signerOfLog(parts.signer, whose);
  const note = signCheckpoint({ origin: signer.name, size: head.size, root: head.root, extensions: [] }, signer);
  // Another writer may have signed since this one looked: then its checkpoint is what the next signature must extend.
  if (await store.add(stored, note)) {
    await store.highest();
    return { size: head.size, note };
  }
  return storeCheckpoint(parts, whose, mustBeThere(await store.highest()), log);
}

function mustBeThere(stored: Stored | null): Stored {
  if (stored === null) throw new Fault("CONFIG_INVALID", "the checkpoint store was emptied");
  return stored;
}
