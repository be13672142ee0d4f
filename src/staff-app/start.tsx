/** The staff app itself: reads the setup, names the one policy, and draws the first screen. */
import { render } from "preact";
import { App } from "./app.tsx";
import { makeKeyring } from "./keyring.ts";
import { watchPresses } from "./parts/steady.ts";
import { readSetup } from "./setup.ts";
import { workerStarter } from "./worker-start.ts";

/** @throws where part of the page did not arrive */
export function start(place: HTMLElement): void {
  // A page kept by the browser for its back button still holds what was on it: it starts again, empty.
  window.addEventListener("pagehide", () => render(null, place));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  watchPresses();
  const setup = readSetup(document);
  const startWorker = workerStarter(setup.worker);
  place.textContent = "";
  render(<App setup={setup} newKeyring={() => makeKeyring(startWorker)} />, place);
}
