/**
 * The first script of the page, small, classic and blocking: it runs before the questions exist, and takes their ways
 * out as the document is read. From then on nothing leaves this page unsealed, even if no other script ever arrives.
 * Where a browser is too old for the page's script this does nothing at all, and the form stays what it is without
 * script: posted to the counter, with a line that says so.
 */
import { capable } from "./capable.ts";
import { el } from "./dom.ts";
import { NOT_LOADED, stopBanner } from "./stop.ts";
import { forbidSubmitting, takeAllAway } from "./take.ts";

/** Longer than this without questions, milliseconds, and the page says that it is still loading. */
const PATIENCE = 2_000;

function guard(): void {
  forbidSubmitting();
  const watch = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element) take(node);
    }
  });
  watch.observe(document, { childList: true, subtree: true });

  const loading = el("p", { class: "govuk-body", role: "status" });
  const timer = setTimeout(() => {
    document.getElementById("letter")?.before(loading);
    loading.textContent = "The questions are still loading.";
  }, PATIENCE);

  // Deferred modules have run, or failed, when the document is ready.
  document.addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    clearTimeout(timer);
    loading.remove();
    if ("pillarbox" in document.documentElement.dataset) return;
    takeAllAway(document);
    const place = document.getElementById("letter")?.parentElement ?? document.body;
    stopBanner(place, NOT_LOADED);
  });
}

function take(node: Element): void {
  // The page's script has taken over, and gives radios the neutral names that group them.
  if ("pillarbox" in document.documentElement.dataset) return;
  takeAllAway(node);
  // Questions stay out of sight until the page's script can seal what is written into them.
  if (node.id === "letter") node.setAttribute("hidden", "");
  else node.querySelector("#letter")?.setAttribute("hidden", "");
}

// Asked here, because after this no way leads back.
if (capable()) guard();
