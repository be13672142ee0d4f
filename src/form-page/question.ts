/** A question as a page of its own: its label or legend becomes the page's heading (GOV.UK, "Question pages"). */
import { count } from "../domain/form/clean.ts";
import { limitOf, type Question } from "../domain/form/question.ts";
import { TextCount } from "./count.ts";
import { el } from "./dom.ts";

/** The share of the allowed characters, in percent, from which the page says how many are left. */
const COUNT_FROM = 75;

/** The name of a size class without its size: labels and legends come in four. */
const resize = (element: Element, block: string, size: string): void => {
  for (const other of ["xl", "l", "m", "s"]) element.classList.remove(`${block}--${other}`);
  element.classList.add(`${block}--${size}`);
};

/** Turns a question's label or legend into the heading of its page. */
export function headQuestion(element: HTMLElement): HTMLElement {
  const legend = element.querySelector("legend");
  if (legend) {
    const heading = el("h1", { class: "govuk-fieldset__heading" }, (legend.textContent ?? "").trim());
    legend.replaceChildren(heading);
    resize(legend, "govuk-fieldset__legend", "l");
    return heading;
  }
  const label = element.querySelector("label")!;
  const heading = el("h1", { class: "govuk-label-wrapper" });
  const wrapper = label.parentElement?.matches("h1, h2, h3") ? label.parentElement : label;
  wrapper.replaceWith(heading);
  heading.append(label);
  resize(label, "govuk-label", "l");
  return heading;
}

/** Says how many characters are left, once there are few: a help, not a barrier. */
export function countCharacters(element: HTMLElement, question: Question): void {
  const textarea = element.querySelector("textarea");
  if (question.kind !== "long-text" || !textarea) return;
  const root = textarea.closest<HTMLElement>(".govuk-form-group")!;
  root.classList.add("govuk-character-count");
  textarea.classList.add("govuk-js-character-count");
  const id = `${textarea.id}-info`;
  if (!document.getElementById(id)) {
    // Without words of ours the library puts the name of its own message there, and a screen reader reads that.
    const most = `You can enter up to ${count(limitOf(question))} characters.`;
    root.append(el("div", { id, class: "govuk-hint govuk-character-count__message" }, most));
    describe(textarea, id);
  }
  new TextCount(root, { maxlength: limitOf(question), threshold: COUNT_FROM });
}

/** Adds one more element to those that describe a control. */
export function describe(control: Element, id: string): void {
  const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  if (!ids.includes(id)) control.setAttribute("aria-describedby", [...ids, id].join(" "));
}

/** Takes one away again. */
export function undescribe(control: Element, id: string): void {
  const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  if (ids.length > 0) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}
