/**
 * `npm run properties`: each test that draws values, with twenty times as many and a seed of this run. What it finds is
 * red in the suite as soon as the value stands in a test of its own. `npm run properties -- 7` draws what seed 7 draws.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const TIMES = 20;
const seed = Number(process.argv[2] ?? Date.now() % 2 ** 31);
if (!Number.isInteger(seed)) throw new Error("A seed is a whole number.");
console.log(`Seed ${seed}`);
const files = globSync("test/**/*.test.ts", { cwd: ROOT }).filter((file) =>
  /from ".*\/drawn\.ts"/.test(readFileSync(join(ROOT, file), "utf8")),
);
const { status } = spawnSync(process.execPath, [join(ROOT, "test/run.ts"), ...files], {
  stdio: "inherit",
  env: { ...process.env, PILLARBOX_SEED: String(seed), PILLARBOX_VALUES: String(TIMES) },
});
process.exitCode = status ?? 1;
