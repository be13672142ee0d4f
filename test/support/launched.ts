/** Starts the launcher as a person would, in a process group of its own, and looks at what it started. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, chmodSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { Ports } from "../../supervisor/checks.ts";
import { homeOf } from "../../supervisor/embedded.ts";
import { isAlive, nameOf, type ProcessName } from "../../supervisor/process-table.ts";
import { freePorts } from "../../demo/world.ts";
import { untilThere } from "./in-time.ts";

export const ROOT = resolve(import.meta.dirname, "../..");

export type Launch = {
  readonly data: string;
  readonly ports: Ports;
  readonly root?: string;
  readonly as?: { uid: number; gid: number; home: string };
  readonly environment?: Record<string, string>;
};
export type Ended = { readonly code: number | null; readonly out: string; readonly error: string };
export type Launched = {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What was printed so far. */
  readonly out: () => string;
  /** Waits for a text; fails when the launcher ends first. */
  readonly says: (text: string) => Promise<void>;
  /** Ctrl-C in a terminal: to every process of the group at once. */
  readonly interrupt: () => void;
};

export function launch({ data, ports, root = ROOT, as, environment = {} }: Launch): Launched {
  const child = spawn("node", [join(root, "bin/pillarbox.mjs"), "start"], {
    cwd: root,
    detached: true,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: as?.home ?? process.env["HOME"] ?? "",
      ...(process.env["PILLARBOX_TEST_PORTS"] ? { PILLARBOX_TEST_PORTS: process.env["PILLARBOX_TEST_PORTS"] } : {}),
      ...environment,
      PILLARBOX_DATA: data,
      PILLARBOX_PUBLIC_PORT: String(ports.public),
      PILLARBOX_STAFF_PORT: String(ports.staff),
      PILLARBOX_COUNTER_PORT: String(ports.counter),
      PILLARBOX_MAIL_PORT: String(ports.mail),
    },
    stdio: ["ignore", "pipe", "pipe"],
    ...(as ? { uid: as.uid, gid: as.gid } : {}),
  });
  let out = "";
  let error = "";
  child.stdout.on("data", (part) => (out += part));
  child.stderr.on("data", (part) => (error += part));
  const ended = new Promise<Ended>((done) => child.once("close", (code) => done({ code, out, error })));
  let over = false;
  void ended.then(() => (over = true));
  return {
    child,
    ended,
    out: () => out,
    says: async (text) => {
      while (!out.includes(text)) {
        if (over) throw new Error(`The launcher ended before it said "${text}": ${out}${error}`);
        await wait(50);
      }
    },
    interrupt: () => process.kill(-(child.pid ?? 0), "SIGINT"),
  };
}

/** A data directory and ports for one test; the directory of its database goes too, when it is removed. */
export async function place(): Promise<{ data: string; ports: Ports; remove: () => void }> {
  const made = mkdtempSync(join(tmpdir(), "pillarbox-launch-"));
  chmodSync(made, 0o711);
  const data = join(made, "data");
  return {
    data,
    ports: await freePorts(),
    remove: () => {
      const home = databaseHome(data);
      rmSync(made, { recursive: true, force: true });
      if (home !== null) rmSync(home, { recursive: true, force: true });
    },
  };
}

const installationOf = (data: string): { installation: string; superuser: string } =>
  JSON.parse(readFileSync(join(data, "installation.json"), "utf8"));

function databaseHome(data: string): string | null {
  try {
    return homeOf(data, installationOf(data).installation);
  } catch {
    return null;
  }
}

export type RunningNow = {
  readonly owner: ProcessName;
  readonly children: readonly (ProcessName & { name: string })[];
};

export const runningOn = (data: string): RunningNow => JSON.parse(readFileSync(join(data, "pillarbox.lock"), "utf8"));

export const childOf = (data: string, name: string): ProcessName => {
  if (name === "database") return postmasterOf(data);
  const found = runningOn(data).children.find((child) => child.name === name);
  if (found === undefined) throw new Error(`no ${name} is running`);
  return found;
};

export const postmasterOf = (data: string): ProcessName =>
  nameOf(Number(readFileSync(join(databaseHome(data) ?? "", "cluster/postmaster.pid"), "utf8").split("\n")[0]));

export const everythingOf = (data: string): ProcessName[] => [
  runningOn(data).owner,
  ...runningOn(data).children,
  postmasterOf(data),
];

export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  void (await untilThere(async () => holds(), what));

export const allGoneSoon = (processes: readonly ProcessName[]): Promise<void> =>
  until("everything gone", () => !processes.some(isAlive));

/** Asks the database as its superuser, whom only the supervisor's file knows. */
export async function ask(data: string, statement: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({
    host: readFileSync(join(data, "socket-directory"), "utf8"),
    user: "pb_superuser",
    password: installationOf(data).superuser,
    database: "pillarbox",
  });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

export const letters = async (data: string): Promise<number> =>
  Number(
    (
      await ask(
        data,
        "SELECT count(*) AS n FROM pillarbox.submission WHERE id NOT IN (SELECT submission FROM pillarbox.marker)",
      )
    )[0]?.["n"],
  );

export async function healthy(ports: Ports): Promise<boolean> {
  const codes = await Promise.all(
    Object.values(ports).map((port) =>
      fetch(`http://localhost:${port}/health`).then(
        (response) => response.status,
        () => 0,
      ),
    ),
  );
  return codes.every((code) => code === 200);
}
