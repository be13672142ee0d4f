/** DANGEROUS: everything that touches a private key, by name. Makes no request; what it is asked comes from a flow. */
import { Fault } from "../../domain/problem.ts";
import type { Hands } from "../member.ts";
import { affectedOf } from "./affected.ts";
import { documentsOf } from "./documents.ts";
import { draftsOf } from "./drafts.ts";
import { incidentsOf } from "./incidents.ts";
import { keysOf } from "./keys.ts";
import { logOf } from "./log.ts";
import { messagesOf } from "./messages.ts";
import { openingOf } from "./opening.ts";
import { reachOf } from "./reach.ts";
import type { Name, Tasks } from "./tasks.ts";
import { newVault, type Hand, type Report } from "./vault.ts";

type Table = { readonly [N in Name]: Hand<N> };

export type Doing = <N extends Name>(name: N, ask: Tasks[N]["ask"], tell: Report) => Promise<Tasks[N]["answer"]>;

/** A vault of its own, and what can be done with it; one task at a time, in the order asked. @throws `INTERNAL` for a name that is none */
export function newHands(): Doing {
  const vault = newVault();
  const table: Table = {
    ...keysOf(vault),
    ...openingOf(vault),
    ...draftsOf(vault),
    ...logOf(vault),
    ...incidentsOf(vault),
    ...documentsOf(vault),
    ...reachOf(vault),
    ...affectedOf(),
    ...messagesOf(),
  };
  let last: Promise<unknown> = Promise.resolve();
  return (name, ask, tell) => {
    const hand: Hand<typeof name> | undefined = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!hand) return Promise.reject(new Fault("INTERNAL", "no such task"));
    const turn = last.then(() => hand(ask, tell));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Hands in this very program, for a desk, a demonstration or a test; in a browser they are in a worker. */
export function directHands(): Hands {
  let doing: Doing | null = newHands();
  return {
    call: async (name, ask, tell) => {
      if (!doing) throw new Fault("NOT_SIGNED_IN", "the keys are gone");
      return doing(name, ask, (done, total) => tell?.({ done, total }));
    },
    end: () => {
      doing = null;
    },
  };
}
