/**
 * Ctrl-C and SIGTERM in the middle of a backup or a restore: what was begun is taken away again, and is not left lying
 * about with the secrets that are in it.
 */
import { Refusal } from "../refusal.ts";

/** Milliseconds: one press may come twice, from the terminal and from the command that started this one. */
const SAME = 2_000;
let askedAt: number | null = null;

/** From here on such a signal is remembered; whoever asks again later does not wait. */
export function heedSignals(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => {
      if (askedAt !== null && Date.now() - askedAt > SAME) process.exit(1);
      askedAt ??= Date.now();
    });
}

/** Said between two parts. @throws Refusal, so that the work ends as it does where it fails */
export function stopIfAsked(): void {
  if (askedAt !== null) throw new Refusal("It was stopped before its end, and what was written so far is gone again.");
}
