/** Processes by number and start, as the operating system tells them (Linux). */
import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A process as it can be found again: a number alone is given to somebody else sooner or later. */
export type ProcessName = { readonly pid: number; readonly started: string };

/**
 * When a process started, in clock ticks of one particular boot; null when there is no such process, or only its
 * remains.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${bootId()}:${fields[19]}`;
  } catch {
    return null;
  }
}

const bootId = (): string => {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
};

export const nameOf = (pid: number): ProcessName => ({ pid, started: startOf(pid) ?? "" });

export const isAlive = (name: ProcessName): boolean => name.started !== "" && startOf(name.pid) === name.started;

/** The program file that a process runs, or "" where that cannot be seen. */
export function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
  } catch {
    return "";
  }
}

/** Sends a signal; a process that is already gone is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone
  }
}

/** Waits until none of the processes is alive; false when the time (milliseconds) ran out first. */
export async function allGone(names: readonly ProcessName[], milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (names.some(isAlive)) {
    if (Date.now() > end) return false;
    await wait(50);
  }
  return true;
}
