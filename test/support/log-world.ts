/** For the tests of the log process: real databases that can be copied as a backup would, stores, and a judge. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { toHex } from "../../src/domain/bytes.ts";
import { openCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry, parseEntry } from "../../src/domain/log/event.ts";
import { verifyProof } from "../../src/domain/log/proof.ts";
import { hashesOf } from "../../src/domain/log/tile.ts";
import { checkpointStores } from "../../src/server/log/checkpoint-store.ts";
import type { LogParts } from "../../src/server/log/writer.ts";
import { migrate } from "../../src/server/database/migrate.ts";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { releaseProof } from "../../src/server/log/store/proofs.ts";
import type { AnyLogin } from "../../demo/world.ts";
import { startDatabase } from "./database.ts";
import { untilThere } from "./in-time.ts";
import { naiveLeaf, naiveTree } from "./log-trees.ts";
import { natively } from "./native-verifier.ts";
import type { SignerKey } from "../../src/domain/log/note-key.ts";
import { nextSigner, signer } from "./log-signer.ts";

export type LogWorld = Awaited<ReturnType<typeof startLogWorld>>;
export type Place = {
  readonly database: string;
  readonly store: string;
  /** of the next log */
  readonly nextStore?: string;
};

export async function startLogWorld() {
  const engine = await startDatabase({ migrated: false });
  const pools: Pool[] = [];
  const directories: string[] = [];
  let databases = 0;
  const url = (login: AnyLogin, database: string): string => engine.url(login).replace("/pillarbox?", `/${database}?`);
  const open = (login: AnyLogin, database: string, max = 4): Pool => {
    const pool = openPool(url(login, database), max);
    pools.push(pool);
    return pool;
  };
  await migrate(engine.url("pb_migrate"), join(import.meta.dirname, "../../sql"), engine.logins);
  const admin = open("pb_superuser", "postgres", 1);
  // Copying a database takes as long as the disk of the machine wants.
  admin.on("connect", (client) => void client.query("SET statement_timeout = 0"));
  const database = async (template = "pillarbox"): Promise<string> => {
    const name = `log_${++databases}`;
    // The server waits five seconds for those whom it ends, and on a slow machine they take longer.
    await untilThere(async () => {
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [template]);
      try {
        return await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      } catch (thrown) {
        if ((thrown as { code?: string }).code !== "55006") throw thrown;
        return null;
      }
    }, `a copy of ${template}`);
    return name;
  };
  const store = async (): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), "pillarbox-log-"));
    directories.push(directory);
    await writeFile(join(directory, "init"), "");
    return directory;
  };
  return {
    engine,
    url,
    open,
    store,
    /** A new database, or a copy of one: what a backup of this moment holds. Ends the connections to the one copied. */
    database,
    /** A database and a store that nothing was written to. */
    place: async (): Promise<Place> => ({ database: await database(), store: await store() }),
    /** What one log process has. */
    writer: (place: Place): LogParts & { readonly signer: SignerKey } => ({
      pool: open("pb_log", place.database),
      stores: checkpointStores(place.store, signer.verifier),
      signer,
      clock: { now: Date.now, nonce: () => randomBytes(32) },
    }),
    /** The same under the next key. */
    nextWriter: (place: Place): LogParts & { readonly signer: SignerKey } => ({
      pool: open("pb_log", place.database),
      stores: checkpointStores(place.nextStore ?? "", nextSigner.verifier),
      signer: nextSigner,
      clock: { now: Date.now, nonce: () => randomBytes(32) },
    }),
    /**
     * kill -9 of the server, heard by every connection that was idle: otherwise the next statement would be the one to
     * hear of it.
     */
    kill: async () => {
      await engine.kill();
      while (pools.some((pool) => pool.idleCount > 0)) await new Promise((later) => setTimeout(later, 10));
    },
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.end().catch(() => {})));
      await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })));
      await engine.stop();
    },
  };
}

/** Events as the staff process writes them, in one statement; returns their ids. */
export async function writeEvents(pool: Pick<Pool, "query">, count: number): Promise<number[]> {
  const at = Date.now();
  const entries = Array.from({ length: count }, () =>
    encodeEntry({ kind: "session.refused", account: toHex(randomBytes(32)), at }, randomBytes(32)),
  );
  const { rows } = await pool.query<{ id: number }>(
    "INSERT INTO event (at, kind, entry) SELECT $1, 'session.refused', entry FROM unnest($2::bytea[]) AS entry RETURNING id",
    [at, entries],
  );
  return rows.map((row) => row.id);
}

