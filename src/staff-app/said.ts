/** What the screen before had to say, while it is shown: it goes as soon as something else is begun or goes wrong. */

const shown = new Set<() => void>();

/** Something else was begun, or does not work: what succeeded before is not said above it. */
export function forgetSaid(): void {
  for (const hide of shown) hide();
}

/** Calls `hide` then; what it gives ends that. */
export function whenForgotten(hide: () => void): () => void {
  shown.add(hide);
  return () => void shown.delete(hide);
}
