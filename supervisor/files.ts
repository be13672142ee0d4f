/** Files that are whole and on the disk, or not there, and readable by their owner only. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "./refusal.ts";

/** Writes a whole file or nothing, for its owner only, and returns once it is on the disk. */
export function writePrivately(path: string, text: string): void {
  const made = `${path}.${randomBytes(6).toString("hex")}.new`;
  writeFileSync(made, text, { mode: 0o600, flag: "wx", flush: true });
  renameSync(made, path);
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
}

/** The text of a file, or null where there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return null;
    throw thrown;
  }
}
