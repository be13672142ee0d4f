/** What became of a letter, and what its writer can do about it: add, ask for erasure, keep the proof. */
import { codeOf, sentence } from "../../domain/problem.ts";
import { checkStatus } from "../../domain/log/status-check.ts";
import { certificateFile, receiptFile } from "../../domain/receipt/file.ts";
import type { Status } from "../../domain/receipt/status.ts";
import { toldOf, type ToldCase, type ToldSection } from "../../domain/receipt/told.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { button, el, paragraph, type Child } from "../dom.ts";
import { saveText } from "../receipt.ts";
import { channelList } from "../stop.ts";
import { doneAbout } from "./answered.ts";
import { askErasure, find } from "./ask.ts";
import { prepareDelivery, sentenceOf } from "./deliver.ts";
import { fieldProblem } from "./fields.ts";
import type { Holder } from "./holder.ts";

const heading = (text: string, id = ""): HTMLElement => el("h2", { class: "govuk-heading-m", ...(id && { id }) }, text);

function sectionOf({ id, heading: title, text = [], rows = [], list = [] }: ToldSection): HTMLElement[] {
  const row = ({ key, lines }: { key: string; lines: readonly string[] }) =>
    el(
      "div",
      { class: "govuk-summary-list__row" },
      el("dt", { class: "govuk-summary-list__key" }, key),
      el(
        "dd",
        { class: "govuk-summary-list__value" },
        ...lines.flatMap((line, index): Child[] => (index === 0 ? [line] : [el("br"), line])),
      ),
    );
  return [
    heading(title, id),
    ...text.map((line) => paragraph(line)),
    ...(rows.length > 0 ? [el("dl", { class: "govuk-summary-list" }, ...rows.map(row))] : []),
    ...(list.length > 0
      ? [el("ul", { class: "govuk-list govuk-list--bullet" }, ...list.map((line) => el("li", {}, line)))]
      : []),
  ];
}

/** Opens what was answered, then shows the status in place of everything in the column. `said` was just done. */
export async function toldPage(column: HTMLElement, holder: Holder, status: Status, said = ""): Promise<void> {
  showTold(column, holder, status, await doneAbout(holder, status), said);
}

function showTold(column: HTMLElement, holder: Holder, status: Status, done: ToldCase, said: string): void {
  const title = el("h1", { class: "govuk-heading-l", tabindex: "-1" }, "What happened to your letter");
  title.classList.add("govuk-skip-link-focused-element");
  const again = async (done: string): Promise<void> => {
    const now = await find(holder.setup.findUrl, holder.signIn).catch(() => null);
    await toldPage(column, holder, now ?? status, done);
  };
  const erased = status.erasure?.state === "granted";
  column.replaceChildren(
    ...(said ? [el("p", { class: "govuk-inset-text", role: "status" }, said)] : []),
    title,
    ...toldOf(status, { held: checkStatus(status, holder.setup.logKey), by: "browser" }, done).flatMap(sectionOf),
    ...(erased ? [] : adding(holder, status, again)),
    ...proof(holder, status),
    ...(status.erasure === null || status.erasure.state === "refused" ? erasing(holder, again) : []),
    heading("Contact"),
    channelList(status.channels),
    button("Look again", () => void again("This is how it is now."), "govuk-button--secondary"),
  );
  window.scrollTo(0, 0);
  title.focus({ preventScroll: true });
}

type Again = (done: string) => Promise<void>;

function adding(holder: Holder, status: Status, again: Again): HTMLElement[] {
  const field = el("textarea", {
    class: "govuk-textarea",
    id: "to-add",
    rows: "6",
    autocomplete: "off",
    "aria-describedby": "to-add-hint",
  });
  const hint = el(
    "div",
    { class: "govuk-hint", id: "to-add-hint" },
    "It is sealed in this browser before it is sent, and read with your letter. Nothing that you have sent can be changed.",
  );
  const send = button("Send this", () => void add(), "govuk-button--secondary");
  const deliver = prepareDelivery(holder, status);
  let busy = false;

  async function add(): Promise<void> {
    if (busy) return;
    busy = true;
    fieldProblem(field, null);
    send.textContent = "Sending…";
    const text = field.value;
    const refusal = await deliver(text).catch((thrown: unknown) => sentenceOf(codeOf(thrown)));
    busy = false;
    send.textContent = "Send this";
    if (refusal !== null) {
      fieldProblem(field, refusal);
      return field.focus();
    }
    await again("What you added was received, sealed.");
  }

  return [
    heading("Add something"),
    el(
      "div",
      { class: "govuk-form-group" },
      el("label", { class: "govuk-label", for: "to-add" }, "What do you want to add?"),
      hint,
      field,
    ),
    send,
  ];
}

function proof({ entropy, replying }: Holder, status: Status): HTMLElement[] {
  const reference = referenceOf(status.letter.submission);
  const check = el(
    "a",
    { class: "govuk-link", href: "/check-receipt.html", download: "" },
    "Download the page that checks it",
  );
  const certificate = certificateFile(status);
  const received = receiptFile(status, entropy, replying.recipient);
  return [
    heading("Proof of receipt"),
    ...(received === null
      ? [paragraph("It is ready as soon as the log has been signed. Look again in a minute.")]
      : [
          paragraph(
            "A file that proves, also to others, that your letter was received and when. Keep it with your answers. ",
            check,
            ", which works without the internet.",
          ),
          button(
            "Save the proof of receipt",
            () => saveText(`${reference}-receipt.txt`, received),
            "govuk-button--secondary",
          ),
        ]),
    ...(certificate === null
      ? []
      : [
          heading("Certificate of erasure"),
          button(
            "Save the certificate",
            () => saveText(`${reference}-erasure.txt`, certificate),
            "govuk-button--secondary",
          ),
        ]),
  ];
}

function erasing({ setup, signIn }: Holder, again: Again): HTMLElement[] {
  const message = el("p", { class: "govuk-error-message", role: "alert" });
  const sure = el(
    "div",
    { hidden: "" },
    paragraph("Are you sure? If they agree, nobody can bring it back."),
    button("Yes, ask for erasure", () => void ask(), "govuk-button--warning"),
  );
  const first = button(
    "Ask for erasure",
    () => {
      sure.hidden = false;
      first.hidden = true;
      sure.querySelector("button")!.focus();
    },
    "govuk-button--warning",
  );
  async function ask(): Promise<void> {
    try {
      await askErasure(setup.eraseUrl, signIn);
    } catch (thrown) {
      return void (message.textContent = sentence(codeOf(thrown)));
    }
    await again("You have asked that your letter be erased.");
  }
  return [
    heading("Ask that it be erased"),
    paragraph(
      "Somebody responsible at the body decides, within a month. They may have to keep it, and then say why. Your letter, what you added and what was answered are erased together.",
    ),
    message,
    first,
    sure,
  ];
}
