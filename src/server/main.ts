/**
 * One program, several processes: each is given its own secrets before its first line, and does one thing. It loads
 * what that takes and nothing else: loading the programs of all of them is most of what a start costs.
 */
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fromHex } from "../domain/bytes.ts";
import { codeOf, Fault, sentence } from "../domain/problem.ts";
import { parseConfig, type Config } from "./config.ts";
import type { Passwords } from "./database/migrate.ts";
import type { Pool } from "./database/pool.ts";
import type { Seed } from "./database/seed.ts";
import type { Swept } from "./erasure/store/sweep.ts";
import type { App } from "./http/app.ts";
import { note } from "./http/log.ts";
import type { Credentials } from "./watch/route.ts";

const CONNECTIONS = 8;
/** The program and the database do not fit: the sentence says it all. */
const UNFIT = 3;

function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Fault("CONFIG_INVALID", `${name} is missing`);
  return value;
}

/** Serves until told to stop: by SIGTERM, SIGINT, or by the supervisor's end. */
async function serve(config: Config, port: number, make: (pool: Pool) => Promise<App>): Promise<void> {
  const { openPool } = await import("./database/pool.ts");
  const pool = openPool(need("PB_DATABASE"), CONNECTIONS);
  const app = await make(pool);
  // `localhost` is one name for two addresses; both are ours or none.
  await app.listen({ host: config.host, port });
  const stop = async (): Promise<void> => {
    await app.close();
    await pool.end();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  process.once("disconnect", () => void stop());
  process.send?.({ ready: true });
}

/** The log process ends its rounds, then itself. */
async function sequenceLog(): Promise<void> {
  const { runLog } = await import("./log/run.ts");
  const stopped = new AbortController();
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, () => stopped.abort());
  await runLog(process.env, { send: (message) => void process.send?.(message), stopped: stopped.signal });
  process.exit(0);
}

/** The jobs process ends what it is doing, then itself. */
async function doJobs(config: Config): Promise<void> {
  const { runJobs } = await import("./jobs/run.ts");
  const stopped = new AbortController();
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, () => stopped.abort());
  await runJobs(config, process.env, () => void process.send?.({ ready: true }), stopped.signal);
  process.exit(0);
}

/** The inspector ends its look, then itself. */
async function inspectRows(config: Config): Promise<void> {
  const { inspect, inspectorOf } = await import("./watch/inspect.ts");
  const stopped = new AbortController();
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, () => stopped.abort());
  process.send?.({ ready: true });
  await inspect(inspectorOf(config, process.env), stopped.signal);
  process.exit(0);
}

/** The pages of writers. */
async function servePublic(config: Config): Promise<void> {
  const { publicApp } = await import("./public/app.ts");
  return serve(config, config.publicPort, (pool) => publicApp(config, pool, need("PB_COUNTER_CREDENTIAL")));
}

/** The pages of members of staff. */
async function serveStaff(config: Config): Promise<void> {
  const { staffApp } = await import("./staff.ts");
  const credentials = process.env["PB_WATCH_CREDENTIALS"] ?? '{"monitor":"","inspect":"","site":""}';
  const totpKey = fromHex(need("PB_TOTP_KEY"));
  return serve(config, config.staffPort, (pool) =>
    staffApp(config, pool, JSON.parse(credentials) as Credentials, totpKey),
  );
}

/** @param upTo the last numbered file that is run */
async function prepareTables(config: Config, upTo: number): Promise<void> {
  const { migrate } = await import("./database/migrate.ts");
  const { isUnswept } = await import("./erasure/store/sweep.ts");
  await migrate(need("PB_DATABASE"), `${config.root}/sql`, JSON.parse(need("PB_LOGINS")) as Passwords, upTo);
  if (await isUnswept(need("PB_DATABASE"))) process.stdout.write("unswept\n");
}

async function enterFirst(): Promise<void> {
  const { seed } = await import("./database/seed.ts");
  await seed(need("PB_DATABASE"), JSON.parse(await text(process.stdin)) as Seed);
}

