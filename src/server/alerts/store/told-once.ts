/** What was told once, and is not told again. */
import type { Client, Db } from "../../database/pool.ts";

/** Notes it for this transaction; false when it was told before. `about` is two ids or times. */
export async function noteTold(
  client: Client,
  kind: "watch.silent" | "messages.stopped",
  about: readonly [string, string],
): Promise<boolean> {
  return (
    (
      await client.query("INSERT INTO told_once (kind, about) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        kind,
        about.join(" "),
      ])
    ).rowCount === 1
  );
}

export async function isTold(
  db: Db,
  kind: "watch.silent" | "messages.stopped",
  about: readonly [string, string],
): Promise<boolean> {
  return (
    (await db.query("SELECT FROM told_once WHERE kind = $1 AND about = $2", [kind, about.join(" ")])).rowCount === 1
  );
}

export type Stopped = {
  readonly incident: string;
  readonly body: string;
  readonly start: string;
  readonly count: number;
};

/** Letters that wait for a person since the newest start of the mailroom: how many of each incident. */
export async function stoppedMessages(db: Db): Promise<Stopped[]> {
  const { rows } = await db.query<Stopped>(
    `SELECT d.incident, d.body, m.start, count(*) AS count FROM delivery d JOIN (SELECT start, at FROM mailroom ORDER BY at DESC LIMIT 1) m ON d.changed_at >= to_timestamp(m.at / 1000.0)
     WHERE d.incident IS NOT NULL AND ((d.state = 'hand-over-again' AND d.code = 'KEY_GONE') OR (d.state = 'uncertain' AND d.code = 'MAILROOM_LOST')) GROUP BY d.incident, d.body, m.start`,
  );
  return rows;
}
