/**
 * What a server may touch on this machine: as little as it needs. Node's permission model closes files, programs and
 * the debugger's door; where Pillarbox was started as root each server runs as a user of its own, without any
 * capability, and can gain none. Code that somebody brings into one server then reads no file of the installation, no
 * key of the log, and no other process.
 */
import { spawnSync } from "node:child_process";
import { chownSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { SERVERS, type ServerName } from "./servers.ts";

/** A user that a server runs as; it needs no entry in the system's list of users. */
export type RunAs = { readonly uid: number; readonly gid: number };

/** Numbers that systems keep for users without a name (systemd gives them to its dynamic users, too). */
const FIRST = 61_184;
const INSTALLATIONS = 400;
const EACH = 10;

/**
 * Whom the servers of an installation run as: a number for each, and one group of theirs, which may go to the
 * database's socket. Null where Pillarbox was not started as root: then all run as whoever started it.
 */
export function usersOf(installation: string): ((name: ServerName) => RunAs) | null {
  if (process.getuid?.() !== 0) return null;
  const first = FIRST + (parseInt(installation.slice(0, 8), 16) % INSTALLATIONS) * EACH;
  return (name) => ({ uid: first + 1 + SERVERS.indexOf(name), gid: first });
}

/** Where programs are, and what a server may touch beside them. */
export type Touch = {
  readonly root: string;
  /** a directory that it writes to; null for none */
  readonly store: string | null;
  /** where Node keeps compiled code, in tests; null for nowhere */
  readonly cache: string | null;
  /** whether it starts programs of its own */
  readonly starts: boolean;
};

/** Node's arguments that hold a server to this. */
export function permissionsOf({ root, store, cache, starts }: Touch): string[] {
  const reads = [...programsOf(root), ...[store, cache].filter((one) => one !== null)];
  const writes = [store, cache].filter((one) => one !== null);
  return [
    "--disable-sigusr1",
    "--permission",
    ...reads.map((path) => `--allow-fs-read=${path}`),
    ...writes.map((path) => `--allow-fs-write=${path}`),
    ...(starts ? ["--allow-child-process"] : []),
  ];
}

/**
 * What servers read of the repository: programs, pages and tables, by their names and by their real ones, since Node
 * asks for both, and packages that stand elsewhere and are linked to. Its data directory is not among them.
 */
function programsOf(root: string): string[] {
  const named = PROGRAMS.map((name) => join(root, name));
  const places = new Set([...named, ...named.map((path) => realpathSync(path))]);
  const packages = join(root, "node_modules");
  const linked = readdirSync(packages, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  return [...places, ...linked.map(({ name }) => realpathSync(join(packages, name)))];
}

const PROGRAMS = ["package.json", "node_modules", "src", "supervisor", "views", "sql", "dist"] as const;

/** How a program is started: what is run, with which words, and as whom where it cannot change that itself. */
export type Start = { readonly program: string; readonly words: readonly string[]; readonly as: RunAs | null };

/** The way to run `program` as `as`, or as ourselves for null, so that it can gain nothing more. */
export function confined(as: RunAs | null, program: string, words: readonly string[]): Start {
  const setpriv = findSetpriv(as !== null);
  if (setpriv === null) return { program, words, as };
  const dropped = as === null ? [] : dropping(as);
  return { program: setpriv, words: ["--no-new-privs", ...dropped, "--", program, ...words], as: null };
}

const dropping = ({ uid, gid }: RunAs): string[] => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  "--clear-groups",
  "--bounding-set=-all",
  "--inh-caps=-all",
];

const known = new Map<boolean, string | null>();

/** util-linux has it on every Debian; in a container that forbids part of it Node's own way takes its place. */
function findSetpriv(root: boolean): string | null {
  const found = known.get(root);
  if (found !== undefined) return found;
  const words = root ? dropping({ uid: FIRST, gid: FIRST }) : [];
  const tried = spawnSync("/usr/bin/setpriv", ["--no-new-privs", ...words, "--", "/bin/true"], { stdio: "ignore" });
  known.set(root, tried.status === 0 ? "/usr/bin/setpriv" : null);
  return known.get(root) ?? null;
}

/** Gives a directory and all that is in it to the server that writes there. */
export function handOver(directory: string, { uid, gid }: RunAs): void {
  chownSync(directory, uid, gid);
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }))
    chownSync(join(directory, name), uid, gid);
}
