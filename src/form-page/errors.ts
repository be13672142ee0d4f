/**
 * What is wrong, at the top of the page and at the field, in the same words (GOV.UK, "Error summary", "Error message").
 */
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import type { AnswerProblem } from "../domain/form/answers.ts";
import { el } from "./dom.ts";
import { describe, undescribe } from "./question.ts";

const GROUPS = ".govuk-radios, .govuk-checkboxes, .govuk-date-input";
const INVALID = ["govuk-input--error", "govuk-textarea--error"];

/** Removes all messages of a question. */
export function clearErrors(question: HTMLElement): void {
  for (const message of question.querySelectorAll(".govuk-error-message")) {
    for (const control of question.querySelectorAll(`[aria-describedby~="${CSS.escape(message.id)}"]`))
      undescribe(control, message.id);
    message.remove();
  }
  for (const group of question.querySelectorAll(".govuk-form-group--error"))
    group.classList.remove("govuk-form-group--error");
  for (const control of question.querySelectorAll(INVALID.map((name) => `.${name}`).join(", ")))
    control.classList.remove(...INVALID);
}

/** Puts each message at its field. Radios, checkboxes and dates have one message for the whole group. */
export function showErrors(question: HTMLElement, problems: readonly AnswerProblem[]): void {
  for (const { field, text } of problems) {
    const control = question.querySelector<HTMLElement>(`#${CSS.escape(field)}`);
    if (!control) continue;
    if (control.matches(".govuk-input, .govuk-textarea"))
      control.classList.add(control.tagName === "TEXTAREA" ? "govuk-textarea--error" : "govuk-input--error");
    const choices = control.closest<HTMLElement>(GROUPS);
    const described = choices?.closest("fieldset") ?? control;
    const group = described.closest(".govuk-form-group") ?? question;
    const message = el(
      "p",
      { id: `${choices ? question.dataset["question"] : field}-error`, class: "govuk-error-message" },
      el("span", { class: "govuk-visually-hidden" }, "Error:"),
      ` ${text}`,
    );
    group.classList.add("govuk-form-group--error");
    (choices ?? control).before(message);
    describe(described, message.id);
  }
}

/**
 * The summary for the top of the page. It takes the focus by itself once it stands in the document: call
 * `focusSummary`.
 */
export function errorSummary(problems: readonly AnswerProblem[]): HTMLElement {
  const items = problems.map(({ field, text }) => el("li", {}, field ? el("a", { href: `#${field}` }, text) : text));
  return summary(el("ul", { class: "govuk-list govuk-error-summary__list" }, ...items));
}

/** A summary with any content, for what is no field's fault. */
export function summary(...content: readonly Node[]): HTMLElement {
  return el(
    "div",
    { class: "govuk-error-summary", "data-module": "govuk-error-summary" },
    el(
      "div",
      { role: "alert" },
      el("h2", { class: "govuk-error-summary__title" }, "There is a problem"),
      el("div", { class: "govuk-error-summary__body" }, ...content),
    ),
  );
}

/** Moves to a summary, which stands at the top, and makes its links go to their fields without changing the address. */
export function focusSummary(element: HTMLElement): void {
  window.scrollTo(0, 0);
  new ErrorSummary(element);
}
