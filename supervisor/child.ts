/** One child process: started with its whole environment, ready or not, stopped in order. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { give, takingGiven } from "./give.ts";
import { signal } from "./process-table.ts";
import type { Environment } from "./servers.ts";
import { confined, type RunAs } from "./walls.ts";

/**
 * What to start: `node` and its `arguments`, `environment` is the whole of it, `given` what it alone may know, `cwd` the
 * root of the programs, `log` the file its output is added to, `as` whom it runs as, `store` a directory that it is
 * handed as a descriptor, because it could not go there by itself.
 */
export type Program = {
  readonly name: string;
  readonly node: string;
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly given: Environment;
  readonly cwd: string;
  readonly log: string;
  readonly as: RunAs | null;
  readonly store: string | null;
};

/** One running server. `gone` settles when it has ended, for whatever reason. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  readonly gone: Promise<string>;
  readonly ready: Promise<boolean>;
  readonly stop: () => Promise<void>;
};

/** Where a server finds what it is given; 3 is its channel to us. */
const GIVEN = 4;
const STORE = 5;
/** Where a server finds the directory that it is handed. */
export const HANDED = `/proc/self/fd/${STORE}`;
const PATIENCE = 10_000;
const LARGE = 10 * 1024 * 1024;

/**
 * Starts one server. It shares no terminal and no process group with us, so Ctrl-C reaches the supervisor alone, which
 * ends things in order; a closed channel tells it that the supervisor is gone.
 * @param health the address that answers once the server is ready; null to wait for its message `{ready:true}`
 * @param onMessage told every message of the server
 */
export function startChild(program: Program, health: string | null, onMessage: (message: object) => void): Child {
  const log = openLog(program.log);
  const store = program.store === null ? null : openSync(program.store, "r");
  const start = confined(program.as, program.node, takingGiven(program.cwd, program.arguments));
  const child = spawn(start.program, [...start.words], {
    cwd: program.cwd,
    env: { ...program.environment, PB_GIVEN: String(GIVEN) },
    detached: true,
    stdio: ["ignore", log, log, "ipc", "pipe", ...(store === null ? [] : [store])],
    ...start.as,
  });
  closeSync(log);
  if (store !== null) closeSync(store);
  give(child, GIVEN, program.given);
  const gone = new Promise<string>((resolve) => {
    child.once("exit", (code, by) => resolve(by ?? `code ${code}`));
    child.once("error", (fault) => resolve(fault.message));
  });
  child.on("error", () => {});
  child.on("message", (message) => {
    if (typeof message === "object" && message !== null) onMessage(message);
  });
  return {
    name: program.name,
    pid: child.pid ?? 0,
    gone,
    ready: becameReady(child, gone, health),
    stop: () => stopChild(child, gone),
  };
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGE) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

/**
 * True once the server says that it is ready and, where it has an address, answers there; false when it ended first. It
 * is not asked before it has said so: asking again and again costs as much as a server's start.
 */
async function becameReady(child: ChildProcess, gone: Promise<string>, health: string | null): Promise<boolean> {
  let over = false;
  const ended = gone.then(() => {
    over = true;
    return false;
  });
  const said = new Promise<boolean>((resolve) => {
    child.on("message", (message) => {
      if (typeof message === "object" && message !== null && "ready" in message) resolve(true);
    });
  });
  const answered = async (): Promise<boolean> => {
    await Promise.race([ended, said]);
    while (!over && !(await answers(health))) await wait(50);
    return !over;
  };
  return Promise.race(health === null ? [ended, said] : [ended, answered()]);
}

/** Whether somebody answers 200 there. */
async function answers(address: string | null): Promise<boolean> {
  if (address === null) return false;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function stopChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  signal(child.pid, "SIGTERM");
  const late = new AbortController();
  const kill = wait(PATIENCE, undefined, { signal: late.signal }).then(
    () => child.kill("SIGKILL"),
    () => {},
  );
  await gone;
  late.abort();
  await kill;
}
