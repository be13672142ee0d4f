/** How the log and the mail stand, in numbers: for `pillarbox status`. Nothing of anybody is in it. */
import { logState } from "../log/store/proofs.ts";
import { openPool } from "./pool.ts";

/** `since`: how long the oldest event waits that no published checkpoint covers, milliseconds; null: none waits. */
export async function standing(url: string) {
  const pool = openPool(url, 1);
  try {
    const { rows } = await pool.query(
      `SELECT e.unsigned + h.unsigned AS unsigned, d.waiting, (extract(epoch FROM now()) * 1000)::bigint AS now FROM
         (SELECT count(*) AS unsigned FROM event WHERE leaf IS NULL AND aside IS NULL) e,
         (SELECT coalesce(sum(size - signed_size), 0)::bigint AS unsigned FROM head) h,
         (SELECT count(*) AS waiting FROM delivery WHERE state IN ('handed-in', 'intended', 'hand-over-again')) d`,
    );
    const { unsigned, waiting, now } = rows[0];
    // An event has its leaf before it is signed: the leaf alone says nothing.
    const { waitingSince } = await logState(pool);
    return { unsigned, waiting, since: waitingSince === null ? null : now - waitingSince };
  } finally {
    await pool.end();
  }
}
