/** Entry of the staff app: reads the setup, names the one policy, and starts the app. */
import { render } from "preact";
import { App } from "./app.tsx";
import { makeKeyring } from "./keyring.ts";
import { readSetup } from "./setup.ts";
import { workerStarter } from "./worker-start.ts";

const place = document.getElementById("app") ?? document.body.appendChild(document.createElement("div"));

/** The app cannot start without its setup; the page says so instead of staying empty. */
function sayBroken(): void {
  const text = document.createElement("p");
  text.className = "govuk-body govuk-!-margin-7";
  text.textContent =
    "The staff pages could not start, because part of the page did not arrive. Nothing was lost. Reload the page.";
  place.replaceChildren(text);
}

// A page kept by the browser for its back button still holds what was on it: it starts again, empty.
window.addEventListener("pagehide", () => render(null, place));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

try {
  const setup = readSetup(document);
  const start = workerStarter(setup.worker);
  render(<App setup={setup} newKeyring={() => makeKeyring(start)} />, place);
} catch {
  sayBroken();
}
