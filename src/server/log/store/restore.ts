/**
 * An older database beside the newest log: what was erased since is erased again before anything is served, and the log
 * goes on where it was, with the events whose rows are lost. Run by the owner of the tables while no server runs.
 */
import { equalBytes, sha256, toHex, type Bytes } from "../../../domain/bytes.ts";
import { statementHash } from "../../../domain/grant/statement.ts";
import type { EventKind } from "../../../domain/log/event-kinds.ts";
import { encodeEntry, parseEntry, type Entry } from "../../../domain/log/event.ts";
import { nodesOfTiles, tileKey } from "../../../domain/log/tile.ts";
import { treeRoot } from "../../../domain/log/tree.ts";
import { Fault } from "../../../domain/problem.ts";
import { newSalt } from "../../../domain/person/details.ts";
import type { AtLeaf, ErasureEntry, KeptLog } from "../kept-log.ts";
import { HOST, type Whose } from "../../../domain/log/names.ts";
import { lockLog, readHead, readHeads, writeTiles, type Which } from "./log.ts";
import { inTransaction, type Client, type Pool } from "../../database/pool.ts";

export type Restored = {
  /** of each log the tree of the database as it came, and the newest */
  readonly logs: readonly { readonly whose: Whose; readonly from: number; readonly to: number }[];
  /** letters that the database still had, although they were erased */
  readonly erased: number;
  /** events since, by kind, whose rows are lost */
  readonly lost: ReadonlyMap<EventKind, number>;
  /** grants that were ended since: their statements are lost, so whoever was let out would be in again */
  readonly ended: number;
  /** ways to open keys that were removed since: taken away again, and those that stay because their people have no other */
  readonly unlockers: Unlockers;
  /** who was let out since and would be in again: locked; and of each body that has such people the owners who are left */
  readonly locked: ReadonlyMap<Whose, Locked>;
  /** of each body the letters and additions, by id, that were received since and are lost */
  readonly letters: ReadonlyMap<Whose, readonly string[]>;
};

/** `waited`: how many of them were not confirmed yet when the backup was made. `owners`: who can still sign in as one. */
export type Locked = { readonly people: number; readonly waited: number; readonly owners: number };

export type Unlockers = { readonly removed: number; readonly only: number };

/** How far the database's own logs go, the host's first. */
export async function sizesOfLogs(pool: Pool, log: number): Promise<ReadonlyMap<Whose, number>> {
  const heads = await readHeads(pool);
  for (const head of heads)
    if (head.log !== log)
      throw new Fault(
        "RESTORE_REFUSED",
        `the database is from log ${head.log} of this installation, and the newest is ${log}: between them the log went on under another key, and no files bring a database over that`,
      );
  return new Map(heads.map(({ whose, size }) => [whose, size]));
}

/**
 * Applies the kept logs, of the host and of every body. Everything or nothing; where grants were ended since, the
 * erasures alone, and the logs are left so that nothing can be read.
 * @param always whether the log says that the database was put back also where nothing happened since
 * @throws `RESTORE_REFUSED`
 */
export async function restoreTo(
  pool: Pool,
  kept: ReadonlyMap<Whose, KeptLog>,
  log: number,
  now: number,
  always = false,
): Promise<Restored> {
  return inTransaction(pool, async (client) => {
    await client.query("SET LOCAL statement_timeout = 0");
    await lockLog(client);
    const parts = [];
    for (const [whose, one] of kept) parts.push({ whose, kept: one, ...(await ofOne(client, { whose, log }, one)) });
    const ended = parts.reduce((sum, one) => sum + one.ended, 0);
    if (ended === 0) for (const one of parts) await goOn(client, { whose: one.whose, log }, one, { now, always });
    // Who was signed out since would be signed in again.
    await client.query("DELETE FROM session");
    const lost = new Map<EventKind, number>();
    for (const one of parts) for (const [kind, count] of one.lost) lost.set(kind, (lost.get(kind) ?? 0) + count);
    return {
      logs: parts.map(({ whose, from, kept: { checkpoint } }) => ({ whose, from, to: checkpoint.size })),
      erased: parts.reduce((sum, one) => sum + one.erased, 0),
      lost,
      ended,
      unlockers: {
        removed: parts.reduce((sum, one) => sum + one.unlockers.removed, 0),
        only: parts.reduce((sum, one) => sum + one.unlockers.only, 0),
      },
      locked: new Map(parts.flatMap(({ whose, locked }) => (locked === null ? [] : [[whose, locked] as const]))),
      letters: new Map(
        parts.flatMap(({ whose, letters }) => (letters.length === 0 ? [] : [[whose, letters] as const])),
      ),
    };
  });
}

type Later = AtLeaf & { readonly bytes: Bytes };
type Part = {
  readonly from: number;
  readonly later: readonly Later[];
  readonly erased: number;
  readonly releases: number;
  readonly lost: ReadonlyMap<EventKind, number>;
  readonly ended: number;
  readonly unlockers: Unlockers;
  readonly locked: Locked | null;
  readonly letters: readonly string[];
};

