import { join } from "node:path";
import type { Config, DemoPerson } from "./config.ts";
import type { Login } from "./installation.ts";

/** The processes that run as long as the installation does, in the order in which they are started. */
export const SERVERS = ["log", "public", "staff", "counter"] as const;
export type ServerName = (typeof SERVERS)[number];

/** Everything that any server needs. `environmentOf` decides who is given what; nothing else hands a secret on. */
export type Secrets = {
  readonly url: (login: Login) => string;
  readonly counterCredential: string;
  readonly logKey: string;
  readonly logStore: string;
  readonly people: readonly DemoPerson[];
};

export type Environment = Readonly<Record<string, string>>;

/** The environment that every process has; nothing of the environment of the person who started Pillarbox is handed on. */
export const plainEnvironment = (config: Config): Environment => ({
  PATH: "/usr/bin:/bin",
  TZ: "UTC",
  NODE_ENV: "production",
  PB_CONFIG: JSON.stringify(config),
});

/** The whole environment of one server. */
export function environmentOf(name: ServerName, config: Config, secrets: Secrets): Environment {
  const plain = plainEnvironment(config);
  switch (name) {
    case "public":
      return { ...plain, PB_DATABASE: secrets.url("pb_public"), PB_COUNTER_CREDENTIAL: secrets.counterCredential };
    case "staff":
      return { ...plainEnvironment(withPeople(config, secrets.people)), PB_DATABASE: secrets.url("pb_staff") };
    case "log":
      return { ...plain, PB_DATABASE: secrets.url("pb_log"), PB_LOG_KEY: secrets.logKey, PB_LOG_STORE: secrets.logStore };
    case "counter":
      return { ...plain, PB_COUNTER_CREDENTIAL: secrets.counterCredential };
  }
}

const withPeople = (config: Config, people: readonly DemoPerson[]): Config => (config.demonstration ? { ...config, demo: { people } } : config);

/** What Node is given to run a server. */
export const programOf = (name: ServerName, root: string): readonly string[] =>
  name === "counter" ? [join(root, "src/counter/main.ts")] : [join(root, "src/server/main.ts"), name];

/** Whether a server holds connections to the database. */
export const usesDatabase = (name: ServerName): boolean => name !== "counter";

/** Where a server answers `GET /health`; the log process answers nobody. */
export const healthOf = (name: ServerName, config: Config): string | null =>
  ({ public: `${config.publicOrigin}/health`, staff: `${config.staffOrigin}/health`, counter: `${config.counterOrigin}/health`, log: null })[name];
