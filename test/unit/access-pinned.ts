/**
 * Writes `test/unit/access-matrix.txt` anew: run it after a change of who may do what, and look at every line that
 * changed (node test/unit/access-pinned.ts).
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { matrix } from "./access-matrix.ts";

writeFileSync(join(import.meta.dirname, "access-matrix.txt"), `${matrix().join("\n")}\n`);
