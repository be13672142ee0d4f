/**
 * One round: letters are sent and lists are asked for without a pause while processes are killed; then the judge looks.
 */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { signal } from "../../supervisor/process-table.ts";
import type { ServerName } from "../../supervisor/servers.ts";
import { assertSound, type Judgement } from "../support/judge.ts";
import { BODY, type StaffedWorld } from "../support/staffed.ts";
import { insist, send, type Sealed } from "./letters.ts";
import { newId } from "../../src/domain/seal/random.ts";

export type Victim = ServerName | "database";

export type Kill = {
  readonly victim: Victim;
  /** milliseconds after the one before has got up */
  readonly after: number;
};

export type Round = {
  readonly kills: readonly Kill[];
  /** letters under way at once */
  readonly senders: number;
  readonly tell?: (line: string) => void;
};

export type Result = { readonly acknowledged: number; readonly unanswered: number; readonly judgement: Judgement };

export async function crashRound(
  staffed: StaffedWorld,
  letter: () => Sealed,
  { kills, senders, tell = () => {} }: Round,
): Promise<Result> {
  const { publicOrigin } = staffed.config;
  const acknowledged = new Map<string, { readonly letter: Sealed; readonly receivedAt: number }>();
  const unanswered: Sealed[] = [];
  let over = false;
  const sender = async (): Promise<void> => {
    let one = letter();
    while (!over) {
      const outcome = await send(publicOrigin, one);
      if (outcome.kind === "unsent") {
        await wait(20);
        continue;
      }
      if (outcome.kind === "received")
        acknowledged.set(one.submission, { letter: one, receivedAt: outcome.receivedAt });
      else unanswered.push(one);
      one = letter();
    }
  };
  const reading = await reader(staffed);
  const work = Promise.all([...Array.from({ length: senders }, sender), reading(() => over)]);
  try {
    for (const { victim, after } of kills) {
      await Promise.race([work, wait(after)]);
      await kill(staffed, victim);
      tell(`killed ${victim}; ${acknowledged.size} acknowledged, ${unanswered.length} without an answer`);
    }
    await wait(300);
  } finally {
    over = true;
  }
  await work;

  // Whoever got no answer sends the same bytes again; whoever did may press the button twice.
  for (const one of unanswered) await insist(publicOrigin, one);
  for (const { letter: one, receivedAt } of [...acknowledged.values()].slice(-20))
    assert.equal(await insist(publicOrigin, one), receivedAt, "a repetition has the first answer");

  const judgement = await assertSound(staffed.world);
  await everyOneIsThere(staffed, [...acknowledged.keys(), ...unanswered.map((one) => one.submission)]);
  return { acknowledged: acknowledged.size, unanswered: unanswered.length, judgement };
}

/** kill -9, and waits until the world has got up again. */
export async function kill(staffed: StaffedWorld, victim: Victim): Promise<void> {
  const before = staffed.world.pid(victim);
  signal(before, "SIGKILL");
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const now = staffed.world.pid(victim);
    if (now !== before && now !== 0 && (await healthy(staffed))) return;
    await wait(50);
  }
  throw new Error(`${victim} did not come back within a minute`);
}

const healthy = async ({ config }: StaffedWorld): Promise<boolean> =>
  (
    await Promise.all(
      [config.publicOrigin, config.staffOrigin].map((origin) =>
        fetch(`${origin}/health`, { signal: AbortSignal.timeout(2_000) }).then(
          (response) => response.ok,
          () => false,
        ),
      ),
    )
  ).every(Boolean);

/** An officer who loads the list again and again: releases are written while things are killed. */
async function reader(staffed: StaffedWorld): Promise<(over: () => boolean) => Promise<void>> {
  const officer = await staffed.visit(staffed.person("case officer"));
  const inbox = await staffed.inboxOf(staffed.forms.contact);
  return async (over) => {
    while (!over()) {
      const release = newId();
      const found = officer.client.post(`/api/bodies/${BODY}/releases`, {
        release,
        inbox,
        purpose: "list",
        since: Date.now() - 500,
      });
      await found.then(() => officer.client.get(`/api/releases/${release}`)).catch(() => {});
      await wait(100);
    }
  };
}

async function everyOneIsThere(staffed: StaffedWorld, ids: readonly string[]): Promise<void> {
  const database = await staffed.attacker();
  try {
    const { rows } = await database.query<{ id: string }>("SELECT id FROM submission WHERE id = ANY($1)", [ids]);
    assert.equal(rows.length, ids.length, "an acknowledged letter is gone");
    const { rows: others } = await database.query<{ count: string }>(
      "SELECT count(*) FROM submission WHERE id <> ALL($1)",
      [ids],
    );
    assert.equal(Number(others[0]!.count), 0, "a letter is there that nobody sent");
  } finally {
    await database.end();
  }
}
