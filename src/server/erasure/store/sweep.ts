/**
 * After an erasure: the rows are gone, and what is left of them on the disk goes too. PostgreSQL keeps the bytes of a
 * deleted row in its files until their place is used again, and in its write-ahead log until that is removed. So the
 * tables are written anew without them, and the write-ahead log is brought to where its old files are removed. Run by
 * the login that owns the tables, or by the superuser; serves nobody.
 */
import pg from "pg";

/** What letters were in, and words about them. */
const TABLES = ["sealed", "reply", "case_note", "release", "release_item", "erasure"] as const;

/** Writing a table anew locks it: a large one waits for the next start, when nobody waits for it. */
const SMALL = 256 * 1024 * 1024;

export type Swept = {
  readonly erasures: number;
  /** false: another look at the database, or its size, kept the rest; it is tried again */
  readonly tables: boolean;
  /** false: this login may not move the write-ahead log on */
  readonly wal: boolean;
};

/** Whether something was erased and is still in the files. */
export async function isUnswept(url: string): Promise<boolean> {
  return within(
    url,
    async (client) =>
      ((await client.query("SELECT FROM erasure WHERE state = 'granted' AND swept_at IS NULL LIMIT 1")).rowCount ?? 0) >
      0,
  );
}

/**
 * Sweeps what has not been swept; `null` when there is nothing.
 * @param large whether large tables are written anew, too
 */
export async function sweep(url: string, large: boolean): Promise<Swept | null> {
  return within(url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "SELECT id FROM erasure WHERE state = 'granted' AND swept_at IS NULL",
    );
    if (rows.length === 0) return null;
    const {
      rows: [size],
    } = await client.query<{ small: boolean }>("SELECT pg_total_relation_size('sealed') < $1 AS small", [SMALL]);
    const tables = size?.small || large ? await writeAnew(client) : false;
    const wal = tables && (await forgetWal(client));
    if (tables)
      await client.query("UPDATE erasure SET swept_at = now() WHERE id = ANY($1)", [rows.map((row) => row.id)]);
    return { erasures: rows.length, tables, wal };
  });
}

async function within<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: "-c search_path=pillarbox -c lock_timeout=10s" });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * True when nothing that was deleted is kept, for instance for somebody who still looks at the database as it was
 * before.
 */
async function writeAnew(client: pg.Client): Promise<boolean> {
  let kept = false;
  const onNotice = (notice: { detail?: string | undefined }): void => {
    if (/^[1-9]\d* dead row versions cannot be removed yet/.test(notice.detail ?? "")) kept = true;
  };
  client.on("notice", onNotice);
  for (const table of TABLES) await client.query(`VACUUM (FULL, VERBOSE) ${table}`);
  client.off("notice", onNotice);
  return !kept;
}

async function forgetWal(client: pg.Client): Promise<boolean> {
  try {
    await client.query("SELECT pg_switch_wal()");
    await client.query("CHECKPOINT");
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "42501") return false;
    throw thrown;
  }
}
