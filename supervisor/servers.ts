/**
 * The table of processes: what each runs, which login it has, which secrets it is given, and what is said without it.
 */
import { join } from "node:path";
import type { Config, DemoPerson } from "./config.ts";
import type { Login } from "./installation.ts";
import type { Mail } from "./mail.ts";

/** Everything that any server needs. `TABLE` decides who is given what; nothing else hands a secret on. */
export type Secrets = {
  readonly url: (login: Login) => string;
  readonly counterCredential: string;
  readonly watchCredentials: Readonly<Record<"monitor" | "inspect" | "site", string>>;
  /** the keys by which they sign, hex */
  readonly watchKeys: Readonly<Record<"monitor" | "inspect" | "site", string>>;
  /** what the monitor looks at, made from the servers' real tables of routes; "" where it does not run */
  readonly surface: string;
  readonly logKey: string;
  readonly logStore: string;
  /** seals, in the database, what codes are made of; hex */
  readonly totpKey: string;
  readonly people: readonly DemoPerson[];
  readonly mail: Mail;
};

export type Environment = Readonly<Record<string, string>>;

/** One process that runs as long as the installation does. */
type Server = {
  /** What Node is given, from the repository's root. */
  readonly program: readonly [file: string, ...words: string[]];
  /** Its login in the database, whose address it is given as `PB_DATABASE`; null: it has none. */
  readonly login: Login | null;
  /**
   * The port, on this machine, where it answers `GET /health` once it has said `{ready: true}` to us; null: it answers
   * nobody. A start asks no proxy, no name and no certificate.
   */
  readonly port: (config: Config) => number | null;
  /** What it is given beside what every process has. */
  readonly given: (secrets: Secrets, config: Config) => Environment;
  /** What is said while it cannot be kept running: the others go on, and it is tried again. */
  readonly without: string;
  /** A start without it is refused; later it takes nothing with it. */
  readonly needed?: true;
};

const TABLE = {
  log: {
    program: ["src/server/main.ts", "log"],
    login: "pb_log",
    port: () => null,
    given: ({ logKey, logStore }) => ({ PB_LOG_KEY: logKey, PB_LOG_STORE: logStore }),
    // Letters are still received: it is no reason to turn writers away.
    without:
      "The log is not being signed: letters are received and none can be opened. The end of logs/log.log in the data directory says why.",
  },
  public: {
    program: ["src/server/main.ts", "public"],
    login: "pb_public",
    port: (config) => config.publicPort,
    given: ({ counterCredential }) => ({ PB_COUNTER_CREDENTIAL: counterCredential }),
    without:
      "The public pages are not running, so no letter is received: what was received is kept, and is read as before. The end of logs/public.log in the data directory says why.",
    needed: true,
  },
  staff: {
    program: ["src/server/main.ts", "staff"],
    login: "pb_staff",
    port: (config) => config.staffPort,
    given: ({ people, watchCredentials, totpKey }, config): Environment => ({
      PB_TOTP_KEY: totpKey,
      PB_WATCH_CREDENTIALS: JSON.stringify(watchCredentials),
      ...(config.demonstration ? { PB_CONFIG: JSON.stringify({ ...config, demo: { people } }) } : {}),
    }),
    without:
      "The staff pages are not running: letters are received, and nobody can read them. The end of logs/staff.log in the data directory says why.",
    needed: true,
  },
  counter: {
    program: ["src/counter/main.ts"],
    login: null,
    port: (config) => config.counterPort,
    given: ({ counterCredential }) => ({ PB_COUNTER_CREDENTIAL: counterCredential }),
    without:
      "The counter is not running: letters are received from browsers with JavaScript only. The end of logs/counter.log in the data directory says why.",
    needed: true,
  },
  mailroom: {
    program: ["src/mailroom/main.ts"],
    login: null,
    port: () => null,
    given: ({ mail }) => mail.mailroom,
    without:
      "The mailroom is not running: letters and notices are kept, and none is sent. The end of logs/mailroom.log in the data directory says why.",
  },
  jobs: {
    program: ["src/server/main.ts", "jobs"],
    login: "pb_jobs",
    port: () => null,
    given: ({ mail }) => mail.jobs,
    without:
      "The jobs process is not running: letters and notices are kept, and none is sent. The end of logs/jobs.log in the data directory says why.",
  },
  "post-office": {
    program: ["src/post-office/main.ts"],
    login: null,
    port: (config) => Number(new URL(config.mailOrigin).port),
    given: ({ mail }) => mail.postOffice ?? {},
    without:
      "The demonstration’s post office is not running, so no mail arrives. The end of logs/post-office.log in the data directory says why.",
  },
  inspect: {
    program: ["src/server/main.ts", "inspect"],
    login: "pb_inspect",
    port: () => null,
    given: ({ watchKeys, watchCredentials }) => ({
      PB_WATCH_KEY: watchKeys.inspect,
      PB_WATCH_CREDENTIAL: watchCredentials.inspect,
    }),
    without:
      "Nobody looks at the database's own rules: letters are received and read as before. The end of logs/inspect.log in the data directory says why.",
  },
  monitor: {
    program: ["src/monitor/main.ts"],
    login: null,
    port: () => null,
    given: ({ watchKeys, watchCredentials, surface }) => ({
      PB_WATCH_KEY: watchKeys.monitor,
      PB_WATCH_CREDENTIAL: watchCredentials.monitor,
      PB_SURFACE: surface,
    }),
    without:
      "Nobody looks from outside whether anything is exposed: letters are received and read as before. The end of logs/monitor.log in the data directory says why.",
  },
} as const satisfies { readonly [name: string]: Server };

