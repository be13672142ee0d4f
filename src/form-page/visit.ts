/**
 * One visit: which step is shown, how to get to the next, and what the browser's history knows about it, which is the
 * number of the step and how deep it lies.
 */
import { checkAnswers, type AnswerProblem, type Answers } from "../domain/form/answers.ts";
import { rowsOf } from "../domain/form/display.ts";
import { confirmationPage } from "./confirmation.ts";
import { clearErrors, errorSummary, focusSummary, showErrors } from "./errors.ts";
import { prepareLastStep } from "./last-step.ts";
import type { Letter } from "./letter.ts";
import type { Page } from "./page.ts";
import { prepareScene, type Scene } from "./scene.ts";
import type { Receipt, Sender } from "./send.ts";
import { copyButton } from "./summary.ts";
import { after, checkStep, INTRODUCTION, reachable, walk, type Stop } from "./way.ts";

type Mark = { readonly step: number; readonly depth: number; readonly changing: boolean };

export type Visit = {
  /** Ends the visit: nothing can be sent any more, what was written stays on the page. */
  readonly stop: (reason: string) => void;
};

/** Starts the visit at the introduction. */
export function beginVisit(page: Page, letter: Letter, sender: Sender): Visit {
  const { form } = page;
  let here: Mark = { step: INTRODUCTION, depth: depthOf(history.state), changing: false };
  let ended = false;
  const seen = new Set<number>();

  const scene: Scene = prepareScene(page, letter, { start: () => goOn(), back, continue: goOn });
  const showLastStep = prepareLastStep(page, scene, sender, {
    change: (id) => goTo(form.questions.findIndex((question) => question.id === id) + 1, true),
    received,
    isShown: () => here.step === checkStep(form),
    hasEnded: () => ended,
  });
  const stops = (): readonly Stop[] => walk(form, letter.read()).stops;

  function goTo(step: number, changing = false): void {
    here = { step, depth: here.depth + 1, changing };
    history.pushState(here, "");
    render();
    scene.focus();
  }

  function goOn(): void {
    const now = stops();
    const stop = now.find((one) => one.step === here.step);
    if (stop && stop.problems.length > 0) return showProblems(scene, letter, stop.problems);
    const next = after(form, now, here.step, here.changing ? seen : null);
    goTo(next, here.changing && next !== checkStep(form));
  }

  function back(): void {
    if (here.depth > 0) history.back();
    else goTo(INTRODUCTION);
  }

  function render(): void {
    for (const element of letter.questions.values()) clearErrors(element);
    if (here.step === INTRODUCTION) return scene.introduction();
    const now = stops();
    const stop = now.find((one) => one.step === here.step);
    if (stop) {
      seen.add(stop.step);
      return scene.question(stop.question, now.indexOf(stop) + 1);
    }
    const checked = checkAnswers(form, letter.read());
    if (checked.ok) showLastStep(checked.answers);
    else scene.introduction();
  }

  function received(receipt: Receipt): void {
    ended = true;
    letter.forget();
    const { element, heading } = confirmationPage(form, receipt);
    scene.end(element, heading, "Sent");
    // One step back from here leaves the form: the pages of the questions hold nothing any more.
    if (here.depth > 0) history.go(-here.depth);
  }

  window.addEventListener("popstate", (event) => {
    const mark = event.state as Mark | null;
    if (ended || !mark) return;
    const step = reachable(form, stops(), mark.step);
    here = { ...mark, step, changing: mark.changing && step === mark.step };
    history.replaceState(here, "");
    render();
    scene.focus();
  });

  // Each step begins at its top; where an older one was scrolled to says nothing about this one.
  history.scrollRestoration = "manual";
  history.replaceState(here, "");
  render();
  return {
    stop(reason) {
      if (ended) return;
      ended = true;
      stopScene(page, scene, letter, reason);
    },
  };
}

function showProblems(scene: Scene, letter: Letter, problems: readonly AnswerProblem[]): void {
  const element = letter.questions.get(problems[0]!.question)!;
  clearErrors(element);
  showErrors(element, problems);
  focusSummary(scene.banner(errorSummary(problems), true));
}

/** Says why, and offers a copy of what was written. */
function stopScene({ form }: Page, scene: Scene, letter: Letter, reason: string): void {
  if (letter.isEmpty()) return scene.stop(reason);
  const answers = walk(form, letter.read()).answers as Answers;
  const rows = rowsOf(form, answers);
  scene.stop(
    reason,
    "Your answers are still on this page. Save a copy of them before you leave or reload it.",
    copyButton(form, rows, answers),
  );
}

/** How many steps of ours lie before this entry; the rest of an older visit's mark is not used. */
const depthOf = (state: unknown): number => {
  const depth = (state as Partial<Mark> | null)?.depth;
  return typeof depth === "number" && Number.isSafeInteger(depth) && depth > 0 ? depth : 0;
};
