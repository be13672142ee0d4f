/** The embedded database of an installation: where it is, that it is this one's, started and stopped. */
import {
  chownSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterOf, DATABASE, makeCluster, type Place } from "./cluster.ts";
import { databaseUser, type DatabaseUser } from "./database-user.ts";
import { engine, SYSTEM_HOME } from "./engine.ts";
import { readIfThere, writePrivately } from "./files.ts";
import { startPostmaster, type Postmaster } from "./postmaster.ts";
import { Refusal } from "./refusal.ts";

/** The embedded server while it runs. */
export type Embedded = {
  readonly postmaster: Postmaster;
  readonly cluster: string;
  /** The address for one login; only who can enter the socket's directory can use it. */
  readonly url: (login: string, password: string) => string;
  /** Starts the server again after it ended by itself; the addresses stay the same. */
  readonly restart: () => Promise<Embedded>;
  readonly stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  readonly root: string;
  /** The installation's data directory, where the log and, except for root, the cluster are. */
  readonly data: string;
  readonly installation: string;
  /**
   * Where the cluster goes; null for the place that fits: in the data directory, or for root in a directory that the
   * database's user can enter.
   */
  readonly home: string | null;
  /** The group of the servers, which may go to the socket where they run as users of their own; null: they do not. */
  readonly group: number | null;
  readonly passwords: { readonly superuser: string; readonly migrate: string };
  readonly tell: (line: string) => void;
};

/** Makes the cluster if there is none and starts its server. @throws Refusal with the sentence to show. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const user = databaseUser(options.tell);
  if (user) makeSystemHome();
  const home = options.home ?? homeOf(options.data, options.installation);
  const place: Place = { engine: engine(options.root, user ? SYSTEM_HOME : null), home, user };
  mkdirSync(home, { recursive: true });
  // The cluster inside is its user's alone; the way to it stays root's, so that this user can put nothing in its place.
  chmodSync(home, user ? 0o711 : 0o700);
  if (user) claim(home, options.data);
  refuseLost(place, options.data);
  if (!existsSync(clusterOf(place))) options.tell("Making the database…");
  await makeCluster(place, options.passwords);
  settleOn(options.data, home);
  const socket = socketDirectory(options.data, user, options.group);
  const log = join(options.data, "logs", "database.log");
  return running(place, socket, log, await startPostmaster(place, socket, log));
}

/** Where the cluster of a data directory is when nothing else is asked for. */
export const homeOf = (data: string, installation: string): string =>
  process.getuid?.() === 0 ? join(SYSTEM_HOME, installation) : join(data, "database");

function running(place: Place, socket: string, log: string, postmaster: Postmaster): Embedded {
  return {
    postmaster,
    cluster: clusterOf(place),
    url: (login, password) =>
      `postgres://${login}:${password}@localhost/${DATABASE}?host=${encodeURIComponent(socket)}`,
    restart: async () => running(place, socket, log, await startPostmaster(place, socket, log)),
    stop: async () => {
      await postmaster.stop();
      rmSync(socket, { recursive: true, force: true });
    },
  };
}

function makeSystemHome(): void {
  mkdirSync(SYSTEM_HOME, { recursive: true });
  const found = lstatSync(SYSTEM_HOME);
  if (!found.isDirectory() || found.uid !== 0)
    throw new Refusal(
      `${SYSTEM_HOME} must be a directory that belongs to root: move away what is there and start again.`,
    );
  chmodSync(SYSTEM_HOME, 0o755);
}

// A copied data directory carries the same id, and two installations on one cluster would stop each other's server.
function claim(home: string, data: string): void {
  const note = join(home, "data-directory");
  const mine = realpathSync(data);
  const theirs = readIfThere(note);
  if (theirs !== null && theirs !== mine && idIn(theirs) !== null && idIn(theirs) === idIn(mine))
    throw new Refusal(
      `${mine} is a copy of ${theirs}, whose database cannot serve both: use the original, or another directory with PILLARBOX_DATA.`,
    );
  writeFileSync(note, mine, { mode: 0o600 });
}

const MADE = "database-directory";
/** In the place of a directory: the database is the one in DATABASE_URL. */
export const ELSEWHERE = "DATABASE_URL";

/**
 * Notes where the database of a data directory is, the first time.
 * @throws Refusal when it was somewhere else before.
 */
export function settleOn(data: string, where: string): void {
  const made = readIfThere(join(data, MADE));
  if (made === null) writePrivately(join(data, MADE), where);
  else if (made !== where && (made === ELSEWHERE || where === ELSEWHERE))
    throw new Refusal(
      where === ELSEWHERE
        ? `${data} has a database of its own in ${made}: leave DATABASE_URL out, or choose another directory with PILLARBOX_DATA.`
        : `${data} belongs to a database that was given in DATABASE_URL: give it again, or choose another directory with PILLARBOX_DATA.`,
    );
}

// An empty database in the place of a lost one would look like an installation that never received anything.
function refuseLost(place: Place, data: string): void {
  const made = readIfThere(join(data, MADE));
  if (made === ELSEWHERE) settleOn(data, place.home);
  if (made === null || existsSync(clusterOf(place))) return;
  throw new Refusal(
    made === place.home
      ? `The database of ${data} is missing from ${made}: restore it from a backup, or choose another directory with PILLARBOX_DATA.`
      : `The database of ${data} is in ${made}: start Pillarbox as the user who started it first, or choose another directory with PILLARBOX_DATA.`,
  );
}

function idIn(data: string): string | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(data, "installation.json"), "utf8"));
    return typeof value === "object" && value !== null && "installation" in value ? String(value.installation) : null;
  } catch {
    return null;
  }
}

/**
 * A fresh directory for the socket, that nobody but the database and the servers can enter, and whose name fits into the 107 bytes of a socket's
 * address.
 */
function socketDirectory(data: string, user: DatabaseUser | null, group: number | null): string {
  const note = join(data, "socket-directory");
  removeLastSocket(note);
  const parent = Buffer.byteLength(tmpdir()) < 70 ? tmpdir() : "/tmp";
  const made = mkdtempSync(join(parent, "pillarbox-"));
  if (user) chownSync(made, user.uid, group ?? user.gid);
  // The third digit's neighbour, 2: what is made inside, the socket, gets the directory's group.
  chmodSync(made, user && group !== null ? 0o2710 : 0o700);
  writeFileSync(note, made, { mode: 0o600 });
  return made;
}

function removeLastSocket(note: string): void {
  const last = readIfThere(note);
  if (last !== null && /\/pillarbox-\w{6}$/.test(last)) rmSync(last, { recursive: true, force: true });
}
