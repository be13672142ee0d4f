/** The embedded database's files: made once by `initdb`, with its settings, logins and who may enter. */
import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseUser } from "./database-user.ts";
import type { Engine } from "./engine.ts";
import { Refusal } from "./refusal.ts";

/**
 * The whole environment of the database's programs: what the person who starts Pillarbox has set must not reach them.
 */
export const DATABASE_ENVIRONMENT = { PATH: "/usr/bin:/bin", TZ: "UTC", LC_ALL: "C" } as const;

export const DATABASE = "pillarbox";
export const SUPERUSER = "pb_superuser";
export const MIGRATOR = "pb_migrate";

/** Where one database lives (`home`), which programs run it and whom they run as. */
export type Place = { readonly engine: Engine; readonly home: string; readonly user: DatabaseUser | null };

export const clusterOf = (place: Place): string => join(place.home, "cluster");

/**
 * Large objects have no row security, and a lock that somebody holds stops whoever needs it: nobody may call what makes
 * them. What a process needs of it its login is given by the migration.
 */
const NO_LARGE_OBJECTS_AND_LOCKS = `DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_|loread|lowrite|pg_(try_)?advisory_)' LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP; END $$`;

/**
 * Makes the cluster at `place`, if there is none: UTF-8, code-point order by PostgreSQL's own locale (so that an update
 * of the system's locales cannot damage an index), page checksums, scram over the Unix socket and nothing else. It
 * holds the superuser, the database, and the login `pb_migrate` that owns it: no superuser, but it may make logins, and
 * row security does not bind it (as owner it could take the walls down anyway; it runs once per start and serves
 * nobody). Killed at any moment it leaves either a whole cluster or none.
 */
export async function makeCluster(place: Place, passwords: { superuser: string; migrate: string }): Promise<void> {
  const cluster = clusterOf(place);
  if (existsSync(cluster)) return refuseOtherVersion(place, cluster);
  const making = join(place.home, "cluster.new");
  const passwordFile = join(place.home, "password.new");
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  if (place.user) chownSync(making, place.user.uid, place.user.gid);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, passwords.superuser, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    await run(place, "initdb", [
      `--pgdata=${making}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
      "--no-instructions",
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(join(making, "pg_hba.conf"), "local all all scram-sha-256\n");
  await run(
    place,
    "postgres",
    // In the template, so that every database of this cluster begins with it.
    ["--single", "-j", "-D", making, "template1"],
    [
      `CREATE ROLE ${MIGRATOR} LOGIN CREATEROLE BYPASSRLS PASSWORD '${passwords.migrate}'`,
      NO_LARGE_OBJECTS_AND_LOCKS,
      ...["(bigint)", "(integer, integer)", "_shared(integer, integer)"].map(
        (lock) => `GRANT EXECUTE ON FUNCTION pg_advisory_xact_lock${lock} TO ${MIGRATOR} WITH GRANT OPTION`,
      ),
      `CREATE DATABASE ${DATABASE} OWNER ${MIGRATOR}`,
      "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
    ],
  );
  renameSync(making, cluster);
}

function refuseOtherVersion(place: Place, cluster: string): void {
  const made = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  const brought = place.engine.major;
  if (made !== brought)
    throw new Refusal(
      `The database in ${cluster} was made by PostgreSQL ${made} and this Pillarbox brings ${brought}: use the Pillarbox that made it, or another directory with PILLARBOX_DATA.`,
    );
}

// Statements go in by standard input: an argument could be read by every user of the machine.
function run(place: Place, program: "initdb" | "postgres", args: string[], statements: string[] = []): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.engine.bin, program), args, {
      env: DATABASE_ENVIRONMENT,
      cwd: place.home,
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
      ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
    });
    let said = "";
    child.stderr.on("data", (part) => (said += part));
    child.on("error", (fault) =>
      reject(
        new Refusal(
          `The database's program ${program} could not be started (${fault.message}): run \`npm ci\` and start again.`,
        ),
      ),
    );
    // The single-user server ends with 0 after a failed statement, too.
    child.on("close", (code) => {
      const fault = /(?:ERROR|FATAL|PANIC|initdb: error): +(.*)/.exec(said)?.[1];
      if (code === 0 && fault === undefined) resolve();
      else
        reject(
          new Refusal(
            `The database could not be made in ${place.home} (${fault ?? `${program} ended with ${code}`}): mend this and start again; nothing was left behind.`,
          ),
        );
    });
    child.stdin.on("error", () => {});
    child.stdin.end(statements.map((statement) => `${statement};\n\n`).join(""));
  });
}
