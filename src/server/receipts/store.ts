/**
 * What a receipt finds: by the public login, which sees only what belongs to the sign-in part that was brought
 * (`sql/000002.sql`).
 */
import type { Bytes } from "../../domain/bytes.ts";
import { toHex } from "../../domain/bytes.ts";
import { parseCheckpoint } from "../../domain/log/checkpoint.ts";
import { parseNote } from "../../domain/log/note.ts";
import { encodeProof } from "../../domain/log/proof.ts";
import { nodesOfTiles, tilesFor } from "../../domain/log/tile.ts";
import { inclusionProof, type ReadNode } from "../../domain/log/tree.ts";
import type { Whose } from "../../domain/log/names.ts";
import { Fault } from "../../domain/problem.ts";
import { readTiles } from "../log/store/log.ts";
import type { Client } from "../database/pool.ts";

/**
 * From here to the end of the transaction the receipts of this sign-in part are visible, and nothing else of anybody's.
 */
export const bringSignIn = (client: Client, signIn: Bytes): Promise<unknown> =>
  client.query("SELECT set_config('pillarbox.receipt', $1, true)", [toHex(signIn)]);

export type EventOf = {
  readonly id: number;
  readonly leaf: number | null;
  readonly whose: Whose;
  readonly log: number;
  readonly entry: Bytes;
};

/** The events by which the submissions of a receipt were received, oldest first. */
export async function receivedEvents(client: Client, hash: Bytes): Promise<readonly EventOf[]> {
  return (
    await client.query<EventOf>(
      "SELECT e.id, e.leaf, e.body AS whose, e.log, e.entry FROM receipt r JOIN event e ON e.id = r.event WHERE r.hash = $1 ORDER BY e.id",
      [hash],
    )
  ).rows;
}

export type ReadingRow = {
  readonly submission: string;
  readonly at: number;
  readonly part: "slip" | "letter";
  readonly role: "owner" | "reader" | "auditor";
  readonly count: number;
  readonly openedAt: number | null;
  readonly total: number;
  /** its event, and that by which it was opened */
  readonly event: number;
  readonly openedEvent: number | null;
  readonly salt: Bytes | null;
  readonly tree: Bytes | null;
};

/** The newest readings of each submission, at most `most` of each, and how many there are. */
export async function readingsOf(
  client: Client,
  submissions: readonly string[],
  most: number,
): Promise<readonly ReadingRow[]> {
  const { rows } = await client.query<ReadingRow>(
    `SELECT * FROM (
       SELECT i.submission, d.at, d.part, d.role, d.count, d.opened_at AS "openedAt", r.event, d.opened_event AS "openedEvent", r.ids_salt AS salt, r.ids_tree AS tree, count(*) OVER w AS total, row_number() OVER (w ORDER BY d.at DESC, d.release) AS nth
       FROM release_item i JOIN reading d ON d.release = i.release JOIN release r ON r.id = i.release WHERE i.submission = ANY($1) WINDOW w AS (PARTITION BY i.submission)
     ) found WHERE nth <= $2 ORDER BY submission, nth`,
    [submissions, most],
  );
  return rows;
}

export type OwnAct = {
  readonly event: number;
  /** of a reply: its id, the sealed bytes, and whether somebody with the words was given it before */
  readonly reply: string | null;
  readonly bytes: Bytes | null;
  readonly fetched: boolean;
};

/** What was done about the letter whose words were brought, the first first. */
export async function ownActs(client: Client, submission: string): Promise<readonly OwnAct[]> {
  const { rows } = await client.query<OwnAct>(
    `SELECT a.event, r.id AS reply, r.bytes, EXISTS (SELECT FROM reply_fetched f WHERE f.reply = r.id) AS fetched
     FROM case_act a LEFT JOIN reply r ON r.event = a.event WHERE a.submission = $1 ORDER BY a.seq`,
    [submission],
  );
  return rows;
}

/**
 * That a reply was given to whoever has the words, for the first time. Of two who look at once one says so: the event of
 * the other is taken back. An erasure of the letter waits for the end of this transaction, or this one for its.
 * @param write writes the event
 * @throws `ERASED` where the reply went meanwhile
 */
export async function noteFetched(client: Client, reply: string, write: () => Promise<number>): Promise<void> {
  await client.query("SAVEPOINT fetching");
  try {
    const event = await write();
    const { rowCount } = await client.query("INSERT INTO reply_fetched (reply, event) VALUES ($1, $2)", [reply, event]);
    if (rowCount === 0) throw new Fault("ERASED");
  } catch (thrown) {
    // 23505: it is there already.
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "23505")) throw thrown;
    await client.query("ROLLBACK TO SAVEPOINT fetching");
  }
}

/** Events by their ids, as far as this writer may see them. */
export async function eventsOf(client: Client, ids: readonly number[]): Promise<ReadonlyMap<number, EventOf>> {
  const { rows } = await client.query<EventOf>(
    "SELECT id, leaf, body AS whose, log, entry FROM event WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * The tlog-proofs of events under the checkpoint of each log as it is shown in the same answer; none for an event that
 * it does not cover.
 */
export async function proofsOf(
  client: Client,
  events: readonly EventOf[],
  whose: Whose,
  shown: ReadonlyMap<number, string>,
): Promise<ReadonlyMap<number, string>> {
  const proofs = new Map<number, string>();
  for (const [log, checkpoint] of shown) {
    const { size } = parseCheckpoint(parseNote(checkpoint).text);
    const covered = events.flatMap(({ id, leaf, whose: theirs, log: of }) =>
      theirs === whose && of === log && leaf !== null && leaf < size ? [{ id, leaf }] : [],
    );
    const prove = (read: ReadNode) =>
      covered.map(({ id, leaf }) => ({ id, index: leaf, hashes: inclusionProof(leaf, size, read) }));
    for (const { id, index, hashes } of prove(nodesOfTiles(await readTiles(client, tilesFor(prove), { whose, log }))))
      proofs.set(id, encodeProof({ index, hashes, checkpoint }));
  }
  return proofs;
}
