/**
 * Starts an installation on this machine and keeps it running until it is told to stop. Run by bin/pillarbox.mjs under
 * Node 24. Exit code 0 after Ctrl-C or SIGTERM, 1 after a sentence on standard error.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { addressesFrom } from "./addresses.ts";
import { buildIfStale } from "./bundles.ts";
import { databaseFrom, dataUsable, portsFrom, portsFree } from "./checks.ts";
import { readReal, refuseAnswered, type Real } from "./configuration.ts";
import { readInstallation } from "./installation.ts";
import { mailFrom } from "./mail.ts";
import { startInstallation, type Plan, type RunningInstallation } from "./start.ts";
import { Refusal } from "./refusal.ts";
import { SERVERS } from "./servers.ts";
import { outputOn, welcome } from "./tell.ts";

const root = resolve(import.meta.dirname, "..");

type Which = Pick<Plan, "demonstration" | "fill" | "real" | "ports" | "also" | "mail" | "databaseUrl">;

/** What the environment says of a demonstration. @throws Refusal */
const demonstrationOf = (environment: NodeJS.ProcessEnv): Which => ({
  demonstration: true,
  fill: true,
  real: null,
  ports: portsFrom(environment),
  also: addressesFrom(environment),
  mail: mailFrom(environment),
  databaseUrl: databaseFrom(environment),
});

/** What was answered at `init`, and nothing of the environment. @throws Refusal */
function realOf(real: Real): Which {
  refuseAnswered(process.env);
  const { publicOrigin, staffOrigin, counterOrigin, proxies, ports, mail } = real.configuration;
  return {
    demonstration: false,
    fill: false,
    real,
    // No post office: its port is nobody's.
    ports: { ...ports, mail: 0 },
    also: { publicOrigin, staffOrigin, counterOrigin, proxies },
    mail: { ...mail, smtpUrl: real.smtpUrl },
    databaseUrl: real.databaseUrl,
  };
}

async function start(verbose: boolean): Promise<number> {
  const output = outputOn(process.stdout, verbose);
  const stop = new AbortController();
  // Terminal and npm may each pass on the same Ctrl-C; once is enough, and a second one must not leave a database
  // behind.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
  let running: RunningInstallation | null = null;
  try {
    const data = resolve(process.env["PILLARBOX_DATA"] || join(root, "data"));
    dataUsable(data);
    const real = readReal(data, readInstallation(data));
    const { ports, ...which } = real ? realOf(real) : demonstrationOf(process.env);
    // Looked at again under the lock; here it saves a person the wait for a build.
    if (!real && !existsSync(join(data, "pillarbox.lock"))) await portsFree(ports);
    await buildIfStale(root, { always: false, tell: output.tell });
    running = await startInstallation({
      root,
      data,
      ports,
      servers: SERVERS,
      ...which,
      prepared: null,
      sealing: "hybrid",
      limits: null,
      beside: {},
      databaseHome: null,
      ...output,
      signal: stop.signal,
    });
    output.tell(welcome(running));
    const over = await Promise.race([
      running.supervised.failed,
      new Promise<null>((done) =>
        stop.signal.aborted ? done(null) : stop.signal.addEventListener("abort", () => done(null)),
      ),
    ]);
    output.tell(over ? "Stopping…" : "\nStopping…");
    await running.stop();
    if (over) throw over;
    output.tell("Stopped. What was sent is kept.");
    return 0;
  } catch (thrown) {
    if (stop.signal.aborted) {
      output.tell("\nStopped before everything was up. What is there is kept for the next start.");
      return 0;
    }
    console.error(thrown instanceof Refusal ? thrown.message : thrown);
    return 1;
  }
}

process.exitCode = await start(process.argv.includes("--verbose"));
// Everything that was started has ended; a forgotten timer must not hold the terminal.
process.exit();
