/** The page's handle to the worker that holds the keys. Ending it forgets every key at once. */
import { Fault } from "../domain/problem.ts";
import type { Answered } from "../member/hands/tasks.ts";
import type { Hands, Tell } from "../member/member.ts";

type Waiting = {
  readonly resolve: (answer: never) => void;
  readonly reject: (thrown: Error) => void;
  readonly tell: Tell | undefined;
};

/**
 * A worker that never answered was not let start; what it throws after that is a fault of ours.
 * @param start makes the worker; injected, because only the entry may name its address
 * @throws `BROWSER_WORKER`
 */
export function makeKeyring(start: () => Worker): Hands {
  const worker = started(start);
  let heard = false;
  const waiting = new Map<number, Waiting>();
  let turns = 0;
  let ended = false;

  const stop = (code: "NOT_SIGNED_IN" | "INTERNAL" | "BROWSER_WORKER") => {
    ended = true;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(new Fault(code, "the keys are gone"));
    waiting.clear();
  };

  worker.onmessage = ({ data }: MessageEvent<Answered>) => {
    heard = true;
    const one = waiting.get(data.turn);
    if (!one) return;
    if ("progress" in data) return one.tell?.(data.progress);
    waiting.delete(data.turn);
    if ("code" in data) one.reject(new Fault(data.code, data.detail));
    else one.resolve(data.answer as never);
  };
  worker.onerror = () => stop(heard ? "INTERNAL" : "BROWSER_WORKER");

  return {
    call: (name, ask, tell) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Fault("NOT_SIGNED_IN", "the keys are gone"));
        const turn = ++turns;
        waiting.set(turn, { resolve, reject, tell });
        worker.postMessage({ turn, name, ask });
      }),
    end: () => stop("NOT_SIGNED_IN"),
  };
}

function started(start: () => Worker): Worker {
  try {
    return start();
  } catch {
    throw new Fault("BROWSER_WORKER");
  }
}
