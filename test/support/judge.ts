/**
 * The judge: looks at a whole installation, as somebody who owns the database would, and says everything that does not
 * fit. Every row has its event, every event its row and its leaf, the root its signature, every statement its place in
 * the chain, every release its event, and nobody in it who could not read at that moment.
 *
 *   await assertSound(world);   // after any test whose world was not tampered with on purpose
 */
import { AssertionError } from "node:assert";
import { setTimeout as wait } from "node:timers/promises";
import type { World } from "../../demo/world.ts";
import { PATIENCE } from "./in-time.ts";
import { chainFindings } from "./judge/chains.ts";
import { erasureFindings } from "./judge/erasures.ts";
import { logFindings } from "./judge/log.ts";
import { releaseFindings } from "./judge/releases.ts";
import { connect, look } from "./judge/seen.ts";
import { submissionFindings } from "./judge/submissions.ts";

export type Judged = Pick<World, "databaseUrl" | "config" | "data">;

export type Judgement = {
  /** sentences; none when all is well */
  readonly findings: readonly string[];
  /** what there was to look at, so that a test can see that there was anything */
  readonly submissions: number;
  readonly events: number;
  readonly statements: number;
  readonly releases: number;
};

/**
 * Waits until the log has caught up, then judges one state of the database.
 * @param patience milliseconds that the log may take to give every event its leaf and its signature
 */
export async function judge(world: Judged, patience = PATIENCE): Promise<Judgement> {
  const caughtUp = await untilSigned(world, patience);
  const seen = await look(world);
  const chains = chainFindings(world, seen);
  return {
    findings: [
      ...(caughtUp ? [] : [`the log has not caught up within ${patience} ms`]),
      ...submissionFindings(seen, chains.states),
      ...logFindings(world, seen),
      ...chains.findings,
      ...releaseFindings(seen, chains.states),
      ...erasureFindings(seen),
    ],
    submissions: seen.submissions.length,
    events: seen.events.length,
    statements: seen.statements.length,
    releases: seen.releases.length,
  };
}

/** @throws AssertionError that lists every finding */
export async function assertSound(world: Judged): Promise<Judgement> {
  const judgement = await judge(world);
  const { findings } = judgement;
  if (findings.length > 0)
    throw new AssertionError({
      message: `the world is not sound, ${findings.length} findings:\n${findings.slice(0, 20).join("\n")}`,
    });
  return judgement;
}

/** False when the time ran out; a database that is just starting again is asked anew. */
async function untilSigned(world: Judged, patience: number): Promise<boolean> {
  const end = Date.now() + patience;
  do {
    if (await allSigned(world).catch(() => false)) return true;
    await wait(50);
  } while (Date.now() < end);
  return false;
}

async function allSigned(world: Judged): Promise<boolean> {
  const database = await connect(world);
  try {
    const { rows } = await database.query<{ done: boolean }>(
      "SELECT bool_and(signed_size = size AND size > 0) AND NOT EXISTS (SELECT FROM event WHERE leaf IS NULL) AS done FROM head",
    );
    return rows[0]?.done === true;
  } finally {
    await database.end();
  }
}
