/**
 * The monitor: looks at this installation from outside, as a stranger, all the time (docs/ARCHITECTURE.md, Who looks).
 * It has no login, no store, and no secret but the key by which it signs and the credential by which it reports.
 */
import { publicCheckpoint } from "../contract/log.ts";
import { addressOf } from "../contract/route.ts";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, Fault } from "../domain/problem.ts";
import { parseConfig, type Config } from "./config.ts";
import { NotLooked } from "./asker.ts";
import { ask } from "./stranger.ts";
import { Watch } from "./watch.ts";

const note = (level: "info" | "error", what: string): void =>
  void process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, process: "monitor", detail: what.slice(0, 300) })}\n`,
  );

/** How often it asks whether the log has grown, and how soon it tries again what could not be done; milliseconds. */
const ASK = 2_000;
const AGAIN = 5_000;
const BROKEN = 60_000;

/** Waits until a round is due: so long after the last began, or at once when who may read has changed. */
async function untilDue(
  config: Config,
  watch: Watch,
  began: number,
  before: { checkpoint: string; access: string },
): Promise<void> {
  while (Date.now() - began < config.pace.round) {
    await wait(Math.min(ASK, config.pace.round));
    try {
      const checkpoint = (
        await ask({ method: "GET", origin: config.origins.public!, path: addressOf(publicCheckpoint, {}) })
      ).bytes.toString("utf8");
      if (checkpoint === before.checkpoint) continue;
      before.checkpoint = checkpoint;
      const access = await watch.access();
      const changed = before.access !== "" && access !== before.access;
      before.access = access;
      if (changed) return;
    } catch (thrown) {
      if (!(thrown instanceof NotLooked)) throw thrown;
    }
  }
}

async function rounds(config: Config, watch: Watch): Promise<never> {
  const before = { checkpoint: "", access: "" };
  for (;;) {
    const began = Date.now();
    await attempt("round", async () => {
      const { seen, notLooked } = await watch.round();
      note(
        "info",
        `round in ${Date.now() - began} ms: ${seen.length} seen, ${notLooked.length} not looked at${notLooked.length > 0 ? ` (${notLooked[0]})` : ""}`,
      );
    });
    await untilDue(config, watch, began, before);
  }
}

/** Does it again and again: soon where it could not be done, otherwise when it is due. */
async function every(what: string, due: number, work: () => Promise<boolean>): Promise<never> {
  for (;;) {
    const done = await attempt(what, work);
    await wait(done === true ? due : Math.min(due, done === false ? BROKEN : AGAIN));
  }
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    // It goes on looking whatever happens; if it goes wrong for long, its silence is the alarm.
    note(
      "error",
      `${what}: ${thrown instanceof NotLooked ? thrown.message : thrown instanceof Fault ? `${thrown.code} ${thrown.detail}` : thrown instanceof Error ? (thrown.stack ?? thrown.message) : "unknown"}`,
    );
    await wait(Math.min(ASK, 1_000));
    return undefined;
  }
}

async function main(): Promise<void> {
  const config = parseConfig(process.env);
  for (const name of ["PB_WATCH_KEY", "PB_WATCH_CREDENTIAL", "PB_SURFACE"]) delete process.env[name];
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, () => process.exit(0));
  const watch = new Watch(config);
  process.send?.({ ready: true });
  await Promise.all([
    rounds(config, watch),
    every("proof", config.pace.proof, () => watch.proof()),
    every("matrix", config.pace.matrix, async () => (await watch.matrix()).notLooked.length === 0),
  ]);
}

main().catch((thrown: unknown) => {
  note(
    "error",
    `${codeOf(thrown)} ${thrown instanceof Fault ? thrown.detail : thrown instanceof Error ? thrown.message : ""}`,
  );
  process.exit(1);
});
