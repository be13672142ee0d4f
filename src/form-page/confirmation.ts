/** The end: the reference, what happens next and when, and a way to keep a record. No answer is left here. */
import { timeInZone } from "../domain/time.ts";
import type { Form } from "../domain/form/form.ts";
import { button, el, paragraph } from "./dom.ts";
import { saveText } from "./receipt.ts";
import type { Receipt } from "./send.ts";
import { channelList } from "./stop.ts";

const inDays = (form: Form): string => `If we can reply to you, we do so within ${form.next.days} working days.`;

/** What a person keeps: enough to be found again, nothing of what they wrote. */
function record(form: Form, { reference, words, at, zone, bodyName }: Receipt): string {
  const channels = form.otherChannels.map(({ label, text }) => `${label}: ${text}`);
  return [
    form.title,
    bodyName,
    "",
    `Reference: ${reference}`,
    `Received: ${timeInZone(at.getTime(), zone)}`,
    "",
    "Receipt words, in this order. Whoever has them can see when your letter was opened, reads every reply, and can write as you. Keep them to yourself.",
    ...words.map((word, index) => `${index + 1}. ${word}`),
    `Where to enter them: ${location.origin}/status`,
    "",
    "What happens next",
    inDays(form),
    ...form.next.text,
    "",
    "To ask or add something",
    ...channels,
    "",
  ].join("\r\n");
}

export function confirmationPage(
  form: Form,
  receipt: Receipt,
): { readonly element: HTMLElement; readonly heading: HTMLElement } {
  const { reference, words, at, zone, bodyName } = receipt;
  const heading = el("h1", { class: "govuk-panel__title" }, "Sent");
  const panel = el(
    "div",
    { class: "govuk-panel govuk-panel--confirmation" },
    heading,
    el("div", { class: "govuk-panel__body" }, "Your reference number", el("br"), el("strong", {}, reference)),
  );
  const element = el(
    "div",
    { "data-step": "sent" },
    panel,
    paragraph(
      `${bodyName} received this, sealed, on ${timeInZone(at.getTime(), zone)}. What you wrote is no longer on this page.`,
    ),
    el("h2", { class: "govuk-heading-m", id: "words" }, "Your receipt words"),
    paragraph(
      "With the reference and these twelve words you can see when your letter was opened and by which role, read what is answered, add something, or ask that it be erased. Whoever has them reads every reply and can write as you. Nobody else has them, and nobody can find them again.",
    ),
    el("ol", { class: "pb-words", "aria-labelledby": "words" }, ...words.map((word) => el("li", {}, word))),
    paragraph(
      "Enter them on the page ",
      el("a", { class: "govuk-link", href: "/status" }, "What happened to your letter"),
      el("span", { class: "pb-on-paper" }, ` (${location.origin}/status)`),
      ". There you also get a proof of receipt.",
    ),
    el("h2", { class: "govuk-heading-m" }, "What happens next"),
    paragraph(inDays(form)),
    el("ul", { class: "govuk-list govuk-list--bullet" }, ...form.next.text.map((text) => el("li", {}, text))),
    el("h2", { class: "govuk-heading-m" }, "Keep a record"),
    paragraph(
      "Write the reference and the words down, or save or print this page, and keep it where nobody else looks. It does not show what you wrote.",
    ),
    el(
      "div",
      { class: "govuk-button-group" },
      button(
        "Save as a text file",
        () => saveText(`${reference}.txt`, record(form, receipt)),
        "govuk-button--secondary",
      ),
      button("Print this page", () => window.print(), "govuk-button--secondary"),
    ),
    el("h2", { class: "govuk-heading-m" }, "If you want to ask or add something"),
    paragraph("Use your receipt words, or tell us the reference ", el("strong", {}, reference), "."),
    channelList(form.otherChannels),
  );
  return { element, heading };
}
