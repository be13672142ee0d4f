/** What became of an act that was sent and whose answer was another one than yes. */
import type { ThreadAct } from "../../../member/hands/tasks.ts";

export type Fate = {
  /** what others did since it was sent, the first first: it was not taken */
  readonly newer: readonly ThreadAct[];
  /** it had been taken, and only the answer was lost */
  readonly taken: boolean;
};

export const NOT_SENT: Fate = { newer: [], taken: false };

/** @param since the acts that are new since it was sent. @param me who sent it */
export const fateOf = (since: readonly ThreadAct[], me: string, isThis: (act: ThreadAct) => boolean): Fate =>
  since.some((act) => act.person === me && isThis(act)) ? { newer: [], taken: true } : { newer: since, taken: false };
