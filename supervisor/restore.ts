/**
 * `restore --backup FILE --identity FILE`: a new installation from a backup (`keeping/restore.ts`). `restore --log
 * DIRECTORY`: run while Pillarbox is stopped, after an older database was put in place. It erases again what was erased
 * since, and lets the log go on; see docs/OPERATING.md, Restoring.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { databaseFrom, dataUsable } from "./checks.ts";
import { MIGRATOR, SUPERUSER } from "./cluster.ts";
import { configOf } from "./config.ts";
import { restoreBackup } from "./keeping/restore.ts";
import { heedSignals } from "./keeping/stop.ts";
import { startEmbedded } from "./embedded.ts";
import { reasonIn, runOnce } from "./run-once.ts";
import { readInstallation } from "./installation.ts";
import { takeLock } from "./lock.ts";
import { logsOf } from "./logs.ts";
import { migrate } from "./prepare-database.ts";
import { Refusal } from "./refusal.ts";
import { plainEnvironment } from "./servers.ts";
import { newSweeper } from "./sweeper.ts";

const root = resolve(import.meta.dirname, "..");
const HOW =
  "Say from what: restore --backup FILE --identity FILE into a new data directory, or, where an older database was put in place, restore --log DIRECTORY with the newest log as export-log --entries wrote it. Nothing was changed.";

async function restore(): Promise<void> {
  const { log, backup, identity, store, "log-key": logKey } = given(process.argv.slice(2));
  const data = resolve(process.env["PILLARBOX_DATA"] || join(root, "data"));
  dataUsable(data);
  if (backup !== undefined && identity !== undefined) {
    heedSignals();
    return restoreBackup({
      root,
      data,
      backup: resolve(backup),
      identity: resolve(identity),
      log: log === undefined ? null : resolve(log),
      store: store === undefined ? null : resolve(store),
      logKey: logKey ?? null,
      tell: console.log,
    });
  }
  if (log === undefined || (backup ?? identity ?? store ?? logKey) !== undefined) throw new Refusal(HOW);
  const installation = readInstallation(data);
  if (installation === null)
    throw new Refusal(
      `There is no installation in ${data}: name its data directory with PILLARBOX_DATA. Nothing was changed.`,
    );
  const lock = await takeLock(data);
  try {
    const elsewhere = databaseFrom(process.env);
    // After a rotation the newest logs are the last that have begun; their files stand under that number.
    const { number, key, store } = logsOf(data, installation.installation).findLast((one) => one.begun)!;
    const config = configOf(root, installation, { public: 1, staff: 2, counter: 3, mail: 4 }, key.verifier);
    const { superuser, migrate: owner } = installation;
    const embedded =
      elsewhere === null
        ? await startEmbedded({
            root,
            data,
            installation: installation.installation,
            home: null,
            group: null,
            passwords: { superuser, migrate: owner },
            tell: console.log,
          })
        : null;
    try {
      const url = embedded ? embedded.url(SUPERUSER, superuser) : elsewhere!;
      await migrate(config, embedded ? embedded.url(MIGRATOR, owner) : elsewhere!, installation);
      const { code, error } = await runOnce({
        arguments: [join(root, "src/server/main.ts"), "restore", resolve(log)],
        environment: plainEnvironment(config),
        given: {
          PB_DATABASE: url,
          PB_LOG_STORE: store,
          PB_LOG_NUMBER: String(number),
        },
        cwd: root,
        line: (line) => console.log(line),
      });
      if (code !== 0) throw new Refusal(reasonIn(error));
      await newSweeper(config, url, console.log).first();
    } finally {
      await embedded?.stop();
    }
  } finally {
    lock.release();
  }
}

function given(args: string[]) {
  try {
    const option = { type: "string" } as const;
    return parseArgs({
      args,
      options: { log: option, backup: option, identity: option, store: option, "log-key": option },
    }).values;
  } catch {
    throw new Refusal(HOW);
  }
}

try {
  await restore();
} catch (thrown) {
  console.error(thrown instanceof Refusal ? thrown.message : thrown);
  process.exitCode = 1;
}
process.exit();
