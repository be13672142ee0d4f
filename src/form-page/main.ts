/**
 * The form page, in the order in which things happen. The guard has run before, while the document was read; if it did
 * not arrive, the first line here does its work.
 */
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { capable } from "./capable.ts";
import { watchLeaving } from "./exit.ts";
import { whyStopped } from "./failure.ts";
import { takeLetter } from "./letter.ts";
import { readPage } from "./page.ts";
import { correctReaders } from "./readers.ts";
import { createSender } from "./send.ts";
import { BROKEN, stopBanner } from "./stop.ts";
import { forbidSubmitting, takeAllAway } from "./take.ts";
import { beginVisit } from "./visit.ts";

function start(): void {
  // 1. Every way out of the document is taken away, and nothing puts it back.
  forbidSubmitting();
  takeAllAway(document);
  const letter = takeLetter();

  // 2. What the document says the form is.
  const page = readPage();

  // 3. The part that seals is on its way while the introduction is read.
  const sealing = import("./sealing.ts");
  const sender = createSender(page, sealing);

  // 4. One question at a time, then check, then send.
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const link of document.querySelectorAll("[data-module=govuk-skip-link]")) new SkipLink(link);
  const visit = beginVisit(page, letter, sender);
  watchLeaving(letter, () => location.reload());
  // Something of ours that this browser cannot do, though it said that it can: never a button that does nothing.
  window.addEventListener("error", ({ filename }) => {
    if (filename.startsWith(`${location.origin}/`)) visit.stop(BROKEN);
  });

  // 5. Who can read this, from the signed statements. If they do not hold, nobody writes for nothing.
  sender.key().then(
    (key) => correctReaders(page.main, key),
    (thrown: unknown) => visit.stop(whyStopped(thrown)),
  );
}

try {
  // A browser that is too old keeps the form as it came, which is posted to the counter.
  if (capable()) {
    start();
    document.documentElement.dataset["pillarbox"] = "started";
  }
} catch (thrown) {
  document.documentElement.dataset["pillarbox"] = "stopped";
  stopBanner(document.querySelector("[data-pillarbox-form]") ?? document.body, whyStopped(thrown));
}
