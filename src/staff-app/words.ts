/** Codes from statements and the log in the words of the people who read them. */
import type { Purpose, EndReason, Scope } from "../domain/grant/statement.ts";

export const PURPOSE_WORDS: Record<Purpose, string> = {
  "case-handling": "Case handling",
  "absence-cover": "Cover for absence",
  audit: "Audit",
  "legal-claim": "Legal claim",
  other: "Another reason",
};

export const END_WORDS: Record<EndReason, string> = {
  left: "They left",
  "changed-role": "They changed role",
  "no-longer-needed": "They no longer need it",
  "granted-by-mistake": "It was granted by mistake",
  "key-lost": "Their key was lost or may be known to somebody else",
  other: "Another reason",
};

export const SCOPE_WORDS: Record<Scope, string> = {
  all: "Everything received so far and from now on",
  "from-now": "Only what is received from now on",
};

export const STATE_WORDS = { open: "Waiting", confirmed: "Confirmed", declined: "Declined", withdrawn: "Withdrawn" } as const;
export const STATE_COLOURS = { open: "yellow", confirmed: "green", declined: "red", withdrawn: "grey" } as const;

/** A code in words; one that is not known here stays as it is. */
export const inWords = (words: Readonly<Record<string, string>>, code: string): string => (Object.hasOwn(words, code) ? (words[code] ?? code) : code);
