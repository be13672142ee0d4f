/** The attacker who has brought code into a server: what else of the installation is open to it? */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startWorld, type World } from "../../demo/world.ts";
import { SERVERS, type ServerName } from "../../supervisor/servers.ts";

/** Runs in each server before its own first line, with all that the server may; what it finds out goes to its log. */
const CODE = `
import { readFileSync, readdirSync, writeFileSync, openSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { tmpdir } from "node:os";
import { join } from "node:path";
const { data } = JSON.parse(process.env.PB_ATTACK);
const tries = {
  "installation.json": () => readFileSync(join(data, "installation.json"), "utf8").length,
  "the log's key": () => readFileSync(join(data, "log", "key"), "utf8").length,
  "the data directory": () => readdirSync(data).length,
  "the logs": () => readdirSync(join(data, "logs")).length,
  "the supervisor's environment": () => readFileSync("/proc/" + process.ppid + "/environ", "utf8").length,
  "the supervisor's memory": () => openSync("/proc/" + process.ppid + "/mem"),
  "another process's environment": () => readFileSync("/proc/1/environ", "utf8").length,
  "a file of the system": () => readFileSync("/etc/passwd", "utf8").length,
  "writing a file": () => writeFileSync(join(tmpdir(), "pillarbox-attack-" + process.pid), ""),
  "writing a program": () => writeFileSync(join(process.cwd(), "src", "attack-" + process.pid + ".ts"), ""),
  "a program": () => { const { error, status } = spawnSync("/bin/true"); if (error) throw error; return status; },
  "a program that reads": () => {
    const { error, status } = spawnSync("/bin/cat", [join(data, "installation.json"), join(data, "log", "key")]);
    if (error) throw error;
    if (status !== 0) throw Object.assign(new Error(), { code: "EACCES" });
    return status;
  },
  "a signal to the supervisor": () => process.kill(process.ppid, 0),
  "a thread": () => void new Worker("", { eval: true }).terminate(),
};
const found = Object.entries(tries).map(([name, does]) => {
  try { does(); return [name, "open"]; } catch (thrown) { return [name, String(thrown.code ?? thrown)]; }
});
// The counter's workers are programs of its own.
if (!process.env.NODE_UNIQUE_ID) console.log("ATTACK " + JSON.stringify(found));
`;

const ROOT = process.getuid?.() === 0;
/** They start programs of their own, so the wall around them is the user that they run as. */
const START_OTHERS: readonly ServerName[] = ["counter", "monitor", "mailroom"];
const WHOLE: readonly ServerName[] = SERVERS;

let world: World;
before(async () => {
  world = await startWorld({
    demonstration: true,
    also: ["counter", "mailroom", "jobs", "post-office", "inspect", "monitor"],
    beside: (data) => ({
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(CODE)}`,
      PB_ATTACK: JSON.stringify({ data }),
    }),
  });
});
after(() => world?.stop());

const foundBy = (name: ServerName): ReadonlyMap<string, string> => {
  const line = readFileSync(join(world.data, "logs", `${name}.log`), "utf8")
    .split("\n")
    .find((one) => one.startsWith("ATTACK "));
  assert.ok(line, `the code ran in ${name}`);
  return new Map(JSON.parse(line.slice("ATTACK ".length)) as [string, string][]);
};

test("code in a server reads no file but the programs, writes none, and starts nothing", () => {
  for (const name of WHOLE) {
    const open = [...foundBy(name)].filter(([, result]) => result === "open").map(([what]) => what);
    const may = START_OTHERS.includes(name) ? ["a program", ...(ROOT ? [] : ["a program that reads"])] : [];
    assert.deepEqual(
      open.filter((what) => what !== "a signal to the supervisor"),
      may,
      name,
    );
  }
});

test("started as root, each server is a user of its own, has no capability and can gain none", (t) => {
  if (!ROOT) return t.skip("started as an ordinary user: all servers are that user");
  // A container may forbid root to take from itself for good; then only the user is changed (decision 45).
  const mayDrop = spawnSync("/usr/bin/setpriv", ["--no-new-privs", "--bounding-set=-all", "/bin/true"]).status === 0;
  if (!mayDrop) t.diagnostic("this machine forbids setpriv: the bounding set and no_new_privs were not looked at");
  const users = new Map<string, string>();
  for (const name of WHOLE) {
    const status = readFileSync(`/proc/${world.pid(name)}/status`, "utf8");
    const of = (field: string): string => new RegExp(`^${field}:[ \\t]*(.*)$`, "m").exec(status)?.[1]?.trim() ?? "";
    const uid = of("Uid").split(/\s+/);
    assert.equal(new Set(uid).size, 1, "real, effective, saved and of the file system");
    assert.notEqual(uid[0], "0");
    users.set(name, uid[0]!);
    for (const field of ["CapInh", "CapPrm", "CapEff", "CapAmb", ...(mayDrop ? ["CapBnd"] : [])])
      assert.match(of(field), /^0+$/, `${name}: ${field}`);
    if (mayDrop) assert.equal(of("NoNewPrivs"), "1", name);
    assert.equal(of("Groups"), "", name);
    assert.equal(foundBy(name).get("a signal to the supervisor"), "EPERM", name);
  }
  assert.equal(new Set(users.values()).size, WHOLE.length, "no two are one user");
});

test("the log writes its checkpoints although it can go to no directory of the installation", () => {
  const store = join(world.data, "log", "checkpoints");
  assert.ok(readdirSync(store).some((name) => name.endsWith(".checkpoint")));
});
