/**
 * `npm test`: finds a browser, builds the pages, checks the types, then runs every test below test/ except those of
 * test/crash/ and test/install/, which take long and have commands of their own: `npm run crash`, `npm run install-test`.
 * With words after `--` only the files whose path holds one of them. At the end it says which files took longest.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { finished } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { pathToFileURL } from "node:url";
import { buildIfStale } from "../supervisor/bundles.ts";
import { findChromium } from "./support/chromium.ts";
import { slowest } from "./support/slowest.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LONG = ["crash", "install"].map((folder) => join("test", folder) + sep);
const SLOWEST = 10;
/**
 * Begun first, so that no long one is alone at the end: those that took longest when last looked at. The order is about
 * time alone; every file has its own world, and any order is right.
 */
const FIRST = [
  "journeys/staff-attacks",
  "journeys/staff",
  "journeys/receipt",
  "journeys/firefox",
  "journeys/staff-lock",
  "journeys/form-page-axe",
  "journeys/form-page",
  "journeys/letter",
  "journeys/older-browsers",
  "attack/memory",
  "store/sequencer-killed",
  "world/monitor",
  "attack/answers",
  "journeys/public-views",
  "journeys/findings",
  "journeys/affected",
  "world/append",
  "world/mailroom",
  "store/rotation",
  "world/restore",
  "attack/rows-by-hand",
  "journeys/messages",
  "journeys/incident",
  "world/attacker",
  "world/incident",
  "world/erasure",
  "journeys/filings",
  "world/start",
  "world/cli-form",
  "journeys/form-page-leaves",
  "journeys/erasure",
  "world/receipt",
  "world/cli-demo",
].map((name) => join("test", `${name}.test.ts`));
/** A test that takes longer hangs: it counts as failed. */
const HANGS = 15 * 60_000;
/** A test that failed may have left a server or a browser open, and its file would hang for ever. */
const ENDS = ["--import", pathToFileURL(join(ROOT, "test/support/ends.ts")).href];
/** One more than there are processors: a file waits for much of its time. Many would need more memory than there is. */
const AT_ONCE = Math.min(4, availableParallelism()) + 1;

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
  const kept = ["PILLARBOX_FIREFOX", "PILLARBOX_SEED", "PILLARBOX_VALUES"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  // Settings of the person's own installation must not reach the tests.
  for (const name of Object.keys(process.env))
    if (/^(PILLARBOX_|PB_|DATABASE_URL$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/.test(name)) delete process.env[name];
  try {
    await buildIfStale(ROOT, { always: false, tell });
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return 1;
  }
  const tsc = [join(ROOT, "node_modules/typescript/bin/tsc"), "-b", ROOT];
  const { status } = spawnSync(process.execPath, tsc, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) return 1;

  const all = globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
  const chosen =
    words.length === 0
      ? all.filter((file) => !LONG.some((folder) => file.startsWith(folder)))
      : all.filter((file) => words.some((word) => file.includes(word)));
  if (chosen.length === 0) {
    console.error(`No test file has ${words.join(" or ")} in its path.`);
    return 1;
  }
  const shared = mkdtempSync(join(tmpdir(), "pillarbox-tests-"));
  // The database's user reads its files below it.
  chmodSync(shared, 0o711);
  mkdirSync(join(shared, "templates"), { mode: 0o711 });
  mkdirSync(join(shared, "ports"));
  mkdirSync(join(shared, "compiled"));
  // Started as root each server is a user of its own, with compiled code of its own.
  chmodSync(join(shared, "compiled"), 0o1777);
  Object.assign(process.env, {
    PILLARBOX_CHROMIUM: browser,
    ...Object.fromEntries(kept),
    PILLARBOX_TEST_TEMPLATE: join(shared, "templates"),
    PILLARBOX_TEST_PORTS: join(shared, "ports"),
    NODE_COMPILE_CACHE: join(shared, "compiled"),
  });
  try {
    return await test(chosen);
  } finally {
    rmSync(shared, { recursive: true, force: true });
  }
}

async function test(chosen: readonly string[]): Promise<number> {
  const rest = chosen.filter((file) => !FIRST.includes(file));
  const order = [...FIRST.filter((file) => chosen.includes(file)), ...rest];
  const tests = run({
    files: order.map((file) => join(ROOT, file)),
    cwd: ROOT,
    concurrency: AT_ONCE,
    timeout: HANGS,
    execArgv: ENDS,
  });
  let good = false;
  tests.on("test:summary", ({ file, success }) => {
    if (file === undefined) good = success;
  });
  const times = slowest(tests, ROOT, SLOWEST);
  const told = tests.compose(new spec());
  told.pipe(process.stdout, { end: false });
  await finished(told, { writable: false });
  console.log(`\n${times()}`);
  return good ? 0 : 1;
}
