/** Gives waiting events their leaves: one transaction, one writer at a time. */
import { encodeEntry } from "../../domain/log/event.ts";
import { appendLeaves, edgeTiles, nodesOfTiles, tileKey } from "../../domain/log/tile.ts";
import { HOST, keyOfLog, nameOfLog, type Whose } from "../../domain/log/names.ts";
import { Fault } from "../../domain/problem.ts";
import { formatVerifierKey, parseVerifierKey, type SignerKey, type VerifierKey } from "../../domain/log/note-key.ts";
import { continuation } from "../../domain/log/rotation.ts";
import { readAs, writerOf, type Aside } from "../../domain/log/writers.ts";
import { sha256, toHex } from "../../domain/bytes.ts";
import { leafHash, treeRoot } from "../../domain/log/tree.ts";
import {
  addOwnEvent,
  advanceHead,
  giveLeaves,
  lockLog,
  ofOthers,
  readHeads,
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

/** The tree that was signed last of a log; an empty one where nothing was signed yet. @throws as `checkTree` */
export type StoredOf = (head: Head) => Promise<TreeHead>;

/** Why a log was not made larger: its events wait, and the other logs go on. */
export type Refused = Map<Whose, Fault>;

type Taken = Pick<WaitingEvent, "id" | "entry">;
type Judged = WaitingEvent & { readonly whose: Whose; readonly aside: Aside | null };

/**
 * Appends what waits, each to the log of the body that it names. Only logs that grow are looked at; each tree must
 * extend what is stored of it beforehand: a tree that diverged is not made larger, so that the right database, brought
 * back, finds everything as it was.
 * @param signed bodies of which something was signed: where the head of one is not there its events wait for it
 */
export async function sequence(
  pool: Pool,
  stored: StoredOf,
  signer: SignerKey,
  clock: Clock,
  signed: readonly Whose[] = [],
): Promise<Refused> {
  return inTransaction(pool, async (client) => {
    await lockLog(client);
    const heads = new Map((await readHeads(client)).map((head) => [head.whose, head]));
    const growing: Growing = { client, stored, signer, clock, refused: new Map(), grown: new Map() };
    const { refused, grown } = growing;
    // What waits at an end goes into the next log; all logs end together.
    if ([...heads.values()].some(({ ended }) => ended)) return refused;
    for (const head of heads.values()) if (head.size === 0) await grows(growing, head);
    const known = new Set([...heads.keys(), ...signed]);
    let taken = 0;
    for (let after = 0, more = true; more && taken === 0; ) {
      const waiting = await waitingEvents(client, MOST_AT_ONCE, after);
      // What waits for a log that is refused holds up nobody else.
      [more, after] = [waiting.length === MOST_AT_ONCE, waiting.at(-1)?.id ?? after];
      // What this round itself has written waits, too, and has its place already.
      const own = new Set([...grown.values()].flat().map(({ id }) => id));
      const others = waiting.filter(({ id }) => !own.has(id));
      for (const one of await judged(client, others, known)) {
        const head = heads.get(one.aside === null ? one.whose : HOST);
        if (!head || !(await grows(growing, head))) continue;
        grown.get(head.whose)!.push(one.aside === null ? one : await tellAside(client, one, one.aside, clock));
        taken += 1;
      }
    }
    for (const [whose, events] of grown) await append(client, heads.get(whose)!, events);
    return refused;
  });
}

/** One round's work: what each log that may grow gets, and which may not. */
type Growing = {
  readonly client: Client;
  readonly stored: StoredOf;
  readonly signer: SignerKey;
  readonly clock: Clock;
  readonly refused: Refused;
  readonly grown: Map<Whose, Taken[]>;
};

/** Whether a log may grow, asked once. Its first entry comes before anything else. */
async function grows({ client, stored, signer, clock, refused, grown }: Growing, head: Head): Promise<boolean> {
  if (refused.has(head.whose)) return false;
  if (grown.has(head.whose)) return true;
  try {
    await checkTree(client, head, await stored(head));
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    refused.set(head.whose, thrown);
    return false;
  }
  grown.set(head.whose, head.size === 0 ? [await addStart(client, head, signer, clock)] : []);
  return true;
}

/**
 * What waits, each with whose it is, by the entry as it is read: never by anything that stands beside it. An event of a
 * body that is none, or that names what is another body's, is not theirs who wrote it.
 */
async function judged(
  client: Client,
  waiting: readonly WaitingEvent[],
  known: ReadonlySet<Whose>,
): Promise<readonly Judged[]> {
  const read = waiting.map((one) => ({ ...one, ...readAs(one.login, new Uint8Array(one.entry)) }));
  const others = await ofOthers(
    client,
    read.flatMap(({ id, whose, aside }) => (aside === null && whose !== HOST ? [id] : [])),
  );
  return read.map((one) =>
    one.aside === null && (!known.has(one.whose) || others.has(one.id)) ? { ...one, aside: "not-theirs" } : one,
  );
}

/** An event that is not taken stops nobody: its row says why, and the log says so in the same transaction. */
async function tellAside(client: Client, { id, entry, login }: WaitingEvent, why: Aside, clock: Clock): Promise<Taken> {
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
 * Appends to every log the entry that names its next key: the last one, after which nothing is appended here. Done
 * once, however often it is asked.
 * @param next of the host's next log
 * @throws `LOG_DIVERGED` as for any other entry
 */
export async function endLogs(pool: Pool, stored: StoredOf, next: VerifierKey, clock: Clock): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockLog(client);
    for (const head of await readHeads(client)) {
      await checkTree(client, head, await stored(head));
      if (head.ended) continue;
      const at = clock.now();
      const entry = encodeEntry(
        { kind: "log.rotated", next: formatVerifierKey(keyOfLog(next, head.whose)), at },
        clock.nonce(),
      );
      await append(client, head, [await addOwnEvent(client, at, "log.rotated", entry)], true);
    }
  });
}

/** The first leaf says whose log this is, and where it goes on from. */
async function addStart(client: Client, { whose, log }: Head, signer: SignerKey, clock: Clock): Promise<Taken> {
  const at = clock.now();
  const origin = nameOfLog(signer.name, whose);
  const before = log === 0 ? undefined : await pastLog(client, { whose, log: log - 1 });
  // After a log that was lost, or before which there was none, nothing leads here, and nothing pretends to.
  if (!before?.ended)
    return addOwnEvent(client, at, "log.started", encodeEntry({ kind: "log.started", origin, at }, clock.nonce()));
  const entry = encodeEntry(
    { ...continuation(origin, parseVerifierKey(before.vkey), before.checkpoint), at },
    clock.nonce(),
  );
  await keepNextEntry(client, before, entry);
  return addOwnEvent(client, at, "log.continued", entry);
}

async function append(client: Client, head: Head, events: readonly Taken[], isEnd = false): Promise<void> {
  const { size } = head;
  const before = await readTiles(client, edgeTiles(size), head);
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
  await giveLeaves(client, head, events, size);
  await writeTiles(client, head, changed);
  await advanceHead(client, head, next, root, isEnd);
}
