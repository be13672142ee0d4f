/** Everything that the judge looks at, of one moment: by the superuser, whom no policy hides anything from. */
import pg from "pg";
import { parseEntry, type Entry } from "../../../src/domain/log/event.ts";
import type { Judged } from "../judge.ts";

export type SubmissionRow = {
  readonly id: string;
  readonly body: string;
  readonly inbox: string;
  readonly epoch: number;
  readonly form: string;
  readonly form_hash: Buffer;
  readonly size: number;
  readonly path: string;
  readonly digest: Buffer;
  readonly first: string | null;
  readonly erased: boolean;
};
export type ReceiptRow = { readonly submission: string; readonly hash: Buffer; readonly event: number };
export type ReadingRow = {
  readonly release: string;
  readonly at: number;
  readonly part: string;
  readonly body: string;
  readonly role: string;
  readonly count: number;
  readonly opened_at: number | null;
};
export type SealedRow = { readonly submission: string; readonly part: string; readonly bytes: Buffer };
export type EventRow = {
  /** whose log it stands in; the host's has no name */
  readonly body: string;
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly leaf: number | null;
  readonly bytes: Buffer;
  /** null when it cannot be read */
  readonly entry: Entry | null;
};
export type SecretRow = { readonly event: number; readonly person: string; readonly salt: Buffer };
export type HeadRow = {
  readonly body: string;
  readonly size: number;
  readonly root: Buffer | null;
  readonly signed_size: number;
  readonly checkpoint: string | null;
};
export type TileRow = {
  readonly body: string;
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
};
export type StatementRow = {
  readonly body: string;
  readonly seq: number;
  readonly bytes: Buffer;
  readonly signature: Buffer;
};
export type EpochKeyRow = {
  readonly inbox: string;
  readonly epoch: number;
  readonly body: string;
  readonly recipient: string;
};
export type WrapRow = {
  readonly inbox: string;
  readonly epoch: number;
  readonly person: string;
  readonly bytes: Buffer;
};
export type AccountRow = {
  readonly id: string;
  readonly body: string | null;
  readonly role: string;
  readonly state: string;
  readonly signing_key: Buffer | null;
};
export type RequestRow = { readonly id: string; readonly body: string; readonly state: string };
export type ReleaseRow = {
  readonly id: string;
  readonly event: number;
  readonly body: string;
  readonly inbox: string;
  readonly person: string;
  readonly purpose: string;
  readonly part: string;
  /** null: erased with its letter */
  readonly ids_salt: Buffer | null;
};
export type ItemRow = { readonly release: string; readonly submission: string };

export type ErasureRow = {
  readonly id: string;
  readonly submission: string;
  readonly state: string;
  readonly event: number | null;
  readonly reason_text: string | null;
  readonly reason_salt: Buffer | null;
};

export type Seen = {
  readonly submissions: readonly SubmissionRow[];
  readonly sealed: readonly SealedRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly readings: readonly ReadingRow[];
  readonly events: readonly EventRow[];
  readonly secrets: readonly SecretRow[];
  readonly heads: readonly HeadRow[];
  readonly tiles: readonly TileRow[];
  readonly statements: readonly StatementRow[];
  readonly epochKeys: readonly EpochKeyRow[];
  readonly wraps: readonly WrapRow[];
  readonly accounts: readonly AccountRow[];
  readonly requests: readonly RequestRow[];
  readonly formHashes: readonly string[];
  readonly releases: readonly ReleaseRow[];
  readonly items: readonly ItemRow[];
  readonly erasures: readonly ErasureRow[];
};

export async function connect(world: Judged): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: world.databaseUrl("pb_superuser"),
    options: "-c search_path=pillarbox",
  });
  // A server that is killed under the judge is found by the next question.
  client.on("error", () => {});
  await client.connect();
  return client;
}

export async function look(world: Judged): Promise<Seen> {
  const client = await connect(world);
  // One moment: without this a submission could come between the rows and the events.
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const all = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> =>
    (await client.query<T>({ text, types: NUMBERS })).rows;
  try {
    const events = await all<Omit<EventRow, "entry">>(
      "SELECT id, body, at, kind, leaf, entry AS bytes FROM event ORDER BY id",
    );
    return {
      events: events.map((row) => ({ ...row, entry: entryOf(row.bytes) })),
      submissions: await all(
        "SELECT id, body, inbox, epoch, form, form_hash, size, path, digest, first, erased_at IS NOT NULL AS erased FROM submission",
      ),
      receipts: await all("SELECT submission, hash, event FROM receipt"),
      readings: await all("SELECT release, at, part, body, role, count, opened_at FROM reading"),
      sealed: await all("SELECT submission, part, bytes FROM sealed"),
      secrets: await all("SELECT event, person, salt FROM event_secret"),
      heads: await all("SELECT body, size, root, signed_size, checkpoint FROM head ORDER BY body"),
      tiles: await all("SELECT body, level, index, hashes FROM tile"),
      statements: await all("SELECT body, seq, bytes, signature FROM statement ORDER BY body, seq"),
      epochKeys: await all("SELECT inbox, epoch, body, recipient FROM epoch_key"),
      wraps: await all("SELECT inbox, epoch, person, bytes FROM wrap"),
      accounts: await all("SELECT id, body, role, state, signing_key FROM account"),
      requests: await all("SELECT id, body, state FROM request"),
      formHashes: (
        await all<{ hash: string }>("SELECT encode(sha256(definition), 'hex') AS hash FROM form_version")
      ).map((row) => row.hash),
      releases: await all("SELECT id, event, body, inbox, person, purpose, part, ids_salt FROM release"),
      erasures: await all("SELECT id, submission, state, event, reason_text, reason_salt FROM erasure"),
      items: await all("SELECT release, submission FROM release_item"),
    };
  } finally {
    await client.end();
  }
}

const NUMBERS = {
  getTypeParser: ((type: number, format: "text" | "binary") =>
    type === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(type, format as "text")) as typeof pg.types.getTypeParser,
};

function entryOf(bytes: Buffer): Entry | null {
  try {
    return parseEntry(new Uint8Array(bytes));
  } catch {
    return null;
  }
}

/** Rows by a key. */
export const groupedBy = <T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> =>
  Map.groupBy(rows, key);

/** The entries of some kind, each with its row. */
export function entriesOf<K extends Entry["kind"]>(
  seen: Seen,
  ...kinds: readonly K[]
): { readonly row: EventRow; readonly entry: Extract<Entry, { kind: K }> }[] {
  return seen.events.flatMap((row) =>
    row.entry && (kinds as readonly string[]).includes(row.entry.kind)
      ? [{ row, entry: row.entry as Extract<Entry, { kind: K }> }]
      : [],
  );
}
