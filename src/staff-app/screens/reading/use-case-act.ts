/**
 * Doing something about the letter that is open. Of two who act at once one wins: whoever did not sees the letter again,
 * with what the other did, and what they typed is still there. Where the answer alone was lost, the letter shows one's
 * own act: nobody is told that it was not taken, and nothing is done a second time.
 */
import { useEffect, useState } from "preact/hooks";
import { codeOf } from "../../../domain/problem.ts";
import { findInbox, type Found } from "../../../member/flows/world.ts";
import type { Letter, ThreadAct } from "../../../member/hands/tasks.ts";
import { useDraft } from "../../use-draft.ts";
import { useAct, type Act } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { fateOf, NOT_SENT, type Fate } from "./fate.ts";

/** It was never sent. */
const NONE = -1;

type CaseAct = Pick<Act, "working" | "failure"> & {
  readonly fate: Fate;
  readonly run: (send: (found: Found) => Promise<void>, said: (which: string) => string) => void;
};

/** `isPossible`: as the letter stands now. `isThis`: whether an act is the one that was sent. `empty`: the fields. */
type Sent = {
  readonly form: string;
  readonly isPossible: boolean;
  readonly isThis: (act: ThreadAct) => boolean;
  readonly empty: () => void;
};

/** @param sent of what its fields hold now; `form` is the name under which they are kept as drafts */
export function useCaseAct({ form, isPossible, isThis, empty }: Sent, inbox: string, letter: Letter): CaseAct {
  const visit = useVisit();
  const { working, failure, run } = useAct();
  // How many acts were known when this one was last sent.
  const [known, setKnown] = useDraft(`${form}/known`, NONE);
  const acts = letter.thread.ok ? letter.thread.acts : [];
  const [fate, setFate] = useState(() => fateOf(known > NONE ? acts.slice(known) : [], visit.me.person, isThis));
  useEffect(() => {
    if (fate.taken) empty();
    // What cannot be sent any more is told of once.
    if (known > NONE && (fate.taken || !isPossible)) setKnown(NONE);
  }, []);
  return {
    working,
    failure,
    fate,
    run: (send, said) =>
      run(async () => {
        const here = window.location.pathname;
        const isHere = () => window.location.pathname === here;
        setKnown(acts.length);
        setFate(NOT_SENT);
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
