/** Logins and tables before any server runs, by the login that owns them. */
import { join } from "node:path";
import type { Config } from "./config.ts";
import { yetToInvite, type Real } from "./configuration.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import type { Installation } from "./installation.ts";
import { Refusal } from "./refusal.ts";
import { plainEnvironment } from "./servers.ts";

const program = (config: Config): string => join(config.root, "src/server/main.ts");

/**
 * Makes the logins and brings the tables up to date; says whether something that was erased is still in the files.
 * @param upTo the last numbered file; left out, all
 * @throws Refusal, with the program's own sentence where the database is newer or a numbered file is missing.
 */
export async function migrate(
  config: Config,
  url: string,
  installation: Installation,
  upTo?: number,
): Promise<{ readonly unswept: boolean }> {
  const result = await runOnce({
    arguments: [program(config), "migrate", ...(upTo === undefined ? [] : [String(upTo)])],
    environment: plainEnvironment(config),
    given: { PB_DATABASE: url, PB_LOGINS: JSON.stringify(installation.logins) },
    cwd: config.root,
  });
  if (result.code === 3) throw new Refusal(reasonIn(result.error));
  if (result.code !== 0)
    throw new Refusal(
      `The database could not be reached or brought up to date, and is as it was before: ${reasonIn(result.error)}`,
    );
  return { unswept: result.out.includes("unswept") };
}

/** Enters the first operators and bodies; what is already there stays as it is. */
export async function seed(config: Config, url: string, what: unknown): Promise<void> {
  const result = await runOnce({
    arguments: [program(config), "seed"],
    environment: plainEnvironment(config),
    given: { PB_DATABASE: url },
    cwd: config.root,
    input: JSON.stringify(what),
  });
  if (result.code !== 0)
    throw new Refusal(`The first people and bodies could not be entered: ${reasonIn(result.error)}`);
}

/** Enters the one body of a real installation, and invites its first owner where it has no root yet. */
export async function found(config: Config, url: string, real: Real): Promise<void> {
  const { configuration, record } = real;
  const result = await runOnce({
    arguments: [program(config), "found"],
    environment: plainEnvironment(config),
    given: { PB_DATABASE: url },
    cwd: config.root,
    input: JSON.stringify({ body: configuration.body, record, owner: yetToInvite(real, config.roots) }),
  });
  if (result.code !== 0) throw new Refusal(`The body could not be entered: ${reasonIn(result.error)}`);
}
