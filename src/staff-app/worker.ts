/**
 * Everything that touches a private key. Runs apart from the page, talks to nobody but the page, makes no request.
 * One act at a time, in the order asked.
 */
import { codeOf, Fault } from "../domain/problem.ts";
import type { Acts, Answered, Asked, Name } from "./acts.ts";
import { affectedOf } from "./worker-affected.ts";
import { draftsOf } from "./worker-drafts.ts";
import { incidentsOf } from "./worker-incidents.ts";
import { papersOf } from "./worker-papers.ts";
import { reachOf } from "./worker-reach.ts";
import { mailOf } from "./worker-mail.ts";
import { keysOf } from "./worker-keys.ts";
import { logOf } from "./worker-log.ts";
import { openingOf } from "./worker-opening.ts";
import { newVault, type Hand } from "./vault.ts";

const vault = newVault();
const hands: { [N in Name]: Hand<N> } = {
  ...keysOf(vault),
  ...openingOf(vault),
  ...draftsOf(vault),
  ...logOf(vault),
  ...incidentsOf(vault),
  ...papersOf(vault),
  ...reachOf(vault),
  ...affectedOf(),
  ...mailOf(),
};

const scope = globalThis as unknown as {
  postMessage(message: Answered): void;
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
};

async function act<N extends Name>({ turn, name, ask }: { turn: number; name: N; ask: Acts[N]["ask"] }): Promise<void> {
  try {
    const hand: Hand<N> | undefined = Object.hasOwn(hands, name) ? hands[name] : undefined;
    if (!hand) throw new Fault("INTERNAL", "no such act");
    const answer = await hand(ask, (done, total) => scope.postMessage({ turn, progress: { done, total } }));
    scope.postMessage({ turn, answer });
  } catch (thrown) {
    scope.postMessage({ turn, code: codeOf(thrown), detail: thrown instanceof Fault ? thrown.detail : "" });
  }
}

let last: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  last = last.then(() => act(data));
};