/** For `pillarbox init` and `confirm-owner`: answers in JSON. */
async function founding(name: "found" | "joined" | "compare" | "look"): Promise<void> {
  const rooms = await import("./database/founding.ts");
  const url = need("PB_DATABASE");
  const answer = (value: unknown): void => void process.stdout.write(JSON.stringify(value));
  if (name === "look") return answer(await rooms.lookAt(url));
  const asked = JSON.parse(await text(process.stdin));
  if (name === "found") return rooms.found(url, asked);
  if (name === "joined") return answer(await rooms.joinedBy(url, asked.invitation));
  return rooms.beginFounding(url, asked.person, asked.nonce);
}

async function restore(config: Config): Promise<void> {
  const { restoreLog } = await import("./log/restore.ts");
  const lines = await restoreLog(
    config,
    need("PB_DATABASE"),
    need("PB_LOG_STORE"),
    process.argv[3] ?? "",
    Number(need("PB_LOG_NUMBER")),
  );
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** For `pillarbox backup`: the snapshot as an archive on standard output. */
async function snapshot(config: Config): Promise<void> {
  const [{ tarOf }, { takeSnapshot }] = await Promise.all([
    import("../domain/keeping/tar.ts"),
    import("./keeping/take.ts"),
  ]);
  await pipeline(
    Readable.from(tarOf(takeSnapshot(need("PB_DATABASE"), config.logKey, need("PB_LOG_STORE")))),
    process.stdout,
  );
}

/** For `pillarbox restore --backup`: the archive comes on standard input. */
async function putBack(): Promise<void> {
  const { putBack: put } = await import("./keeping/put-back.ts");
  await put(need("PB_DATABASE"), process.stdin);
}

async function bringToNewest(config: Config): Promise<void> {
  const { bringToNewest: bring } = await import("./log/after-backup.ts");
  const found = JSON.parse(await text(process.stdin));
  for (const line of await bring(config, need("PB_DATABASE"), found)) process.stdout.write(`${line}\n`);
}

async function main(name: string | undefined): Promise<void> {
  const config = parseConfig(process.env["PB_CONFIG"]);
  switch (name) {
    case "public":
      return servePublic(config);
    case "staff":
      return serveStaff(config);
    case "log":
      return sequenceLog();
    case "jobs":
      return doJobs(config);
    case "inspect":
      return inspectRows(config);
    case "surface":
      process.stdout.write(JSON.stringify(await (await import("./surface.ts")).surfaceOf(config)));
      return;
    case "migrate":
      return prepareTables(config, Number(process.argv[3] ?? Number.POSITIVE_INFINITY));
    case "rotate":
      return (await import("./log/rotate.ts")).runRotation(process.env);
    case "seed":
      return enterFirst();
    case "found":
    case "joined":
    case "compare":
    case "look":
      return founding(name);
    case "standing": {
      const { standing } = await import("./database/standing.ts");
      process.stdout.write(JSON.stringify(await standing(need("PB_DATABASE"))));
      return;
    }
    case "restore":
      return restore(config);
    case "snapshot":
      return snapshot(config);
    case "put-back":
      return putBack();
    case "bring-to-newest":
      return bringToNewest(config);
    case "sweep": {
      const { sweep } = await import("./erasure/store/sweep.ts");
      return tellSwept(await sweep(need("PB_DATABASE"), process.argv[3] === "large"));
    }
    default:
      throw new Fault(
        "CONFIG_INVALID",
        "name a process: public, staff, log, jobs, inspect, surface, migrate, rotate, seed, found",
      );
  }
}

function tellSwept(swept: Swept | null): void {
  if (swept === null) return;
  process.stdout.write(swept.tables ? "swept\n" : "later\n");
  if (swept.tables && !swept.wal) process.stdout.write("wal\n");
}

/** For whoever starts the program: nobody's content is at hand before it serves. */
const why = (thrown: unknown): string =>
  (thrown instanceof Fault
    ? thrown.detail && `(${thrown.detail})`
    : thrown instanceof Error
      ? `(${thrown.message})`
      : ""
  ).trim();

main(process.argv[2]).catch((thrown: unknown) => {
  const code = codeOf(thrown);
  note({
    level: "error",
    process: process.argv[2] ?? "unknown",
    code,
    detail: thrown instanceof Error ? (thrown instanceof Fault ? thrown.detail : (thrown.stack ?? thrown.message)) : "",
  });
  process.stderr.write(`${sentence(code)} ${why(thrown)}\n`);
  process.exit(code === "DATABASE_NEWER" || code === "DATABASE_GAP" ? UNFIT : 1);
});
