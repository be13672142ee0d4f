/** Releases: what left, to whom, under which event. */
import { Fault } from "../../domain/problem.ts";
import type { Client, Db } from "../database/pool.ts";

export type Part = "slip" | "letter";

export type ReleaseRow = {
  readonly id: string;
  readonly event: number;
  readonly body: string;
  readonly inbox: string;
  readonly person: string;
  readonly purpose: "list" | "open" | "affected";
  readonly part: Part;
  readonly ids_salt: Buffer;
};

export type NewRelease = Omit<ReleaseRow, "ids_salt"> & {
  readonly ids_salt: Uint8Array;
  readonly ids_tree: Uint8Array;
  readonly minutes: number;
};

export async function insertRelease(client: Client, one: NewRelease, submissions: readonly string[]): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, ids_tree, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(mins => $10)) ON CONFLICT (id) DO NOTHING",
    [
      one.id,
      one.event,
      one.body,
      one.inbox,
      one.person,
      one.purpose,
      one.part,
      one.ids_salt,
      one.ids_tree,
      one.minutes,
    ],
  );
  if (rowCount !== 1) throw new Fault("BAD_REQUEST", "the id of a release is used once");
  await client.query("INSERT INTO release_item (release, submission) SELECT $1, unnest($2::text[])", [
    one.id,
    submissions,
  ]);
}

/** What the submitters of a release will see of it: no person. */
export type NewReading = {
  readonly release: string;
  readonly at: number;
  readonly part: Part;
  readonly body: string;
  readonly role: string;
  readonly count: number;
};

export const insertReading = (client: Client, one: NewReading): Promise<unknown> =>
  client.query("INSERT INTO reading (release, at, part, body, role, count) VALUES ($1, $2, $3, $4, $5, $6)", [
    one.release,
    one.at,
    one.part,
    one.body,
    one.role,
    one.count,
  ]);

/** The first time that a released letter was opened, and its event; later ones change nothing. */
export const noteOpened = (client: Client, release: string, { at, id }: { at: number; id: number }): Promise<unknown> =>
  client.query("UPDATE reading SET opened_at = $2, opened_event = $3 WHERE release = $1", [release, at, id]);

/** A release that has not run out. @throws `ERASED` when its letter was erased meanwhile, and the salt with it */
export async function runningRelease(db: Db, id: string): Promise<ReleaseRow | undefined> {
  const row = (
    await db.query<ReleaseRow | (Omit<ReleaseRow, "ids_salt"> & { ids_salt: null })>(
      "SELECT id, event, body, inbox, person, purpose, part, ids_salt FROM release WHERE id = $1 AND expires_at > now() AND document IS NULL",
      [id],
    )
  ).rows[0];
  if (row?.ids_salt === null) throw new Fault("ERASED");
  return row;
}

export async function releaseIds(db: Db, id: string): Promise<string[]> {
  return (
    await db.query<{ submission: string }>(
      "SELECT submission FROM release_item WHERE release = $1 ORDER BY submission",
      [id],
    )
  ).rows.map((row) => row.submission);
}

export type ReleasedItem = {
  readonly submission: string;
  readonly form: string;
  readonly epoch: number;
  readonly form_hash: Buffer;
  readonly path: "browser" | "counter";
  readonly first: string | null;
  readonly bytes: Buffer;
};

/** The sealed bytes of a release. The database shows them only under a signed checkpoint (policy `released`). */
export async function releasedItems(db: Db, release: ReleaseRow): Promise<ReleasedItem[]> {
  const { rows } = await db.query<ReleasedItem>(
    "SELECT s.id AS submission, s.form, s.epoch, s.form_hash, s.path, s.first, b.bytes FROM release_item i JOIN submission s ON s.id = i.submission JOIN sealed b ON b.submission = s.id AND b.part = $2 WHERE i.release = $1 ORDER BY s.id",
    [release.id, release.part],
  );
  return rows;
}

/** A release of a document of an incident; its salt stands for nothing. */
export async function insertDocumentRelease(
  client: Client,
  one: {
    readonly id: string;
    readonly event: number;
    readonly body: string;
    readonly inbox: string;
    readonly person: string;
    readonly document: string;
    readonly salt: Uint8Array;
    readonly minutes: number;
  },
): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, document, expires_at) VALUES ($1, $2, $3, $4, $5, 'incident', 'document', $6, $7, now() + make_interval(mins => $8)) ON CONFLICT (id) DO NOTHING",
    [one.id, one.event, one.body, one.inbox, one.person, one.salt, one.document, one.minutes],
  );
  if (rowCount !== 1) throw new Fault("BAD_REQUEST", "the id of a release is used once");
}

export type DocumentReleaseRow = {
  readonly id: string;
  readonly event: number;
  readonly body: string;
  readonly inbox: string;
  readonly person: string;
  readonly document: string;
};

/** A release of a document that has not run out. */
export async function runningDocumentRelease(db: Db, id: string): Promise<DocumentReleaseRow | undefined> {
  return (
    await db.query<DocumentReleaseRow>(
      "SELECT id, event, body, inbox, person, document FROM release WHERE id = $1 AND expires_at > now() AND document IS NOT NULL",
      [id],
    )
  ).rows[0];
}

/**
 * A reading of letters of one inbox, of whatever time: who, and which letters as far as they were not erased. Who
 * compares it with the log may believe it.
 */
export type PastReading = {
  readonly release: string;
  readonly person: string;
  readonly person_salt: Buffer;
  readonly ids_salt: Buffer | null;
  readonly ids: readonly string[];
};

export async function pastReadings(db: Db, inbox: string): Promise<PastReading[]> {
  const { rows } = await db.query<PastReading>(
    `SELECT r.id AS release, r.person, s.salt AS person_salt, r.ids_salt, coalesce(array_agg(i.submission::text ORDER BY i.submission) FILTER (WHERE i.submission IS NOT NULL), '{}') AS ids
     FROM release r JOIN event_secret s ON s.event = r.event AND s.person = r.person LEFT JOIN release_item i ON i.release = r.id
     WHERE r.inbox = $1 AND r.document IS NULL GROUP BY r.id, r.person, s.salt, r.ids_salt ORDER BY min(r.event)`,
    [inbox],
  );
  return rows;
}
