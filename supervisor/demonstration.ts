/** The demonstration of a data directory: made up once, seeded once, its letters sent once. */
import { join } from "node:path";
import type { Config, DemoPerson } from "./config.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { Refusal } from "./refusal.ts";
import { plainEnvironment } from "./servers.ts";

/**
 * What `demo/main.ts prepare` gives before any server runs: invented people, their keys, and the roots of the bodies.
 */
export type Prepared = {
  readonly roots: Readonly<Record<string, string>>;
  /** Person → signing key, hex, of the host's operators; without it there is none. */
  readonly operators?: Readonly<Record<string, string>>;
  /** Body → time zone, of those that are not in London. */
  readonly zones?: Readonly<Record<string, string>>;
  /** For `src/server/main.ts seed`. */
  readonly seed: unknown;
  readonly people: readonly DemoPerson[];
  /** For `demo/main.ts fill`, as it came. */
  readonly state: unknown;
};

/**
 * How far the demonstration of a data directory is; kept there, readable by its owner only, because it holds
 * passphrases.
 */
export type Demonstration = { readonly prepared: Prepared; readonly seeded: boolean; readonly filled: boolean };

const fileOf = (data: string): string => join(data, "demonstration.json");
const program = (config: Config): string => join(config.root, "demo/main.ts");

/** The demonstration of a data directory, made up on the first call. */
export async function prepareDemonstration(data: string, config: Config): Promise<Demonstration> {
  const found = readIfThere(fileOf(data));
  if (found !== null) return JSON.parse(found) as Demonstration;
  const result = await runOnce({
    arguments: [program(config), "prepare"],
    environment: plainEnvironment(config),
    cwd: config.root,
  });
  if (result.code !== 0)
    throw new Refusal(`The demonstration could not be prepared, and nothing was stored: ${reasonIn(result.error)}`);
  const made: Demonstration = { prepared: JSON.parse(result.out) as Prepared, seeded: false, filled: false };
  writeDemonstration(data, made);
  return made;
}

export const writeDemonstration = (data: string, demonstration: Demonstration): void =>
  writePrivately(fileOf(data), JSON.stringify(demonstration));

/**
 * Sends the invented letters over HTTP to the running servers. Interrupted, it is simply run again: it goes on where it
 * stopped.
 * @throws Refusal when it ended without having sent all.
 */
export async function fillDemonstration(
  config: Config,
  prepared: Prepared,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const line = (text: string): void => {
    const [, done, total] = /^progress (\d+) (\d+)$/.exec(text) ?? [];
    if (total !== undefined) progress(`Filling the demonstration: ${done} of ${total} letters`);
  };
  const result = await runOnce({
    arguments: [program(config), "fill"],
    environment: plainEnvironment(config),
    cwd: config.root,
    input: JSON.stringify(prepared),
    line,
    signal,
  });
  if (result.code !== 0 && !signal.aborted)
    throw new Refusal(
      `The demonstration could not be filled; what was sent is kept and the next start goes on from there: ${reasonIn(result.error)}`,
    );
}
