/** Leaving: the quick exit, the warning about answers not sent, and forgetting them. */
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import type { Letter } from "./letter.ts";

/** Set by the library's component before it leaves. */
const leavingQuickly = (): boolean => document.body.classList.contains("govuk-exit-this-page-hide-content");

/** Starts the quick exit where the form has one (button, skip link, Shift three times), and watches over leaving. */
export function watchLeaving(letter: Pick<Letter, "isEmpty" | "forget">, afterReturn: () => void): void {
  for (const root of document.querySelectorAll("[data-module=govuk-exit-this-page]")) new ExitThisPage(root);
  let left = false;
  window.addEventListener("beforeunload", (event) => {
    if (leavingQuickly()) {
      // Whoever presses Back on the other side finds nothing, and no question stands in the way of leaving.
      letter.forget();
      left = true;
    } else if (!letter.isEmpty()) {
      event.preventDefault();
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && left) afterReturn();
  });
}
