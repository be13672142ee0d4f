/** The database of an installation that runs, or of one that is stopped, by the login that owns the tables. */
import { join } from "node:path";
import { databaseFrom } from "../checks.ts";
import { MIGRATOR } from "../cluster.ts";
import { readReal } from "../configuration.ts";
import { startEmbedded } from "../embedded.ts";
import { readIfThere } from "../files.ts";
import { embeddedUrl } from "../init/ask.ts";
import type { Installation } from "../installation.ts";
import { takeLock, type Running } from "../lock.ts";
import { isAlive } from "../process-table.ts";

/** Whether a launcher is at work on a data directory. */
export function isRunning(data: string): boolean {
  const text = readIfThere(join(data, "pillarbox.lock"));
  return text !== null && isAlive((JSON.parse(text) as { readonly owner: Running }).owner);
}

/** Does `work` with its address; starts the embedded database for the time where nothing runs. @throws Refusal */
export async function withDatabase<T>(
  { root, data, installation }: { readonly root: string; readonly data: string; readonly installation: Installation },
  work: (url: string) => Promise<T>,
): Promise<T> {
  const real = readReal(data, installation);
  const elsewhere = real ? real.databaseUrl : databaseFrom(process.env);
  if (elsewhere !== null) return work(elsewhere);
  if (isRunning(data)) return work(embeddedUrl({ data, installation }));
  const lock = await takeLock(data);
  try {
    const embedded = await startEmbedded({
      root,
      data,
      installation: installation.installation,
      home: null,
      group: null,
      passwords: { superuser: installation.superuser, migrate: installation.migrate },
      tell: () => {},
    });
    try {
      return await work(embedded.url(MIGRATOR, installation.migrate));
    } finally {
      await embedded.stop();
    }
  } finally {
    lock.release();
  }
}
