/**
 * Entry of the staff pages, small on purpose: the app is loaded only where the browser can run it, because in an older
 * one its first line could fail, and nothing would be said.
 */
import { browsersText, lack, MEMBER_BROWSERS } from "../domain/form/browsers.ts";

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

if (lack(window, NEEDED).length > 0) say(OLD);
else
  import("./start.tsx")
    .then(
      ({ start }) => start(place),
      () => say(ARRIVED),
    )
    .catch(() => say(ARRIVED));
