/** Whom the embedded database runs as when Pillarbox is started as root, because PostgreSQL refuses to. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Refusal } from "./refusal.ts";

/** Whom the database runs as, where that is not the person who started Pillarbox. */
export type DatabaseUser = { readonly name: string; readonly uid: number; readonly gid: number };

const NAMES = ["postgres", "pillarbox-db"] as const;

/**
 * PostgreSQL refuses to run as root. Started as root, this gives an unprivileged user for it: `postgres` where the
 * system has one, else `pillarbox-db`, which is made (and `tell` says so). Not root: null.
 */
export function databaseUser(tell: (line: string) => void): DatabaseUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of NAMES) {
    const found = lookUp(name);
    if (found) return found;
  }
  tell("Making the system user pillarbox-db, because a database may not run as root.");
  const made = spawnSync(
    "useradd",
    ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "pillarbox-db"],
    {
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    },
  );
  const user = lookUp("pillarbox-db");
  if (made.error || made.status !== 0 || !user)
    throw new Refusal(
      "The database may not run as root and no user could be made for it: start Pillarbox as an ordinary user, or run `useradd --system pillarbox-db` first.",
    );
  return user;
}

function lookUp(name: string): DatabaseUser | null {
  const line = passwd(name).find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(":") ?? [];
  const uid = Number(fields[2]);
  const gid = Number(fields[3]);
  return line !== undefined && uid > 0 && gid > 0 ? { name, uid, gid } : null;
}

function passwd(name: string): string[] {
  try {
    return execFileSync("getent", ["passwd", name], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\n");
  } catch {
    return readFileSync("/etc/passwd", "utf8").split("\n");
  }
}
