/**
 * Starts an installation on this machine and keeps it running until it is told to stop. Run by bin/pillarbox.mjs under
 * Node 24. Exit code 0 after Ctrl-C or SIGTERM, 1 after a sentence on standard error.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { addressesFrom } from "./addresses.ts";
import { buildIfStale } from "./bundles.ts";
import { databaseFrom, dataUsable, portsFrom, portsFree } from "./checks.ts";
import { mailFrom } from "./mail.ts";
import { startInstallation, type RunningInstallation } from "./start.ts";
import { Refusal } from "./refusal.ts";
import { SERVERS } from "./servers.ts";
import { outputOn, welcome } from "./tell.ts";

const root = resolve(import.meta.dirname, "..");

async function start(verbose: boolean): Promise<number> {
  const output = outputOn(process.stdout, verbose);
  const stop = new AbortController();
  // Terminal and npm may each pass on the same Ctrl-C; once is enough, and a second one must not leave a database
  // behind.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
  let running: RunningInstallation | null = null;
  try {
    const ports = portsFrom(process.env);
    const addresses = addressesFrom(process.env);
    const data = resolve(process.env["PILLARBOX_DATA"] || join(root, "data"));
    dataUsable(data);
    // Looked at again under the lock; here it saves a person the wait for a build.
    if (!existsSync(join(data, "pillarbox.lock"))) await portsFree(ports);
    await buildIfStale(root, { always: false, tell: output.tell });
    running = await startInstallation({
      root,
      data,
      ports,
      servers: SERVERS,
      demonstration: true,
      fill: true,
      prepared: null,
      sealing: "hybrid",
      limits: null,
      also: addresses,
      beside: {},
      mail: mailFrom(process.env),
      databaseUrl: databaseFrom(process.env),
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
