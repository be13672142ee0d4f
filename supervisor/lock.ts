/** One supervisor for each data directory, and the end of what a killed one left behind. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allGone, isAlive, nameOf, signal, type ProcessName } from "./process-table.ts";
import { writePrivately } from "./files.ts";
import { Refusal, systemCode } from "./refusal.ts";

/** Something that was started, and what it is called. */
export type Running = ProcessName & { readonly name: string };
type Content = { readonly owner: ProcessName; readonly children: readonly Running[] };

/** The mark that one supervisor works on this data directory; it names that supervisor and everything it started. */
export type Lock = {
  /** Records what is running now, so that the next start can find it if this process is killed. */
  readonly record: (children: readonly Running[]) => void;
  readonly release: () => void;
};

const PATIENCE = 5_000;

/** What only one process may do on a data directory at a time: the name of its mark, and what a second one is told. */
export type Work = { readonly file: string; readonly busy: (pid: number, data: string) => string };

const RUNNING: Work = {
  file: "pillarbox.lock",
  busy: (pid, data) =>
    `Pillarbox is already running on ${data} (process ${pid}): stop it there with Ctrl-C first, or choose another directory with PILLARBOX_DATA and other ports.`,
};

/**
 * Takes the data directory for this process. A mark left by a killed supervisor is taken over once the processes that
 * it names are gone; they leave by themselves when their supervisor dies, and are ended after five seconds if they do
 * not.
 * @throws Refusal when another supervisor is alive on the same directory.
 */
export async function takeLock(data: string, work: Work = RUNNING): Promise<Lock> {
  const path = join(data, work.file);
  const mine: Content = { owner: nameOf(process.pid), children: [] };
  const draft = join(data, `${work.file}.${process.pid}`);
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    while (!tryLink(draft, path)) await clearStale(path, data, work);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    record: (children) => writePrivately(path, JSON.stringify({ ...mine, children })),
    release: () => rmSync(path, { force: true }),
  };
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

async function clearStale(path: string, data: string, { file, busy }: Work): Promise<void> {
  const found = read(path);
  if (found === null) return;
  if (isAlive(found.owner)) throw new Refusal(busy(found.owner.pid, data));
  if (!(await allGone(found.children, PATIENCE))) {
    for (const child of found.children.filter(isAlive)) signal(child.pid, "SIGKILL");
    await allGone(found.children, PATIENCE);
  }
  // Two starts may both have seen the stale mark: whoever moved a live one away puts it back.
  const moved = join(data, `${file}.stale.${process.pid}`);
  try {
    renameSync(path, moved);
  } catch {
    return;
  }
  const took = read(moved);
  if (took !== null && isAlive(took.owner)) tryLink(moved, path);
  rmSync(moved, { force: true });
}

function read(path: string): Content | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null && "owner" in value && "children" in value) return value as Content;
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return null;
  }
  return { owner: { pid: 0, started: "" }, children: [] };
}
