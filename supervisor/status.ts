/**
 * `pillarbox status`: whether an installation is up, process by process. Exit code 0: all is well; 1: something is not,
 * and letters are received; 2: none are, or nobody can tell. Safe to paste anywhere: no secret is in it, and no name.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { addressesFrom } from "./addresses.ts";
import { databaseFrom, portsFrom } from "./checks.ts";
import { configOf, type Config } from "./config.ts";
import { readReal } from "./configuration.ts";
import { readIfThere } from "./files.ts";
import { askDatabase, type Asked } from "./init/ask.ts";
import { readInstallation, type Installation } from "./installation.ts";
import { lastBackup, restoredIn } from "./keeping/state.ts";
import type { Running } from "./lock.ts";
import { isAlive } from "./process-table.ts";
import { Refusal } from "./refusal.ts";
import { healthOf, SERVERS, type ServerName } from "./servers.ts";
import { standingOf, type Seen } from "./standing.ts";

const ROOT = resolve(import.meta.dirname, "..");
const HEALTH_MS = 5_000;

/** The processes that the launcher has noted and that are alive; null where no launcher is. */
function runningOn(data: string): readonly Running[] | null {
  const text = readIfThere(join(data, "pillarbox.lock"));
  const lock = text === null ? null : (JSON.parse(text) as { owner: Running; children: readonly Running[] });
  return lock === null || !isAlive(lock.owner) ? null : lock.children.filter(isAlive);
}

async function answers(name: ServerName, config: Config): Promise<boolean> {
  const address = healthOf(name, config);
  if (address === null) return true;
  return fetch(address, { signal: AbortSignal.timeout(HEALTH_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function look(data: string, installation: Installation): Promise<Seen> {
  const real = readReal(data, installation);
  const running = runningOn(data);
  if (running === null) throw new Refusal("Pillarbox does not run here: nothing is received and nothing is read.");
  const ports = real ? { ...real.configuration.ports, mail: 0 } : portsFrom(process.env);
  const asked: Asked = {
    data,
    installation,
    ports,
    databaseUrl: real ? real.databaseUrl : databaseFrom(process.env),
  };
  const config = {
    ...configOf(ROOT, installation, ports, "none"),
    ...(real?.configuration ?? addressesFrom(process.env)),
  };
  // The post office is the demonstration's, and only without a mail server of one's own.
  const own = real === null && !process.env["PILLARBOX_SMTP_URL"];
  const servers = SERVERS.filter((name) => name !== "post-office" || own);
  const answered = await Promise.all(servers.map(async (name) => [name, await answers(name, config)] as const));
  return {
    servers,
    running,
    answers: Object.fromEntries(answered),
    addresses: [config.publicOrigin, config.staffOrigin],
    open: real === null || Object.hasOwn(installation.roots, real.configuration.body),
    backup: ageOf(lastBackup(data)),
    restored: restoredIn(data),
    numbers: (await askDatabase(asked, "standing").catch(() => null)) as Seen["numbers"],
  };
}

const ageOf = (at: number | null): number | null => (at === null ? null : Date.now() - at);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h", default: false } } });
  if (values.help) {
    process.stdout.write(
      "pillarbox status   is it up, process by process: 0 yes, 1 in part, 2 no letters are received\n",
    );
    return 0;
  }
  const data = resolve(process.env["PILLARBOX_DATA"] || join(ROOT, "data"));
  const installation = readInstallation(data);
  if (installation === null)
    throw new Refusal(`There is no installation in ${data}: name its directory with PILLARBOX_DATA.`);
  const { code, lines } = standingOf(await look(data, installation));
  process.stdout.write(`${lines.join("\n")}\n`);
  return code;
}

main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : "Nobody can tell."}\n`);
    process.exit(2);
  },
);
