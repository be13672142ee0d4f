/** The server program of the embedded database: started, found again after a kill, ended in order. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { clusterOf, DATABASE_ENVIRONMENT, type Place } from "./cluster.ts";
import { readIfThere } from "./files.ts";
import { allGone, nameOf, programOf, signal, startOf, type ProcessName } from "./process-table.ts";
import { Refusal } from "./refusal.ts";

/** A running database server. `gone` settles when it has ended, for whatever reason. */
export type Postmaster = { readonly pid: number; readonly gone: Promise<void>; readonly stop: () => Promise<void> };

const FAST = 60_000;
const QUIT = 10_000;
const START = 60_000;

/**
 * Starts the server of a cluster, listening on a Unix socket in `socket` and nowhere else; resolves once it takes
 * connections. A server that an earlier, killed Pillarbox left behind on the same cluster is stopped first.
 */
export async function startPostmaster(place: Place, socket: string, log: string): Promise<Postmaster> {
  await endOrphans(place);
  const end = Date.now() + START;
  for (;;) {
    const from = sizeOf(log);
    const child = launch(place, socket, log);
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.once("error", () => {});
    if (child.pid === undefined)
      throw new Refusal(`The database could not be started from ${place.engine.bin}: run \`npm ci\` and start again.`);
    if (await becameReady(place, child, end)) return running(place, socket, child.pid, gone);
    await stopProcess(child.pid, gone);
    const said = readFileSync(log, "utf8").slice(from);
    // The last processes of a killed server need a moment to let go of their memory.
    if (/pre-existing shared memory block|lock file "postmaster.pid"/.test(said) && Date.now() < end) await wait(250);
    else
      throw new Refusal(
        `The database did not start (${/(?:FATAL|PANIC): +(.*)/.exec(said)?.[1] ?? "no reason given"}): its log is ${log}; mend what it names and start again.`,
      );
  }
}

function launch(place: Place, socket: string, log: string): ChildProcess {
  const out = openSync(log, "a", 0o600);
  // Own process group: Ctrl-C in a terminal must not stop the database before those that use it.
  const child = spawn(
    join(place.engine.bin, "postgres"),
    [
      "-D",
      clusterOf(place),
      ...Object.entries(settings(socket, place.user !== null)).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      env: DATABASE_ENVIRONMENT,
      cwd: place.home,
      detached: true,
      stdio: ["ignore", out, out],
      ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
    },
  );
  closeSync(out);
  return child;
}

// Terse, and no statements: what the server writes about a failed row must not hold the row.
const settings = (socket: string, grouped: boolean): Record<string, string> => ({
  listen_addresses: "",
  unix_socket_directories: socket,
  unix_socket_permissions: grouped ? "0770" : "0700",
  max_connections: "100",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
  // An old file of the write-ahead log is removed, not renamed and kept for later with all that is in it: what was
  // erased stood there, too.
  wal_recycle: "off",
});

async function becameReady(place: Place, child: ChildProcess, end: number): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null && Date.now() < end) {
    const lines = readIfThere(join(clusterOf(place), "postmaster.pid"))?.split("\n") ?? [];
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") return true;
    await wait(20);
  }
  return false;
}

function running(place: Place, socket: string, pid: number, gone: Promise<void>): Postmaster {
  const guard = watch(place, socket, pid);
  void gone.then(() => guard.kill("SIGKILL"));
  return { pid, gone, stop: () => stopProcess(pid, gone) };
}

const GUARD =
  'read -r _; kill -INT "$0"; for _ in 1 2 3 4 5 6 7 8 9; do kill -0 "$0" || break; sleep 1; done; rmdir "$1"';

/** Ends the server if this process is killed: its end of the pipe closes then, whatever killed it. */
function watch(place: Place, socket: string, pid: number): ChildProcess {
  const guard = spawn("/bin/sh", ["-c", GUARD, String(pid), socket], {
    env: DATABASE_ENVIRONMENT,
    cwd: place.home,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
  });
  guard.on("error", () => {});
  guard.stdin?.on("error", () => {});
  guard.unref();
  return guard;
}

// INT ends at once and in order; QUIT at once, and the next start recovers; nothing committed is lost either way.
async function stopProcess(pid: number, gone: Promise<void>): Promise<void> {
  const name = nameOf(pid);
  const steps: [NodeJS.Signals, number][] = [
    ["SIGINT", FAST],
    ["SIGQUIT", QUIT],
    ["SIGKILL", QUIT],
  ];
  for (const [step, patience] of steps) {
    if (startOf(pid) === name.started) signal(pid, step);
    if (await allGone([name], patience)) break;
  }
  await gone;
}

async function endOrphans(place: Place): Promise<void> {
  const pidFile = join(clusterOf(place), "postmaster.pid");
  const leader = Number(readIfThere(pidFile)?.split("\n")[0] ?? 0);
  let left = serversOn(place);
  for (const server of left) if (server.pid === leader) signal(leader, "SIGINT");
  if (!(await allGone(left, left.some((server) => server.pid === leader) ? FAST : 1_000))) {
    for (const step of ["SIGQUIT", "SIGKILL"] as const) {
      left = serversOn(place);
      for (const server of left) signal(server.pid, step);
      if (await allGone(left, QUIT)) break;
    }
  }
  // A number from before a restart of the machine may now be another program of the same user, and the server would
  // wait for it for ever.
  if (leader > 0 && startOf(leader) !== null) rmSync(pidFile, { force: true });
}

/** Every process of a server works in the directory of its cluster; this finds them although their parent is dead. */
function serversOn(place: Place): ProcessName[] {
  const cluster = realpathSync(clusterOf(place));
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => workplace(pid) === cluster && basename(programOf(pid)) === "postgres")
    .map(nameOf);
}

function workplace(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
