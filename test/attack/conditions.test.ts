/**
 * Somebody has taken over one process, and one condition of one policy is missing: is that noticed? Each condition is
 * taken out by itself, in the database, and one of its hostile queries has to go through.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type pg from "pg";
import { openPool, type Pool } from "../../src/server/database/pool.ts";
import { startDatabase } from "../support/database.ts";
import { CONDITIONS, SECOND_WALLS } from "./conditions.ts";
import { POLICIES, type Hostile } from "./hostile.ts";

let database: Awaited<ReturnType<typeof startDatabase>>;
let owner: Pool;

before(async () => {
  database = await startDatabase();
  owner = openPool(database.url("pb_superuser"), 1);
  await owner.query(readFileSync(join(import.meta.dirname, "../store/releases/0.1/rows.sql"), "utf8"));
});
after(async () => {
  await owner?.end();
  await database?.stop();
});

/** How many rows a query shows or changes after `first`; or why it is refused. Nothing of it stays. */
async function attempt({ login, given, hostile }: Hostile, first = ""): Promise<number | string> {
  const client: pg.PoolClient = await owner.connect();
  try {
    await client.query(`BEGIN; ${first}; ${given ?? ""}; SET LOCAL SESSION AUTHORIZATION ${login}`);
    return (await client.query(hostile)).rowCount ?? 0;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

const ALL = [...POLICIES, ...CONDITIONS];

test("each of these queries is refused by a policy, a right or a row that is not there", async () => {
  for (const one of ALL) {
    const found = await attempt(one);
    assert.ok(
      found === 0 || (typeof found === "string" && /row-level security policy|permission denied/.test(found)),
      `${one.policy}: ${one.hostile}: ${found}`,
    );
  }
});

type Cut = { readonly gone: string; readonly left: string };

/** An expression without one operand of one AND: each way to do so. The database sets every operand in brackets. */
function cuts(expression: string): readonly Cut[] {
  const groups: { from: number; parts: [number, number][] }[] = [];
  const found: Cut[] = [];
  let quoted = false;
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] === "'") quoted = !quoted;
    if (quoted) continue;
    const group = groups.at(-1);
    if (expression[at] === "(") groups.push({ from: at + 1, parts: [] });
    else if (group && expression.startsWith(" AND ", at)) {
      group.parts.push([group.parts.at(-1) ? group.parts.at(-1)![1] + 5 : group.from, at]);
    } else if (group && expression[at] === ")") {
      groups.pop();
      if (group.parts.length === 0) continue;
      const parts = [...group.parts, [group.parts.at(-1)![1] + 5, at] as const];
      for (const [i, [from, to]] of parts.entries()) {
        const rest = parts.filter((_part, n) => n !== i).map(([a, b]) => expression.slice(a, b));
        found.push({
          gone: expression.slice(from, to).replaceAll(/\s+/g, " "),
          left: expression.slice(0, group.from) + rest.join(" AND ") + expression.slice(at),
        });
      }
    }
  }
  return found;
}

test("each condition of each policy is one without which a hostile query goes through", async () => {
  const { rows } = await owner.query<{ table: string; policy: string; using: string | null; check: string | null }>(
    `SELECT tablename AS table, policyname AS policy, qual AS using, with_check AS check
     FROM pg_policies WHERE schemaname = 'pillarbox' ORDER BY 1, 2`,
  );
  const unnoticed: string[] = [];
  const said = new Set<number>();
  let tried = 0;
  for (const { table, policy, using, check } of rows) {
    const name = `${table} ${policy}`;
    const queries = ALL.filter((one) => one.policy === name);
    const sides = [
      ["USING", using],
      ["WITH CHECK", check],
    ] as const;
    for (const [side, expression] of sides)
      for (const { gone, left } of cuts(expression ?? "")) {
        tried += 1;
        let through = false;
        for (const one of queries) {
          const found = await attempt(one, `ALTER POLICY ${policy} ON ${table} ${side} (${left})`);
          through = typeof found === "number" && found > 0;
          if (through) break;
        }
        if (through) continue;
        const wall = SECOND_WALLS.findIndex(([known, condition]) => known === name && condition.test(gone));
        if (wall < 0) unnoticed.push(`${name} ${side}: ${gone}`);
        said.add(wall);
      }
  }
  assert.ok(tried > 150, `${tried}`);
  assert.deepEqual(unnoticed, []);
  assert.equal(said.size, SECOND_WALLS.length, "each exception is of a condition that no query shows");
});
