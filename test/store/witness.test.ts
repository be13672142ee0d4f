/**
 * Witnesses beside a real log process's rounds: what they co-sign, what they refuse, and that nobody waits for them
 * long.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { toHex, sha256, toUtf8 } from "../../src/domain/bytes.ts";
import { encodeAddCheckpoint, parseAddCheckpoint } from "../../src/domain/log/add-checkpoint.ts";
import { openCheckpoint, signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import {
  cosignaturesOf,
  cosigner,
  formatCosignerKey,
  parseCosigner,
  parseCosignerKey,
  type Cosigner,
} from "../../src/domain/log/cosignature.ts";
import { formatVerifierKey, signerKey } from "../../src/domain/log/note-key.ts";
import { EMPTY_ROOT } from "../../src/domain/log/tree.ts";
import { addCosignatures, round, type LogParts } from "../../src/server/log/writer.ts";
import { newWitnesses, type WitnessesOf } from "../../src/server/log/witnesses.ts";
import { openPool } from "../../src/server/database/pool.ts";
import { witnessServer } from "../../src/witness/serve.ts";
import { witnessStore } from "../../src/witness/store.ts";
import { newWitness } from "../../src/witness/witness.ts";
import { freeLocalPorts } from "../../supervisor/free-ports.ts";
import { untilThere } from "../support/in-time.ts";
import { leaves, naiveTree } from "../support/log-trees.ts";
import { signer } from "../support/log-signer.ts";
import { startLogWorld, writeEvents, type LogWorld, type Place } from "../support/log-world.ts";

let world: LogWorld;
const closing: (() => unknown)[] = [];
const MINUTE = 60_000;
before(async () => void (world = await startLogWorld()));
after(async () => {
  for (const close of closing) await close();
  await world?.stop();
});

type Run = { readonly url: string; readonly directory: string; readonly server: Server; readonly by: Cosigner };

async function witness(nth: number, directory?: string): Promise<Run> {
  const place = directory ?? (await mkdtemp(join(tmpdir(), "pillarbox-witness-")));
  const by = cosigner(`witness.example/${nth}`, new Uint8Array(32).fill(20 + nth));
  const app = witnessServer(
    newWitness(by, [signer.verifier], witnessStore(place), () => Math.floor(Date.now() / 1000)),
    () => {},
  );
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  closing.push(
    () => (app.server.closeAllConnections(), app.close()),
    () => rm(place, { recursive: true, force: true }),
  );
  return { url, directory: place, server: app.server, by };
}

const post = async (at: Run, body: string): Promise<{ status: number; type: string | null; text: string }> => {
  const response = await fetch(`${at.url}/add-checkpoint`, { method: "POST", body });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
};

const tree = naiveTree(leaves(300));
const signed = (size: number, root = tree.root(size), by = signer): string =>
  signCheckpoint({ origin: by.name, size, root, extensions: [] }, by);
const asked = (
  old: number,
  size: number,
  proof = old === 0 ? [] : tree.proof(old, size),
  checkpoint = signed(size),
): string => encodeAddCheckpoint({ old, proof, checkpoint });

test("a request is read back as it was written, and any other form is refused", () => {
  for (const [old, size] of [
    [0, 5],
    [5, 9],
    [5, 5],
    [128, 300],
  ] as const)
    assert.equal(encodeAddCheckpoint(parseAddCheckpoint(asked(old, size))), asked(old, size));
  for (const wrong of [
    "",
    "old 0\n",
    "old 00\n\nx",
    "old -1\n\nx",
    "old  1\n\nx",
    "older 1\n\nx",
    "old 1\nAAAA\n\nx",
    `old 1\n${`${"A".repeat(43)}=\n`.repeat(64)}\nx`,
  ])
    assert.throws(() => parseAddCheckpoint(wrong), { code: "NOTE_INVALID" }, wrong);
});

// A witness co-signs what extends what it has seen, and answers everything else as the specification says.
test("a witness co-signs what extends what it has seen, and answers the rest as specified", async () => {
  const at = await witness(1);
  const hash = toHex(sha256(toUtf8(signer.name)));
  assert.equal((await fetch(`${at.url}/${hash}/checkpoint`)).status, 404);
  const first = await post(at, asked(0, 5));
  assert.equal(first.status, 200);
  assert.equal(cosignaturesOf(signed(5) + first.text, [at.by.key]).length, 1);
  assert.deepEqual(await post(at, asked(0, 9)), { status: 409, type: "text/x.tlog.size", text: "5\n" });
  assert.deepEqual(await post(at, asked(4, 9)), { status: 409, type: "text/x.tlog.size", text: "5\n" });
  assert.equal((await post(at, asked(5, 5))).status, 200, "the same again is co-signed again");
  assert.equal((await post(at, asked(5, 9))).status, 200);
  // rolled back, forked at the same size and at a larger one, a proof of something else
  assert.deepEqual(await post(at, asked(5, 7)), { status: 409, type: "text/x.tlog.size", text: "9\n" });
  assert.equal((await post(at, asked(9, 5, []))).status, 400, "an old size above the checkpoint's");
  const fork = naiveTree([...leaves(8), ...leaves(300).slice(100)]);
  assert.equal((await post(at, asked(9, 9, [], signed(9, fork.root(9))))).status, 422);
  assert.equal((await post(at, asked(9, 20, fork.proof(9, 20), signed(20, fork.root(20))))).status, 422);
  assert.equal((await post(at, asked(9, 20, tree.proof(9, 21)))).status, 422);
  assert.equal((await post(at, asked(9, 20, []))).status, 422);
  // unknown log, unknown key, altered note, nonsense, too long, another way to ask
  assert.equal(
    (
      await post(
        at,
        asked(0, 5, [], signed(5, tree.root(5), signerKey("elsewhere.example/log", new Uint8Array(32).fill(1)))),
      )
    ).status,
    404,
  );
  assert.equal(
    (
      await post(
        at,
        asked(9, 20, tree.proof(9, 20), signed(20, tree.root(20), signerKey(signer.name, new Uint8Array(32).fill(99)))),
      )
    ).status,
    403,
  );
  assert.equal((await post(at, asked(9, 20).replace("\n20\n", "\n21\n"))).status, 403);
  for (const wrong of ["", "old 9", "old 9\n\nnothing", asked(9, 20).replace("old 9", "old 09")])
    assert.equal((await post(at, wrong)).status, 400, wrong.slice(0, 20));
  assert.equal((await post(at, "x".repeat(70_000))).status, 413);
  assert.equal((await fetch(`${at.url}/add-checkpoint`)).status, 404);
  const kept = await (await fetch(`${at.url}/${hash}/checkpoint`)).text();
  assert.equal(openCheckpoint(kept, signer.verifier).size, 9);
  assert.equal(cosignaturesOf(kept, [at.by.key]).length, 1);
  const empty = await witness(2);
  // The first checkpoint is no exception: another's key under the log's name, an altered note, no signature that holds.
  const mallory = signerKey(signer.name, new Uint8Array(32).fill(99));
  for (const unsigned of [
    asked(0, 5, [], signed(5, tree.root(5), mallory)),
    asked(0, 0, [], signed(0, EMPTY_ROOT, mallory)),
    asked(0, 5).replace("\n5\n", "\n6\n"),
  ])
    assert.equal((await post(empty, unsigned)).status, 403);
  assert.equal((await fetch(`${empty.url}/${hash}/checkpoint`)).status, 404, "and nothing was kept");
  assert.equal((await post(empty, asked(0, 0, [], signed(0, new Uint8Array(32))))).status, 422);
  assert.equal((await post(empty, asked(0, 5, tree.proof(3, 5)))).status, 422, "a proof where none may be");
  assert.equal((await post(empty, asked(0, 0, [], signed(0, EMPTY_ROOT)))).status, 200);
});

// What it has seen outlives it, and of many who ask at once, of two processes too, one history is co-signed.
test("what it has seen outlives it, and of many who ask at once one history is co-signed", async () => {
  const one = await witness(3);
  assert.equal((await post(one, asked(0, 10))).status, 200);
  const two = await witness(3, one.directory);
  assert.equal((await post(two, asked(0, 10))).status, 409);
  const sizes = [20, 21, 22, 23, 24, 25, 26, 27];
  const answers = await Promise.all(sizes.map((size, i) => post(i % 2 ? one : two, asked(10, size))));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.ok(answers.every(({ status }) => status === 200 || status === 409));
  const [place] = await readdir(one.directory);
  assert.deepEqual((await readdir(join(one.directory, place!))).sort(), [
    "0000000000000001.checkpoint",
    "0000000000000002.checkpoint",
  ]);
});

const heard: string[] = [];
const withWitnesses = (place: Place, ...runs: readonly Run[]): LogParts & { readonly witnesses: WitnessesOf } =>
  renewing(undefined, place, ...runs);
function renewing(
  renew: number | undefined,
  place: Place,
  ...runs: readonly Run[]
): LogParts & { readonly witnesses: WitnessesOf } {
  const writer = world.writer(place);
  const witnesses = newWitnesses(
    writer.pool,
    runs.map((run) => ({ name: run.by.key.name, url: run.url, key: run.by.key })),
    (name, detail) => void heard.push(`${name} ${detail}`),
    renew,
  );
  return { ...writer, witnesses: () => witnesses };
}

async function grow(place: Place, count: number): Promise<void> {
  const pool = openPool(world.url("pb_staff", place.database), 1);
  await writeEvents(pool, count);
  await pool.end();
}

async function published(place: Place): Promise<string> {
  const pool = openPool(world.url("pb_staff", place.database), 1);
  const { rows } = await pool.query<{ checkpoint: string }>("SELECT checkpoint FROM head");
  await pool.end();
  return rows[0]!.checkpoint;
}

/** Rounds between which late cosignatures are added, until it holds. */
async function until(parts: LogParts, holds: () => Promise<boolean>): Promise<void> {
  await untilThere(async () => {
    await addCosignatures(parts);
    return holds();
  }, "what the witnesses do");
}

