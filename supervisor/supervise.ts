/** Keeping what was started running: what ends is started again, and what ends again and again is said. */
import { setTimeout as wait } from "node:timers/promises";
import { startChild, type Child, type Program } from "./child.ts";
import type { Embedded } from "./embedded.ts";
import type { Running } from "./lock.ts";
import { nameOf } from "./process-table.ts";
import { Refusal } from "./refusal.ts";
import { isNeeded, usesDatabase, withoutOf, type ServerName } from "./servers.ts";

/** Keeps the database and the servers running; whatever ends by itself is started again. */
export type Supervised = {
  /** Starts every server and waits until all are ready. @throws Refusal when one ends first. */
  readonly start: () => Promise<void>;
  /** The process of a server or of the database, to look at or to kill in a test. */
  readonly pid: (name: ServerName | "database") => number;
  /** Settles with the sentence to show when the database cannot be started again at all. */
  readonly failed: Promise<Refusal>;
  /** Ends the servers, then the database. Never throws. */
  readonly stop: () => Promise<void>;
};

export type SuperviseOptions = {
  /** Null where the database is somebody else's. */
  readonly embedded: Embedded | null;
  /** Which servers, in the order in which they are started. */
  readonly servers: readonly ServerName[];
  readonly program: (name: ServerName) => { readonly program: Program; readonly health: string | null };
  readonly tell: (line: string) => void;
  /** Told that a server says that something was erased. */
  readonly erased: () => void;
  /** Called with everything that runs, whenever that changes. */
  readonly record: (running: readonly Running[]) => void;
};

const READY = 60_000;
const AGAIN = 10_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const TRIES = 6;
const SLOW = 30_000;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one loop for each program, over what all of them share.
export function supervise(options: SuperviseOptions): Supervised {
  let database = options.embedded;
  let databaseGone = false;
  let stopping = false;
  let startingAgain: Promise<void> = Promise.resolve();
  const children = new Map<ServerName, Child>();
  const ends = new Map<string, number[]>();
  const failed = Promise.withResolvers<Refusal>();

  const watchDatabase = (embedded: Embedded): void => {
    void embedded.postmaster.gone.then(() => {
      if (stopping) return;
      databaseGone = true;
      startAgain("database");
    });
  };

  const begin = (name: ServerName): Child => {
    const { program, health } = options.program(name);
    const child = startChild(program, health, (message) => onMessage(name, message));
    children.set(name, child);
    note();
    void child.gone.then(() => {
      if (children.get(name) !== child) return;
      children.delete(name);
      if (!stopping && started) startAgain(name);
    });
    return child;
  };

  let signing = true;
  const onMessage = (name: ServerName, message: object): void => {
    if (name === "staff" && "erased" in message) options.erased();
    if (name !== "log" || !("log" in message) || stopping) return;
    const now = message.log === "signing";
    // While the database is away the log cannot sign either, and comes back with it.
    if (!now && "code" in message && message.code === "INTERNAL") return;
    if (now !== signing) options.tell(now ? "The log is signed again." : withoutOf("log"));
    signing = now;
  };

  const note = (): void => {
    if (!stopping) options.record([...children.values()].map((child) => ({ ...nameOf(child.pid), name: child.name })));
  };

  const startAgain = (name: ServerName | "database"): void => {
    const now = Date.now();
    // Those that people wait for are tried often for longer.
    const within = name === "database" || isNeeded(name) ? MINUTE : HOUR;
    const recent = [...(ends.get(name) ?? []), now].filter((at) => now - at < within);
    ends.set(name, recent);
    // Whoever can make one process end, by what they send it, must not so end the others: it is tried again, seldom.
    const often = recent.length > TRIES;
    if (!often) options.tell(`The ${name} process ended unexpectedly and is started again.`);
    else if (recent.length === TRIES + 1) options.tell(withoutOf(name));
    const pause = often ? SLOW : recent.length === 1 ? 0 : 125 * 2 ** recent.length;
    void wait(pause, undefined, { ref: false }).then(() => {
      startingAgain = startingAgain
        .then(startMissing)
        .catch((thrown: unknown) => failed.resolve(thrown instanceof Refusal ? thrown : new Refusal(String(thrown))));
    });
  };

  const startMissing = async (): Promise<void> => {
    if (stopping) return;
    if (databaseGone && database) {
      // Their connections are dead; a server that starts anew holds nothing that belonged to the old one.
      const users = [...children].filter(([name]) => usesDatabase(name));
      for (const [name] of users) children.delete(name);
      await Promise.all(users.map(([, child]) => child.stop()));
      databaseGone = false;
      database = await database.restart();
      watchDatabase(database);
    }
    if (stopping) return;
    const missing = options.servers.filter((name) => !children.has(name)).map(begin);
    await Promise.all(missing.map((child) => Promise.race([child.ready, wait(AGAIN, false, { ref: false })])));
  };

  let started = false;
  if (database) watchDatabase(database);

  return {
    failed: failed.promise,
    pid: (name) => (name === "database" ? database?.postmaster.pid : children.get(name)?.pid) ?? 0,
    start: async () => {
      await Promise.all(
        options.servers.map(async (name) => {
          const child = begin(name);
          const ready = await Promise.race([child.ready, wait(READY, null, { ref: false })]);
          if (ready === true || stopping) return;
          if (!isNeeded(name)) options.tell(withoutOf(name));
          else throw new Refusal(await whyNot(name, child, ready, options.program(name).program.log));
        }),
      );
      started = true;
      for (const name of options.servers) if (!children.has(name) && !stopping) startAgain(name);
    },
    stop: async () => {
      stopping = true;
      const end = async (): Promise<void> =>
        void (await Promise.all([...children.values()].map((child) => child.stop())));
      await end();
      await startingAgain;
      await end();
      await database?.stop();
    },
  };
}

const whyNot = async (name: string, child: Child, ready: false | null, log: string): Promise<string> =>
  ready === null
    ? `The ${name} process did not become ready within a minute: read the end of ${log} and start again.`
    : `The ${name} process ended before it was ready (${await child.gone}): read the end of ${log} and start again.`;
