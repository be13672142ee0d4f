/**
 * Somebody else may sign a statement while an act is being drafted; the server then says `CHAIN_MOVED` and stores
 * nothing. A person looks again at what changed and decides anew, so the flows of screens do not repeat themselves. An
 * act that reads everything anew by itself and shows nobody anything is repeated here.
 */
import { codeOf } from "../../domain/problem.ts";

const TRIES = 5;

/** @param act reads the chain, and acts on what it read */
export async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await act();
    } catch (thrown) {
      if (codeOf(thrown) !== "CHAIN_MOVED" || turn === TRIES) throw thrown;
    }
  }
}
