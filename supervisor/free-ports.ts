/**
 * Ports that nobody listens on. Whoever is to listen there begins a moment later, so they are not of those that the
 * system gives by itself to whoever opens a connection (Linux: from 32768 on): none is gone by then. Worlds of tests
 * begin beside each other: `PILLARBOX_TEST_PORTS` names a directory where each claims its ports, so that no two choose
 * the same.
 */
import { randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const FIRST = 20_000;
const LAST = 32_000;
/** So many in a row that are taken: this machine has none. */
const TRIES = 1_000;

/** Ports of this machine's own that nobody listens on at this moment. */
export async function freeLocalPorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let turn = 0; found.size < count && turn < TRIES; turn++) {
    const port = randomInt(FIRST, LAST);
    if (!found.has(port) && isOurs(port) && (await isFree(port))) found.add(port);
  }
  if (found.size < count) throw new Error(`no port from ${FIRST} to ${LAST} is free`);
  return [...found];
}

function isOurs(port: number): boolean {
  const { PILLARBOX_TEST_PORTS: claims } = process.env;
  if (!claims) return true;
  try {
    mkdirSync(join(claims, String(port)));
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => done(true)));
  });
