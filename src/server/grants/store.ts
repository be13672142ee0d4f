/** Requests for access. */
import type { Purpose } from "../../domain/grant/statement.ts";
import type { Client, Db } from "../database/pool.ts";

export type RequestState = "open" | "confirmed" | "declined" | "withdrawn";

export type RequestRow = {
  readonly id: string;
  readonly body: string;
  readonly inbox: string;
  readonly asker: string;
  readonly persons: string[];
  readonly scope: "all" | "from-now";
  readonly until: number;
  readonly purpose: Purpose;
  readonly purpose_text: string;
  readonly purpose_salt: Buffer;
  readonly state: RequestState;
  readonly asked_at: Date;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly reason: string | null;
  readonly persons_salt: Buffer;
  /** by which it was asked */
  readonly event: number;
};

export type NewRequest = Pick<
  RequestRow,
  "id" | "body" | "inbox" | "asker" | "scope" | "until" | "purpose" | "purpose_text" | "event"
> & {
  readonly persons: readonly string[];
  readonly purpose_salt: Uint8Array;
  readonly persons_salt: Uint8Array;
};

export async function insertRequest(client: Client, one: NewRequest): Promise<void> {
  await client.query(
    "INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt, persons_salt, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    [
      one.id,
      one.body,
      one.inbox,
      one.asker,
      one.persons,
      one.scope,
      one.until,
      one.purpose,
      one.purpose_text,
      one.purpose_salt,
      one.persons_salt,
      one.event,
    ],
  );
}

/** With the act by which each was asked, as far as the rows have it. */
export type AskedRow = RequestRow & {
  readonly entry: Buffer | null;
  readonly signature: Buffer | null;
  readonly by_salt: Buffer | null;
};

const ASKED = `SELECT r.*, e.entry, a.signature, s.salt AS by_salt FROM request r
  LEFT JOIN event e ON e.id = r.event LEFT JOIN act a ON a.event = r.event
  LEFT JOIN event_secret s ON s.event = r.event AND s.person = r.asker`;

export async function requestsOf(db: Db, body: string): Promise<AskedRow[]> {
  return (await db.query<AskedRow>(`${ASKED} WHERE r.body = $1 ORDER BY r.asked_at DESC`, [body])).rows;
}

/** One request of a body with its act. */
export async function askedRequest(client: Client, body: string, id: string): Promise<AskedRow | undefined> {
  return (await client.query<AskedRow>(`${ASKED} WHERE r.id = $1 AND r.body = $2`, [id, body])).rows[0];
}

/**
 * One request of a body, as it stands. That it is decided once is held by `decideRequest`, which changes only what is
 * still open.
 */
export async function requestForDecision(client: Client, body: string, id: string): Promise<RequestRow | undefined> {
  const { rows } = await client.query<RequestRow>("SELECT * FROM request WHERE id = $1 AND body = $2", [id, body]);
  return rows[0];
}

export async function decideRequest(
  client: Client,
  id: string,
  state: Exclude<RequestState, "open">,
  by: string,
  reason: string | null,
  salt: Uint8Array | null = null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE request SET state = $2, decided_at = now(), decided_by = $3, reason = $4, reason_salt = $5 WHERE id = $1 AND state = 'open'",
    [id, state, by, reason, salt],
  );
  return rowCount === 1;
}
