/**
 * `restore --log DIRECTORY`: run while Pillarbox is stopped, after an older database was put in place. It erases again
 * what was erased since, and lets the log go on; see docs/OPERATING.md, Restoring.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { databaseFrom, dataUsable } from "./checks.ts";
import { MIGRATOR, SUPERUSER } from "./cluster.ts";
import { configOf } from "./config.ts";
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
  "Say where the newest log is: restore --log DIRECTORY, as export-log --entries wrote it. Nothing was changed.";

async function restore(): Promise<void> {
  const log = logFrom(process.argv.slice(2));
  const data = resolve(process.env["PILLARBOX_DATA"] || join(root, "data"));
  dataUsable(data);
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
        arguments: [join(root, "src/server/main.ts"), "restore", log],
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

function logFrom(args: string[]): string {
  try {
    const { log } = parseArgs({ args, options: { log: { type: "string" } } }).values;
    if (log !== undefined) return resolve(log);
  } catch {
    // said below
  }
  throw new Refusal(HOW);
}

try {
  await restore();
} catch (thrown) {
  console.error(thrown instanceof Refusal ? thrown.message : thrown);
  process.exitCode = 1;
}
process.exit();
