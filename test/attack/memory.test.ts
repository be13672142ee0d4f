/** The attacker who may read the memory of the processes: what did a letter leave there? */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sendByCounter } from "../../demo/writing/counter.ts";
import { stateOf, used, type Use } from "../../src/counter/shift.ts";
import { PATIENCE, untilThere } from "../support/in-time.ts";
import { familyOf, timesInMemory } from "../support/process-memory.ts";
import { letterTo, staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { markerWord } from "../support/traces.ts";

let t: StaffedWorld;
before(async () => {
  t = await staffedWorld({
    also: ["counter"],
    limits: { submissionsPerMinute: 120, signInsPerMinute: 300, requestsPerMinute: 60_000 },
  });
});
after(() => t?.stop());

const SERVERS = ["counter", "public", "staff", "log"] as const;
const processes = (): number[] => SERVERS.flatMap((name) => familyOf(t.world.pid(name)));

test("10 seconds after a letter without script no process has a word of it in its memory", async () => {
  const door = t.world.pid("counter");
  for (let turn = 1; ; turn++) {
    const word = markerWord();
    const before = familyOf(door);
    // Or this test would find nothing for a reason of its own. Where it is slow a worker has ended before it looks.
    await untilThere(async () => {
      const sent = await sendByCounter(t.config.counterOrigin, t.forms.complaint.id, letterTo("complaint", word));
      assert.match(sent.html, /PB-/);
      return familyOf(door).some((pid) => timesInMemory(pid, word) > 0);
    }, "a worker that has the word while it is used");
    assert.equal(timesInMemory(door, word), 0, "no letter passes the door");

    const sentAt = Date.now();
    await untilThere(async () => {
      await wait(1_000);
      return processes().every((pid) => timesInMemory(pid, word) === 0);
    }, "an end of every process that has the word");
    const took = Date.now() - sentAt;
    assert.notDeepEqual(familyOf(door), before, "whoever read it has ended");
    assert.equal(t.world.pid("counter"), door, "and the counter has stayed open");
    assert.equal((await fetch(`${t.config.counterOrigin}/health`)).status, 200);

    // Ten seconds are promised where the machine does nothing else; on a slow one an end takes longer. Once at least it
    // must be over long before a busy worker would end, after thirty.
    if (took < 24_000) return;
    assert.ok(turn < 3, `${took} ms after a letter a process still had a word of it`);
  }
});

test("a worker rests 8 seconds, takes letters for 30 and lives for 60 after the first", () => {
  const at = (times: readonly number[], now: number): string =>
    stateOf(
      times.reduce((use: Use, time) => used(use, time), null),
      now,
    );
  assert.equal(at([], 1e12), "stays", "nobody has used it");
  assert.equal(at([1000], 1000 + 7_999), "stays");
  assert.equal(at([1000], 1000 + 8_000), "leaves");
  const busy = Array.from({ length: 70 }, (_, second) => second * 1000);
  assert.equal(at(busy.slice(0, 30), 29_999), "stays");
  assert.equal(at(busy.slice(0, 31), 30_000), "leaves");
  assert.equal(at(busy.slice(0, 60), 59_999), "leaves");
  assert.equal(at(busy, 60_000), "ends");
});

test("writers at every moment of a change of workers all get their answer", async () => {
  const started = familyOf(t.world.pid("counter")).length;
  const seen = new Set<number>();
  const statuses = new Map<number, number>();
  const until = Date.now() + 35_000;
  // On a slow machine the next worker comes later; then more slowly, or the limit of a minute would be reached.
  const goesOn = (): boolean => Date.now() < until || (seen.size <= started && Date.now() < until + PATIENCE);
  await Promise.all(
    [0, 1, 2, 3].map(async () => {
      while (goesOn()) {
        const { status } = await post(`/counter/forms/${t.forms.complaint.id}`, { _step: "answers" });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        for (const pid of familyOf(t.world.pid("counter"))) seen.add(pid);
        await wait(Date.now() < until ? 300 : 1_000);
      }
    }),
  );
  assert.deepEqual([...statuses.keys()], [400], JSON.stringify([...statuses]));
  assert.ok(seen.size > started, "workers have changed meanwhile");
});

test("whoever guesses receipt words gains no more tries by the number and change of workers", async () => {
  // 120 letters a minute are 600 posts; a twentieth of them may be look-ups.
  const most = 30;
  // All at once: one after another they could take longer than the minute that is counted.
  const answers = await Promise.all(
    Array.from({ length: most + 10 }, () => post("/counter/status", { words: "none" })),
  );
  assert.equal(answers.filter(({ status }) => status !== 429).length, most);
});

async function post(path: string, fields: Record<string, string>): Promise<Response> {
  const answer = await fetch(`${t.config.counterOrigin}${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", connection: "close" },
    body: new URLSearchParams(fields).toString(),
  });
  await answer.arrayBuffer();
  return answer;
}
