/**
 * Somebody else did something about the letter while this was written: another person, or oneself in another tab. Or what
 * was sent had been taken, and its answer was lost.
 */
import { nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { ThreadAct } from "../../../member/hands/tasks.ts";
import { Success, Warning } from "../../parts/banner.tsx";
import type { Fate } from "./fate.ts";

const DID: Record<ThreadAct["kind"], string> = {
  "case.replied": "answered this letter",
  "case.noted": "wrote a note about this letter",
  "case.assigned": "said who has this letter",
  "case.closed": "closed this letter",
  "case.reopened": "opened this letter again",
};

type Props = {
  readonly world: BodyWorld;
  readonly fate: Fate;
  /** what was not taken, and what had been, each as a sentence */
  readonly lost: string;
  readonly had: string;
  readonly during?: string;
};

export function Faster({ world, fate: { newer, taken }, lost, had, during = "meanwhile" }: Props) {
  if (taken) return <Success>{had}</Success>;
  const last = newer.at(-1);
  return last ? (
    <Warning>
      {nameOf(world, last.person).name} {DID[last.kind]} {during}. {lost}
    </Warning>
  ) : null;
}
