/** The connection to the database. The driver is imported under src/server/store only. */
import pg from "pg";

export type Pool = pg.Pool;
export type Client = pg.PoolClient;
/** A pool for single statements, or a client inside a transaction. */
export type Db = Pick<pg.Pool, "query">;

// Counts and instants fit in a double for 285,000 years; a bigint that arrives as text would be compared as text.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a number from the database is too large");
  return value;
});

/**
 * A pool for one process's own login. What is acknowledged is on the disk, whatever the database's own settings say.
 */
export function openPool(url: string, max: number): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    options:
      "-c search_path=pillarbox -c synchronous_commit=on -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000",
  });
  // A lost connection is found again by the next query; without a listener it would end the process.
  pool.on("error", () => {});
  // The same for one that is lost while somebody holds it between two queries: their next query says so.
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

/** Runs `work` in one transaction: all of it, or none. */
export const inTransaction = <T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> =>
  within(pool, "BEGIN", work);

/** Runs `work` on one state of the database, whatever others commit meanwhile; it can write nothing. */
export const inSnapshot = <T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> =>
  within(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work);

async function within<T>(pool: Pool, begin: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (thrown) {
    await client.query("ROLLBACK").catch(() => {
      broken = true;
    });
    throw thrown;
  } finally {
    client.release(broken);
  }
}

/** Tells the log process that there is something to sequence; delivered with the commit. */
export const announceEvent = (db: Db): Promise<unknown> => db.query("SELECT pg_notify('pillarbox_event', '')");
