/** How the log and the mail stand, in numbers: for `pillarbox status`. Nothing of anybody is in it. */
import { openPool } from "./pool.ts";

export async function standing(url: string) {
  const pool = openPool(url, 1);
  try {
    const { rows } = await pool.query(
      `SELECT e.unsigned + h.unsigned AS unsigned, e.since, d.waiting FROM
         (SELECT count(*) AS unsigned,
            (extract(epoch FROM now()) * 1000 - min(at))::bigint AS since
          FROM event WHERE leaf IS NULL AND aside IS NULL) e,
         (SELECT coalesce(sum(size - signed_size), 0)::bigint AS unsigned FROM head) h,
         (SELECT count(*) AS waiting FROM delivery WHERE state IN ('handed-in', 'intended', 'hand-over-again')) d`,
    );
    return rows[0];
  } finally {
    await pool.end();
  }
}
