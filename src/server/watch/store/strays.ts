/**
 * What a login could make or hold beside the tables: large objects, which have no row security; temporary tables, which
 * are found before ours of the same name; locks, which stop whoever needs them. Any login may ask.
 */
import type { Db } from "../../database/pool.ts";

export type Stray = {
  /** what it is, and whose */
  readonly what: string;
  readonly login: string;
  /** of a lock: who holds which. One that a process needs is held for a moment. */
  readonly lock: string | null;
};

// The locks that our processes hold (sql/000001.sql and the stores), by login.
const OURS = `CASE a.usename
  WHEN 'pb_public' THEN l.objsubid = 2 AND l.classid = 7212 AND l.mode = 'ShareLock'
  WHEN 'pb_staff' THEN l.objsubid = 2 AND l.classid IN (7212, 7213, 7214)
  WHEN 'pb_log' THEN l.objsubid = 1 AND l.classid = 0 AND l.objid = 7212
  ELSE a.usename NOT LIKE 'pb\\_%' OR a.usename IN ('pb_migrate', 'pb_superuser') END`;

/** `ours`: a lock of a kind that this login's process takes; it is one to tell of when it is held for long. */
export async function straysOf(db: Db): Promise<(Stray & { readonly ours: boolean })[]> {
  const { rows } = await db.query<Stray & { readonly ours: boolean }>(
    `SELECT 'large object ' || m.oid AS what, r.rolname::text AS login, NULL AS lock, false AS ours FROM pg_largeobject_metadata m JOIN pg_roles r ON r.oid = m.lomowner
     UNION ALL
     SELECT 'temporary table', r.rolname::text, NULL, false FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relpersistence = 't' AND c.relkind IN ('r', 'v', 'S')
     UNION ALL
     SELECT 'lock', coalesce(a.usename::text, 'nobody'), format('%s %s %s %s', l.pid, l.classid, l.objid, l.mode), coalesce(${OURS}, false)
     FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows;
}
