/**
 * Holds the visitor's keys apart from the page: talks to nobody but the page, makes no request. What it can do stands
 * in `src/member/hands`.
 */
import { codeOf, Fault } from "../domain/problem.ts";
import { newHands } from "../member/hands/hands.ts";
import type { Answered, Asked, Name, Tasks } from "../member/hands/tasks.ts";

const doing = newHands();

const scope = globalThis as unknown as {
  postMessage(message: Answered): void;
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
};

async function take<N extends Name>({ turn, name, ask }: { turn: number; name: N; ask: Tasks[N]["ask"] }) {
  try {
    const answer = await doing(name, ask, (done, total) => scope.postMessage({ turn, progress: { done, total } }));
    scope.postMessage({ turn, answer });
  } catch (thrown) {
    scope.postMessage({ turn, code: codeOf(thrown), detail: thrown instanceof Fault ? thrown.detail : "" });
  }
}

scope.onmessage = ({ data }) => void take(data);
