/**
 * Doing something about the letter that is open. Of two who act at once one wins: whoever did not sees the letter again,
 * with what the other did, and what they typed is still there.
 */
import { codeOf } from "../../../domain/problem.ts";
import { findInbox, type Found } from "../../../member/flows/world.ts";
import type { Letter, ThreadAct } from "../../../member/hands/tasks.ts";
import { useDraft } from "../../use-draft.ts";
import { useAct, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

/** It was never sent. */
const NONE = -1;

type CaseAct = Pick<Act, "working" | "failure"> & {
  /** what others did since this was sent and not taken */
  readonly newer: readonly ThreadAct[];
  readonly run: (send: (found: Found) => Promise<void>, said: (which: string) => string) => void;
  /** What was typed had been taken, although the answer to it was lost. */
  readonly settled: () => void;
};

/** @param form under which its fields are kept as drafts */
export function useCaseAct(form: string, inbox: string, letter: Letter): CaseAct {
  const visit = useVisit();
  const { working, failure, run } = useAct();
  // How many acts were known when this one was last sent.
  const [known, setKnown] = useDraft(`${form}/known`, NONE);
  const acts = letter.thread.ok ? letter.thread.acts : [];
  return {
    working,
    failure,
    newer: known > NONE ? acts.slice(known) : [],
    settled: () => setKnown(NONE),
    run: (send, said) =>
      run(async () => {
        const here = window.location.pathname;
        const isHere = () => window.location.pathname === here;
        setKnown(acts.length);
        try {
          await send(await findInbox(visit, inbox));
        } catch (thrown) {
          if (codeOf(thrown) !== "CASE_MOVED") throw thrown;
          // The letter again, with what they did; what was typed here stays.
          return isHere() ? visit.go(here) : undefined;
        }
        // Whoever looked at another letter meanwhile stays there, with what is typed there.
        visit.drafts.forget(here, form);
        visit.say(said(isHere() ? "this letter" : letter.reference));
        if (isHere()) visit.go(here);
      }),
  };
}
