/** Gives waiting events their leaves: one transaction, one writer at a time. */
import { encodeEntry } from "../../domain/log/event.ts";
import { appendLeaves, edgeTiles, nodesOfTiles, tileKey } from "../../domain/log/tile.ts";
import { leafHash, treeRoot } from "../../domain/log/tree.ts";
import { Fault } from "../../domain/problem.ts";
import { addFirstEvent, advanceHead, giveLeaves, lockLog, readHead, readTiles, waitingEvents, writeTiles, type WaitingEvent } from "../store/log.ts";
import { inTransaction, type Client, type Pool } from "../store/pool.ts";
import { checkTree, type TreeHead } from "./check-tree.ts";

/** What the log process is given: never read from the air, so that a test can give its own. */
export type Clock = { readonly now: () => number; readonly nonce: () => Uint8Array };

const MOST_AT_ONCE = 4096;

/**
 * Appends what waits and returns how many. The tree must extend `stored` beforehand: a tree that diverged is not made larger,
 * so that the right database, brought back, finds everything as it was.
 * @throws `LOG_DIVERGED`
 */
export async function sequence(pool: Pool, stored: TreeHead, origin: string, clock: Clock): Promise<number> {
  return inTransaction(pool, async (client) => {
    await lockLog(client);
    const head = await readHead(client);
    await checkTree(client, head, stored);
    const waiting = await waitingEvents(client, MOST_AT_ONCE);
    if (waiting.some(isOwn)) throw new Fault("LOG_DIVERGED", "an event that only the log itself may write was put among those that wait");
    const first = head.size === 0 ? [await addStart(client, origin, clock)] : [];
    const events = [...first, ...waiting];
    if (events.length > 0) await append(client, head.size, events);
    return events.length;
  });
}

const OWN = Buffer.from('"kind":"log.');

/** The log's own kinds say where it begins and which key goes on: put in by anybody else, a signature over them would hand the log over. In any other spelling they are no entries. */
const isOwn = ({ entry }: WaitingEvent): boolean => Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(OWN);

/** The first leaf says whose log this is. */
async function addStart(client: Client, origin: string, clock: Clock): Promise<WaitingEvent> {
  const at = clock.now();
  return addFirstEvent(client, at, encodeEntry({ kind: "log.started", origin, at }, clock.nonce()));
}

async function append(client: Client, size: number, events: readonly WaitingEvent[]): Promise<void> {
  const before = await readTiles(client, edgeTiles(size));
  const changed = appendLeaves(size, events.map((event) => leafHash(event.entry)), before);
  const tiles = new Map(changed.map((tile) => [tileKey(tile.level, tile.index), tile.hashes]));
  const next = size + events.length;
  const root = treeRoot(next, nodesOfTiles((level, index) => tiles.get(tileKey(level, index)) ?? before(level, index)));
  await giveLeaves(client, events, size);
  await writeTiles(client, changed);
  await advanceHead(client, size, next, root);
}
