/** What running processes have used, as /proc tells it (Linux). */
import { readdirSync, readFileSync } from "node:fs";

const TICK_MS = 10;

function fieldsOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the command in brackets and may itself hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Processor time that a process and its ended children have used, milliseconds; 0 for one that is gone. */
export function cpuOf(pid: number): number {
  try {
    const fields = fieldsOf(pid);
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS;
  } catch {
    return 0;
  }
}

/** A process and its children: a database server is many, and so is the counter. */
export const familyOf = (pid: number): number[] => [
  pid,
  ...readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid),
];

function parentOf(pid: number): number {
  try {
    return Number(fieldsOf(pid)[1]);
  } catch {
    return 0;
  }
}

const kilobytes = (file: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? NaN);

/** Resident memory, bytes. */
export const residentOf = (pid: number): number => kilobytes(`/proc/${pid}/status`, "VmRSS") * 1024;

/** Resident memory, bytes; what several processes share is divided among them, so that a family can be summed. */
export const shareOf = (pid: number): number => kilobytes(`/proc/${pid}/smaps_rollup`, "Pss") * 1024;
