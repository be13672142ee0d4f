/**
 * Only the database of an installation, migrated, without servers: on the real engine, in a directory of its own, gone
 * after `stop()`. Always `await stop()`.
 */
import { resolve } from "node:path";
import { layTemplate } from "../../demo/world-template.ts";
import { temporaryPlace, type AnyLogin } from "../../demo/world.ts";
import { MIGRATOR, SUPERUSER } from "../../supervisor/cluster.ts";
import { configOf, type Config } from "../../supervisor/config.ts";
import { startEmbedded, type Embedded } from "../../supervisor/embedded.ts";
import {
  logKeyOf,
  makeDirectories,
  newInstallation,
  readInstallation,
  writeInstallation,
  type Installation,
  type Login,
} from "../../supervisor/installation.ts";
import { migrate, seed } from "../../supervisor/prepare-database.ts";
import { signal } from "../../supervisor/process-table.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const quiet = (): void => {};
type Directories = { readonly data: string; readonly home: string | null };

export type DatabaseOptions = {
  /** False for an empty database with the login `pb_migrate` only. */
  readonly migrated?: boolean;
  /** Operators and bodies to enter, as `src/server/main.ts seed` takes them. */
  readonly seed?: unknown;
  readonly roots?: Readonly<Record<string, string>>;
  readonly root?: string;
};

export type Database = {
  readonly url: (login: AnyLogin) => string;
  readonly logins: Readonly<Record<Login, string>>;
  readonly config: Config;
  readonly installation: Installation;
  /** The directory of the database's files. */
  readonly cluster: string;
  readonly data: string;
  /** kill -9 of the server; it stays down until `restart`. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const engineAt = (root: string, { data, home }: Directories, installation: Installation): Promise<Embedded> =>
  startEmbedded({
    root,
    data,
    installation: installation.installation,
    group: null,
    home,
    tell: quiet,
    passwords: { superuser: installation.superuser, migrate: installation.migrate },
  });

/** Begins with the empty cluster of this test run, which the first to need one makes: `initdb` is most of the work. */
async function lay({ data, home }: Directories): Promise<void> {
  if (home === null) return;
  await layTemplate("cluster", { data, home }, async (place) => {
    makeDirectories(place.data);
    const installation = newInstallation(false, "hybrid");
    writeInstallation(place.data, installation);
    await (await engineAt(ROOT, place, installation)).stop();
  });
}

export async function startDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const root = options.root ?? ROOT;
  const place = temporaryPlace(undefined);
  try {
    await lay(place);
    makeDirectories(place.data);
    const begun = readInstallation(place.data) ?? newInstallation(false, "hybrid");
    const installation: Installation = { ...begun, roots: options.roots ?? {} };
    writeInstallation(place.data, installation);
    const config = configOf(
      root,
      installation,
      { public: 1, staff: 2, counter: 3, mail: 4 },
      logKeyOf(place.data, installation.installation).verifier,
    );
    let embedded = await engineAt(root, place, installation);
    const passwords: Record<AnyLogin, string> = {
      ...installation.logins,
      [MIGRATOR]: installation.migrate,
      [SUPERUSER]: installation.superuser,
    };
    const url = (login: AnyLogin): string => embedded.url(login, passwords[login]);
    const stop = async (): Promise<void> => {
      await embedded.stop();
      place.remove();
    };
    try {
      if (options.migrated !== false) await migrate(config, url(MIGRATOR), installation);
      if (options.seed !== undefined) await seed(config, url(MIGRATOR), options.seed);
    } catch (thrown) {
      await stop();
      throw thrown;
    }
    return {
      url,
      logins: installation.logins,
      config,
      installation,
      cluster: embedded.cluster,
      data: place.data,
      stop,
      kill: async () => {
        signal(embedded.postmaster.pid, "SIGKILL");
        await embedded.postmaster.gone;
      },
      restart: async () => void (embedded = await embedded.restart()),
    };
  } catch (thrown) {
    place.remove();
    throw thrown;
  }
}
