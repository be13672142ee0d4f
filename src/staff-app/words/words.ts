/** Codes from statements and the log in the words of the people who read them. */
import type { CaseStep, Outcome } from "../../domain/case/fold.ts";
import type { GrantReason, RefuseReason } from "../../domain/log/erasure.ts";
import type { Purpose, EndReason, Scope } from "../../domain/grant/statement.ts";
import type { MailCode } from "../../domain/mail/state.ts";

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

export const STATE_WORDS = {
  open: "Waiting",
  confirmed: "Confirmed",
  declined: "Declined",
  withdrawn: "Withdrawn",
} as const;
export const STATE_COLOURS = { open: "yellow", confirmed: "green", declined: "red", withdrawn: "grey" } as const;

/** What became of a case, in the words of whoever closes it; whoever wrote reads those of `src/domain/case/told.ts`. */
export const OUTCOME_WORDS: Record<Outcome, string> = {
  upheld: "Upheld",
  partly: "Upheld in part",
  "not-upheld": "Not upheld",
  withdrawn: "Withdrawn",
  "not-for-us": "Not for us",
  junk: "Junk",
};

export const STEP_WORDS: Record<CaseStep, string> = {
  new: "New",
  "in-hand": "In hand",
  answered: "Answered",
  closed: "Closed",
};
export const STEP_COLOURS = { new: "blue", "in-hand": "yellow", answered: "green", closed: "grey" } as const;

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
/** What the carrier said of a letter. */
export const MAIL_WORDS: Record<MailCode, string> = {
  NONE: "Nothing to say",
  NO_MAIL_SERVER: "No mail server is set up",
  UNREACHABLE: "The mail server could not be reached",
  SLOW: "The mail server did not answer in time",
  SIGN_IN: "The mail server did not accept our sign-in",
  TLS: "The connection to the mail server could not be encrypted",
  LATER: "The mail server asked us to try again later",
  MAILBOX_UNKNOWN: "There is no such mailbox",
  DOMAIN_UNKNOWN: "There is no such domain",
  MAILBOX_FULL: "The mailbox is full",
  POLICY: "The mail server refused it by its own rules",
  TOO_LARGE: "The letter is too large for the mailbox",
  REFUSED: "The mail server refused it",
  ADDRESS: "The address cannot be used",
  CONNECTION_LOST: "The connection broke while the letter was being handed over",
  MAILROOM_LOST: "The mailroom stopped while the letter was being handed over",
  KEY_GONE: "The mailroom was started anew and can no longer open it",
  GAVE_UP: "It was tried for two days",
  NOT_SIGNED: "Nobody who answers for this body now has signed that it goes out, so it was not sent",
  HELD_BACK:
    "The letters are held, and nobody who is here now signed that they go on. Hold them once more, and let them go on",
  CHAIN_BROKEN: "The body's statements do not hold, so no letter is sent until they do",
  OTHER: "The mail server gave no reason that we know",
};

/** What became of a letter, as the log tells it. */
export const ENDED_WORDS: Record<string, string> = {
  sent: "A letter was handed to the mail server or the post",
  bounced: "A letter came back",
  rejected: "A letter was refused",
  uncertain: "A letter may or may not have gone out",
  cancelled: "A letter was taken back",
};

export const DECISION_WORDS: Record<string, string> = {
  "judged-sent": "It arrived",
  "judged-again": "It is to be sent again",
  cancelled: "It is not sent",
  returned: "The post brought it back",
  arrived: "What came back shows that it arrived",
  "came-back": "What came back shows that it did not arrive",
  nothing: "What came back says nothing of that",
};

/** What a program takes something that came back for. */
export const RETURNED_WORDS: Record<string, string> = {
  answer: "An answer",
  challenge: "A program that asks to prove that a person wrote",
  receipt: "A receipt: it was shown, or deleted",
  complaint: "A complaint that it was not wanted",
  report: "A report that does not say what became of it",
  unread: "Something that no program could read",
};

/** What a person said of something that came back. */
export const SAID_WORDS: Record<string, string> = {
  arrived: "The message has arrived",
  "came-back": "The message has not arrived",
  nothing: "It says nothing of that",
};

/** What came of ringing somebody. */
export const CALL_WORDS: Record<string, string> = {
  "no-answer": "No answer",
  told: "They were told",
  "agreed-email": "A letter by e-mail was agreed",
  "agreed-post": "A letter by post was agreed",
  "wrong-number": "The number is not theirs",
  "ring-later": "To be rung again",
};

/** A code in words; one that is not known here stays as it is. */
export const inWords = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;
