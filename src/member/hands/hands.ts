/** DANGEROUS: everything that touches a private key, by name. Makes no request; what it is asked comes from a flow. */
import { Fault } from "../../domain/problem.ts";
import { actsOf } from "./acts.ts";
import { affectedOf } from "./affected.ts";
import { casesOf } from "./cases.ts";
import { documentsOf } from "./documents.ts";
import { draftsOf } from "./drafts.ts";
import { entriesOf } from "./entries.ts";
import { incidentsOf } from "./incidents.ts";
import { keysOf } from "./keys.ts";
import { joiningOf } from "./joining.ts";
import { logOf } from "./log.ts";
import { messagesOf } from "./messages.ts";
import { openingOf } from "./opening.ts";
import { ownOf } from "./own.ts";
import { passkeysOf } from "./passkeys.ts";
import { reachOf } from "./reach.ts";
import type { Name, Tasks } from "./tasks.ts";
import { newTurns, type Turns } from "./turns.ts";
import { newVault, type Hand, type Report, type Vault } from "./vault.ts";

type Table = { readonly [N in Name]: Hand<N> };

export type Doing = <N extends Name>(name: N, ask: Tasks[N]["ask"], tell: Report) => Promise<Tasks[N]["answer"]>;

/**
 * A vault, and what can be done with it; one task at a time, in the order asked.
 * @throws `INTERNAL` for a name that is none
 */
export function newHands(vault: Vault = newVault(), inTurn: Turns = newTurns()): Doing {
  const table: Table = {
    ...keysOf(vault),
    ...openingOf(vault),
    ...casesOf(vault),
    ...draftsOf(vault),
    ...actsOf(vault),
    ...logOf(vault),
    ...entriesOf(vault),
    ...incidentsOf(vault),
    ...documentsOf(vault),
    ...reachOf(vault),
    ...ownOf(vault),
    ...joiningOf(vault),
    ...passkeysOf(vault),
    ...affectedOf(),
    ...messagesOf(),
  };
  return (name, ask, tell) => {
    const hand: Hand<typeof name> | undefined = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!hand) return Promise.reject(new Fault("INTERNAL", "no such task"));
    return inTurn(() => hand(ask, tell));
  };
}
