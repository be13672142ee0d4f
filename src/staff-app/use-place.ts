/** Where the visitor is in the app, as the address says, and how they get somewhere else. */
import { useEffect, useState } from "preact/hooks";

export type Place = {
  readonly path: string;
  /** makes a new screen even where the address stays: "Start" on the start page loads it again */
  readonly turn: number;
  readonly go: (to: string) => void;
  /** goes there with no way back, and does not scroll */
  readonly replace: (to: string) => void;
};

const here = (): string => window.location.pathname;

export function usePlace(): Place {
  const [place, setPlace] = useState({ path: here(), turn: 0 });
  const arrive = () => setPlace(({ turn }) => ({ path: here(), turn: turn + 1 }));
  useEffect(() => {
    window.addEventListener("popstate", arrive);
    return () => window.removeEventListener("popstate", arrive);
  }, []);
  return {
    ...place,
    go(to) {
      if (to === here()) window.history.replaceState(null, "", to);
      else window.history.pushState(null, "", to);
      arrive();
      window.scrollTo(0, 0);
    },
    replace(to) {
      window.history.replaceState(null, "", to);
      arrive();
    },
  };
}
