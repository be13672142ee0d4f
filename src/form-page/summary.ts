/**
 * Check your answers (GOV.UK, "Check answers"): every answer with a way to change it, then the declaration and Send.
 */
import { rowsOf, type Row } from "../domain/form/display.ts";
import type { Answers } from "../domain/form/answers.ts";
import type { Form } from "../domain/form/form.ts";
import { actionLink, button, el, paragraph, type Child } from "./dom.ts";
import { saveText, textOf } from "./receipt.ts";

export type Summary = {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly send: HTMLButtonElement;
  readonly banner: HTMLElement;
};

/** Lines as people typed them, with breaks between. */
const breaks = (lines: readonly string[]): Child[] =>
  lines.flatMap((line, index) => (index === 0 ? [line] : [el("br"), line]));

function rowElement(row: Row, change: () => void): HTMLElement {
  return el(
    "div",
    { class: "govuk-summary-list__row" },
    el("dt", { class: "govuk-summary-list__key" }, row.title),
    el("dd", { class: "govuk-summary-list__value" }, ...breaks(row.lines)),
    el("dd", { class: "govuk-summary-list__actions" }, actionLink("Change", `your answer to “${row.title}”`, change)),
  );
}

/** Shows whether a letter is on its way. */
export function setBusy({ send, banner }: Summary, busy: boolean): void {
  send.textContent = busy ? "Sending…" : "Send";
  if (busy) send.setAttribute("aria-disabled", "true");
  else send.removeAttribute("aria-disabled");
  if (busy) banner.replaceChildren();
}

/**
 * The line to compare comes with the part that seals; where that part did not arrive nothing was sent, so there is
 * nothing to compare.
 */
const copyOf = (form: Form, rows: readonly Row[], answers: object): Promise<string> =>
  import("./sealing.ts")
    .then(
      ({ answersLine }) => answersLine(answers),
      () => "",
    )
    .then((line) => textOf(form.title, rows, line));

/** Lets the person keep what they wrote, before it is sealed and forgotten. */
export const copyButton = (form: Form, rows: readonly Row[], answers: object): HTMLButtonElement =>
  button(
    "Save a copy of your answers",
    () => void copyOf(form, rows, answers).then((text) => saveText(`${form.id}-answers.txt`, text)),
    "govuk-button--secondary",
  );

/** The page. `readers` says who can read this; `change` gets the id of a question. */
export function summaryPage(
  form: Form,
  answers: Answers,
  readers: string,
  act: { readonly change: (question: string) => void; readonly send: () => void },
): Summary {
  const rows = rowsOf(form, answers);
  const heading = el("h1", { class: "govuk-heading-l" }, "Check your answers before sending");
  const send = button("Send", act.send, "pb-send");
  const banner = el("div");
  const declaration = form.declaration ? [paragraph(`By sending this you confirm: ${form.declaration}`)] : [];
  const element = el(
    "div",
    { "data-step": "check" },
    banner,
    el("span", { class: "govuk-caption-l" }, form.title),
    heading,
    el("dl", { class: "govuk-summary-list" }, ...rows.map((row) => rowElement(row, () => act.change(row.question)))),
    el("h2", { class: "govuk-heading-m" }, "Now send your answers"),
    ...declaration,
    el(
      "p",
      { class: "govuk-inset-text pb-sealing" },
      `Your answers are sealed in this browser before anything is sent. ${readers}`,
    ),
    el("div", { class: "govuk-button-group" }, send, copyButton(form, rows, answers)),
  );
  return { element, heading, send, banner };
}
