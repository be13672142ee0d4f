/**
 * A log process that dies by kill -9 right before its n-th step, where a step is one statement to the database or one
 * call to the file system. Writes `whole <steps>` when it lived through a whole round, or, with a store for the next
 * log, a whole rotation. Arguments: database address, store, n, perhaps the next store.
 */
import fs from "node:fs";
import { randomBytes } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const [url, directory, mortal, nextDirectory] = process.argv.slice(2) as [string, string, string, string?];
let steps = 0;
let isArmed = false;

function step(): void {
  if (isArmed && ++steps === Number(mortal)) process.kill(process.pid, "SIGKILL");
}

/** Wraps methods so that each call is a step. */
function counted<T extends object>(thing: T, names: readonly (keyof T & string)[]): T {
  for (const name of names) {
    const real = (thing[name] as (...given: unknown[]) => unknown).bind(thing);
    (thing as Record<string, unknown>)[name] = (...given: unknown[]): unknown => {
      step();
      return real(...given);
    };
  }
  return thing;
}

counted(fs.promises, ["link", "unlink", "readdir", "readFile", "mkdir", "rename"]);
const open = fs.promises.open.bind(fs.promises);
fs.promises.open = async (...given) => {
  step();
  return counted(await open(...given), ["writeFile", "sync", "close"]);
};
syncBuiltinESMExports();

// Only now: these modules must get the wrapped functions.
const { openPool } = await import("../../src/server/database/pool.ts");
const { checkpointStores } = await import("../../src/server/log/checkpoint-store.ts");
const { round } = await import("../../src/server/log/writer.ts");
const { rotate } = await import("../../src/server/log/rotate.ts");
const { nextSigner, signer } = await import("./log-signer.ts");

const pool = openPool(url, 1);
pool.on("connect", (client) => void counted(client, ["query"]));
await pool.query("SELECT 1");
isArmed = true;
const clock = { now: Date.now, nonce: () => randomBytes(32) };
const old = { pool, stores: checkpointStores(directory, signer.verifier), signer, clock };
if (nextDirectory === undefined) await round(old);
else
  await rotate(old, { pool, stores: checkpointStores(nextDirectory, nextSigner.verifier), signer: nextSigner, clock });
process.stdout.write(`whole ${steps}\n`);
await pool.end();
