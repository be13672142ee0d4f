/**
 * Threads that look at bundles. What they answer is put together in the order of the log, so a report does not depend
 * on who was faster.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Threads } from "../../domain/verify/entries.ts";
import type { Job, Look } from "../../domain/verify/look.ts";

const MOST = 4;
/** Megabytes of each thread's heap for what is new. */
const NURSERY = 4;

export function newThreads(): Threads {
  const threads = Array.from({ length: Math.min(MOST, availableParallelism()) }, () => newThread());
  let turn = 0;
  return {
    look: (job) => threads[turn++ % threads.length]!.look(job),
    end: async () => void (await Promise.all(threads.map((thread) => thread.end()))),
  };
}

function newThread() {
  // What a bundle is parsed into is dropped at once: a larger nursery only holds it for longer.
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY },
  });
  const waiting: { readonly resolve: (look: Look) => void; readonly reject: (fault: Error) => void }[] = [];
  worker.on("message", (look: Look) => waiting.shift()?.resolve(look));
  worker.on("error", (fault: Error) => {
    for (const one of waiting.splice(0)) one.reject(fault);
  });
  return {
    look: (job: Job): Promise<Look> =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(job);
      }),
    end: (): Promise<number> => worker.terminate(),
  };
}
