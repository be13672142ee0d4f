/** What became of a letter, and what its writer can do about it: add, ask for erasure, keep the proof. */
import type { Bytes } from "../../domain/bytes.ts";
import { codeOf, sentence, type Code } from "../../domain/problem.ts";
import type { StatusSetup } from "../../domain/receipt/page.ts";
import { certificateFile, receiptFile } from "../../domain/receipt/file.ts";
import type { Status } from "../../domain/receipt/status.ts";
import { toldOf, type ToldSection } from "../../domain/receipt/told.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { button, el, paragraph, type Child } from "../dom.ts";
import { saveText } from "../receipt.ts";
import { channelList } from "../stop.ts";
import { askErasure, fetchKey, find, post } from "./ask.ts";
import { fieldProblem } from "./fields.ts";

export type Holder = { readonly setup: StatusSetup; readonly entropy: Bytes; readonly signIn: Bytes };

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

/** Shows the status in place of everything in the column. `said` was just done. */
export function toldPage(column: HTMLElement, holder: Holder, status: Status, said = ""): void {
  const title = el("h1", { class: "govuk-heading-l", tabindex: "-1" }, "What happened to your letter");
  title.classList.add("govuk-skip-link-focused-element");
  const again = async (done: string): Promise<void> => {
    const now = await find(holder.setup.findUrl, holder.signIn).catch(() => null);
    toldPage(column, holder, now ?? status, done);
  };
  const erased = status.erasure?.state === "granted";
  column.replaceChildren(
    ...(said ? [el("p", { class: "govuk-inset-text", role: "status" }, said)] : []),
    title,
    ...toldOf(status).flatMap(sectionOf),
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

function adding({ setup, entropy }: Holder, status: Status, again: Again): HTMLElement[] {
  const field = el("textarea", {
    class: "govuk-textarea",
    id: "added",
    rows: "6",
    autocomplete: "off",
    "aria-describedby": "added-hint",
  });
  const hint = el(
    "div",
    { class: "govuk-hint", id: "added-hint" },
    "It is sealed in this browser before it is sent, and read with your letter. Nothing that you have sent can be changed.",
  );
  const send = button("Send this", () => void add(), "govuk-button--secondary");
  /** What was sealed and sent, and of which no answer came: the same bytes are sent again. */
  let parcel:
    | { readonly text: string; readonly submission: string; readonly bytes: Uint8Array<ArrayBuffer> }
    | undefined;
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

  async function deliver(text: string): Promise<string | null> {
    const { newSubmissionId, sealAddition } = await import("./adding.ts");
    const pack = async (submission: string): Promise<string | null> => {
      const where = {
        installation: setup.installation,
        body: status.body,
        root: setup.roots[status.body] ?? "",
        form: status.form,
      };
      const sealed = await sealAddition(await fetchKey(status.form), where, {
        submission,
        first: status.letter.submission,
        entropy,
        text,
      });
      if (typeof sealed === "string") return sealed;
      parcel = { text, submission, bytes: sealed };
      return null;
    };
    if (parcel?.text !== text) parcel = undefined;
    const wrong = parcel ? null : await pack(newSubmissionId());
    if (wrong !== null) return wrong;
    let code = await post(setup.addUrl, parcel!.bytes);
    if (code === "EPOCH_ENDED") {
      // These bytes were not received: otherwise they would have been received once more. The key has changed, so they
      // are sealed again.
      await pack(parcel!.submission);
      code = await post(setup.addUrl, parcel!.bytes);
    }
    // Only this page knows the number: if it is taken, what was sent before has taken it.
    if (code !== null && code !== "ID_TAKEN") return sentenceOf(code);
    parcel = undefined;
    return null;
  }

  return [
    heading("Add something"),
    el(
      "div",
      { class: "govuk-form-group" },
      el("label", { class: "govuk-label", for: "added" }, "What do you want to add?"),
      hint,
      field,
    ),
    send,
  ];
}

/** For somebody who writes, with no full stop: it stands at a field. */
function sentenceOf(code: Code): string {
  if (code === "UNAVAILABLE")
    return "We got no answer, so we do not know whether it arrived. It is still here. Select “Send this” again: if it did arrive, this does not make a second one";
  if (code === "CHAIN_BROKEN" || code === "RECIPIENT_MISMATCH" || code === "STATEMENT_INVALID" || code === "MALFORMED")
    return "We could not make sure that only the right people can read it, so nothing was sent";
  return sentence(code).replace(/\.$/, "");
}

function proof({ entropy }: Holder, status: Status): HTMLElement[] {
  const reference = referenceOf(status.letter.submission);
  const check = el(
    "a",
    { class: "govuk-link", href: "/check-receipt.html", download: "" },
    "Download the page that checks it",
  );
  const certificate = certificateFile(status);
  const received = receiptFile(status, entropy);
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
      "Somebody responsible at the body decides, within a month. They may have to keep it, and then say why. Your letter and what you added are erased together.",
    ),
    message,
    first,
    sure,
  ];
}