export type ServerName = keyof typeof TABLE;

/** The processes of an installation, in the order in which they are started. */
export const SERVERS = Object.keys(TABLE) as readonly ServerName[];

/**
 * Those with which letters are written with script, and read: what a test's world runs, unless it names more. The
 * counter, for browsers without script, is three processes by itself, and the others do not know whether it is there.
 */
export const CORE: readonly ServerName[] = ["log", "public", "staff"];

const server = (name: ServerName): Server => TABLE[name];

/**
 * The environment that every process has, and no secret in it; nothing of the environment of the person who started
 * Pillarbox is handed on.
 */
export const plainEnvironment = (config: Config): Environment => ({
  PATH: "/usr/bin:/bin",
  TZ: "UTC",
  NODE_ENV: "production",
  PB_CONFIG: JSON.stringify(config),
});

/** What one server alone is given, beside the environment that every process has. */
export function givenTo(name: ServerName, config: Config, secrets: Secrets): Environment {
  const { login, given } = server(name);
  return { ...(login && { PB_DATABASE: secrets.url(login) }), ...given(secrets, config) };
}

/** What Node is given to run a server. */
export function programOf(name: ServerName, root: string): readonly string[] {
  const [file, ...words] = server(name).program;
  return [join(root, file), ...words];
}

/** Whether a server holds connections to the database. */
export const usesDatabase = (name: ServerName): boolean => server(name).login !== null;

/** Where a server answers `GET /health`; null for one that answers nobody. */
export function healthOf(name: ServerName, config: Config): string | null {
  const port = server(name).port(config);
  return port === null ? null : `http://${config.host}:${port}/health`;
}

const WITHOUT_DATABASE =
  "The database is not running: nothing is received and nothing is read; what was received is kept. The end of logs/database.log in the data directory says why.";

/** What is said while the others go on without it. */
export const withoutOf = (name: ServerName | "database"): string =>
  name === "database" ? WITHOUT_DATABASE : server(name).without;

/** Whether a start without it is refused. */
export const isNeeded = (name: ServerName): boolean => server(name).needed === true;

/** The directory that a server writes to; null for the others, which write to none. */
export const storeOf = (name: ServerName, { logStore }: Secrets): string | null => (name === "log" ? logStore : null);

/**
 * Whether a server starts programs of its own: the counter its workers, the monitor the hole that it must find, the
 * mailroom a process for each mail that comes back.
 */
export const startsOthers = (name: ServerName): boolean =>
  name === "counter" || name === "monitor" || name === "mailroom";
