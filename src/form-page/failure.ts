/** What the page says when a letter was not sent: what happened, that the answers are still here, what to do. */
import { Fault, sentence, type Code } from "../domain/problem.ts";
import { button, paragraph } from "./dom.ts";
import { summary } from "./errors.ts";
import type { Outcome } from "./send.ts";
import { elsewhere, NOT_LOADED } from "./stop.ts";

export type Failure = Exclude<Outcome, { readonly kind: "received" }>;

const AGAIN: readonly Code[] = ["TOO_MANY", "UNAVAILABLE", "INTERNAL", "EPOCH_ENDED", "SEAL_FAILED", "MALFORMED"];

/** Whether sending the same again can help. */
const mayRetry = (failure: Failure): boolean => failure.kind === "unreachable" || AGAIN.includes(failure.code);

const UNSAFE: readonly Code[] = ["CHAIN_BROKEN", "RECIPIENT_MISMATCH", "SEAL_RECIPIENTS", "STATEMENT_INVALID", "MALFORMED", "FORM_INVALID", "FORM_UNKNOWN", "CONFIG_INVALID"];

/** The sentence of a code for somebody who writes, who has no data protection officer to tell. */
export function reasonOf(code: Code): string {
  if (UNSAFE.includes(code)) return "We could not make sure that only the right people can read this form, so nothing was sent.";
  return code === "INTERNAL" ? sentence("SEAL_FAILED") : sentence(code);
}

/** Why the form cannot be begun: a fault has its sentence, anything else is a part of the page that did not arrive. */
export const whyStopped = (thrown: unknown): string => (thrown instanceof Fault ? reasonOf(thrown.code) : NOT_LOADED);

/** The notice for the top of the page, with the button that tries again where that can help. */
export function failureNotice(failure: Failure, again: () => void): HTMLElement {
  const text: string[] = [];
  if (failure.kind === "refused") {
    text.push(reasonOf(failure.code), "Your answers are still on this page.");
    if (failure.code === "FORM_CHANGED") text.push("Save a copy of your answers first, because reloading clears them.");
  } else if (failure.uncertain) {
    text.push("We got no answer, so we do not know whether your letter arrived. It was sealed before it left. Your answers are still on this page.");
    text.push("Select “Try again”. If it did arrive, this does not make a second one.");
  } else {
    text.push("We could not reach the service, so nothing was sent. Your answers are still on this page. Check your internet connection and select “Try again”.");
  }
  const retry = mayRetry(failure) ? [button("Try again", again)] : [];
  return summary(...text.map((sentence) => paragraph(sentence)), ...retry, ...elsewhere());
}
