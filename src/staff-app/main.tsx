/** Entry of the staff app: reads the setup, names the one policy, and starts the app. */
import { render } from "preact";
import { browsersText, lack, MEMBER_BROWSERS } from "../domain/form/browsers.ts";
import { App } from "./app.tsx";
import { makeKeyring } from "./keyring.ts";
import { readSetup } from "./setup.ts";
import { workerStarter } from "./worker-start.ts";

const place = document.getElementById("app") ?? document.body.appendChild(document.createElement("div"));

/** What the app and its worker need beyond what every browser with modules has. */
const NEEDED = [
  "BigInt",
  "Array.prototype.at",
  "Array.prototype.findLast",
  "Array.prototype.findLastIndex",
  "Array.prototype.flat",
  "Array.prototype.flatMap",
  "DataView.prototype.getBigUint64",
  "DecompressionStream",
  "HTMLDialogElement.prototype.showModal",
  "Object.fromEntries",
  "Object.hasOwn",
  "ReadableStream.prototype.pipeThrough",
  "String.prototype.replaceAll",
  "TransformStream",
  "navigator.locks",
];

const ARRIVED =
  "The staff pages could not start, because part of the page did not arrive. Nothing was lost. Reload the page.";
const OLD = `The staff pages could not start, because this browser is too old for them. Nothing was lost. Use one of these: ${browsersText(MEMBER_BROWSERS)}.`;

/** Says why, instead of staying empty. By what every browser has. */
function say(why: string): void {
  const text = document.createElement("p");
  text.className = "govuk-body govuk-!-margin-7";
  text.textContent = why;
  place.textContent = "";
  place.appendChild(text);
}

// A page kept by the browser for its back button still holds what was on it: it starts again, empty.
window.addEventListener("pagehide", () => render(null, place));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

function start(): void {
  if (lack(window, NEEDED).length > 0) return say(OLD);
  try {
    const setup = readSetup(document);
    const startWorker = workerStarter(setup.worker);
    place.textContent = "";
    render(<App setup={setup} newKeyring={() => makeKeyring(startWorker)} />, place);
  } catch {
    say(ARRIVED);
  }
}

start();
