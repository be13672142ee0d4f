/**
 * The first command: starts, is killed in every way, and starts again. One data directory lives through all of it. That
 * it starts at all, and what its processes are given: test/world/start.test.ts.
 */
import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isAlive } from "../../supervisor/process-table.ts";
import { freePorts } from "../../demo/world.ts";
import {
  allGoneSoon,
  ask,
  childOf,
  everythingOf,
  healthy,
  launch,
  letters,
  place,
  postmasterOf,
  runningOn,
  until,
  type Launched,
} from "../support/launched.ts";

const LETTERS = 394;
const UP = "Pillarbox is running.";

describe("npm start", () => {
  let here: Awaited<ReturnType<typeof place>>;
  let running: Launched;

  before(async () => {
    here = await place();
  });
  after(async () => {
    if (running.child.exitCode === null) {
      running.interrupt();
      await running.ended;
    }
    here.remove();
  });

  const start = async (): Promise<void> => {
    running = launch(here);
    await running.says(UP);
  };
  const killed = async (processes: readonly { pid: number }[]): Promise<void> => {
    for (const one of processes) process.kill(one.pid, "SIGKILL");
    await running.ended;
  };

  it("killed while the demonstration is filled, goes on where it stopped", async () => {
    running = launch(here);
    await running.says("Starting the servers…");
    await until("some letters", async () => (await letters(here.data).catch(() => 0)) > 0);
    const before = everythingOf(here.data);
    await killed([runningOn(here.data).owner]);
    await allGoneSoon(before);
    await start();
    assert.equal(await letters(here.data), LETTERS);
    assert.equal(JSON.parse(readFileSync(join(here.data, "demonstration.json"), "utf8")).filled, true);
  });

  it("prints where to look and who to be, and serves", async () => {
    for (const port of [here.ports.public, here.ports.staff])
      assert.match(running.out(), new RegExp(`http://localhost:${port}\\b`));
    assert.ok(await healthy(here.ports));
    const { people } = JSON.parse(readFileSync(join(here.data, "demonstration.json"), "utf8")).prepared;
    assert.ok(people.length > 0);
    for (const person of people)
      assert.ok(running.out().includes(person.email) && running.out().includes(person.passphrase));
  });

  it("refuses a second start on the same data in one sentence", async () => {
    const second = await launch({ ...here, ports: await freePorts() }).ended;
    assert.equal(second.code, 1);
    assert.match(second.error, /^Pillarbox is already running on .+Ctrl-C.+\n$/);
    assert.ok(await healthy(here.ports));
  });

  for (const name of ["public", "staff", "counter", "log", "database"])
    it(`brings back the ${name} process after kill -9`, async () => {
      const old = childOf(here.data, name);
      process.kill(old.pid, "SIGKILL");
      await until(`another ${name}`, () => {
        try {
          return !isAlive(old) && isAlive(childOf(here.data, name)) && childOf(here.data, name).pid !== old.pid;
        } catch {
          return false;
        }
      });
      await until("all healthy", () => healthy(here.ports));
      assert.equal(await letters(here.data), LETTERS);
    });

  it("stops everything on Ctrl-C, the database last and in order, and ends with 0", async () => {
    const all = everythingOf(here.data);
    running.interrupt();
    running.interrupt();
    assert.equal((await running.ended).code, 0);
    assert.ok(!all.some(isAlive));
    assert.match(
      readFileSync(join(here.data, "logs/database.log"), "utf8").trimEnd().split("\n").at(-1) ?? "",
      /database system is shut down/,
    );
  });

  it("keeps the data for the next start", async () => {
    await start();
    assert.equal(await letters(here.data), LETTERS);
  });

  it("leaves nothing running when the supervisor is killed, and starts again", async () => {
    const all = everythingOf(here.data);
    await killed([runningOn(here.data).owner]);
    await allGoneSoon(all);
    await start();
    assert.equal(await letters(here.data), LETTERS);
  });

  it("starts again at once after all of it was killed together", async () => {
    await killed(everythingOf(here.data));
    await start();
    assert.equal(await letters(here.data), LETTERS);
  });

  it("stops the database of a killed supervisor when nothing else did", async () => {
    const orphan = postmasterOf(here.data);
    const guards = readFileSync(
      `/proc/${runningOn(here.data).owner.pid}/task/${runningOn(here.data).owner.pid}/children`,
      "utf8",
    )
      .trim()
      .split(" ")
      .map(Number);
    // A stopped process neither leaves by itself nor is it told to.
    process.kill(orphan.pid, "SIGSTOP");
    await killed(
      guards
        .filter((pid) => pid !== orphan.pid)
        .concat(runningOn(here.data).owner.pid)
        .map((pid) => ({ pid })),
    );
    process.kill(orphan.pid, "SIGCONT");
    assert.ok(isAlive(orphan));
    await start();
    assert.ok(!isAlive(orphan));
    assert.equal(await letters(here.data), LETTERS);
  });

  it("stops everything on SIGTERM to the launcher alone, and ends with 0", async () => {
    const all = everythingOf(here.data);
    running.child.kill("SIGTERM");
    assert.equal((await running.ended).code, 0);
    assert.ok(!all.some(isAlive));
  });

  it("receives letters while the log cannot be signed, and says so", async () => {
    const store = join(here.data, "log/checkpoints");
    renameSync(store, `${store}.away`);
    await start();
    assert.match(running.out(), /The log is not being signed: letters are received and none can be opened\./);
    assert.ok(await healthy(here.ports));
    running.interrupt();
    assert.equal((await running.ended).code, 0);
    renameSync(`${store}.away`, store);
    await start();
    assert.doesNotMatch(running.out(), /not being signed/);
  });

  it("refuses a database that is newer than the program in one sentence, and leaves it alone", async () => {
    await ask(here.data, "INSERT INTO public.pillarbox_schema (version) VALUES (999999)");
    running.interrupt();
    await running.ended;
    const refused = await launch(here).ended;
    assert.equal(refused.code, 1);
    assert.match(refused.error, /^The database was written by a newer Pillarbox\..+\n$/);
    assert.throws(() => runningOn(here.data));
  });
});
