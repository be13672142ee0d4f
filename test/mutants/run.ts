/**
 * `npm run mutants`: takes the controls out one at a time, in a copy of the tree, and runs the narrowest tests. A control
 * is caught when they fail without it, and has survived when they pass: then nobody would notice if it went. With words
 * after `--` only the controls in whose sentence, threat, file or tests one of them stands. It may take hours, and is no
 * part of `npm test`. What costs least comes first: unit tests, the database, attacks, whole installations, browsers.
 *
 * `--not-in FILE` leaves out each control that FILE, the output of an earlier run, calls caught: a long run that was
 * stopped goes on with it. It may stand there more than once. `--list` prints the controls that would be taken out, and
 * takes none out.
 *
 * One line for each control: caught or survived, the control, the threats, the text taken out, seconds. Code 1 where one
 * survived, where a text does not stand exactly once, where the tests fail with every control in its place, and where a
 * program could not be read at all: what does not load proves nothing.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildIfStale } from "../../supervisor/bundles.ts";
import { findChromium } from "../support/chromium.ts";
import { CONTROLS } from "./all.ts";
import { caughtIn, cheapestFirst } from "./choose.ts";
import { changesOf, withoutIt, type Control } from "./control.ts";
import { copyOf } from "./copy.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const ENDS = pathToFileURL(join(ROOT, "test/support/ends.ts")).href;
/** A test that says nothing for so long hangs, which is no way of noticing. */
const HANGS = 10 * 60_000;
const NOT_OK = /^ *not ok /m;
const TELLS = 2_000;
/** What a program says that could not be read: then the control was not what the tests missed. */
const NOT_LOADED =
  /ERR_INVALID_TYPESCRIPT_SYNTAX|ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX|does not provide an export named|ERR_MODULE_NOT_FOUND|ReferenceError: |SyntaxError: (?!Unexpected (?:end of JSON|token .* JSON))|syntax error at or near|(?:column|relation|function|type) .{1,80} does not exist|The pages could not be built/;

/** The test that runs now, to be ended with this program; and whether that was asked for. */
let running: number | null = null;
let stopped = false;

type Told = "passed" | "failed" | "hung" | "not loaded" | "nothing ran";

process.exitCode = await main(process.argv.slice(2));

