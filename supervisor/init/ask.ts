/** A command's own questions to the database of an installation that runs, by the login that owns the tables. */
import { join, resolve } from "node:path";
import type { Ports } from "../checks.ts";
import { DATABASE, MIGRATOR } from "../cluster.ts";
import { configOf } from "../config.ts";
import { readIfThere } from "../files.ts";
import type { Installation } from "../installation.ts";
import { Refusal } from "../refusal.ts";
import { reasonIn, runOnce } from "../run-once.ts";
import { plainEnvironment } from "../servers.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Which one: its directory and what it is; `databaseUrl` is null for the embedded one. */
export type Asked = {
  readonly data: string;
  readonly installation: Installation;
  readonly ports: Ports;
  readonly databaseUrl: string | null;
};

/** @param what one of the server program's words @returns what it answered, from JSON @throws Refusal */
export async function askDatabase(one: Asked, what: "joined" | "compare" | "standing", asked: object = {}) {
  const result = await runOnce({
    arguments: [join(ROOT, "src/server/main.ts"), what],
    environment: plainEnvironment(configOf(ROOT, one.installation, one.ports, "none")),
    given: { PB_DATABASE: one.databaseUrl ?? embeddedUrl(one) },
    cwd: ROOT,
    input: JSON.stringify(asked),
  });
  if (result.code !== 0)
    throw new Refusal(`The database could not be asked (${reasonIn(result.error)}): is this installation running?`);
  return result.out === "" ? null : (JSON.parse(result.out) as unknown);
}

/** The address by which the owner of the tables gets in while the embedded database runs. @throws Refusal */
export function embeddedUrl({ data, installation }: Pick<Asked, "data" | "installation">): string {
  const socket = readIfThere(join(data, "socket-directory"));
  if (socket === null) throw new Refusal("The installation does not run: start it first, and leave it running.");
  return `postgres://${MIGRATOR}:${installation.migrate}@localhost/${DATABASE}?host=${encodeURIComponent(socket.trim())}`;
}
