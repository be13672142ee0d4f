#!/usr/bin/env node
/**
 * The one command. Plain JavaScript without dependencies, because it runs before anything is installed, on whatever
 * Node the system has (18 or later): it installs what is missing, then hands over to the Node 24 that came with the
 * packages.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** command → what Node 24 is given, and what `help` says */
const COMMANDS = {
  start: [["supervisor/main.ts"], "start everything: a filled demonstration, or what init made"],
  init: [["supervisor/init/main.ts"], "make a real installation, on a terminal or with init --answers FILE"],
  "confirm-owner": [["supervisor/confirm-owner.ts"], "compare six words with the first owner of a real installation"],
  status: [["supervisor/status.ts"], "whether an installation is up, process by process: exit code 0, 1 or 2"],
  backup: [
    ["supervisor/keeping/backup.ts"],
    "seal a copy of everything to somebody who is not here: backup TARGET --to RECIPIENT",
  ],
  form: [["src/cli/main.ts", "form"], "check, add, open or close a form: form check|add|open|close FILE"],
  watch: [["src/monitor/site/main.ts"], "look at an old website as a stranger: watch --site FILE"],
  affected: [
    ["src/cli/main.ts", "affected"],
    "who was affected on another system: affected --access-log FILE… --exposed ADDRESS… --people TABLE",
  ],
  "verify-log": [["src/cli/main.ts", "verify-log"], "check a log: verify-log DIRECTORY|ADDRESS --log-key KEY"],
  "export-log": [["src/cli/main.ts", "export-log"], "keep a log as files: export-log ADDRESS DIRECTORY"],
  "verify-certificate": [
    ["src/cli/main.ts", "verify-certificate"],
    "check a certificate of erasure: verify-certificate FILE --log-key KEY",
  ],
  "verify-pack": [
    ["src/cli/main.ts", "verify-pack"],
    "check an evidence pack, offline: verify-pack FILE --log-key KEY",
  ],
  witness: [["src/witness/main.ts"], "co-sign the checkpoints of other people's logs: witness DIRECTORY --log KEY"],
  "rotate-log": [["supervisor/rotate-log.ts"], "make the next key of the log; the next start goes on under it"],
  restore: [
    ["supervisor/restore.ts"],
    "a new installation from a backup: restore --backup FILE --identity FILE; or bring an older database to the newest log: restore --log DIRECTORY",
  ],
  rehearse: [["rehearsal/main.ts"], "November 2022 once more, on real parts: as it was, and as it would be"],
  test: [["test/run.ts"], "run every test, or those whose path holds a word: test WORD"],
  "install-test": [
    ["test/run.ts", "test/install/"],
    "run the tests of installing and starting: killed in every way, cloned, refused, on another database, behind three proxies",
  ],
  browsers: [["test/browsers.ts"], "install Firefox where there is none, and run the journeys that need it"],
  properties: [
    ["test/properties.ts"],
    "look for values that break a property: twenty times as many, new ones each time",
  ],
  check: [["supervisor/check.ts"], "check form, lint, types and the walls between the zones"],
  build: [["supervisor/build.ts"], "build the pages that browsers get"],
  bench: [
    ["bench/run.ts"],
    "measure, one JSON object a line: all, or those named: list, receive, log, mail, finding, …",
  ],
  crash: [
    ["test/crash/run.ts"],
    "kill every process again and again while letters arrive, for 60 seconds or as many as named",
  ],
  mutants: [
    ["test/mutants/run.ts"],
    "take each control out and see whether a test notices: all, or those with a word: mutants T12 sql …",
  ],
};