async function main(given: readonly string[]): Promise<number> {
  const { values, positionals: words } = parseArgs({
    args: [...given],
    options: { "not-in": { type: "string", multiple: true, default: [] }, list: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const caught = new Set(values["not-in"].flatMap((file) => caughtIn(readFileSync(file, "utf8"), CONTROLS)));
  const chosen = cheapestFirst(
    CONTROLS.filter(
      (one) =>
        !caught.has(one.control) &&
        (words.length === 0 ||
          words.some((word) => [one.control, ...one.threat, one.file, ...one.tests].join("\n").includes(word))),
    ),
  );
  if (chosen.length === 0) {
    console.error(`No control is left that has ${words.join(" or ")} in its sentence, threat, file or tests.`);
    return 1;
  }
  if (values.list) {
    for (const { control } of chosen) console.log(control);
    return 0;
  }
  const lost = chosen
    .flatMap(changesOf)
    .filter((change) => withoutIt(readFileSync(join(ROOT, change.file), "utf8"), change) === null);
  for (const { file, find } of lost) console.error(`not exactly once in ${file}: ${shown(find)}`);
  if (lost.length > 0) return 1;
  const tell = (line: string): void => console.error(line);
  const browser = await findChromium(ROOT, tell);
  if (browser === null) {
    console.error("No Chromium was found: install Chromium, or name one in PILLARBOX_CHROMIUM, and run this again.");
    return 1;
  }
  await buildIfStale(ROOT, { always: false, tell });
  const copy = copyOf(ROOT);
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => {
      stopped = true;
      endGroup("SIGTERM");
    });
  try {
    return await takeOut(chosen, copy, browser);
  } finally {
    copy.remove();
  }
}

async function takeOut(chosen: readonly Control[], copy: ReturnType<typeof copyOf>, browser: string): Promise<number> {
  const worlds = worldsAt("pillarbox-mutants-worlds-");
  const untouched = new Map<string, Promise<Told>>();
  const ends = { caught: 0, survived: 0, error: 0 };
  try {
    for (const control of chosen) {
      if (stopped) break;
      const started = performance.now();
      const end = await endOf(control);
      if (stopped) break;
      ends[end.startsWith("error") ? "error" : (end as "caught" | "survived")] += 1;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const wall = control.secondWall === undefined ? "" : ` (second wall; the first: ${control.secondWall})`;
      console.log(
        `${end}: ${control.control}${wall} [${control.threat.join(" ")}] ${control.file}: ${shown(control.find)} — ${seconds} s`,
      );
    }
  } finally {
    worlds.remove();
  }
  if (stopped) console.error("Stopped before the end.");
  console.log(`${ends.caught} caught, ${ends.survived} survived, ${ends.error} errors`);
  return ends.survived + ends.error === 0 && !stopped ? 0 : 1;

  async function endOf(control: Control): Promise<string> {
    for (const file of control.tests) {
      const key = [file, ...(control.pattern ?? [])].join("\n");
      const before = untouched.get(key) ?? runTest(copy.root, file, control.pattern, browser, worlds.directory);
      untouched.set(key, before);
      const told = await before;
      if (told !== "passed") return `error, ${file} ${told} with every control in its place`;
    }
    // A world that was made with the control would have its tables still.
    const own = changesOf(control).some(({ file }) => file.startsWith("sql/"))
      ? worldsAt("pillarbox-mutants-own-")
      : null;
    try {
      return await copy.without(control, async () => {
        for (const file of control.tests) {
          const told = await runTest(copy.root, file, control.pattern, browser, (own ?? worlds).directory);
          if (told === "failed") return "caught";
          if (told !== "passed") return `error, ${file} ${told}`;
        }
        return "survived";
      });
    } catch (thrown) {
      return `error, ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    } finally {
      own?.remove();
    }
  }
}

/** Ends the test that runs, with its whole group: the servers that it started end with it. */
function endGroup(name: NodeJS.Signals): void {
  try {
    if (running !== null) process.kill(-running, name);
  } catch {
    // gone
  }
}

function shown(find: string): string {
  return JSON.stringify(find.replaceAll(/\s+/g, " ").trim().slice(0, 70));
}

/** Where worlds are kept that tests begin with (`demo/world-template.ts`). */
function worldsAt(name: string): { readonly directory: string; readonly remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), name));
  chmodSync(directory, 0o711);
  mkdirSync(join(directory, "templates"), { mode: 0o711 });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** One test file in a process of its own. */
function runTest(
  root: string,
  file: string,
  pattern: Control["pattern"],
  browser: string,
  worlds: string,
): Promise<Told> {
  // Settings of the person's own installation must not reach the tests.
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(PILLARBOX_|PB_|DATABASE_URL$|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/.test(name),
  );
  const names = (pattern ?? []).map((one) => `--test-name-pattern=${one.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
  const child = spawn(process.execPath, ["--import", ENDS, "--test-reporter=tap", ...names, file], {
    cwd: root,
    env: {
      ...Object.fromEntries(clean),
      ENDS_AFTER_MS: "30000",
      PILLARBOX_CHROMIUM: browser,
      PILLARBOX_TEST_TEMPLATE: join(worlds, "templates"),
    },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child.pid ?? null;
  return new Promise((settle) => {
    let out = "";
    let hung = false;
    let red: NodeJS.Timeout | undefined;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        out += part;
        // One red test is enough; why it is red is told right after it.
        if (NOT_OK.test(out)) red ??= setTimeout(() => endGroup("SIGKILL"), TELLS);
      });
    const watch = setTimeout(() => {
      hung = true;
      endGroup("SIGKILL");
    }, HANGS);
    child.on("close", (code) => {
      clearTimeout(watch);
      clearTimeout(red);
      running = null;
      if (hung) settle("hung");
      else if (code === 0) settle(Number(/^# pass (\d+)$/m.exec(out)?.[1] ?? 0) > 0 ? "passed" : "nothing ran");
      else if (NOT_LOADED.test(out)) settle("not loaded");
      else settle("failed");
    });
  });
}
