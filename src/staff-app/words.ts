/** Codes from statements and the log in the words of the people who read them. */
import type { GrantReason, RefuseReason } from "../domain/log/erasure.ts";
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

export const GRANT_WORDS: Record<GrantReason, string> = {
  "asked-for": "The person asked for it, and nothing stands against it",
  "period-ended": "It has been kept as long as the form says",
  "sent-by-mistake": "It was sent by mistake, or to the wrong body",
  "not-lawful": "There was no lawful reason to keep it",
};

export const REFUSE_WORDS: Record<RefuseReason, string> = {
  "legal-duty": "The law says that it must be kept",
  "legal-claim": "It is needed for a legal claim",
  "public-task": "It is needed for a task in the public interest",
  other: "Another reason",
};

export const ERASURE_WORDS = { open: "Waiting", granted: "Erased", refused: "Not erased" } as const;
export const ERASURE_COLOURS = { open: "yellow", granted: "grey", refused: "red" } as const;

/** A code in words; one that is not known here stays as it is. */
export const inWords = (words: Readonly<Record<string, string>>, code: string): string => (Object.hasOwn(words, code) ? (words[code] ?? code) : code);
