/**
 * Load from a thread of its own: as many connections as asked, each sending the next request once the last is answered.
 */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { percentile } from "./figure.ts";
import type { Template } from "./letters.ts";

export type Load = {
  readonly port: number;
  readonly path: string;
  readonly type: string;
  readonly templates: readonly Template[];
  readonly connections: number;
  /** milliseconds that do not count, and that do */
  readonly warm: number;
  readonly counted: number;
};

export type Loaded = {
  /** answered with the expected status, a second */
  readonly rate: number;
  /** milliseconds */
  readonly p50: number;
  readonly p99: number;
  /** all requests answered with the expected status, whether counted or not */
  readonly accepted: number;
  /** processor time that the client itself took for each request, microseconds */
  readonly own: number;
};

/** What the thread tells. */
export type Told = {
  readonly accepted: number;
  readonly other: { readonly [status: string]: number };
  readonly latencies: Float64Array;
  /** processor time of the thread, microseconds */
  readonly own: number;
};

/** @param expected the status of success; any other answer makes the measure worthless, so it throws */
export async function load(asked: Load, expected: number): Promise<Loaded> {
  const worker = new Worker(join(import.meta.dirname, "load-thread.ts"), { workerData: { ...asked, expected } });
  const [told] = (await once(worker, "message")) as [Told];
  await worker.terminate();
  if (Object.keys(told.other).length > 0)
    throw new Error(`${asked.path} answered otherwise: ${JSON.stringify(told.other)}`);
  const sorted = told.latencies.toSorted();
  return {
    rate: (sorted.length / asked.counted) * 1000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    accepted: told.accepted,
    own: told.own / told.accepted,
  };
}
