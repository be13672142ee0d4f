/** What a person is told when something does not work: what happened, that nothing was lost, what to do. */
import { Unreachable } from "../member/wire/unreachable.ts";
import { codeOf, Fault, sentence, type Code } from "../domain/problem.ts";

export type Failure = { readonly code: Code | "UNREACHABLE"; readonly text: string };

const UNREACHABLE = "The staff server cannot be reached. Nothing was lost. Check your connection and try again.";

const REFERENCES = /^PB-[0-9A-Z-]{10,14}(?:, PB-[0-9A-Z-]{10,14})*$/;

/** The failure of anything thrown; text that is not ours never reaches the page. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Unreachable) return { code: "UNREACHABLE", text: UNREACHABLE };
  const code = codeOf(thrown);
  // The hands name letters by their references, and nothing else stands there.
  const named = code === "NOT_AS_RECEIVED" && thrown instanceof Fault && REFERENCES.test(thrown.detail);
  return { code, text: named ? `${sentence(code)} It is about ${thrown.detail}.` : sentence(code) };
}

/** Codes after which nothing of this body may be shown any more: keys are forgotten and the alarm says why. */
const ALARMS: readonly string[] = ["CHAIN_BROKEN", "STATEMENT_INVALID", "LOG_REFUSED"];

export const isAlarm = (thrown: unknown): boolean => ALARMS.includes(codeOf(thrown));
export const isSignedOut = (thrown: unknown): boolean => codeOf(thrown) === "NOT_SIGNED_IN";
