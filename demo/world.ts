/**
 * For tests and benchmarks: a whole installation on free ports and in a directory of its own, gone after `stop()`.
 *
 *   const world = await startWorld();                          // servers, database, no people
 *   const world = await startWorld({ demonstration: true });   // with the invented people; letters with `fill: true`
 *   const world = await startWorld({ prepared });              // with people and bodies that the test made (see
 * demonstration.ts)
 *
 * It starts the real programs; the servers need the built pages (`node bin/pillarbox.mjs build`; the test runner builds
 * them). Always `await stop()`, in a `finally` or `after`: if the test process dies, servers and database end by
 * themselves, but the directory stays.
 */
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Ports } from "../supervisor/checks.ts";
import type { MIGRATOR, SUPERUSER } from "../supervisor/cluster.ts";
import { ON_LOOPBACK, type Config, type DemoPerson, type Limits } from "../supervisor/config.ts";
import type { Prepared } from "../supervisor/demonstration.ts";
import { freeLocalPorts } from "../supervisor/free-ports.ts";
import type { MailSettings } from "../supervisor/mail.ts";
import type { Installation, Login } from "../supervisor/installation.ts";
import { signal } from "../supervisor/process-table.ts";
import { startInstallation, type Plan } from "../supervisor/start.ts";
import { CORE, type Environment, type ServerName } from "../supervisor/servers.ts";
import { layTemplate } from "./world-template.ts";

/** Whom a test can be in the database. `pb_superuser` exists only in the embedded one. */
export type AnyLogin = Login | typeof MIGRATOR | typeof SUPERUSER;

export type WorldOptions = {
  /** Invented people, seeded; `fill` sends the letters, too. */
  readonly demonstration?: boolean;
  readonly fill?: boolean;
  /**
   * What is done over HTTP to a demonstration before it is the test's. It is done once per test run, and copied: it
   * must not depend on anything else of these options.
   */
  readonly settle?: (config: Config, prepared: Prepared) => Promise<void>;
  /** Processes beside `CORE`. With `fill` and with the monitor the counter is there, too: both ask it. */
  readonly also?: readonly ServerName[];
  /** People and bodies of the test's own instead. */
  readonly prepared?: Prepared;
  /** Other words of the configuration, once the ports are known: a proxy in front, another pace of the watchers. */
  readonly config?: (ports: Ports) => Partial<Config> | Promise<Partial<Config>>;
  readonly sealing?: "hybrid" | "x25519";
  readonly limits?: Limits;
  /**
   * A mail server for `also: ["mailroom", "jobs"]`; without, a demonstration has its own post office (`also:
   * ["post-office"]`).
   */
  readonly mail?: MailSettings;
  /** A PostgreSQL that is there already, by the login that owns its database, instead of the embedded one. */
  readonly databaseUrl?: string;
  /** Another tree of programs than this repository, which is a copy of it in what it does. */
  readonly root?: string;
  /** A data directory to go on with (it is then not removed by `stop()`). */
  readonly data?: string;
  /**
   * What each server's environment holds beside, given the data directory: code of an attacker who is in all of them.
   */
  readonly beside?: (data: string) => Environment;
  readonly tell?: (line: string) => void;
};

export type World = {
  readonly publicOrigin: string;
  readonly staffOrigin: string;
  readonly counterOrigin: string;
  readonly data: string;
  readonly config: Config;
  readonly installation: Installation;
  /** The demonstration's people with their passphrases; empty otherwise. */
  readonly people: readonly DemoPerson[];
  readonly prepared: Prepared | null;
  readonly databaseUrl: (login: AnyLogin) => string;
  /** The passwords of the servers' logins. */
  readonly logins: Readonly<Record<Login, string>>;
  /** What a server was given: for tests that play an attacker who has it. */
  readonly given: (name: ServerName) => Environment;
  readonly pid: (name: ServerName | "database") => number;
  /** kill -9; the world starts it again by itself. */
  readonly kill: (name: ServerName | "database") => void;
  /** Settles when something in the world ended again and again. */
  readonly failed: Promise<Error>;
  readonly stop: () => Promise<void>;
};