/** What was erased since is erased again, and what is lost is counted. Nothing of the log is written yet. */
async function ofOne(client: Client, { whose, log }: Which, kept: KeptLog): Promise<Part> {
  // A database from before a body was there has no log of it.
  await client.query("INSERT INTO head (body, log) VALUES ($1, $2) ON CONFLICT DO NOTHING", [whose, log]);
  const head = await readHead(client, whose);
  const { size } = kept.checkpoint;
  const read = nodesOfTiles((level, index) => kept.tiles.get(tileKey(level, index))?.hashes ?? new Uint8Array());
  if (head.size > size)
    throw new Fault(
      "RESTORE_REFUSED",
      `the database has ${head.size} entries and the files only ${size}: they are not the newest`,
    );
  if (!equalBytes(treeRoot(head.size, read), head.root))
    throw new Fault(
      "RESTORE_REFUSED",
      `the files hold another log: at size ${head.size} the database has the root ${toHex(head.root)}`,
    );
  const { erased, releases } = await forgetAgain(client, kept.erasures);
  const later = kept.later.map((bytes, i): Later => ({ leaf: head.size + i, entry: parseEntry(bytes), bytes }));
  const statements = await statementsThere(client);
  // First: of these people no unlocker stays, not their only one either.
  const locked = await lockOut(
    client,
    whose,
    later.flatMap(({ entry }) =>
      entry.kind === "person.ended" && !statements.has(entry.statement) ? [entry.person] : [],
    ),
  );
  const unlockers = await removeAgain(
    client,
    later.flatMap(({ entry }) => (entry.kind === "unlocker.removed" ? [entry.unlocker] : [])),
  );
  const { lost, ended, letters } = await missing(
    client,
    statements,
    later.map(({ entry }) => entry),
  );
  return { from: head.size, later, erased, releases, lost, ended, unlockers, locked, letters };
}

/** The log goes on where it was, and says that the database was put back. */
async function goOn(
  client: Client,
  of: Which,
  { kept, later, from, erased, releases }: Part & { readonly kept: KeptLog },
  { now, always }: { readonly now: number; readonly always: boolean },
): Promise<void> {
  const { size, root } = kept.checkpoint;
  await append(client, of, later);
  await rebuildErasures(
    client,
    of,
    kept.erasures.filter(({ leaf }) => leaf >= from),
  );
  await writeTiles(client, of, [...kept.tiles.values()]);
  await client.query(
    "UPDATE head SET size = $1, root = $2, signed_size = $1, checkpoint = $3, signed_at = $4 WHERE body = $5",
    [size, root, kept.note, now, of.whose],
  );
  if ((later.length === 0 && !always) || size === 0) return;
  const body = of.whose === HOST ? null : of.whose;
  await client.query("INSERT INTO event (at, kind, entry) VALUES ($1, 'database.restored', $2)", [
    now,
    encodeEntry({ kind: "database.restored", body, from, to: size, erased, releases, at: now }, newSalt()),
  ]);
}

/** Every letter that the whole log calls erased; how many of them had come back. */
async function forgetAgain(
  client: Client,
  erasures: readonly AtLeaf<ErasureEntry>[],
): Promise<{ erased: number; releases: number }> {
  const ids = erasures.flatMap(({ entry }) =>
    entry.kind === "erasure.done" ? [entry.submission, ...entry.additions] : [],
  );
  const { rows } = await client.query<{ id: string }>(
    "SELECT id FROM submission WHERE id = ANY($1) AND (erased_at IS NULL OR EXISTS (SELECT FROM sealed WHERE submission = id))",
    [ids],
  );
  const {
    rows: [gone],
  } = await client.query<{ releases: number }>("SELECT releases FROM forget($1)", [rows.map((row) => row.id)]);
  return { erased: rows.length, releases: gone?.releases ?? 0 };
}

/**
 * Passkeys and words that were removed since, because somebody lost or betrayed them. A person's only one stays: without
 * it their keys are lost, and what took its place is lost already.
 */
async function removeAgain(client: Client, ids: readonly string[]): Promise<Unlockers> {
  const { rowCount } = await client.query(
    "DELETE FROM unlocker u WHERE id = ANY($1) AND EXISTS (SELECT FROM unlocker o WHERE o.account = u.account AND o.id <> ALL($1))",
    [ids],
  );
  const { rows } = await client.query("SELECT FROM unlocker WHERE id = ANY($1)", [ids]);
  return { removed: rowCount ?? 0, only: rows.length };
}

/**
 * Whoever was let out since is locked: no unlocker, so no sign-in and no keys. The statement that let them out is lost,
 * and the older ones still count them in; so owners must state it once more.
 */
