/**
 * What appears by itself must not move the page while somebody presses: the release would meet something else, and the
 * press would be lost.
 */

/** An alarm waits no longer than this for a pointer, in milliseconds: a release outside the window may never be told. */
const LONGEST_PRESS_MS = 30_000;

let pressed = false;
let waiting: (() => void)[] = [];

function showAll(): void {
  const now = waiting;
  waiting = [];
  for (const show of now) show();
}

/** Called once, when the app starts. */
export function watchPresses(): void {
  document.addEventListener("pointerdown", () => void (pressed = true), true);
  const released = () => {
    pressed = false;
    // The click comes after the release, and is meant for what was pressed.
    setTimeout(showAll);
  };
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, released, true);
}

/** Runs `show` now, or once the pointer that is pressed has been let go. */
export function whenSteady(show: () => void): void {
  if (!pressed) return show();
  waiting.push(show);
  if (waiting.length === 1) setTimeout(showAll, LONGEST_PRESS_MS);
}