const ROOT = resolve(import.meta.dirname, "..");
/** A test signs in as many people, all from this machine. The limit is on, and is another number. */
const MANY_SIGN_IN: Limits = { ...ON_LOOPBACK, signInsPerMinute: 300 };

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const place = temporaryPlace(options.data);
  try {
    const ports = await freePorts();
    const also = (await options.config?.(ports)) ?? {};
    const plan: Plan = {
      root: options.root ?? ROOT,
      data: place.data,
      databaseHome: place.home,
      databaseUrl: options.databaseUrl ?? null,
      ports,
      also,
      beside: { ...compiledCode(), ...options.beside?.(place.data) },
      servers: [...CORE, ...alsoOf(options)],
      demonstration: options.demonstration ?? false,
      fill: options.fill ?? false,
      prepared: options.prepared ?? null,
      sealing: options.sealing ?? "hybrid",
      limits: options.limits ?? (options.demonstration ? MANY_SIGN_IN : null),
      mail: options.mail ?? null,
      tell: options.tell ?? quiet,
      progress: options.tell ?? quiet,
      signal: new AbortController().signal,
    };
    const { settle } = options;
    const laid = await lay(plan, settle);
    const running = await startInstallation(plan);
    if (settle && running.demonstration && !laid) {
      try {
        await settle(running.config, running.demonstration.prepared);
      } catch (thrown) {
        await running.stop();
        throw thrown;
      }
    }
    return {
      publicOrigin: running.config.publicOrigin,
      staffOrigin: running.config.staffOrigin,
      counterOrigin: running.config.counterOrigin,
      data: place.data,
      config: running.config,
      installation: running.installation,
      people: running.demonstration?.prepared.people ?? [],
      prepared: running.demonstration?.prepared ?? options.prepared ?? null,
      databaseUrl: running.url,
      logins: running.installation.logins,
      given: running.given,
      pid: running.supervised.pid,
      kill: (name) => signal(running.supervised.pid(name), "SIGKILL"),
      failed: running.supervised.failed,
      stop: async () => {
        await running.stop();
        place.remove();
      },
    };
  } catch (thrown) {
    if (thrown instanceof Error) thrown.message += lastLines(place.data);
    place.remove();
    throw thrown;
  }
}

function alsoOf({ also = [], fill = false }: WorldOptions): readonly ServerName[] {
  const asksCounter = fill || also.includes("monitor");
  return asksCounter && !also.includes("counter") ? ["counter", ...also] : also;
}

// Compiled once per test run: starting Node on many small files is most of what a world costs.
const compiledCode = (): Environment => {
  const { NODE_COMPILE_CACHE: directory } = process.env;
  return directory ? { NODE_COMPILE_CACHE: directory } : {};
};

/** Begins an ordinary demonstration from the template of this test run. */
async function lay(plan: Plan, settle: WorldOptions["settle"]): Promise<boolean> {
  const { data, databaseHome: home } = plan;
  const ordinary = plan.demonstration && plan.databaseUrl === null && plan.sealing === "hybrid";
  if (!ordinary || home === null) return false;
  return layTemplate(settle ? "settled" : "people", { data, home }, async () => {
    const running = await startInstallation({
      ...plan,
      // The programs of another tree are a copy of these.
      root: ROOT,
      servers: settle ? CORE : [],
      fill: false,
      also: {},
      limits: null,
      mail: null,
    });
    try {
      await settle?.(running.config, running.demonstration!.prepared);
    } finally {
      await running.stop();
    }
  });
}

// The directory with the logs goes with the world that failed to begin; what they said last is kept in the fault.
function lastLines(data: string): string {
  const logs = globSync("logs/*.log", { cwd: data }).filter((log) => !log.endsWith("database.log"));
  return logs
    .map((log) => `\n${log}: ${readFileSync(join(data, log), "utf8").trimEnd().split("\n").slice(-2).join("\n  ")}`)
    .join("");
}

const quiet = (): void => {};

/**
 * A directory that is gone after `remove()`; one that was there stays. The way to the database's directory is open to
 * its user, the data directory beside it is not.
 */
export function temporaryPlace(data: string | undefined): { data: string; home: string | null; remove: () => void } {
  if (data !== undefined) return { data, home: null, remove: quiet };
  const made = mkdtempSync(join(tmpdir(), "pillarbox-world-"));
  chmodSync(made, 0o711);
  mkdirSync(join(made, "data"), { mode: 0o700 });
  return {
    data: join(made, "data"),
    home: join(made, "database"),
    remove: () => rmSync(made, { recursive: true, force: true }),
  };
}

/** Ports for an installation that nobody listens on at this moment. */
export async function freePorts(): Promise<Ports> {
  const [first, second, third, fourth] = (await freeLocalPorts(4)) as [number, number, number, number];
  return { public: first, staff: second, counter: third, mail: fourth };
}
