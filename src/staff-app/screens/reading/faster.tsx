/** Somebody else did something about the letter while this was written: another person, or oneself in another tab. */
import { nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import type { ThreadAct } from "../../../member/hands/tasks.ts";
import { Warning } from "../../parts/banner.tsx";

const DID: Record<ThreadAct["kind"], string> = {
  "case.replied": "answered this letter",
  "case.noted": "wrote a note about this letter",
  "case.assigned": "said who has this letter",
  "case.closed": "closed this letter",
  "case.reopened": "opened this letter again",
};

type Props = {
  readonly world: BodyWorld;
  readonly newer: readonly ThreadAct[];
  readonly lost: string;
  readonly during?: string;
};

/** @param lost what was not taken, as a sentence */
export function Faster({ world, newer, lost, during = "meanwhile" }: Props) {
  const last = newer.at(-1);
  return last ? (
    <Warning>
      {nameOf(world, last.person).name} {DID[last.kind]} {during}. {lost}
    </Warning>
  ) : null;
}
