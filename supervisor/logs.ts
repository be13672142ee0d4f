/** The logs of a data directory, and which of them the servers run under (decision 0014). */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { Config } from "./config.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { logKeyOf, logStoreOf } from "./installation.ts";
import { newLogKey, readLogKey, type LogKey } from "./log-key.ts";
import { Refusal, systemCode } from "./refusal.ts";
import { plainEnvironment } from "./servers.ts";

/**
 * One of an installation's logs: the first, or one that goes on under another key. `begun`: it has taken the place of
 * the one before.
 */
export type InstallationLog = {
  readonly number: number;
  readonly key: LogKey;
  readonly store: string;
  readonly begun: boolean;
  /** the one before cannot be signed any more */
  readonly lost: boolean;
};

const homeOf = (data: string, number: number): string => join(data, "log", String(number));

/**
 * All logs of a data directory, in order; the first is made where there is none. The last may wait for its beginning.
 */
export function logsOf(data: string, installation: string): readonly [InstallationLog, ...InstallationLog[]] {
  const logs: [InstallationLog, ...InstallationLog[]] = [
    { number: 0, key: logKeyOf(data, installation), store: logStoreOf(data), begun: true, lost: false },
  ];
  for (let number = 1; existsSync(homeOf(data, number)); number++) logs.push(readLog(data, number));
  return logs;
}

function readLog(data: string, number: number): InstallationLog {
  const home = homeOf(data, number);
  try {
    return {
      number,
      key: readLogKey((readIfThere(join(home, "key")) ?? "").split("\n")[0] ?? ""),
      store: join(home, "checkpoints"),
      begun: existsSync(join(home, "begun")),
      lost: existsSync(join(home, "lost")),
    };
  } catch {
    throw new Refusal(
      `The key of the log in ${home} is damaged: restore it from a backup, because a log cannot go on under another key.`,
    );
  }
}

/**
 * Makes the key and the store of the next log, which the next start begins; the one that waits already, if there is
 * one. All of it is there or nothing: it gets its name last, and nobody else can have that name.
 */
export function prepareNextLog(data: string, installation: string, lost: boolean): InstallationLog {
  const logs = logsOf(data, installation);
  const last = logs.at(-1)!;
  if (!last.begun) return last;
  const number = last.number + 1;
  const key = newLogKey(`${readName(logs[0].key)}/${number}`);
  const draft = join(data, "log", `draft-${randomBytes(6).toString("hex")}`);
  mkdirSync(join(draft, "checkpoints"), { recursive: true, mode: 0o700 });
  writePrivately(join(draft, "checkpoints", "init"), `${key.verifier}\n`);
  if (lost) writePrivately(join(draft, "lost"), "");
  writePrivately(join(draft, "key"), `${key.signer}\n`);
  try {
    // A directory that holds anything is never replaced by a rename.
    renameSync(draft, homeOf(data, number));
  } catch (thrown) {
    rmSync(draft, { recursive: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(systemCode(thrown))) throw thrown;
  }
  syncDirectory(join(data, "log"));
  return readLog(data, number);
}

const readName = ({ verifier }: LogKey): string => verifier.split("+")[0] ?? "";

function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  fsyncSync(handle);
  closeSync(handle);
}

export type Beginning = {
  readonly config: Config;
  readonly url: string;
  readonly data: string;
  readonly tell: (line: string) => void;
};

/**
 * The log that the servers run with. One that waits takes the place of the one before, by a program of its own that is
 * given both keys and ends; killed anywhere, the next start goes on. Where the old log cannot be ended, it goes on
 * running as it is: letters are received, whatever the log does.
 */
export async function logToRun(
  logs: readonly [InstallationLog, ...InstallationLog[]],
  { config, url, data, tell }: Beginning,
): Promise<InstallationLog> {
  for (const draft of readdirSync(join(data, "log")).filter((name) => name.startsWith("draft-")))
    rmSync(join(data, "log", draft), { recursive: true });
  const last = logs.at(-1)!;
  if (last.begun) return last;
  const before = logs.at(-2)!;
  const result = await runOnce({
    arguments: [join(config.root, "src/server/main.ts"), "rotate"],
    cwd: config.root,
    environment: plainEnvironment(config),
    given: {
      PB_DATABASE: url,
      PB_LOG_KEY: before.key.signer,
      PB_LOG_STORE: before.store,
      PB_LOG_NEXT_KEY: last.key.signer,
      PB_LOG_NEXT_STORE: last.store,
      ...(last.lost && { PB_LOG_LOST: "yes" }),
    },
  });
  if (result.code !== 0) {
    tell(
      `The log could not be ended, so it goes on under the old key, and the next start tries again: ${reasonIn(result.error)}`,
    );
    return before;
  }
  writePrivately(join(homeOf(data, last.number), "begun"), "");
  tell(`The log goes on under another key: ${last.key.verifier}`);
  return { ...last, begun: true };
}
