/**
 * The door of the counter: starts the workers, lets a new one in before an old one leaves, and counts for the limits of
 * rate. It holds no connection: workers take them from the port themselves, so no letter ever passes its memory.
 */
import cluster, { type Worker } from "node:cluster";
import { setTimeout as wait } from "node:timers/promises";
import { Fault } from "../domain/problem.ts";
import { parseConfig } from "./config.ts";
import { countHere } from "./limits.ts";
import { note } from "./log.ts";
import type { ToDoor, ToWorker } from "./messages.ts";
import { ENDS } from "./shift.ts";

/** Two, so that one that ends by itself closes the port to nobody. */
const WORKERS = 2;
/** Workers in a row that ended before they listened: then it is not the worker's fault. */
const TRIES = 3;

/**
 * Opens the counter and keeps it open.
 * @returns when the first worker listens
 * @throws `CONFIG_INVALID`, `UNAVAILABLE` where no worker could begin
 */
export async function openDoor(credential: string | undefined): Promise<{ readonly close: () => Promise<void> }> {
  const config = parseConfig(process.env["PB_CONFIG"], credential);
  // The system hands connections to the workers; in the other way the door would take each first.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const count = countHere(Date.now);
  const open = Promise.withResolvers<void>();
  let failures = 0;
  let closing = false;

  const send = (worker: Worker, message: ToWorker): void => {
    if (worker.isConnected()) worker.send(message, () => {});
  };
  /** Starts a worker in the place of `old`, which leaves once the new one listens. */
  const begin = (old: Worker | null): void => {
    const worker = cluster.fork();
    let listens = false;
    let replaced = false;
    worker.on("message", (message: ToDoor) => {
      if (message.kind === "listens") {
        listens = true;
        failures = 0;
        if (old) send(old, { kind: "replaced" });
        open.resolve();
      }
      if (message.kind === "leaves" && !replaced && !closing) {
        replaced = true;
        begin(worker);
      }
      if (message.kind === "count")
        void count(message.route, message.network, message.window).then((counted) =>
          send(worker, { kind: "counted", question: message.question, ...counted }),
        );
    });
    worker.once("exit", (code) => {
      if (closing) return;
      if (!listens) failures += 1;
      if (failures >= TRIES) return stuck();
      if (code !== 0) note({ level: "error", code: "UNAVAILABLE", detail: "a worker of the counter ended by itself" });
      // What has begun in its place is there already.
      if (!replaced) begin(listens ? null : old);
    });
    send(worker, { kind: "begin", credential: config.credential });
  };
  const stuck = (): void => {
    open.reject(new Fault("UNAVAILABLE", "no worker of the counter could begin; the lines above say why"));
    // Those that still serve are ended with us; whoever started us starts us again.
    setImmediate(() => process.exit(1));
  };

  for (let i = 0; i < WORKERS; i++) begin(null);
  await open.promise;
  return {
    close: async () => {
      closing = true;
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      const gone = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
      for (const worker of workers) send(worker, { kind: "replaced" });
      await Promise.race([Promise.all(gone), wait(ENDS, null, { ref: false })]);
    },
  };
}
