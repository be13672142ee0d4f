/**
 * Waiting for the log. An act is answered before its events are in the signed log: the log process gives them their
 * leaves a little later. Who reads the history, a checkpoint, a proof or the whole log straight after an act looks too
 * early. This waits for everything that had happened when it was called, so that "nothing more is there" holds, too.
 */
import pg from "pg";
import type { LogPage } from "../../src/contract/log.ts";
import type { World } from "../../demo/world.ts";
import { untilThere } from "./in-time.ts";
import type { Visit } from "./staffed.ts";

/** Events up to one that are not yet under a signed checkpoint of their log. What was set aside never comes into one. */
const WAITING = `SELECT FROM event e WHERE e.id <= $1 AND e.aside IS NULL
  AND (e.leaf IS NULL OR EXISTS (SELECT FROM head h WHERE h.body = e.body AND h.log = e.log AND e.leaf >= h.signed_size)) LIMIT 1`;

/** Where the history of a body is asked for. */
const historyPath = (body: string, kind: string | undefined): string =>
  `/api/bodies/${body}/log${kind === undefined ? "" : `?kind=${kind}`}`;

/** Waits until all that is an event now stands in the log and is signed. @throws after three minutes */
export async function untilSigned(world: Pick<World, "databaseUrl">): Promise<void> {
  const database = new pg.Client({
    connectionString: world.databaseUrl("pb_superuser"),
    options: "-c search_path=pillarbox",
  });
  await database.connect();
  try {
    const { rows } = await database.query<{ newest: number }>("SELECT coalesce(max(id), 0) AS newest FROM event");
    const isSigned = async (): Promise<boolean> => (await database.query(WAITING, [rows[0]!.newest])).rowCount === 0;
    await untilThere(isSigned, "a signed log");
  } finally {
    await database.end();
  }
}

/** The history as the staff pages show it to this visitor, its newest page, with all that has happened until now. */
export async function historyOf(
  world: Pick<World, "databaseUrl">,
  visit: Visit,
  body: string,
  kind?: string,
): Promise<LogPage> {
  await untilSigned(world);
  return (await visit.client.get(historyPath(body, kind))).value as LogPage;
}
