/** A request for bytes waits by itself for the checkpoint that must cover its release. */
import { setTimeout as wait } from "node:timers/promises";
import { LATER } from "./serve.ts";

/** How long it waits, and how often it looks. Milliseconds. */
const WAIT = 3000;
const LOOK = 20;

/** What `look` finds, or `LATER` when it finds nothing in time. */
export async function whenSigned<T>(look: () => Promise<T | null>): Promise<T | typeof LATER> {
  for (const end = Date.now() + WAIT; Date.now() < end; await wait(LOOK)) {
    const found = await look();
    if (found) return found;
  }
  return LATER;
}
