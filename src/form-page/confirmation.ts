/** The end: the reference, what happens next and when, and a way to keep a record. No answer is left here. */
import type { Form } from "../domain/form/form.ts";
import { button, el, paragraph } from "./dom.ts";
import { saveText } from "./receipt.ts";

const dayAndTime = (at: Date): string =>
  at.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit" });

/** What a person keeps: enough to be found again, nothing of what they wrote. */
function record(form: Form, reference: string, at: Date): string {
  return [form.title, "", `Reference: ${reference}`, `Received: ${dayAndTime(at)}`, "", "What happens next", ...form.next.text, `We will reply within ${form.next.days} working days.`, ""].join("\r\n");
}

export function confirmationPage(form: Form, reference: string, at: Date): { readonly element: HTMLElement; readonly heading: HTMLElement } {
  const heading = el("h1", { class: "govuk-panel__title" }, "Sent");
  const panel = el("div", { class: "govuk-panel govuk-panel--confirmation" }, heading, el("div", { class: "govuk-panel__body" }, "Your reference number", el("br"), el("strong", {}, reference)));
  const element = el(
    "div",
    { "data-step": "sent" },
    panel,
    paragraph(`We received it on ${dayAndTime(at)}. It was sealed in this browser. Your answers are no longer on this page.`),
    el("h2", { class: "govuk-heading-m" }, "What happens next"),
    ...form.next.text.map((text) => paragraph(text)),
    paragraph(`We will reply within ${form.next.days} working days.`),
    el("h2", { class: "govuk-heading-m" }, "Keep a record"),
    paragraph("Write down the reference number, or keep this page. You need the number if you get in touch about what you sent."),
    el(
      "div",
      { class: "govuk-button-group" },
      button("Save as a text file", () => saveText(`${reference}.txt`, record(form, reference, at)), "govuk-button--secondary"),
      button("Print this page", () => window.print(), "govuk-button--secondary"),
    ),
  );
  return { element, heading };
}