// The log publishes its checkpoints with the cosignatures, of a witness that is new, that knows it, and that comes
// late.
test("the log publishes its checkpoints with the cosignatures of new, old and late witnesses", async () => {
  const place = await world.place();
  const [a, b] = [await witness(4), await witness(5)];
  const first = withWitnesses(place, a);
  const has = (run: Run) => async (): Promise<boolean> =>
    cosignaturesOf(await published(place), [run.by.key]).length === 1;
  for (const more of [3, 300, 1]) {
    await grow(place, more);
    await round(first);
    await until(first, has(a));
  }
  // Another process, which does not know what the witnesses have seen.
  const second = withWitnesses(place, a, b);
  await until(second, async () => (await has(a)()) && (await has(b)()));
  assert.equal(openCheckpoint(await published(place), signer.verifier).size, 305);
});

// On a log where nothing happens the cosignatures are renewed, so that they say how lately no other log was seen; a
// fresh one is not asked for again.
test("cosignatures are renewed while nothing happens; a fresh one is not asked for again", async () => {
  const place = await world.place();
  const run = await witness(14);
  let asked = 0;
  run.server.on("request", () => void (asked += 1));
  await grow(place, 3);
  const parts = renewing(MINUTE, place, run);
  const time = async (): Promise<number> => cosignaturesOf(await published(place), [run.by.key])[0]?.time ?? 0;
  await round(parts);
  await until(parts, async () => (await time()) > 0);
  const [first, note, before] = [await time(), await published(place), asked];
  for (let turn = 0; turn < 5; turn++) await addCosignatures(parts);
  assert.equal(asked, before, "fresh");
  // The clock is moved on, so that nobody has to be quick before, nor to wait now.
  const now = Date.now.bind(Date);
  mock.method(Date, "now", () => now() + MINUTE);
  try {
    await until(parts, async () => (await time()) > first);
  } finally {
    mock.restoreAll();
  }
  const again = await published(place);
  assert.equal(openCheckpoint(again, signer.verifier).size, openCheckpoint(note, signer.verifier).size);
  assert.equal(cosignaturesOf(again, [run.by.key]).length, 1, "the new one in the place of the old one");
});

