/**
 * Loading what a screen shows: progress, failure and the value; an answer that comes after the screen has gone is
 * dropped.
 */
import { useCallback, useEffect, useState } from "preact/hooks";
import { failureOf, type Failure } from "./failure.ts";
import type { Progress, Tell } from "../member/member.ts";
import { forgetSaid } from "./said.ts";
import { useVisit } from "./visit.ts";

export type Loaded<T> =
  | { readonly at: "loading"; readonly progress: Progress | null }
  | { readonly at: "failed"; readonly failure: Failure; readonly again: () => void }
  | { readonly at: "ready"; readonly value: T; readonly again: () => void };

type Held<T> =
  | { readonly at: "loading"; readonly progress: Progress | null }
  | { readonly at: "failed"; readonly failure: Failure }
  | { readonly at: "ready"; readonly value: T };

/** Runs `load` when the screen appears, and again on demand. */
export function useLoad<T>(load: (tell: Tell) => Promise<T>): Loaded<T> {
  const visit = useVisit();
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<Held<T>>({ at: "loading", progress: null });
  useEffect(() => {
    let here = true;
    const show = (next: Held<T>) => {
      if (here) setHeld(next);
    };
    show({ at: "loading", progress: null });
    load((progress) => show({ at: "loading", progress })).then(
      (value) => show({ at: "ready", value }),
      (thrown: unknown) => {
        if (here && !visit.endsWith(thrown)) show({ at: "failed", failure: failureOf(thrown) });
      },
    );
    return () => {
      here = false;
    };
  }, [turn]);
  const again = useCallback(() => {
    // At once: what is known to be old is not shown, nor pressed, until the page has been drawn.
    setHeld({ at: "loading", progress: null });
    setTurn((n) => n + 1);
  }, []);
  return held.at === "loading" ? held : { ...held, again };
}

export type Act = {
  readonly working: boolean;
  readonly failure: Failure | null;
  readonly progress: Progress | null;
  readonly run: (work: (tell: Tell) => Promise<void>) => void;
};

/** One act at a time, begun by a button. */
export function useAct(): Act {
  const visit = useVisit();
  const [state, setState] = useState<{ working: boolean; failure: Failure | null; progress: Progress | null }>({
    working: false,
    failure: null,
    progress: null,
  });
  const run = (work: (tell: Tell) => Promise<void>) => {
    if (state.working) return;
    forgetSaid();
    setState({ working: true, failure: null, progress: null });
    work((progress) => setState({ working: true, failure: null, progress })).then(
      () => setState({ working: false, failure: null, progress: null }),
      (thrown: unknown) => {
        if (!visit.endsWith(thrown)) setState({ working: false, failure: failureOf(thrown), progress: null });
      },
    );
  };
  return { ...state, run };
}
