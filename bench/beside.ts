/**
 * Ours and the floors in turn, so that whatever else the machine does meanwhile falls on all. What is compared first is
 * processor time for each answer: unlike a rate it hardly changes when the machine has other things to do.
 */
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { ServerName } from "../supervisor/servers.ts";
import type { World } from "../demo/world.ts";
import { median, rounded, say, type Figure } from "./figure.ts";
import { load, type Load, type Loaded } from "./load.ts";
import { cpuOf, familyOf } from "./processes.ts";
import { SETTINGS } from "./settings.ts";

const WARM = 500;
const COUNTED = 4_000;
/** Without a checkpoint before it: what a letter writes while nothing else is new. */
const STEADY = { warm: 0, counted: 2_000 };
/** A client that takes more for each request is in the way of what it measures, microseconds. */
const MOST_OF_ITS_OWN = 100;
const TRIES = 2;

type Sent = Omit<Load, "connections" | "warm" | "counted">;

export type Beside = {
  readonly world: World;
  readonly ours: Sent;
  /** the processes that work for ours, beside the database */
  readonly servers: readonly ServerName[];
  readonly floor: Sent & { readonly pid: number };
  /** the status that ours answers with */
  readonly expected: number;
};

type Half = Loaded & {
  /** microseconds of processor time for each answer, by process; a process with its children is one */
  readonly by: { readonly [process: string]: number };
  /** of all processes together */
  readonly cpu: number;
  /** bytes of the database's write-ahead log for each answer */
  readonly wal: number;
};
type Round = {
  readonly ours: Half;
  readonly floor: Half;
  readonly event: Half;
  readonly logged: number;
  readonly steadyWal: number;
};
/** Whose time is taken: a name, and the process that its children belong to. */
type Whose = { readonly [name: string]: number };

/**
 * `value`: processor time of everything that works for one submission, microseconds, up to the signed checkpoint;
 * `floor` and `ratio`: of the bare floor; `eventFloor` and `eventRatio`: of the floor that also writes an event row. The
 * ratios are medians of each round's own ratio. `wal`: bytes after a checkpoint, `steadyWal`: without one before.
 * Percentiles are in milliseconds. `logged`: how long after the last answer everything stood under a signed checkpoint,
 * milliseconds. `own`: the client's own time for each request, microseconds; `disturbed`: rounds in which it was too long
 * at every try, so that the figure says little. Throws when the database holds another
 * number of submissions than were acknowledged.
 */
