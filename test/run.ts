/**
 * `npm test`: finds a browser, builds the pages, checks the types, then runs every test below test/ except those of
 * test/crash/,
 * which take long and have a command of their own: `npm test -- crash`.
 * With other words after `--` only the files whose path holds one of them.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildIfStale } from "../supervisor/bundles.ts";
import { findChromium } from "./support/chromium.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LONG = join("test", "crash");
/**
 * These start browsers beside a whole installation: one at a time on a small machine, so that nobody waits in vain for
 * a page.
 */
const BROWSERS = join("test", "journeys");

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const tell = (line: string): void => console.log(line);
  const browser = await findChromium(ROOT, tell);
  if (browser === null) {
    console.error(
      "No Chromium was found and none could be fetched, so nothing was tested: install Chromium, or name one in PILLARBOX_CHROMIUM, and run this again.",
    );
    return 1;
  }
  try {
    await buildIfStale(ROOT, { always: false, tell });
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return 1;
  }
  if (node([join(ROOT, "node_modules/typescript/bin/tsc"), "-b", ROOT], {}) !== 0) return 1;

  const all = globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
  const chosen =
    words.length === 0
      ? all.filter((file) => !file.startsWith(LONG))
      : all.filter((file) => words.some((word) => file.includes(word)));
  if (chosen.length === 0) {
    console.error(`No test file has ${words.join(" or ")} in its path.`);
    return 1;
  }
  const inBrowser = (file: string): boolean => file.startsWith(BROWSERS);
  const rounds = [
    { files: chosen.filter((file) => !inBrowser(file)), atOnce: 2 },
    { files: chosen.filter(inBrowser), atOnce: 1 },
  ];
  const template = mkdtempSync(join(tmpdir(), "pillarbox-template-"));
  chmodSync(template, 0o711);
  try {
    const codes = rounds
      .filter((round) => round.files.length > 0)
      .map((round) =>
        node(["--test", `--test-concurrency=${round.atOnce}`, "--test-reporter=spec", ...round.files], {
          PILLARBOX_CHROMIUM: browser,
          PILLARBOX_TEST_TEMPLATE: template,
        }),
      );
    return codes.find((code) => code !== 0) ?? 0;
  } finally {
    rmSync(template, { recursive: true, force: true });
  }
}

/** Runs Node on the repository; settings of the person's own installation must not reach the tests. */
function node(args: readonly string[], more: Record<string, string>): number {
  const own = /^(PILLARBOX_|PB_|DATABASE_URL$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return (
    spawnSync(process.execPath, [...args], { cwd: ROOT, stdio: "inherit", env: { ...environment, ...more } }).status ??
    1
  );
}
