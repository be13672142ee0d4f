/** The table of routes and files that the monitor is given. */
import { join } from "node:path";
import type { Config } from "./config.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { Refusal } from "./refusal.ts";
import { plainEnvironment } from "./servers.ts";

/**
 * What the monitor is given to look at: the servers themselves say which routes they have and which files they serve.
 */
export async function surfaceOf(config: Config): Promise<string> {
  const result = await runOnce({
    arguments: [join(config.root, "src/server/main.ts"), "surface"],
    environment: plainEnvironment(config),
    cwd: config.root,
  });
  if (result.code !== 0)
    throw new Refusal(`The table of what is to be watched could not be made: ${reasonIn(result.error)}`);
  return result.out;
}