export type Judged = {
  readonly size: number;
  readonly signedSize: number;
  readonly checkpoints: number;
  readonly waiting: number;
};

/**
 * Looks at everything that a place holds, with its own slow arithmetic, and fails unless it is whole: leaves without
 * gap or double, tiles and head as the entries give them, every checkpoint ever signed a root of this one tree, what is
 * published signed and stored.
 */
export const judge = (world: LogWorld, place: Place): Promise<Judged> => judgeLog(world, place, 0);

/** The same of one of its logs. */
export async function judgeLog(world: LogWorld, place: Place, log: 0 | 1): Promise<Judged> {
  const [{ verifier }, store] = log === 0 ? [signer, place.store] : [nextSigner, place.nextStore!];
  const key = natively(verifier);
  const pool = world.open("pb_superuser", place.database, 1);
  const { rows: events } = await pool.query<{ id: number; leaf: number | null; entry: Buffer }>(
    "SELECT id, leaf, entry FROM event WHERE leaf IS NULL OR log = $1 ORDER BY leaf NULLS LAST, id",
    [log],
  );
  const sequenced = events.filter((event) => event.leaf !== null);
  sequenced.forEach((event, i) => assert.equal(event.leaf, i, "leaves have no gap and no double"));
  if (sequenced[0]) assert.equal(parseEntry(sequenced[0].entry).kind, log === 0 ? "log.started" : "log.continued");
  const plain = naiveTree(sequenced.map((event) => naiveLeaf(event.entry)));
  const {
    rows: [head],
  } = await pool.query<{ size: number; root: Buffer | null; signed_size: number; checkpoint: string | null }>(
    "SELECT size, root, signed_size, checkpoint FROM head WHERE log = $1 UNION ALL SELECT size, NULL, size, checkpoint FROM past_log WHERE log = $1",
    [log],
  );
  assert.ok(head);
  assert.equal(head.size, sequenced.length, "the head counts the leaves");
  if (head.size > 0 && head.root)
    assert.equal(toHex(head.root), toHex(plain.root(head.size)), "the head has the root of the entries");
  const { rows: tiles } = await pool.query<{ level: number; index: number; hashes: Buffer }>(
    "SELECT level, index, hashes FROM tile WHERE log = $1",
    [log],
  );
  for (const tile of tiles) {
    const width = 256 ** tile.level;
    hashesOf(tile.hashes).forEach((hash, i) =>
      assert.equal(
        toHex(hash),
        toHex(plain.read(tile.level * 8, tile.index * 256 + i)),
        `tile ${tile.level}/${tile.index}`,
      ),
    );
    assert.equal(
      tile.hashes.length / 32,
      Math.min(256, Math.floor(head.size / width) - tile.index * 256),
      `tile ${tile.level}/${tile.index} is as wide as the tree`,
    );
  }
  const names = (await readdir(store)).filter((name) => name.endsWith(".checkpoint")).sort();
  let last = -1;
  for (const name of names) {
    const { size, root } = openCheckpoint(await readFile(join(store, name), "utf8"), key);
    assert.ok(size > last, "stored sizes rise");
    assert.ok(size <= head.size, "nothing is signed that was not committed");
    assert.equal(toHex(root), toHex(plain.root(size)), `checkpoint ${name} is a root of this tree`);
    last = size;
  }
  if (head.checkpoint !== null) assert.equal(openCheckpoint(head.checkpoint, key).size, head.signed_size);
  assert.ok(head.signed_size <= Math.max(last, 0), "nothing is published that is not stored");
  await pool.end();
  return {
    size: head.size,
    signedSize: head.signed_size,
    checkpoints: names.length,
    waiting: events.length - sequenced.length,
  };
}

/** Verifies the proofs of events as a browser would: of every `step`th, and of the last. */
export async function proveAll(world: LogWorld, place: Place, step = 1): Promise<number> {
  const pool = world.open("pb_staff", place.database, 1);
  const key = natively(signer.verifier);
  const { rows } = await pool.query<{ id: number; leaf: number; entry: Buffer }>(
    "SELECT id, leaf, entry FROM event WHERE leaf IS NOT NULL ORDER BY leaf",
  );
  for (const { id, leaf, entry } of rows.filter((row) => row.leaf % step === 0 || row.leaf === rows.length - 1)) {
    const found = await releaseProof(pool, id);
    assert.ok(found);
    assert.equal(verifyProof(found.proof, entry, key).index, leaf);
  }
  await pool.end();
  return rows.length;
}
