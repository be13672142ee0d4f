/**
 * From one key of the log to the next (docs/LOG.md, Another key). Run by the supervisor before the servers, once for
 * each new key, until it says that it is done. Every step finds out from the database and the two stores what was done
 * before: killed anywhere, it is simply run again.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { keyOfLog, nameOfLog } from "../../domain/log/names.ts";
import { formatVerifierKey, type SignerKey, type VerifierKey } from "../../domain/log/note-key.ts";
import { entryProof } from "../../domain/log/rotation.ts";
import { nodesOfTiles, tilesFor } from "../../domain/log/tile.ts";
import { inclusionProof } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import { parseConfig } from "../config.ts";
import { note } from "../http/log.ts";
import { anyWaiting, entryAt, lockLog, readHeads, readTiles, type Head } from "./store/log.ts";
import { isPast, putAside } from "./store/past-logs.ts";
import { inTransaction, openPool, type Pool } from "../database/pool.ts";
import { publishedCheckpoint } from "./store/tiles.ts";
import type { TreeHead } from "./check-tree.ts";
import { checkpointStores } from "./checkpoint-store.ts";
import { need, readKey } from "./run.ts";
import { endLogs } from "./sequence.ts";
import { witnessesOf } from "./witnesses.ts";
import { addCosignatures, round, type LogParts } from "./writer.ts";

/** Milliseconds. */
const PATIENCE = 3000;

type Parts = LogParts & { readonly signer: SignerKey };

/**
 * Ends the logs of `old`, the host's and every body's, and begins those of `next`; both have the same pool.
 * @throws `LOG_DIVERGED` when the old log cannot be signed to its end: then nothing is changed
 */
export async function rotate(old: Parts, next: Parts): Promise<void> {
  if (!(await isPast(old.pool, keyOf(old)))) {
    // What waits belongs to the log that it was written for.
    do await round(old);
    while ((await readHeads(old.pool)).every(({ ended }) => !ended) && (await anyWaiting(old.pool)));
    await endLogs(old.pool, (head) => storedTree(old, head), next.signer.verifier, old.clock);
    await round(old);
    await askWitnesses(old);
    await putOldAside(old);
  }
  await round(next);
}

/**
 * Begins a new log where the old one cannot be signed any more, because its key or its store is lost. Nothing leads
 * from the old one to it:
 * every browser, witness and verifier that saw the old one refuses it, and its people must be told by another way.
 */
export async function replaceLost(pool: Pool, lost: VerifierKey, next: Parts): Promise<void> {
  if (!(await isPast(pool, formatVerifierKey(lost)))) {
    await inTransaction(pool, async (client) => {
      await lockLog(client);
      for (const { whose, log, signedSize } of await readHeads(client))
        await putAside(client, {
          whose,
          log,
          vkey: formatVerifierKey(keyOfLog(lost, whose)),
          size: signedSize,
          checkpoint: (await publishedCheckpoint(client, whose))?.note ?? "",
          ended: null,
        });
    });
  }
  await round(next);
}

const keyOf = ({ signer }: Parts): string => formatVerifierKey(signer.verifier);

async function storedTree({ stores }: Parts, { whose }: Head): Promise<TreeHead> {
  const stored = await stores.of(whose).highest();
  if (stored === null) throw new Fault("CONFIG_INVALID", "the checkpoint store was emptied");
  return stored.checkpoint;
}

/** A final checkpoint is shown for ever as it is published now, so its witnesses get a little longer than usual. */
async function askWitnesses(parts: Parts): Promise<void> {
  const { pool, witnesses } = parts;
  const logs = await readHeads(pool);
  const isAsking = (): boolean => logs.some(({ whose }) => witnesses?.(whose).isAsking());
  for (const end = Date.now() + PATIENCE; isAsking() && Date.now() < end; await sleep(50)) await addCosignatures(parts);
  await addCosignatures(parts);
}

/**
 * The final checkpoints are in the store and published by now; the heads make room for the next logs, all of them or
 * none.
 */
async function putOldAside({ pool, signer }: Parts): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockLog(client);
    for (const head of await readHeads(client)) {
      const { whose, log, size, signedSize, ended } = head;
      const published = await publishedCheckpoint(client, whose);
      if (!ended || size !== signedSize || published === null || published.checkpoint.size !== size)
        throw new Fault("LOG_DIVERGED", `the old log ${nameOfLog(signer.name, whose)} is not signed to its end`);
      const prove = (read: Parameters<typeof inclusionProof>[2]): Uint8Array[] => inclusionProof(size - 1, size, read);
      const hashes = prove(nodesOfTiles(await readTiles(client, tilesFor(prove), head)));
      const proof = entryProof(size - 1, await entryAt(client, head, size - 1), hashes, published.note);
      await putAside(client, {
        whose,
        log,
        vkey: formatVerifierKey(keyOfLog(signer.verifier, whose)),
        size,
        checkpoint: published.note,
        ended: proof,
      });
    }
  });
}

/**
 * The errand: both keys and both stores come in its environment, and it ends.
 * @throws `CONFIG_INVALID`, `LOG_DIVERGED`
 */
export async function runRotation(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = parseConfig(env["PB_CONFIG"]);
  const pool = openPool(need(env, "PB_DATABASE"), 3);
  const partsOf = (key: string, store: string): Parts => {
    const signer = readKey(env[key]);
    const witnesses = witnessesOf(pool, config.witnesses, (name, detail) =>
      note({ level: "info", process: "rotate", detail: `witness ${name}: ${detail}` }),
    );
    return {
      pool,
      signer,
      stores: checkpointStores(need(env, store), signer.verifier),
      clock: { now: Date.now, nonce: () => randomBytes(32) },
      ...(config.witnesses.length > 0 && { witnesses }),
    };
  };
  try {
    const [old, next] = [partsOf("PB_LOG_KEY", "PB_LOG_STORE"), partsOf("PB_LOG_NEXT_KEY", "PB_LOG_NEXT_STORE")];
    if (env["PB_LOG_LOST"] === undefined) await rotate(old, next);
    else await replaceLost(pool, old.signer.verifier, next);
  } finally {
    await pool.end();
  }
}
