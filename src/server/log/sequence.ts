/** Gives waiting events their leaves: one transaction, one writer at a time. */
import { encodeEntry } from "../../domain/log/event.ts";
import { appendLeaves, edgeTiles, nodesOfTiles, tileKey } from "../../domain/log/tile.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { continuation } from "../../domain/log/rotation.ts";
import { asideOf, writerOf, type Aside } from "../../domain/log/writers.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { leafHash, treeRoot } from "../../domain/log/tree.ts";
import {
  addOwnEvent,
  advanceHead,
  giveLeaves,
  lockLog,
  readHead,
  readTiles,
  setAside,
  waitingEvents,
  writeTiles,
  type Head,
  type WaitingEvent,
} from "./store/log.ts";
import { keepNextEntry, pastLog } from "./store/past-logs.ts";
import { inTransaction, type Client, type Pool } from "../database/pool.ts";
import { checkTree, type TreeHead } from "./check-tree.ts";

/** What the log process is given: never read from the air, so that a test can give its own. */
export type Clock = { readonly now: () => number; readonly nonce: () => Uint8Array };

const MOST_AT_ONCE = 4096;

/**
 * Appends what waits and returns how many. The tree must extend `stored` beforehand: a tree that diverged is not made
 * larger, so that the right database, brought back, finds everything as it was.
 * @throws `LOG_DIVERGED`
 */
export async function sequence(pool: Pool, stored: TreeHead, origin: string, clock: Clock): Promise<number> {
  return inTransaction(pool, async (client) => {
    await lockLog(client);
    const head = await readHead(client);
    await checkTree(client, head, stored);
    // What waits at an end goes into the next log.
    if (head.ended) return 0;
    const waiting = (await waitingEvents(client, MOST_AT_ONCE)).map((one) => ({
      ...one,
      aside: asideOf(one.login, new Uint8Array(one.entry)),
    }));
    const first = head.size === 0 ? [await addStart(client, head.log, origin, clock)] : [];
    const events: Pick<WaitingEvent, "id" | "entry">[] = [...first, ...waiting.filter((one) => one.aside === null)];
    for (const one of waiting) if (one.aside !== null) events.push(await tellAside(client, one, one.aside, clock));
    if (events.length > 0) await append(client, head, events);
    return events.length;
  });
}

/** An event that is not taken stops nobody: its row says why, and the log says so in the same transaction. */
async function tellAside(
  client: Client,
  { id, entry, login }: WaitingEvent,
  why: Aside,
  clock: Clock,
): Promise<Pick<WaitingEvent, "id" | "entry">> {
  await setAside(client, id, why);
  const at = clock.now();
  const said = {
    kind: "log.set-aside",
    event: id,
    digest: toHex(sha256(new Uint8Array(entry))),
    writer: writerOf(login),
    why,
    at,
  } as const;
  return addOwnEvent(client, at, said.kind, encodeEntry(said, clock.nonce()));
}

/**
 * Appends the entry that names the key of the next log: the last one, after which nothing is appended here. Done once,
 * however often it is asked.
 * @throws `LOG_DIVERGED` as for any other entry
 */
export async function endLog(pool: Pool, stored: TreeHead, next: string, clock: Clock): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockLog(client);
    const head = await readHead(client);
    await checkTree(client, head, stored);
    if (head.ended) return;
    const at = clock.now();
    await append(
      client,
      head,
      [await addOwnEvent(client, at, "log.rotated", encodeEntry({ kind: "log.rotated", next, at }, clock.nonce()))],
      true,
    );
  });
}

/** The first leaf says whose log this is, and where it goes on from. */
async function addStart(
  client: Client,
  log: number,
  origin: string,
  clock: Clock,
): Promise<Pick<WaitingEvent, "id" | "entry">> {
  const at = clock.now();
  const before = log === 0 ? undefined : await pastLog(client, log - 1);
  // After a log that was lost nothing leads here, and nothing pretends to.
  if (!before?.ended)
    return addOwnEvent(client, at, "log.started", encodeEntry({ kind: "log.started", origin, at }, clock.nonce()));
  const entry = encodeEntry(
    { ...continuation(origin, parseVerifierKey(before.vkey), before.checkpoint), at },
    clock.nonce(),
  );
  await keepNextEntry(client, before.log, entry);
  return addOwnEvent(client, at, "log.continued", entry);
}

async function append(
  client: Client,
  head: Pick<Head, "log" | "size">,
  events: readonly Pick<WaitingEvent, "id" | "entry">[],
  isEnd = false,
): Promise<void> {
  const { log, size } = head;
  const before = await readTiles(client, edgeTiles(size), log);
  const changed = appendLeaves(
    size,
    events.map((event) => leafHash(event.entry)),
    before,
  );
  const tiles = new Map(changed.map((tile) => [tileKey(tile.level, tile.index), tile.hashes]));
  const next = size + events.length;
  const root = treeRoot(
    next,
    nodesOfTiles((level, index) => tiles.get(tileKey(level, index)) ?? before(level, index)),
  );
  await giveLeaves(client, log, events, size);
  await writeTiles(client, log, changed);
  await advanceHead(client, head, next, root, isEnd);
}
