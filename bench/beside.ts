/** Ours and the floor in turn, so that whatever else the machine does meanwhile falls on both. */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { ServerName } from "../supervisor/servers.ts";
import type { World } from "../demo/world.ts";
import { median, rounded, say, type Figure } from "./figure.ts";
import { load, type Load, type Loaded } from "./load.ts";
import { cpuOf, familyOf } from "./processes.ts";

const ROUNDS = 5;
const WARM = 500;
const COUNTED = 1_500;

type Sent = Omit<Load, "connections" | "warm" | "counted">;

export type Beside = {
  readonly world: World;
  readonly ours: Sent;
  /** the processes that work for ours, beside the database */
  readonly servers: readonly ServerName[];
  readonly floor: Sent & { readonly pid: number };
  /** the status that ours answers with */
  readonly expected: number;
  readonly rounds?: number;
};

type Taken = Loaded & {
  /** milliseconds of processor time for each answer, all processes together */ readonly cpu: number;
};
type Round = { readonly ours: Taken; readonly floor: Taken; readonly logged: number };

/**
 * `value`, `floor` and the percentiles (milliseconds) are medians over the rounds; `ratio` is the median of each
 * round's own ratio, which noise moves less. `cpu` is the processor time of everything that works for one submission,
 * milliseconds, up to the signed checkpoint; unlike a rate it hardly changes when the machine has other things to do.
 * `logged`: how long after the last answer everything stood under a signed checkpoint, milliseconds. Throws when the
 * database holds another number of submissions than were acknowledged.
 */
export async function besideTheFloor(
  name: string,
  connections: number,
  { world, ours, servers, floor, expected, rounds = ROUNDS }: Beside,
): Promise<Figure> {
  const database = new pg.Client({
    connectionString: world.databaseUrl("pb_superuser"),
    options: "-c search_path=pillarbox",
  });
  await database.connect();
  const family = (): number[] => familyOf(world.pid("database"));
  const take = async (
    sent: Sent,
    status: number,
    pids: () => number[],
    after: () => Promise<unknown>,
  ): Promise<Taken> => {
    const before = pids().reduce((sum, pid) => sum + cpuOf(pid), 0);
    const loaded = await load({ ...sent, connections, warm: WARM, counted: COUNTED }, status);
    await after();
    return { ...loaded, cpu: (pids().reduce((sum, pid) => sum + cpuOf(pid), 0) - before) / loaded.accepted };
  };
  const round = async (): Promise<Round> => {
    const naive = await take(
      floor,
      201,
      () => [floor.pid, ...family()],
      async () => {},
    );
    const before = await stored(database);
    let logged = 0;
    const real = await take(
      ours,
      expected,
      () => [...servers.flatMap((server) => familyOf(world.pid(server))), ...family()],
      async () => (logged = await untilLogged(database)),
    );
    const rows = (await stored(database)) - before;
    if (rows !== real.accepted) throw new Error(`${real.accepted} were acknowledged, ${rows} are stored`);
    say(
      `  ${name}: ${rounded(real.rate)}/s, floor ${rounded(naive.rate)}/s, ratio ${rounded(real.rate / naive.rate, 2)}; cpu ${rounded(real.cpu, 2)} ms, floor ${rounded(naive.cpu, 2)} ms`,
    );
    return { ours: real, floor: naive, logged };
  };
  try {
    const held: Round[] = [];
    while (held.length < rounds) held.push(await round());
    const of = (pick: (one: Round) => number, digits = 0): number => rounded(median(held.map(pick)), digits);
    return {
      name,
      value: of((one) => one.ours.rate),
      unit: "submissions/s",
      floor: of((one) => one.floor.rate),
      ratio: of((one) => one.ours.rate / one.floor.rate, 2),
      p50: of((one) => one.ours.p50, 1),
      p99: of((one) => one.ours.p99, 1),
      floorP50: of((one) => one.floor.p50, 1),
      floorP99: of((one) => one.floor.p99, 1),
      cpu: of((one) => one.ours.cpu, 3),
      floorCpu: of((one) => one.floor.cpu, 3),
      logged: of((one) => one.logged),
      rounds,
    };
  } finally {
    await database.end();
  }
}

const stored = async (database: pg.Client): Promise<number> =>
  Number((await database.query<{ count: string }>("SELECT count(*) FROM submission")).rows[0]!.count);

async function untilLogged(database: pg.Client): Promise<number> {
  const started = performance.now();
  for (;;) {
    const { rows } = await database.query<{ done: boolean }>(
      "SELECT bool_and(signed_size = size) AND NOT EXISTS (SELECT FROM event WHERE leaf IS NULL) AS done FROM head",
    );
    if (rows[0]!.done) return performance.now() - started;
    await wait(20);
  }
}
