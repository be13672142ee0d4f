/** Whether somebody waits for what another transaction holds: so a test knows that two meet. */
import type { Db } from "../../src/server/database/pool.ts";

/** @param login whose waiting is looked for; its own database alone */
export async function isWaiting(db: Pick<Db, "query">, login = "pb_staff"): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = $1 AND wait_event_type = 'Lock'",
    [login],
  );
  return rowCount !== 0;
}
