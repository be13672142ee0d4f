/**
 * What a login does that its process never does. Where the owner of the tables can forbid it, it is forbidden
 * (src/server/database/migrate.ts, supervisor/cluster.ts); in somebody else's PostgreSQL some of it cannot be. Found it
 * is everywhere.
 */
import { plainLine, type Observation } from "../../domain/watch/finding.ts";
import { straysOf } from "./store/strays.ts";
import type { Pool } from "../database/pool.ts";

/** @param before locks that the last look saw; this one's are put in their place */
export async function strays(pool: Pool, before: Set<string>): Promise<Observation[]> {
  const found = await straysOf(pool);
  // A lock that a process needs is gone long before the next look.
  const told = found.filter((one) => !one.ours || before.has(one.lock ?? ""));
  before.clear();
  for (const { lock } of found) if (lock !== null) before.add(lock);
  return [...Map.groupBy(told, ({ what, login }) => `${what} of ${login}`)].map(([place, those]) => ({
    code: "login-strays",
    place: plainLine(place),
    body: null,
    form: null,
    evidence: [plainLine(`${place}: ${those.length}${those[0]?.lock ? `, ${those[0].lock}` : ""}`)],
  }));
}
