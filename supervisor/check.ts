/** `check`: the compiler's types, one project per zone, and the test of the boundaries between the zones. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const steps = [
  [join(root, "node_modules/typescript/bin/tsc"), "-b", root],
  ["--test", join(root, "test/boundaries.test.ts")],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    process.exitCode = status ?? 1;
    break;
  }
}
