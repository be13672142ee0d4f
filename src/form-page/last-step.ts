/** The last step: the answers to check, and sending them. A letter may be on its way whatever is shown by now. */
import type { Answers } from "../domain/form/answers.ts";
import { focusSummary } from "./errors.ts";
import { failureBanner } from "./failure.ts";
import type { Page } from "./page.ts";
import { readersText } from "./readers.ts";
import type { Scene } from "./scene.ts";
import type { Receipt, Sender } from "./send.ts";
import { setBusy, summaryPage, type Summary } from "./summary.ts";

export type LastStepActs = {
  /** Goes to this question, and back here afterwards. */
  readonly change: (question: string) => void;
  readonly received: (receipt: Receipt) => void;
  readonly isShown: () => boolean;
  readonly hasEnded: () => boolean;
};

/** Gives what shows the last step. */
export function prepareLastStep(
  page: Page,
  scene: Scene,
  sender: Sender,
  act: LastStepActs,
): (answers: Answers) => void {
  /** The summary that is shown, or was last. */
  let shown: Summary | undefined;
  let sending = false;

  function show(answers: Answers): void {
    shown = summaryPage(page.form, answers, readersText(page.main), {
      change: act.change,
      send: () => void send(answers),
    });
    setBusy(shown, sending);
    scene.page(shown.element, shown.heading, "Check your answers");
  }

  async function send(answers: Answers): Promise<void> {
    if (sending || act.hasEnded()) return;
    sending = true;
    setBusy(shown!, true);
    scene.say("Sending");
    const outcome = await sender.send(answers);
    sending = false;
    scene.say("");
    if (outcome.kind === "received") return act.received(outcome);
    setBusy(shown!, false);
    // Whoever has gone back to change something meanwhile is not interrupted; nothing was lost, and Send is still
    // there.
    if (!act.isShown()) return;
    const banner = failureBanner(outcome, () => void send(answers));
    shown!.banner.replaceChildren(banner);
    focusSummary(banner);
    scene.title("Error: Check your answers");
  }

  return show;
}
