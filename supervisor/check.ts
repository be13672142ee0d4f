/** `check`: form and lint, the compiler's types (one project for each zone), and the walls between the zones. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const steps = [
  [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", root],
  [join(root, "node_modules/typescript/bin/tsc"), "-b", root],
  ["--test", join(root, "test/boundaries.test.ts")],
];
const failed = steps.find((step) => spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" }).status !== 0);
process.exitCode = failed ? 1 : 0;
