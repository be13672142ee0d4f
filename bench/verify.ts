/**
 * A log of a million entries as files, verified by the command itself: time and peak memory, beside a tenth of it
 * (linear? flat?) and beside nothing but the hashes; and one proof.
 */
import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { formatVerifierKey } from "../src/domain/log/note-key.ts";
import { nodesOfTiles, tilePath, tileWidth } from "../src/domain/log/tile.ts";
import { inclusionProof } from "../src/domain/log/tree.ts";
import { verifyInclusion } from "../src/domain/log/tree-verify.ts";
import { entryAt, leafOf, testLog, writeLog } from "../test/support/log-files.ts";
import { median, rounded, say, type Figure, type Measure } from "./figure.ts";

const SIZES = [100_000, 1_000_000];
const PROOFS = 200;

export const measure: Measure = async (_place, print) => {
  const made = mkdtempSync(join(tmpdir(), "pillarbox-bench-"));
  try {
    for (const size of SIZES) {
      const directory = join(made, String(size));
      say(`making a log of ${size} entries …`);
      const { root } = writeLog(directory, size);
      for (const entries of [false, true]) print(await verifying(directory, size, entries));
      print(proving(directory, size, root));
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
};

async function verifying(directory: string, size: number, entries: boolean): Promise<Figure> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      resolve(import.meta.dirname, "../src/cli/main.ts"),
      "verify-log",
      directory,
      "--log-key",
      formatVerifierKey(testLog.verifier),
      ...(entries ? ["--entries"] : []),
    ],
    { stdio: "ignore" },
  );
  let peak = 0;
  const watching = setInterval(() => (peak = Math.max(peak, peakOf(child.pid!))), 25);
  const code = await new Promise((done) => child.once("exit", done));
  clearInterval(watching);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error("the log was not found sound");
  const floor = hashing(size, entries);
  return {
    name: `verify ${size} entries, ${entries ? "tree and entries" : "tree"}`,
    value: rounded(seconds, 2),
    unit: "s",
    floor: rounded(floor, 2),
    ratio: rounded(seconds / floor, 2),
    peakMB: rounded(peak / 1024),
  };
}

/** The peak of a process's resident memory so far, in KiB; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Only the hashes that cannot be saved: one of 65 bytes for each entry, and one of each entry. */
function hashing(size: number, entries: boolean): number {
  const [pair, entry] = [new Uint8Array(65), entryAt(1)];
  const started = performance.now();
  for (let i = 0; i < size; i++) {
    hash("sha256", pair, "buffer");
    if (entries) hash("sha256", entry, "buffer");
  }
  return (performance.now() - started) / 1000;
}

/** Proofs of entries all over the log, each from tiles read from the disk for it alone. */
function proving(directory: string, size: number, root: Uint8Array): Figure {
  const times = Array.from({ length: PROOFS }, (_, i) => {
    const index = Math.floor((i * (size - 1)) / (PROOFS - 1));
    const started = performance.now();
    const known = new Map<string, Uint8Array>();
    const read = nodesOfTiles((level, at) => {
      const path = tilePath({ level, index: at }, tileWidth({ level, index: at }, size));
      if (!known.has(path)) known.set(path, new Uint8Array(readFileSync(join(directory, path))));
      return known.get(path)!;
    });
    const proof = inclusionProof(index, size, read);
    const took = performance.now() - started;
    if (!verifyInclusion({ index, size, leaf: leafOf(entryAt(index)), proof, root }))
      throw new Error("a proof does not hold");
    return took;
  });
  return {
    name: `proof of one of ${size} entries`,
    value: rounded(median(times), 2),
    unit: "ms median",
    slowest: rounded(Math.max(...times), 2),
  };
}
