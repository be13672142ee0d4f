/** Backups in tests: an identity, the commands as somebody types them, and the newest logs kept elsewhere. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { exportLog } from "../../src/cli/export-log.ts";
import { httpSource } from "../../src/cli/verify/source.ts";
import type { LogSource } from "../../src/domain/verify/source.ts";
import { homeOf } from "../../supervisor/embedded.ts";
import { ran, type Ran } from "./program.ts";
import { untilSigned } from "./signed-log.ts";
import type { StaffedWorld } from "./staffed.ts";

const ROOT = join(import.meta.dirname, "../..");

const run = (program: string, data: string, words: readonly string[]): Promise<Ran> =>
  ran(join(ROOT, program), words, { PATH: process.env["PATH"], PILLARBOX_DATA: data });

/** `pillarbox backup …` on a data directory. */
export const backup = (data: string, ...words: string[]): Promise<Ran> =>
  run("supervisor/keeping/backup.ts", data, words);

/** `pillarbox restore …` to a data directory, into an empty database of one's own. */
export const restoreInto = (url: string, data: string, ...words: string[]): Promise<Ran> =>
  ran(join(ROOT, "supervisor/restore.ts"), words, {
    PATH: process.env["PATH"],
    PILLARBOX_DATA: data,
    DATABASE_URL: url,
  });

/** `pillarbox restore …` to a data directory. */
export const restore = (data: string, ...words: string[]): Promise<Ran> => run("supervisor/restore.ts", data, words);

/** The logs of host and bodies as files, as their people keep them outside the house. */
export async function exportLogs(t: StaffedWorld, directory: string): Promise<string> {
  await untilSigned(t.world);
  const cookies = new Map<string, string>();
  for (const body of t.config.roots.keys())
    cookies.set(body, (await t.visit(t.person("owner", 0, body))).client.cookie());
  await untilSigned(t.world);
  for (const [body, cookie] of cookies) {
    const source: LogSource = httpSource(`${t.config.publicOrigin}/log`, {
      prefix: `${t.config.staffOrigin}/api/log`,
      ofBody: (one) => `${t.config.staffOrigin}/api/bodies/${one}/log`,
      headers: { cookie },
    });
    await exportLog(source, directory, true);
    await exportLog(source.of(body), join(directory, body), true);
  }
  return directory;
}

/** The machine is gone: its data directory and its database. */
export function destroy(data: string, installation: string): void {
  rmSync(homeOf(data, installation), { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
}
