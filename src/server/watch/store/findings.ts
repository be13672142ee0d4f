/** What watchers found, when they looked, and which letters are theirs. */
import type { FindingCode, Look, Observation, Watcher } from "../../../domain/watch/finding.ts";
import type { SignedMarker } from "../../../domain/watch/marker.ts";
import type { Client, Db } from "../../database/pool.ts";

export type FindingRow = {
  readonly id: string;
  readonly watcher: Watcher;
  readonly key: string;
  readonly code: FindingCode;
  readonly place: string;
  readonly body: string | null;
  readonly form: string | null;
  readonly evidence: readonly string[];
  readonly clean_at: number | null;
  readonly opened_at: number;
  readonly seen_at: number;
  readonly closed_at: number | null;
};

const COLUMNS = "id, watcher, key, code, place, body, form, evidence, clean_at, opened_at, seen_at, closed_at";

/** One report at a time, whatever the number of processes. */
export const lockWatch = (client: Client, watcher: Watcher): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7214, hashtext($1))", [watcher]);

export async function openFindings(db: Db, watcher: Watcher): Promise<FindingRow[]> {
  return (
    await db.query<FindingRow>(`SELECT ${COLUMNS} FROM finding WHERE watcher = $1 AND closed_at IS NULL`, [watcher])
  ).rows;
}

/** Findings of a body and those that concern every body, open ones first, then the latest. */
export async function findingsOf(db: Db, body: string, limit: number): Promise<FindingRow[]> {
  return (
    await db.query<FindingRow>(
      `SELECT ${COLUMNS} FROM finding WHERE body = $1 OR body IS NULL ORDER BY (closed_at IS NOT NULL), opened_at DESC LIMIT $2`,
      [body, limit],
    )
  ).rows;
}

export async function findingOf(db: Db, body: string, id: string): Promise<FindingRow | undefined> {
  return (
    await db.query<FindingRow>(`SELECT ${COLUMNS} FROM finding WHERE id = $2 AND (body = $1 OR body IS NULL)`, [
      body,
      id,
    ])
  ).rows[0];
}

/** How many findings are open; of one body and of all where a body is given. */
export async function countOpen(db: Db, body: string | null): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    "SELECT count(*) AS count FROM finding WHERE closed_at IS NULL AND ($1::text IS NULL OR body = $1 OR body IS NULL)",
    [body],
  );
  return rows[0]?.count ?? 0;
}

export async function insertFinding(
  client: Client,
  one: Observation & {
    readonly id: string;
    readonly watcher: Watcher;
    readonly key: string;
    readonly cleanAt: number | null;
    readonly at: number;
    readonly event: number;
  },
): Promise<void> {
  await client.query(
    "INSERT INTO finding (id, watcher, key, code, place, body, form, evidence, clean_at, opened_at, seen_at, opened_event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)",
    [
      one.id,
      one.watcher,
      one.key,
      one.code,
      one.place,
      one.body,
      one.form,
      JSON.stringify(one.evidence),
      one.cleanAt,
      one.at,
      one.event,
    ],
  );
}

export async function seenAgain(client: Client, id: string, at: number, evidence: readonly string[]): Promise<void> {
  await client.query("UPDATE finding SET seen_at = $2, evidence = $3 WHERE id = $1", [
    id,
    at,
    JSON.stringify(evidence),
  ]);
}

export async function closeFinding(client: Client, id: string, at: number, event: number): Promise<void> {
  await client.query("UPDATE finding SET closed_at = $2, closed_event = $3 WHERE id = $1", [id, at, event]);
}

export type LookRow = {
  readonly watcher: Watcher;
  readonly kind: Look;
  readonly reported_at: number;
  readonly began_at: number;
  readonly ended_at: number;
  readonly clean_at: number | null;
};

export async function looks(db: Db): Promise<LookRow[]> {
  return (await db.query<LookRow>("SELECT watcher, kind, reported_at, began_at, ended_at, clean_at FROM look")).rows;
}

/** Notes a completed look; `clean` keeps the time of the last one that showed nothing. */
export async function noteLook(
  client: Client,
  watcher: Watcher,
  kind: Look,
  reportedAt: number,
  began: number,
  ended: number,
  clean: boolean,
): Promise<void> {
  await client.query(
    `INSERT INTO look (watcher, kind, reported_at, began_at, ended_at, clean_at) VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN $5::bigint END)
     ON CONFLICT (watcher, kind) DO UPDATE SET reported_at = excluded.reported_at, began_at = excluded.began_at, ended_at = excluded.ended_at, clean_at = coalesce(excluded.clean_at, look.clean_at)`,
    [watcher, kind, reportedAt, began, ended, clean],
  );
}

/** When the last round from outside that showed nothing ended; all that the public process may read of it. */
export async function lastCleanRound(db: Db): Promise<number | null> {
  return (
    (
      await db.query<{ clean_at: number | null }>(
        "SELECT clean_at FROM look WHERE watcher = 'monitor' AND kind = 'round'",
      )
    ).rows[0]?.clean_at ?? null
  );
}

/** The latest markers, oldest first: what the monitor is reminded of. */
export async function latestMarkers(
  db: Db,
  most: number,
): Promise<{ submission: string; inbox: string; epoch: number; planted: number }[]> {
  const { rows } = await db.query<{ submission: string; inbox: string; epoch: number; planted: number }>(
    "SELECT submission, inbox, epoch, planted_at AS planted FROM marker ORDER BY planted_at DESC, submission LIMIT $1",
    [most],
  );
  return rows.reverse();
}

/** Markers as stored: count those only that the monitor signed (`isMarker`). */
export async function markersOf(
  db: Db,
  inboxes: readonly string[],
): Promise<(SignedMarker & { readonly planted: number; readonly received: boolean })[]> {
  const { rows } = await db.query<{
    submission: string;
    body: string;
    inbox: string;
    epoch: number;
    signature: Buffer;
    planted_at: number;
    received: boolean;
  }>(
    "SELECT m.submission, m.body, m.inbox, m.epoch, m.signature, m.planted_at, EXISTS (SELECT FROM submission s WHERE s.id = m.submission AND s.inbox = m.inbox AND s.epoch = m.epoch AND s.erased_at IS NULL) AS received FROM marker m WHERE m.inbox = ANY($1) ORDER BY m.planted_at",
    [inboxes],
  );
  return rows.map(({ planted_at: planted, signature, ...row }) => ({
    ...row,
    planted,
    signature: new Uint8Array(signature),
  }));
}

export async function insertMarker(client: Client, one: SignedMarker, at: number, event: number): Promise<void> {
  await client.query(
    "INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [one.submission, one.body, one.inbox, one.epoch, one.signature, at, event],
  );
}

export async function isMarkerKnown(db: Db, submission: string): Promise<boolean> {
  return (await db.query("SELECT FROM marker WHERE submission = $1", [submission])).rowCount === 1;
}
