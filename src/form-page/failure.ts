/** What the page says when a letter was not sent: what happened, that the answers are still here, what to do. */
import { Fault, sentence, type Code } from "../domain/problem.ts";
import { button, el, paragraph } from "./dom.ts";
import { summary } from "./errors.ts";
import type { Doubts, Outcome } from "./send.ts";
import { elsewhere, NOT_LOADED } from "./stop.ts";

export type Failure = Exclude<Outcome, { readonly kind: "received" }>;

const AGAIN: readonly Code[] = ["TOO_MANY", "UNAVAILABLE", "INTERNAL", "EPOCH_ENDED", "SEAL_FAILED", "MALFORMED"];

/** Whether sending the same again can help. */
const mayRetry = (failure: Failure): boolean => failure.kind === "unreachable" || AGAIN.includes(failure.code);

const UNSAFE: readonly Code[] = [
  "CHAIN_BROKEN",
  "RECIPIENT_MISMATCH",
  "SEAL_RECIPIENTS",
  "STATEMENT_INVALID",
  "MALFORMED",
  "FORM_INVALID",
  "FORM_UNKNOWN",
  "CONFIG_INVALID",
];

/** The sentence of a code for somebody who writes, who has no data protection officer to tell. */
function reasonOf(code: Code): string {
  if (UNSAFE.includes(code))
    return "We could not make sure that only the right people can read this form, so nothing was sent.";
  return code === "INTERNAL" ? sentence("SEAL_FAILED") : sentence(code);
}

/** Why the form cannot be begun: a fault has its sentence, anything else is a part of the page that did not arrive. */
export const whyStopped = (thrown: unknown): string => (thrown instanceof Fault ? reasonOf(thrown.code) : NOT_LOADED);

/** The same where an earlier try may have arrived: then nothing may be said of what was or was not sent. */
function refusalOf(code: Code): string {
  if (UNSAFE.includes(code))
    return "This time we could not make sure that only the right people can read this form, so we did not send your letter again.";
  return REFUSALS[code] ?? "This time your letter was not taken.";
}
const REFUSALS: { readonly [code in Code]?: string } = {
  FORM_CLOSED: "The form has been closed since your first try.",
  FORM_CHANGED: "The form has been changed since your first try.",
  TOO_MANY: "Too many requests came from your network. Wait a minute before you try again.",
};

const UNKNOWN =
  "We got no answer, so we do not know whether your letter arrived. It was sealed before it left. Your answers are still on this page.";

const references = (doubts: Doubts): HTMLElement =>
  paragraph(
    "If it did arrive, its reference is ",
    ...doubts.flatMap((one, index) => [...(index > 0 ? [" or "] : []), el("strong", {}, one)]),
    ". Write it down.",
  );

function doubtful(failure: Failure): HTMLElement[] {
  if (failure.kind === "unreachable")
    return [
      paragraph(UNKNOWN),
      references(failure.doubts),
      paragraph("Select “Try again”. If it did arrive, this does not make a second one."),
    ];
  const next = mayRetry(failure)
    ? "Select “Try again”. If it did arrive, this does not make a second one."
    : "Save a copy of your answers, then reach us in another way and tell us the reference. From this page the same letter is never counted twice; from a reloaded page it would be another letter.";
  return [
    paragraph(
      `${refusalOf(failure.code)} We do not know whether your first try arrived, because no answer to it came back. Your answers are still on this page.`,
    ),
    references(failure.doubts),
    paragraph(next),
  ];
}

function certain(failure: Failure): HTMLElement[] {
  if (failure.kind === "unreachable")
    return [
      paragraph(
        "We could not reach the service, so nothing was sent. Your answers are still on this page. Check your internet connection and select “Try again”.",
      ),
    ];
  const copy =
    failure.code === "FORM_CHANGED" ? ["Save a copy of your answers first, because reloading clears them."] : [];
  return [reasonOf(failure.code), "Your answers are still on this page.", ...copy].map((text) => paragraph(text));
}

/** The banner for the top of the page, with the button that tries again where that can help. */
export function failureBanner(failure: Failure, again: () => void): HTMLElement {
  const said = failure.doubts.length > 0 ? doubtful(failure) : certain(failure);
  const retry = mayRetry(failure) ? [button("Try again", again)] : [];
  return summary(...said, ...retry, ...elsewhere());
}
