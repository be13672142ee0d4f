/** What was told once, and is not told again. */
import type { Client, Db } from "../../database/pool.ts";

type Told = "watch.silent" | "messages.stopped" | "mail.returned";

/** Notes it for this transaction; false when it was told before. `about` is two ids or times. */
export async function noteTold(client: Client, kind: Told, about: readonly [string, string]): Promise<boolean> {
  return (
    (
      await client.query("INSERT INTO told_once (kind, about) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        kind,
        about.join(" "),
      ])
    ).rowCount === 1
  );
}

export async function isTold(db: Db, kind: Told, about: readonly [string, string]): Promise<boolean> {
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

export type Unseen = {
  readonly incident: string;
  readonly body: string;
  readonly count: number;
  /** the mail with which there was something to look at again, after there was nothing */
  readonly first: string;
};

/** What came back of each incident and nobody has looked at. What comes while the first still waits is told with it. */
export async function unseenMail(db: Db): Promise<Unseen[]> {
  const { rows } = await db.query<Unseen>(
    `SELECT u.incident, u.body, count(*) AS count,
       (SELECT f.document FROM returned_mail f
        WHERE f.incident = u.incident AND NOT EXISTS (
          SELECT FROM returned_mail e
          WHERE e.incident = f.incident AND (e.at, e.document) < (f.at, f.document) AND (e.said IS NULL OR e.said_at > f.at))
        ORDER BY f.at DESC, f.document DESC LIMIT 1) AS first
     FROM returned_mail u WHERE u.said IS NULL GROUP BY u.incident, u.body`,
  );
  return rows;
}
