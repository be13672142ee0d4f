/** A start, in its order: everything from the lock to the last letter of the demonstration. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataUsable, portsFree, type Ports } from "./checks.ts";
import { MIGRATOR, SUPERUSER } from "./cluster.ts";
import { configOf, type Config, type Limits } from "./config.ts";
import { filesOf, noteEntered, readReal, type Real } from "./configuration.ts";
import {
  fillDemonstration,
  prepareDemonstration,
  writeDemonstration,
  type Demonstration,
  type Prepared,
} from "./demonstration.ts";
import { ELSEWHERE, settleOn, startEmbedded, type Embedded } from "./embedded.ts";
import {
  makeDirectories,
  newInstallation,
  readInstallation,
  writeInstallation,
  type Installation,
  type Login,
} from "./installation.ts";
import { mailOf, type MailSettings } from "./mail.ts";
import { supervise, type Supervised } from "./supervise.ts";
import { HANDED } from "./child.ts";
import { takeLock, type Lock } from "./lock.ts";
import { logsOf, logToRun } from "./logs.ts";
import { openCode } from "./open-code.ts";
import { found as foundBody, migrate, seed } from "./prepare-database.ts";
import { newSweeper } from "./sweeper.ts";
import { policyOf } from "./witnesses.ts";
import { Refusal } from "./refusal.ts";
import { surfaceOf } from "./surface.ts";
import { givenTo, healthOf, plainEnvironment, programOf, startsOthers, storeOf } from "./servers.ts";
import type { Environment, Secrets, ServerName } from "./servers.ts";
import { handOver, permissionsOf, usersOf, type RunAs } from "./walls.ts";
import { writeWatchFile } from "./watch-file.ts";

/** What to start. */
export type Plan = {
  /** The repository, absolute. */
  readonly root: string;
  /** The data directory, absolute. */
  readonly data: string;
  readonly ports: Ports;
  /** A new data directory becomes a demonstration, or an empty installation with what `prepared` names. */
  readonly demonstration: boolean;
  /** Which processes run. */
  readonly servers: readonly ServerName[];
  readonly sealing: "hybrid" | "x25519";
  /** Whether the demonstration's letters are sent. */
  readonly fill: boolean;
  readonly prepared: Prepared | null;
  /** A real installation, made by `pillarbox init`; null for a demonstration, and in tests. */
  readonly real?: Real | null;
  /** Somebody else's PostgreSQL, by the login that may make the others; null for the embedded one. */
  readonly databaseUrl: string | null;
  /** Where the embedded cluster goes; null for the usual place. */
  readonly databaseHome: string | null;
  /** Other limits of rate than the usual ones, for benchmarks; null for the usual ones. */
  readonly limits: Limits | null;
  /** The mail server; null: the demonstration has its own post office, another installation sends nothing. */
  readonly mail: MailSettings | null;
  /**
   * What the configuration says beside or instead, for tests and benchmarks: addresses of a proxy in front, another
   * pace.
   */
  readonly also: Partial<Config>;
  /** What each server's environment holds beside, for tests. */
  readonly beside: Environment;
  readonly tell: (line: string) => void;
  /** Told of each letter or so: a line that replaces the one before. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
};

/** An installation that runs. */
export type RunningInstallation = {
  readonly config: Config;
  readonly installation: Installation;
  readonly demonstration: Demonstration | null;
  /** Whether the demonstration's own post office takes the mail. */
  readonly postOffice: boolean;
  /** Bodies of a real installation whose root is not known yet. */
  readonly closed: readonly string[];
  readonly supervised: Supervised;
  /** What a server was given: for tests that play an attacker who has it. */
  readonly given: (name: ServerName) => Environment;
  /** The address of the database for a login; the superuser's only where the database is the embedded one. */
  readonly url: (login: Login | typeof MIGRATOR | typeof SUPERUSER) => string;
  readonly stop: () => Promise<void>;
};

/**
 * Starts an installation, in this order: looks that it can, makes what is missing, database, tables, first people,
 * servers, letters. What fails is one sentence (`Refusal`), and whatever had been started by then is stopped.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a start in its order; what fails in the middle is undone in reverse.
export async function startInstallation(plan: Plan): Promise<RunningInstallation> {
  const undo: (() => unknown)[] = [];
  const undoAll = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  const stopIfAsked = (): void => plan.signal.throwIfAborted();
  try {
    const lock = await take(plan);
    undo.push(lock.release);

    const found = foundIn(plan) ?? newInstallation(plan.demonstration, plan.sealing);
    writeInstallation(plan.data, found);
    const logs = logsOf(plan.data, found.installation);
    const before: Config = {
      ...configOf(
        plan.root,
        found,
        plan.ports,
        logs.findLast((one) => one.begun)!.key.verifier,
        plan.limits,
        policyOf(plan.data),
      ),
      ...plan.also,
    };
    stopIfAsked();
    const demonstration = found.demonstration ? await prepareDemonstration(plan.data, before) : null;
    const prepared = demonstration?.prepared ?? plan.prepared;
    const installation: Installation = prepared
      ? {
          ...found,
          roots: prepared.roots,
          operators: prepared.operators ?? {},
          zones: { ...prepared.zones, ...found.zones },
        }
      : found;
    writeInstallation(plan.data, installation);
    const { roots, operators, zones = {} } = installation;
    const early: Config = { ...before, roots, operators, zones, ...plan.also };
    stopIfAsked();

    const users = usersOf(installation.installation);
    if (plan.databaseUrl !== null) settleOn(plan.data, ELSEWHERE);
    const embedded =
      plan.databaseUrl === null ? await database(plan, installation, users?.("public").gid ?? null) : null;
    if (embedded) undo.push(embedded.stop);
    const url = addresses(plan, installation, embedded);
    stopIfAsked();
    const { unswept } = await migrate(early, url(MIGRATOR), installation);
    stopIfAsked();
    const sweeper = newSweeper(early, url(embedded ? SUPERUSER : MIGRATOR), plan.tell);
    if (unswept) await sweeper.first();
    stopIfAsked();
    if (prepared && !demonstration?.seeded) await seed(early, url(MIGRATOR), prepared.seed);
    if (plan.real) {
      await foundBody(early, url(MIGRATOR), plan.real);
      noteEntered(plan.data);
    }
    if (demonstration && !demonstration.seeded) writeDemonstration(plan.data, { ...demonstration, seeded: true });
    stopIfAsked();

    const log = await logToRun(logs, { config: early, url: url("pb_log"), data: plan.data, tell: plan.tell });
    const config: Config = { ...early, logKey: log.key.verifier };
    stopIfAsked();

    plan.tell("Starting the servers…");
    const surface = plan.servers.includes("monitor") ? await surfaceOf(config) : "";
    const secrets: Secrets = {
      surface,
      watchKeys: installation.watchers,
      totpKey: installation.totpKey,
      url,
      logKey: log.key.signer,
      logStore: log.store,
      people: demonstration?.prepared.people ?? [],
      counterCredential: randomBytes(32).toString("hex"),
      watchCredentials: {
        monitor: randomBytes(32).toString("hex"),
        inspect: randomBytes(32).toString("hex"),
        site: writeWatchFile(plan.data, config, installation.watchers.site),
      },
      mail: await mailOf(plan.mail, installation.mailKey, installation.demonstration, plan.ports.mail),
    };
    const code = openCode(plan.root, installation.installation, users === null);
    const served = { ...config, root: code.root, dist: join(code.root, "dist") };
    const servers = plan.servers.filter((name) => name !== "post-office" || secrets.mail.postOffice !== null);
    const supervised = supervise({
      embedded,
      servers,
      tell: plan.tell,
      erased: sweeper.soon,
      record: lock.record,
      program: (name) => programFor(name, plan, served, secrets, { node: code.node, as: users?.(name) ?? null }),
    });
    if (embedded) undo.pop();
    undo.push(supervised.stop);
    undo.push(sweeper.stop);
    sweeper.watch();
    const interrupted = (): void => void supervised.stop();
    plan.signal.addEventListener("abort", interrupted, { once: true });
    await supervised.start();
    stopIfAsked();
    if (plan.fill && demonstration && !demonstration.filled) {
      await fillDemonstration(config, demonstration.prepared, plan.progress, plan.signal);
      stopIfAsked();
      writeDemonstration(plan.data, { ...demonstration, seeded: true, filled: true });
    }
    plan.signal.removeEventListener("abort", interrupted);
    return {
      config,
      installation,
      demonstration,
      postOffice: servers.includes("post-office"),
      closed:
        plan.real && !Object.hasOwn(config.roots, plan.real.configuration.body) ? [plan.real.configuration.body] : [],
      supervised,
      given: (name) => givenTo(name, config, secrets),
      url,
      stop: undoAll,
    };
  } catch (thrown) {
    await undoAll();
    throw thrown;
  }
}

// A killed start may have left servers that still hold the ports: its mark tells which, so it is looked at first.
async function take(plan: Plan): Promise<Lock> {
  dataUsable(plan.data);
  const early = existsSync(join(plan.data, "pillarbox.lock")) ? await takeLock(plan.data) : null;
  try {
    const { mail, ...own } = plan.ports;
    if (plan.real) await portsFree(own, (name) => `"ports"."${name}" in ${filesOf(plan.data).configuration}`);
    else await portsFree({ ...own, mail });
    makeDirectories(plan.data);
  } catch (thrown) {
    early?.release();
    throw thrown;
  }
  return early ?? (await takeLock(plan.data));
}

/**
 * The installation that is there. A real one is started as such or not at all, whatever whoever starts it wanted.
 * @throws Refusal
 */
function foundIn(plan: Plan): Installation | null {
  const found = readInstallation(plan.data);
  const real = readReal(plan.data, found);
  if ((real === null) !== ((plan.real ?? null) === null) || (real && plan.prepared))
    throw new Refusal(
      `${plan.data} is ${real ? "a real installation" : "no real installation"}: it is not started as another thing.`,
    );
  return found;
}

const database = (plan: Plan, installation: Installation, group: number | null): Promise<Embedded> => {
  plan.tell("Starting the database…");
  return startEmbedded({
    root: plan.root,
    data: plan.data,
    installation: installation.installation,
    home: plan.databaseHome,
    group,
    tell: plan.tell,
    passwords: { superuser: installation.superuser, migrate: installation.migrate },
  });
};

function addresses(plan: Plan, installation: Installation, embedded: Embedded | null): RunningInstallation["url"] {
  const password = (login: Login | typeof MIGRATOR | typeof SUPERUSER): string =>
    login === MIGRATOR
      ? installation.migrate
      : login === SUPERUSER
        ? installation.superuser
        : installation.logins[login];
  if (embedded) return (login) => embedded.url(login, password(login));
  return (login) => {
    const address = new URL(plan.databaseUrl ?? "");
    if (login === MIGRATOR) return address.href;
    address.username = login;
    address.password = password(login);
    return address.href;
  };
}

function programFor(
  name: ServerName,
  plan: Plan,
  config: Config,
  secrets: Secrets,
  { node, as }: { readonly node: string; readonly as: RunAs | null },
) {
  const own = storeOf(name, secrets);
  // As another user it could not go to a directory inside one that is closed to it. One that is gone it names itself.
  const handed =
    as !== null && own !== null && existsSync(own) ? { PB_LOG_STORE: HANDED, PB_LOG_STORE_NAME: own } : null;
  if (handed && as) handOver(handed.PB_LOG_STORE_NAME, as);
  const permissions = permissionsOf({
    root: config.root,
    store: handed?.PB_LOG_STORE ?? own,
    cache: plan.beside["NODE_COMPILE_CACHE"] ?? null,
    starts: startsOthers(name),
  });
  return {
    program: {
      name,
      node,
      arguments: [...permissions, ...programOf(name, config.root)],
      environment: { ...plainEnvironment(config), ...plan.beside },
      given: { ...givenTo(name, config, secrets), ...handed },
      cwd: config.root,
      log: join(plan.data, "logs", `${name}.log`),
      as,
      store: handed && own,
    },
    health: healthOf(name, config),
  };
}
