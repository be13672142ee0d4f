/**
 * Whether the regulator is told, whether the people are told: yes or no, with a reason that the law knows and its
 * words. Also a no is a decision (Art. 33(5)).
 */
import type { ActEvent } from "./act.ts";
import { CHOICES, known, QUESTIONS, REASONS, type Choice, type Question, type Reason } from "./codes.ts";

export type Decided = { readonly about: Question; readonly choice: Choice; readonly reason: Reason };

/** What an act decides; null when the reason is none for this answer. */
export function decisionOf(event: Extract<ActEvent, { kind: "incident.decided" }>): Decided | null {
  const [about, choice] = [known(QUESTIONS, event.about), known(CHOICES, event.choice)];
  if (!about || !choice) return null;
  const reason = known<Reason>(REASONS[about][choice], event.reason);
  return reason ? { about, choice, reason } : null;
}