// A witness that is silent, gone or refuses holds nothing up: the checkpoint is published without it, and it is said
// once.
test("a witness that is silent, gone or refuses holds nothing up, and it is said once", async () => {
  const place = await world.place();
  const silent = await witness(6);
  silent.server.removeAllListeners("request");
  const gone = await witness(7);
  await new Promise((done) => gone.server.close(done));
  heard.length = 0;
  const parts = withWitnesses(place, silent, gone);
  for (let turn = 0; turn < 3; turn++) {
    await grow(place, 1);
    await round(parts);
    const checkpoint = openCheckpoint(await published(place), signer.verifier);
    assert.equal(checkpoint.size, 2 + turn, "published although no witness answered");
  }
  const about = (nth: number): string[] => heard.filter((line) => line.startsWith(`witness.example/${nth} `));
  // On a slow machine the silent one is given up meanwhile, perhaps even before.
  await untilThere(async () => about(7).length > 0, "a word about who is gone");
  assert.deepEqual(about(7), ["witness.example/7 cannot be reached"]);
  assert.ok(about(6).length <= 1 && heard.length === 1 + about(6).length, heard.join("\n"));
});

// A witness refuses a log that was rolled back together with its store, and a verifier with its policy finds no quorum.
test("a witness refuses a log rolled back with its store, and a verifier finds no quorum", async () => {
  const place = await world.place();
  const at = await witness(8);
  await grow(place, 20);
  const honest = withWitnesses(place, at);
  await round(honest);
  await until(honest, async () => cosignaturesOf(await published(place), [at.by.key]).length === 1);
  // The host begins the log anew under the same key, with another database and another store: nobody here could tell.
  const anew = await world.place();
  heard.length = 0;
  const liar = withWitnesses(anew, at);
  await grow(anew, 4);
  await round(liar);
  // Another test's witness may be given up meanwhile.
  await until(liar, async () =>
    heard.some((line) => /has co-signed size 21, and this checkpoint is of size 5/.test(line)),
  );
  await grow(anew, 40);
  heard.length = 0;
  const later = withWitnesses(anew, at);
  await round(later);
  const theirs = (): string[] => heard.filter((line) => line.startsWith("witness.example/8 "));
  await until(later, async () => theirs().length > 0);
  assert.deepEqual(theirs(), ["witness.example/8 answered 422"]);
  assert.equal(cosignaturesOf(await published(anew), [at.by.key]).length, 0);
});

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, "../../src/witness/main.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });

