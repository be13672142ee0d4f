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
};

export type NewRequest = Pick<
  RequestRow,
  "id" | "body" | "inbox" | "asker" | "scope" | "until" | "purpose" | "purpose_text"
> & { readonly persons: readonly string[]; readonly purpose_salt: Uint8Array };

export async function insertRequest(client: Client, one: NewRequest): Promise<void> {
  await client.query(
    "INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
    ],
  );
}

export async function requestsOf(db: Db, body: string): Promise<RequestRow[]> {
  return (await db.query<RequestRow>("SELECT * FROM request WHERE body = $1 ORDER BY asked_at DESC", [body])).rows;
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
): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE request SET state = $2, decided_at = now(), decided_by = $3, reason = $4 WHERE id = $1 AND state = 'open'",
    [id, state, by, reason],
  );
  return rowCount === 1;
}
