/** DANGEROUS: hands in this very program, for a desk, a demonstration or a test; in a browser they are in a worker. */
import { Fault } from "../../domain/problem.ts";
import type { DeskHands } from "../member.ts";
import { deskOf } from "./desk.ts";
import { newHands, type Doing } from "./hands.ts";
import { newTurns } from "./turns.ts";
import { newVault } from "./vault.ts";

/**
 * @param unlocker the part of a passphrase that unlocks, where it was stretched before: the task `unlock` uses it once
 */
export function directHands(unlocker: string | null = null): DeskHands {
  let held: Held | null = heldBy(unlocker);
  const gone = (): Promise<never> => Promise.reject(new Fault("NOT_SIGNED_IN", "the keys are gone"));
  return {
    call: (name, ask, tell) => held?.doing(name, ask, (done, total) => tell?.({ done, total })) ?? gone(),
    atDesk: (name, ask) => held?.atDesk(name, ask) ?? gone(),
    // What holds the vault goes, and the keys with it.
    end: () => {
      held = null;
    },
  };
}

type Held = { readonly doing: Doing; readonly atDesk: DeskHands["atDesk"] };

function heldBy(unlocker: string | null): Held {
  const vault = { ...newVault(), unlocker };
  const inTurn = newTurns();
  const desk = deskOf(vault);
  return { doing: newHands(vault, inTurn), atDesk: (name, ask) => inTurn(() => desk[name](ask)) };
}