export async function besideTheFloor(
  name: string,
  connections: number,
  { world, ours, servers, floor, expected }: Beside,
): Promise<Figure> {
  const database = new pg.Client({
    connectionString: world.databaseUrl("pb_superuser"),
    options: "-c search_path=pillarbox",
  });
  await database.connect();
  const postgres = { database: world.pid("database") };
  const ourProcesses = { ...postgres, ...Object.fromEntries(servers.map((server) => [server, world.pid(server)])) };
  const floorProcesses = { ...postgres, floor: floor.pid };

  const half = async (
    sent: Sent,
    status: number,
    whose: Whose,
    after: () => Promise<unknown> = async () => {},
    times = { warm: WARM, counted: COUNTED },
  ): Promise<Half> => {
    const [before, from] = [timesOf(whose), await walOf(database)];
    const loaded = await load({ ...sent, connections, ...times }, status);
    await after();
    const [later, to] = [timesOf(whose), await walOf(database)];
    const by = Object.fromEntries(
      Object.keys(whose).map((one) => [one, ((later[one]! - before[one]!) * 1000) / loaded.accepted]),
    );
    return {
      ...loaded,
      by,
      cpu: Object.values(by).reduce((sum, one) => sum + one, 0),
      wal: (to - from) / loaded.accepted,
    };
  };
  const afterCheckpoint = async (...asked: Parameters<typeof half>): Promise<Half> => {
    await database.query("CHECKPOINT");
    return half(...asked);
  };
  /** As many were stored as were acknowledged. */
  const counted = async (take: () => Promise<Half>): Promise<Half> => {
    const before = await stored(database);
    const taken = await take();
    const rows = (await stored(database)) - before;
    if (rows !== taken.accepted) throw new Error(`${taken.accepted} were acknowledged, ${rows} are stored`);
    return taken;
  };
  const round = async (): Promise<Round> => {
    const bare = await afterCheckpoint(floor, 201, floorProcesses);
    const event = await afterCheckpoint({ ...floor, path: "/event" }, 201, floorProcesses);
    let logged = 0;
    const signed = async (): Promise<unknown> => (logged = await untilLogged(database));
    const real = await counted(() => afterCheckpoint(ours, expected, ourProcesses, signed));
    const steady = await counted(() => half(ours, expected, ourProcesses, async () => untilLogged(database), STEADY));
    const told = (of: Half): string =>
      `${rounded(of.cpu)} µs (${Object.entries(of.by)
        .map(([one, cpu]) => `${one} ${rounded(cpu)}`)
        .join(", ")}; client ${rounded(of.own)}), ${rounded(of.wal / 1000, 1)} KB, ${rounded(of.rate)}/s`;
    say(
      `  ${name}: ${rounded(real.cpu / bare.cpu, 2)} of the floor, ${rounded(real.cpu / event.cpu, 2)} with an event`,
    );
    say(`    ours ${told(real)}, steady ${rounded(steady.wal / 1000, 1)} KB`);
    say(`    floor ${told(bare)}`);
    say(`    event ${told(event)}`);
    return { ours: real, floor: bare, event, logged, steadyWal: steady.wal };
  };
  let disturbed = 0;
  const goodRound = async (): Promise<Round> => {
    for (let tried = 1; ; tried++) {
      const taken = await round();
      const most = Math.max(taken.ours.own, taken.floor.own, taken.event.own);
      if (most <= MOST_OF_ITS_OWN) return taken;
      if (tried === TRIES) {
        disturbed += 1;
        return taken;
      }
      say(`    the client itself took ${rounded(most)} µs: once more`);
    }
  };
  try {
    const held: Round[] = [];
    while (held.length < SETTINGS.rounds) held.push(await goodRound());
    const of = (pick: (one: Round) => number, digits = 0): number => rounded(median(held.map(pick)), digits);
    const parts = (pick: (one: Round) => Half): { readonly [name: string]: number } =>
      Object.fromEntries(Object.keys(pick(held[0]!).by).map((one) => [one, of((round) => pick(round).by[one]!)]));
    return {
      name,
      value: of((one) => one.ours.cpu),
      unit: "µs of processor time",
      floor: of((one) => one.floor.cpu),
      ratio: of((one) => one.ours.cpu / one.floor.cpu, 2),
      eventFloor: of((one) => one.event.cpu),
      eventRatio: of((one) => one.ours.cpu / one.event.cpu, 2),
      by: parts((one) => one.ours),
      floorBy: parts((one) => one.floor),
      wal: of((one) => one.ours.wal),
      steadyWal: of((one) => one.steadyWal),
      floorWal: of((one) => one.floor.wal),
      eventFloorWal: of((one) => one.event.wal),
      rate: of((one) => one.ours.rate),
      floorRate: of((one) => one.floor.rate),
      rateRatio: of((one) => one.ours.rate / one.floor.rate, 2),
      p50: of((one) => one.ours.p50, 1),
      p99: of((one) => one.ours.p99, 1),
      floorP50: of((one) => one.floor.p50, 1),
      floorP99: of((one) => one.floor.p99, 1),
      own: of((one) => one.ours.own),
      logged: of((one) => one.logged),
      rounds: held.length,
      disturbed,
    };
  } finally {
    await database.end();
  }
}

/** What each has used so far, milliseconds, its children and those that ended included. */
const timesOf = (whose: Whose): { [name: string]: number } =>
  Object.fromEntries(
    Object.entries(whose).map(([name, pid]) => [name, familyOf(pid).reduce((sum, one) => sum + cpuOf(one), 0)]),
  );

const walOf = async (database: pg.Client): Promise<number> =>
  Number(
    (await database.query<{ at: string }>("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS at")).rows[0]!.at,
  );

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