async function lockOut(client: Client, body: Whose, ids: readonly string[]): Promise<Locked | null> {
  const { rows } = await client.query<{ id: string; was: string }>(
    "UPDATE account SET state = 'locked' WHERE id = ANY($1) AND body = $2 AND state IN ('waiting', 'confirmed') RETURNING id, old.state AS was",
    [ids, body],
  );
  if (rows.length === 0) return null;
  await client.query("DELETE FROM unlocker WHERE account = ANY($1)", [rows.map(({ id }) => id)]);
  const left = await client.query(
    "SELECT FROM account WHERE body = $1 AND role = 'owner' AND state = 'confirmed' AND EXISTS (SELECT FROM unlocker WHERE account = account.id)",
    [body],
  );
  const waited = rows.filter(({ was }) => was === "waiting").length;
  return { people: rows.length - waited, waited, owners: left.rows.length };
}

/** The hashes of all statements that came back. */
async function statementsThere(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ bytes: Buffer }>("SELECT bytes FROM statement");
  return new Set(rows.map(({ bytes }) => toHex(statementHash(new Uint8Array(bytes)))));
}

/** What the events since speak of and the database has not. */
async function missing(
  client: Client,
  statements: ReadonlySet<string>,
  later: readonly Entry[],
): Promise<{ lost: Map<EventKind, number>; ended: number; letters: string[] }> {
  const received = later.flatMap((entry) => (entry.kind === "submission.received" ? [entry.submission] : []));
  const there = new Set(
    (await client.query<{ id: string }>("SELECT id FROM submission WHERE id = ANY($1)", [received])).rows.map(
      (row) => row.id,
    ),
  );
  const lost = new Map<EventKind, number>();
  const letters: string[] = [];
  let ended = 0;
  for (const entry of later) {
    // There is no row of it, and none is missing.
    if (entry.kind === "unlocker.removed") continue;
    if (
      entry.kind === "submission.received"
        ? there.has(entry.submission)
        : "statement" in entry && statements.has(entry.statement)
    )
      continue;
    lost.set(entry.kind, (lost.get(entry.kind) ?? 0) + 1);
    if (entry.kind === "grant.ended") ended += 1;
    if (entry.kind === "submission.received") letters.push(entry.submission);
  }
  return { lost, ended, letters };
}

/**
 * The events since, at their leaves. One that waited in the database when the backup was made gets the leaf that it was
 * given later.
 */
async function append(client: Client, { whose, log }: Which, later: readonly Later[]): Promise<void> {
  const { rows } = await client.query<{ id: number; entry: Buffer }>("SELECT id, entry FROM event WHERE leaf IS NULL");
  const waiting = new Map(rows.map((row) => [toHex(sha256(new Uint8Array(row.entry))), row.id]));
  const [known, fresh] = [
    later.filter(({ bytes }) => waiting.has(toHex(sha256(bytes)))),
    later.filter(({ bytes }) => !waiting.has(toHex(sha256(bytes)))),
  ];
  for (const { leaf, bytes } of known)
    await client.query("UPDATE event SET leaf = $2, log = $3, body = $4 WHERE id = $1", [
      waiting.get(toHex(sha256(bytes))),
      leaf,
      log,
      whose,
    ]);
  for (let i = 0; i < fresh.length; i += BATCH) {
    const some = fresh.slice(i, i + BATCH);
    await client.query(
      "INSERT INTO event (at, kind, entry, leaf, log, body) SELECT *, $5, $6 FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[])",
      [
        some.map(({ entry }) => entry.at),
        some.map(({ entry }) => entry.kind),
        some.map(({ bytes }) => bytes),
        some.map(({ leaf }) => leaf),
        log,
        whose,
      ],
    );
  }
}

const BATCH = 1000;

/**
 * Requests for erasure since, as far as their letters are there: open ones wait for an owner again. The words of a
 * refusal are lost.
 */
async function rebuildErasures(
  client: Client,
  { whose, log }: Which,
  erasures: readonly AtLeaf<ErasureEntry>[],
): Promise<void> {
  for (const { leaf, entry } of erasures) {
    const { erasure, submission, at } = entry;
    if (entry.kind === "erasure.requested") {
      await client.query(
        "INSERT INTO erasure (id, submission, asked_by, asked_at) SELECT $1, id, $3, to_timestamp($4 / 1000.0) FROM submission WHERE id = $2 ON CONFLICT DO NOTHING",
        [erasure, submission, entry.askedBy, at],
      );
    } else {
      const state = entry.kind === "erasure.done" ? "granted" : "refused";
      await client.query(
        "UPDATE erasure SET state = $2, decided_at = to_timestamp($3 / 1000.0), reason = $4, event = (SELECT id FROM event WHERE leaf = $5 AND log = $6 AND body = $7), swept_at = NULL WHERE id = $1",
        [erasure, state, at, entry.reason, leaf, log, whose],
      );
    }
  }
}
