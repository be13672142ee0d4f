/** After an erasure, the rest of it: out of the database's files (decision 0018). */
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { plainEnvironment } from "./servers.ts";

/**
 * Brings what was erased out of the database's files, too: once at the start, soon after each erasure that somebody
 * tells of, and by looking at the rows, for those of which nobody does.
 */
export type Sweeper = {
  /** At the start, when nobody waits: large tables as well. */
  readonly first: () => Promise<void>;
  /** Something was erased. */
  readonly soon: () => void;
  /** Looks at the rows again and again, milliseconds apart. */
  readonly watch: (every?: number) => void;
  readonly stop: () => Promise<void>;
};

const AGAIN = 600_000;
/** Nobody may be there to tell: the process that erased could die with it unsaid, or another program erase. */
const LOOK = 60_000;
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
  let said = "";
  const say = (line: string): void => {
    if (line !== said) tell(line);
    said = line;
  };

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
      say(
        "What was erased is out of the database's files. Its write-ahead log is not ours to clear: docs/OPERATING.md says when it is gone from there.",
      );
    if (code === 0 && !out.includes("later")) {
      if (out === "" || !out.includes("wal")) said = "";
      return;
    }
    say(
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

  async function look(every: number): Promise<void> {
    while (!stopped.signal.aborted) {
      await wait(every, undefined, { ref: false, signal: stopped.signal });
      await (under = under.then(() => sweep(false)));
    }
  }

  return {
    watch: (every = LOOK) => void look(every).catch(() => {}),
    first: () => sweep(true),
    soon: () => plan(GATHER),
    stop: async () => {
      stopped.abort();
      await under;
    },
  };
}
