/** Signed statements and the public keys beside them. */
import { fromHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import type { SignedStatement } from "../../domain/grant/statement.ts";
import type { Client, Db } from "../database/pool.ts";

/** The statements of a body after `seq`, in order. Untrusted until verified. */
export async function statementsAfter(db: Db, body: string, seq: number): Promise<SignedStatement[]> {
  const { rows } = await db.query<{ bytes: Buffer; signature: Buffer }>(
    "SELECT bytes, signature FROM statement WHERE body = $1 AND seq > $2 ORDER BY seq",
    [body, seq],
  );
  return rows.map((row) => ({ bytes: new Uint8Array(row.bytes), signature: new Uint8Array(row.signature) }));
}

/** The same of many bodies at once, each from its own place on; a body without any is not in the map. */
export async function statementsAfterEach(
  db: Db,
  after: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly SignedStatement[]>> {
  const { rows } = await db.query<{ body: string; bytes: Buffer; signature: Buffer }>(
    "SELECT s.body, s.bytes, s.signature FROM statement s JOIN unnest($1::text[], $2::int[]) AS known (body, seq) ON s.body = known.body AND s.seq > known.seq ORDER BY s.body, s.seq",
    [[...after.keys()], [...after.values()]],
  );
  const signed = rows.map(({ body, bytes, signature }) => ({
    body,
    bytes: new Uint8Array(bytes),
    signature: new Uint8Array(signature),
  }));
  return Map.groupBy(signed, ({ body }) => body);
}

/** Adds one statement; `CHAIN_MOVED` when its place is taken. */
export async function insertStatement(
  client: Client,
  body: string,
  seq: number,
  signed: SignedStatement,
): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO statement (body, seq, bytes, signature) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [body, seq, signed.bytes, signed.signature],
  );
  if (rowCount !== 1) throw new Fault("CHAIN_MOVED");
}

/**
 * One change of a body's statements at a time; whoever receives submissions shares the lock, so that none slips in
 * under a key that has just ended.
 */
export const lockChain = (client: Client, body: string): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7212, hashtext($1))", [body]);

const HEADS =
  "SELECT b.body, s.seq FROM unnest($1::text[]) AS b (body) CROSS JOIN LATERAL (SELECT seq FROM statement WHERE body = b.body ORDER BY seq DESC LIMIT 1) AS s";

/** Publications of all bodies, one at a time: a form's name belongs to one body. */
export const lockFormNames = (client: Client): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(7213, 0)");

/** The lock of those who receive, for all bodies of a batch, and each body's last statement. */
export async function shareChains(client: Client, bodies: readonly string[]): Promise<Map<string, number>> {
  await client.query({
    name: "share-chains",
    text: "SELECT pg_advisory_xact_lock_shared(7212, hashtext(body)) FROM unnest($1::text[]) AS body",
    values: [bodies],
  });
  // A statement of its own: what it sees must be of a moment when the lock was held.
  const { rows } = await client.query<{ body: string; seq: number }>({
    name: "chain-heads",
    text: HEADS,
    values: [bodies],
  });
  return new Map(rows.map((row) => [row.body, row.seq]));
}

export async function insertRecipient(
  client: Client,
  body: string,
  inbox: string,
  epoch: number,
  recipient: string,
): Promise<void> {
  await client.query("INSERT INTO epoch_key (inbox, epoch, body, recipient) VALUES ($1, $2, $3, $4)", [
    inbox,
    epoch,
    body,
    recipient,
  ]);
}

/** The recipients of a body's inboxes as stored: compare each with its statement before use. */
export async function recipientsOf(
  db: Db,
  body: string,
): Promise<{ inbox: string; epoch: number; recipient: string }[]> {
  return (
    await db.query<{ inbox: string; epoch: number; recipient: string }>(
      "SELECT inbox, epoch, recipient FROM epoch_key WHERE body = $1 ORDER BY inbox, epoch",
      [body],
    )
  ).rows;
}

/** Beside those that are there, of which none is changed. The same bytes twice are one row. */
export async function insertWrap(
  client: Client,
  inbox: string,
  epoch: number,
  person: string,
  bytes: Bytes,
): Promise<void> {
  await client.query("INSERT INTO wrap (inbox, epoch, person, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", [
    inbox,
    epoch,
    person,
    bytes,
  ]);
}

/**
 * One wrapped key of somebody for each epoch: the signed one where it is there, and else what is there, which its
 * reader refuses.
 * @param signed the hash that a statement names, by epoch
 */
export async function wrapsOf(
  db: Db,
  inbox: string,
  person: string,
  signed: ReadonlyMap<number, Bytes>,
): Promise<{ epoch: number; bytes: Buffer }[]> {
  return (
    await db.query<{ epoch: number; bytes: Buffer }>(
      `SELECT DISTINCT ON (w.epoch) w.epoch, w.bytes FROM wrap w
       LEFT JOIN unnest($3::int[], $4::bytea[]) AS signed (epoch, digest) ON signed.epoch = w.epoch
       WHERE w.inbox = $1 AND w.person = $2 ORDER BY w.epoch, (w.digest = signed.digest) DESC NULLS LAST`,
      [inbox, person, [...signed.keys()], [...signed.values()]],
    )
  ).rows;
}

export async function insertForm(
  client: Client,
  hash: Bytes,
  form: string,
  body: string,
  definition: Bytes,
): Promise<void> {
  await client.query(
    "INSERT INTO form_version (hash, form, body, definition) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
    [hash, form, body, definition],
  );
}

/** A form version by its hash, hex. Untrusted until its hash is compared. */
export async function formDefinition(db: Db, hash: string): Promise<{ body: string; definition: Bytes } | undefined> {
  const { rows } = await db.query<{ body: string; definition: Buffer }>(
    "SELECT body, definition FROM form_version WHERE hash = $1",
    [fromHex(hash)],
  );
  const row = rows[0];
  return row && { body: row.body, definition: new Uint8Array(row.definition) };
}