async function saying(child: ChildProcess, pattern: RegExp): Promise<string> {
  let out = "";
  for await (const part of child.stdout as AsyncIterable<Buffer>)
    if (pattern.test((out += part.toString()))) return out;
  throw new Error(out);
}

// The command makes its key once, signs, remembers over a restart, and refuses to go on when its memory is gone.
test("the command makes its key once, remembers over a restart, and stops without its memory", async () => {
  const made = await mkdtemp(join(tmpdir(), "pillarbox-witness-"));
  closing.push(() => rm(made, { recursive: true, force: true }));
  const directory = join(made, "witness");
  const log = ["--log", formatVerifierKey(signer.verifier)];
  const [port] = (await freeLocalPorts(1)).map(String) as [string];
  const refusedBecause = async (pattern: RegExp, ...args: string[]): Promise<void> => {
    const child = start(...args);
    let error = "";
    child.stderr!.on("data", (part) => (error += part));
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(error, pattern);
  };
  await refusedBecause(/Name the key of at least one log/, directory);
  await refusedBecause(/Give the new witness a name/, directory, ...log);
  for (const round of [1, 2]) {
    const child = start(directory, ...log, ...(round === 1 ? ["--name", "dpo.example/witness"] : []), "--port", port);
    try {
      const key = parseCosignerKey(/^Key {7}(.+)$/m.exec(await saying(child, /^Log .*\n/m))![1]!);
      assert.equal((await stat(join(directory, "key"))).mode & 0o777, 0o600);
      assert.equal(
        formatCosignerKey(parseCosigner((await readFile(join(directory, "key"), "utf8")).trim()).key),
        formatCosignerKey(key),
      );
      const answer = await fetch(`http://localhost:${port}/add-checkpoint`, { method: "POST", body: asked(0, 5) });
      if (round === 1) assert.equal(cosignaturesOf(signed(5) + (await answer.text()), [key]).length, 1);
      else assert.deepEqual([answer.status, await answer.text()], [409, "5\n"]);
    } finally {
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      assert.equal(code, 0);
    }
  }
  await refusedBecause(/is called dpo\.example\/witness/, directory, ...log, "--name", "other.example");
  await rm(join(directory, "seen"), { recursive: true });
  await refusedBecause(/what this witness has seen is gone/, directory, ...log);
});
