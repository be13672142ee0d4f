/**
 * What is looked at before anything is started: ports, data directory, the address of the database. Whatever is wrong
 * is one sentence.
 */
import { accessSync, constants, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { Refusal, systemCode } from "./refusal.ts";

/**
 * The addresses of an installation on this machine; `mail` is where the demonstration's post office shows what arrived.
 */
export type Ports = {
  readonly public: number;
  readonly staff: number;
  readonly counter: number;
  readonly mail: number;
};

const VARIABLES = {
  public: "PILLARBOX_PUBLIC_PORT",
  staff: "PILLARBOX_STAFF_PORT",
  counter: "PILLARBOX_COUNTER_PORT",
  mail: "PILLARBOX_MAIL_PORT",
} as const;
const NEEDED = 300 * 1024 * 1024;

/** Reads the ports from the environment. @throws Refusal for what is no port, or the same one twice. */
export function portsFrom(environment: NodeJS.ProcessEnv): Ports {
  const read = (name: keyof Ports, usual: number): number => {
    const text = environment[VARIABLES[name]];
    if (text === undefined || text === "") return usual;
    const port = Number(text);
    if (/^\d+$/.test(text) && port > 0 && port < 65536) return port;
    throw new Refusal(`${VARIABLES[name]} is "${text}": set it to a port between 1 and 65535.`);
  };
  const ports = {
    public: read("public", 3000),
    staff: read("staff", 3001),
    counter: read("counter", 3002),
    mail: read("mail", 3003),
  };
  if (new Set(Object.values(ports)).size < 4)
    throw new Refusal(
      "Two of PILLARBOX_PUBLIC_PORT, PILLARBOX_STAFF_PORT, PILLARBOX_COUNTER_PORT and PILLARBOX_MAIL_PORT name the same port: give each its own.",
    );
  return ports;
}

/**
 * Somebody else's PostgreSQL, from DATABASE_URL; null where that is not set.
 * @throws Refusal for what is no address of one.
 */
export function databaseFrom(environment: NodeJS.ProcessEnv): string | null {
  const text = environment["DATABASE_URL"];
  if (text === undefined || text === "") return null;
  if (URL.canParse(text) && ["postgres:", "postgresql:"].includes(new URL(text).protocol)) return text;
  throw new Refusal(
    "DATABASE_URL is not the address of a PostgreSQL: write it as postgres://user:password@host/database, or leave it out to use the embedded one.",
  );
}

/**
 * @param named where somebody names another port
 * @throws Refusal that names the first port somebody else listens on.
 */
export async function portsFree(
  ports: Partial<Ports>,
  named: (name: keyof Ports) => string = (name) => VARIABLES[name],
): Promise<void> {
  for (const [name, port] of Object.entries(ports) as [keyof Ports, number][]) {
    for (const host of ["127.0.0.1", "::1"]) {
      const code = await tryPort(host, port);
      if (code === "EACCES")
        throw new Refusal(`Port ${port} may not be used by this user: choose one above 1023 with ${named(name)}.`);
      // A machine without IPv6 has no ::1 to be taken.
      if (code !== "" && code !== "EADDRNOTAVAIL" && code !== "EAFNOSUPPORT")
        throw new Refusal(
          `Port ${port} is in use by another program: stop that program, or choose another port with ${named(name)}.`,
        );
    }
  }
}

function tryPort(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (fault) => resolve(systemCode(fault) || "EADDRINUSE"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve("")));
  });
}

/**
 * Looks whether the data directory can be made and written, without making it.
 * @throws Refusal saying what is wrong.
 */
export function dataUsable(data: string): void {
  const elsewhere =
    "make it writable for the user who starts Pillarbox, or choose another directory with PILLARBOX_DATA.";
  const there = nearest(data);
  if (!statSync(there).isDirectory())
    throw new Refusal(
      `${there} is a file where Pillarbox needs a directory: move it away, or choose another directory with PILLARBOX_DATA.`,
    );
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
    // Some file systems let root pass this question and refuse the act.
    const trial = join(there, `.pillarbox-trial-${process.pid}`);
    mkdirSync(trial);
    rmSync(trial, { recursive: true });
  } catch {
    throw new Refusal(
      `The directory ${there === data ? data : `${there}, where ${data} would be made,`} cannot be written: ${elsewhere}`,
    );
  }
  const disk = statfsSync(there);
  if (disk.bavail * disk.bsize < NEEDED)
    throw new Refusal(
      `There is too little room on the disk of ${there}: free at least 300 MB, or choose another directory with PILLARBOX_DATA.`,
    );
}

function nearest(path: string): string {
  const parent = dirname(path);
  return parent === path || isThere(path) ? path : nearest(parent);
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (thrown) {
    // A file stands above it: that is what there is.
    if (systemCode(thrown) === "ENOTDIR") return false;
    throw thrown;
  }
}
