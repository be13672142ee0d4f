/** After an erasure, the rest of it: out of the database's files (decision 0018). */
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { plainEnvironment } from "./servers.ts";

/** Brings what was erased out of the database's files, too: once at the start, and soon after each erasure. */
export type Sweeper = {
  /** At the start, when nobody waits: large tables as well. */
  readonly first: () => Promise<void>;
  /** Something was erased. */
  readonly soon: () => void;
  readonly stop: () => Promise<void>;
};

const AGAIN = 600_000;
/** Erasures that are decided one after the other share a sweep. Milliseconds. */
const GATHER = 1_000;

/**
 * @param url the address for the login that owns the tables; the superuser's, where there is one, can move the
 * write-ahead log on, too
 */
export function newSweeper(config: Config, url: string, tell: (line: string) => void): Sweeper {
  const stopped = new AbortController();
  let under: Promise<void> = Promise.resolve();
  let planned = false;

  async function sweep(large: boolean): Promise<void> {
    if (stopped.signal.aborted) return;
    const { code, out, error } = await runOnce({
      arguments: [join(config.root, "src/server/main.ts"), "sweep", ...(large ? ["large"] : [])],
      environment: plainEnvironment(config),
      given: { PB_DATABASE: url },
      cwd: config.root,
      signal: stopped.signal,
    });
    if (stopped.signal.aborted) return;
    if (out.includes("wal"))
      tell(
        "What was erased is out of the database's files. Its write-ahead log is not ours to clear: docs/OPERATING.md says when it is gone from there.",
      );
    if (code === 0 && !out.includes("later")) return;
    tell(
      `What was erased is in no row any more, and still in the database's files${code === 0 ? "" : ` (${reasonIn(error)})`}. That is tried again, at the latest at the next start.`,
    );
    plan(AGAIN);
  }

  function plan(after: number): void {
    if (planned) return;
    planned = true;
    void wait(after, undefined, { ref: false, signal: stopped.signal }).then(
      () => {
        planned = false;
        under = under.then(() => sweep(false));
      },
      () => {},
    );
  }

  return {
    first: () => sweep(true),
    soon: () => plan(GATHER),
    stop: async () => {
      stopped.abort();
      await under;
    },
  };
}