async function main(command, rest) {
  if (["help", "--help", "-h"].includes(command)) return help();
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!known || !existsSync(join(ROOT, known[0][0])))
    return refuse(`There is no command "${command}": run \`node bin/pillarbox.mjs help\` for the list.`);
  if (!installed() && !install()) return 1;
  const node = node24();
  if (node === null)
    return refuse(
      `Pillarbox needs Node 24, which npm could not install for this kind of machine (${process.platform} ${process.arch}), and this is Node ${process.versions.node}: install Node 24 or later and run this again.`,
    );
  return run(node, [join(ROOT, known[0][0]), ...known[0].slice(1), ...rest]);
}

function help() {
  console.log("Usage: node bin/pillarbox.mjs <command>\n");
  for (const [name, [[file], words]] of Object.entries(COMMANDS))
    if (existsSync(join(ROOT, file))) console.log(`  ${name.padEnd(18)} ${words}`);
  console.log(
    "\nThose from form to rotate-log say more with --help. What to set in the environment: docs/OPERATING.md.",
  );
  return 0;
}

function refuse(sentence) {
  console.error(sentence);
  return 1;
}

/** Whether node_modules holds exactly what package-lock.json names, as far as it is for this kind of machine. */
function installed() {
  const wanted = packages(join(ROOT, "package-lock.json"));
  const present = packages(join(ROOT, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  const same = (path) =>
    present[path].version === wanted[path]?.version && present[path].integrity === wanted[path]?.integrity;
  const needed = Object.keys(wanted).filter(
    (path) => path !== "" && !["optional", "devOptional", "extraneous"].some((mark) => wanted[path][mark]),
  );
  const ours = Object.keys(wanted).filter(
    (path) => wanted[path].optional && !wanted[path].extraneous && matches(wanted[path]),
  );
  return (
    Object.keys(present).every(same) &&
    [...needed, ...ours].every((path) => path in present && existsSync(join(ROOT, path)))
  );
}

const matches = ({ os, cpu, libc }) =>
  (os ?? []).includes(process.platform) && (cpu ?? []).includes(process.arch) && libc === undefined;

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

/** Runs `npm ci` with the system's own Node: ours stands in the very directory that npm replaces. */
function install() {
  console.log("Installing what is missing (once, about a minute)…");
  const done = spawnSync(
    "npm",
    ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: ROOT,
      env: outside(process.env),
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  if (done.error) console.error("npm was not found: install Node together with npm and run this again.");
  else if (done.status !== 0)
    console.error(
      "npm could not install what is missing: mend what it says above, check the connection to its registry, and run this again.",
    );
  return !done.error && done.status === 0;
}

/** The environment as it was before an `npm start` around us put this clone's own programs first. */
function outside(environment) {
  const left = Object.entries(environment).filter(
    ([name]) => !/^(npm_(lifecycle|package|command|execpath|node)|NODE$|INIT_CWD$|NODE_ENV$)/.test(name),
  );
  const path = (environment.PATH ?? "")
    .split(delimiter)
    .filter((entry) => basename(entry) !== ".bin" && basename(entry) !== "node-gyp-bin");
  return { ...Object.fromEntries(left), PATH: path.join(delimiter) };
}

/** Node 24 as npm brought it, else this one if it is new enough, else null. */
function node24() {
  const brought = join(ROOT, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (spawnSync(brought, ["--version"], { stdio: "ignore" }).status === 0) return brought;
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : null;
}

/** Hands over, and waits: Ctrl-C reaches the other process as well, and it stops things in order before it ends. */
async function run(node, args) {
  if (sameFile(node, process.execPath)) {
    process.argv.splice(1, process.argv.length, ...args);
    await import(args[0]);
    return process.exitCode ?? 0;
  }
  const child = spawn(node, args, { stdio: "inherit", cwd: process.cwd() });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  return new Promise((resolve) => {
    child.once("error", (fault) =>
      resolve(refuse(`Node 24 could not be started (${fault.message}): run \`npm ci\` and try again.`)),
    );
    child.once("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

const sameFile = (one, other) => realpathSync(one) === realpathSync(other);

process.exitCode = await main(process.argv[2] ?? "help", process.argv.slice(3));
