/** Why a letter is erased, or not. Codes that stand in the log; the words for them are with whoever shows them. */
import { referenceOf } from "../seal/reference.ts";

/** Of what is granted no words are kept: they would be what is left of the letter. */
export const GRANT_REASONS = ["asked-for", "period-ended", "sent-by-mistake", "not-lawful"] as const;
/** After Article 17(3); each comes with words, which the writer is told. */
export const REFUSE_REASONS = ["legal-duty", "legal-claim", "public-task", "other"] as const;

export type GrantReason = (typeof GRANT_REASONS)[number];
export type RefuseReason = (typeof REFUSE_REASONS)[number];

/** What the file of a certificate is called. */
export const certificateName = (submission: string): string => `erasure-${referenceOf(submission)}.txt`;

const DAY = 86_400_000;

/** The day, as its beginning in UTC, on which the last backup made until `at` expires. Milliseconds. */
export const backupsUntil = (at: number, days: number): number => (Math.floor(at / DAY) + days) * DAY;
