/**
 * What a receipt finds: by the public login, which sees only what belongs to the sign-in part that was brought
 * (`sql/000002.sql`).
 */
import type { Bytes } from "../../domain/bytes.ts";
import { toHex } from "../../domain/bytes.ts";
import { encodeProof } from "../../domain/log/proof.ts";
import { nodesOfTiles, tilesFor } from "../../domain/log/tile.ts";
import { inclusionProof } from "../../domain/log/tree.ts";
import { readTiles } from "../log/store/log.ts";
import type { Client } from "../database/pool.ts";
import { publishedCheckpoint } from "../log/store/tiles.ts";

/**
 * From here to the end of the transaction the receipts of this sign-in part are visible, and nothing else of anybody's.
 */
export const bringSignIn = (client: Client, signIn: Bytes): Promise<unknown> =>
  client.query("SELECT set_config('pillarbox.receipt', $1, true)", [toHex(signIn)]);

export type EventOf = { readonly leaf: number | null; readonly entry: Bytes };

/** The events by which the submissions of a receipt were received, oldest first. */
export async function receivedEvents(client: Client, hash: Bytes): Promise<readonly EventOf[]> {
  return (
    await client.query<EventOf>(
      "SELECT e.leaf, e.entry FROM receipt r JOIN event e ON e.id = r.event WHERE r.hash = $1 ORDER BY e.id",
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
};

/** The newest readings of each submission, at most `most` of each, and how many there are. */
export async function readingsOf(
  client: Client,
  submissions: readonly string[],
  most: number,
): Promise<readonly ReadingRow[]> {
  const { rows } = await client.query<ReadingRow>(
    `SELECT * FROM (
       SELECT i.submission, d.at, d.part, d.role, d.count, d.opened_at AS "openedAt", count(*) OVER w AS total, row_number() OVER (w ORDER BY d.at DESC, d.release) AS nth
       FROM release_item i JOIN reading d ON d.release = i.release WHERE i.submission = ANY($1) WINDOW w AS (PARTITION BY i.submission)
     ) r WHERE nth <= $2 ORDER BY submission, nth`,
    [submissions, most],
  );
  return rows;
}

/** The event by which a request for erasure was decided. */
export async function decisionEvent(client: Client, event: number | null): Promise<EventOf | undefined> {
  return (await client.query<EventOf>("SELECT leaf, entry FROM event WHERE id = $1", [event ?? 0])).rows[0];
}

/** The tlog-proof of a leaf under the published checkpoint; null while none covers it. */
export async function proofOfLeaf(client: Client, leaf: number): Promise<string | null> {
  const published = await publishedCheckpoint(client);
  if (published === null || leaf >= published.checkpoint.size) return null;
  const { size } = published.checkpoint;
  const tiles = await readTiles(
    client,
    tilesFor((read) => inclusionProof(leaf, size, read)),
  );
  return encodeProof({
    index: leaf,
    hashes: inclusionProof(leaf, size, nodesOfTiles(tiles)),
    checkpoint: published.note,
  });
}
