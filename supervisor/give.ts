/** How a process gets what it alone may know: over a descriptor that it reads once, at its start (`take-given.ts`). */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "./servers.ts";

/** Node's arguments with which a program of the repository at `root` takes what it is given before anything else. */
export const takingGiven = (root: string, words: readonly string[]): string[] => [
  "--import",
  join(root, "supervisor/take-given.ts"),
  ...words,
];

/** Hands the values over at `descriptor`, which the child was started with as a pipe. Never throws for a child that ended. */
export function give(child: ChildProcess, descriptor: number, given: Environment): void {
  const pipe = child.stdio[descriptor];
  if (!pipe || !("end" in pipe)) return;
  pipe.on("error", () => {});
  pipe.end(JSON.stringify(given));
}
