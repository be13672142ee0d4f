/**
 * The first command, once and shortly: it starts everything, gives each process its own, and stops; and what keeps it
 * from starting is one sentence. How it is killed, refused, cloned and given another database: test/install.
 */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readInstallation } from "../../supervisor/installation.ts";
import { isAlive } from "../../supervisor/process-table.ts";
import { SERVERS } from "../../supervisor/servers.ts";
import { childOf, everythingOf, healthy, launch, place, until, type Launched } from "../support/launched.ts";
import { familyOf } from "../support/process-memory.ts";

const RUNNING = [...SERVERS, "database"] as const;

/** The environment that a process was started with; empty for one that has just ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

const namesIn = (environment: string): string[] =>
  environment
    .split("\0")
    .filter(Boolean)
    .map((pair) => pair.slice(0, pair.indexOf("=")))
    .sort();

/** Every password, key and passphrase in the files of a data directory. */
function secretsOf(data: string): string[] {
  const { superuser, migrate, logins, watchers, mailKey, totpKey } = readInstallation(data)!;
  const { people } = JSON.parse(readFileSync(join(data, "demonstration.json"), "utf8")).prepared;
  return [
    superuser,
    migrate,
    ...Object.values(logins),
    ...Object.values(watchers),
    mailKey,
    totpKey,
    readFileSync(join(data, "log", "key"), "utf8").trim(),
    ...people.map((person: { readonly passphrase: string }) => person.passphrase),
  ];
}

describe("npm start", () => {
  let here: Awaited<ReturnType<typeof place>>;
  let running: Launched;

  before(async () => {
    here = await place();
  });
  after(async () => {
    if (running && running.child.exitCode === null) {
      running.interrupt();
      await running.ended;
    }
    here.remove();
  });

  it("refuses a file in the place of the data directory in one sentence, and leaves it alone", async () => {
    const other = await place();
    writeFileSync(other.data, "something of mine");
    const { code, error } = await launch(other).ended;
    assert.equal(code, 1);
    assert.match(error, /^.+ is a file where Pillarbox needs a directory.+\n$/);
    assert.ok(statSync(other.data).isFile());
    other.remove();
  });

  // While the letters are still being written: everything is there by then.
  it("starts everything: each process is there, and each page answers", async () => {
    running = launch(here);
    await running.says("Starting the servers…");
    await until("every page", () => healthy(here.ports));
    await until("every process", () => {
      try {
        return RUNNING.every((name) => isAlive(childOf(here.data, name)));
      } catch {
        return false;
      }
    });
  });

  it("gives each process an environment without any secret, and nothing of the person's", () => {
    const plain = [
      "NODE_CHANNEL_FD",
      "NODE_CHANNEL_SERIALIZATION_MODE",
      "NODE_ENV",
      "PATH",
      "PB_CONFIG",
      "PB_GIVEN",
      "TZ",
    ];
    // The counter's workers have these from their door; the hole that the monitor must find is told what it is.
    const open = [...plain, "NODE_UNIQUE_ID", "PB_HOLE", "PB_HOLE_HOST"];
    for (const name of RUNNING) {
      const { pid } = childOf(here.data, name);
      assert.deepEqual(namesIn(environmentOf(pid)), name === "database" ? ["LC_ALL", "PATH", "TZ"] : plain, name);
      for (const one of familyOf(pid)) {
        const environment = environmentOf(one);
        if (name !== "database")
          for (const word of namesIn(environment)) assert.ok(open.includes(word), `${name}: ${word}`);
        for (const secret of secretsOf(here.data)) assert.ok(!environment.includes(secret), name);
      }
    }
  });

  it("stops everything on Ctrl-C, and ends with 0", async () => {
    const all = everythingOf(here.data);
    running.interrupt();
    assert.equal((await running.ended).code, 0);
    assert.ok(!all.some(isAlive));
  });
});
