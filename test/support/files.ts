/** Files of a program that runs: a database takes files away between the listing and the look. */
import { readFileSync } from "node:fs";

/** What a file holds; null where it has gone. Any other fault is thrown. */
export function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
}
