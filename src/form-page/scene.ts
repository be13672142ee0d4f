/**
 * What is on the page at one time: the introduction, one question, or a page made for the moment. Focus and title go
 * along.
 */
import type { Question } from "../domain/form/question.ts";
import { actionLink, button, el, type Child } from "./dom.ts";
import type { Letter } from "./letter.ts";
import type { Page } from "./page.ts";
import { countCharacters, headQuestion } from "./question.ts";
import { stopBanner } from "./stop.ts";

type Acts = { readonly start: () => void; readonly back: () => void; readonly continue: () => void };

export type Scene = {
  readonly introduction: () => void;
  readonly question: (question: Question, number: number) => void;
  readonly page: (element: HTMLElement, heading: HTMLElement, name: string) => void;
  /** The last page of a visit: no way back. */
  readonly end: (element: HTMLElement, heading: HTMLElement, name: string) => void;
  /** Puts a banner above the heading and gives it back. */
  readonly banner: (element: HTMLElement, isError: boolean) => HTMLElement;
  readonly title: (name: string) => void;
  /** Moves to the heading of what is shown now. */
  readonly focus: () => void;
  /** Tells a screen reader. */
  readonly say: (text: string) => void;
  /** Nothing can be sent any more; `content` says why, and what is left to do. */
  readonly stop: (...content: readonly Child[]) => void;
};

/** Keys that leave a text as it is: Enter in a single line means Continue, as it would in a form. */
const isLine = (target: EventTarget | null): boolean => target instanceof HTMLInputElement;

/** Builds the parts once; afterwards they are only shown and hidden. */
export function prepareScene(page: Page, letter: Letter, act: Acts): Scene {
  const { main, form } = page;
  const column = letter.place.parentElement!;
  const introduction = introductionIn(column, letter);
  const start = button("Start", act.start, "govuk-button--start");
  introduction.append(start);

  letter.place.hidden = false;
  const banners = el("div");
  const caption = el("span", { class: "govuk-caption-l" });
  const goOn = button("Continue", act.continue);
  const asking = el("div", { "data-step": "question" }, banners, caption, letter.place, goOn);
  const made = el("div");
  const status = el("div", { role: "status", class: "govuk-visually-hidden" });
  column.append(introduction, asking, made, status);

  const way = stepBack(act.back);
  main.before(way);

  // Some questions depend on answers; a total that goes up and down would tell nobody anything.
  const most = `${form.questions.some((question) => question.when) ? "up to " : ""}${form.questions.length}`;
  const headings = headQuestions(page, letter);
  enterContinues(letter.place, act.continue);

  let heading = main.querySelector<HTMLElement>("h1") ?? main;
  let name = "";
  const title = (text: string): void => void (document.title = text ? `${text} – ${page.title}` : page.title);
  function show(part: HTMLElement, itsHeading: HTMLElement, itsName: string): void {
    for (const other of [introduction, asking, made]) other.hidden = other !== part;
    way.hidden = part === introduction;
    banners.replaceChildren();
    heading = itsHeading;
    name = itsName;
    title(name);
  }
  const introductionHeading = heading;
  const focus = (): void => focusHeading(heading);

  return {
    introduction: () => show(introduction, introductionHeading, ""),
    question(question, number) {
      for (const [id, element] of letter.questions) element.hidden = id !== question.id;
      caption.textContent = `Question ${number} of ${most}`;
      show(asking, headings.get(question.id)!, question.title);
    },
    page(element, itsHeading, itsName) {
      made.replaceChildren(element);
      show(made, itsHeading, itsName);
    },
    end(element, itsHeading, itsName) {
      made.replaceChildren(element);
      show(made, itsHeading, itsName);
      introduction.remove();
      asking.remove();
      way.remove();
      focus();
    },
    banner(element, isError) {
      banners.replaceChildren(element);
      title(isError ? `Error: ${name}` : name);
      return element;
    },
    title,
    focus,
    say: (text) => void (status.textContent = text),
    stop(...content) {
      start.remove();
      way.hidden = true;
      for (const element of column.querySelectorAll("[data-step=question] > .govuk-button, .pb-send")) element.remove();
      const banner = stopBanner(column, ...content);
      banner.tabIndex = -1;
      banner.focus();
    },
  };
}

/** Everything that the document says before the questions, in one part. */
function introductionIn(column: HTMLElement, letter: Letter): HTMLElement {
  const introduction = el("div", { "data-step": "introduction" });
  introduction.append(
    ...[...column.children].filter(
      (child) => child !== letter.place && !child.matches("script, .govuk-exit-this-page"),
    ),
  );
  return introduction;
}

/** The wrapper is what gets hidden, because the library's own style would show a hidden link. */
function stepBack(back: () => void): HTMLElement {
  const link = actionLink("Back", "", back);
  link.className = "govuk-back-link";
  return el("nav", { "aria-label": "Step back" }, link);
}

/** Makes each question a page of its own, and gives the headings by question. */
function headQuestions({ form }: Page, letter: Letter): ReadonlyMap<string, HTMLElement> {
  const headings = new Map<string, HTMLElement>();
  for (const question of form.questions) {
    const element = letter.questions.get(question.id);
    if (!element) throw new Error(`the document lacks the question ${question.id}`);
    headings.set(question.id, headQuestion(element));
    countCharacters(element, question);
  }
  return headings;
}

function enterContinues(place: HTMLElement, goOn: () => void): void {
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !isLine(event.target)) return;
    event.preventDefault();
    goOn();
  });
}

function focusHeading(heading: HTMLElement): void {
  window.scrollTo(0, 0);
  heading.tabIndex = -1;
  // The library's own class for what gets the focus by the page and not by the person: no outline.
  heading.classList.add("govuk-skip-link-focused-element");
  heading.focus({ preventScroll: true });
}
