/**
 * The 72 hours (UK GDPR Art. 33(1); decision 0027; T37): elapsed hours after the earliest awareness ever recorded. A
 * later record changes the story, never the clock. Pure: whoever asks says what time it is. Milliseconds throughout.
 */
import { firstSent } from "./follow-up.ts";
import type { IncidentState } from "./state.ts";
import { standing } from "./state.ts";

export const HOUR = 3_600_000;
export const DUE_HOURS = 72;
/** When the body is reminded, in hours after awareness. */
export const REMINDER_HOURS = [24, 48, 60, 70] as const;

export type StopReason = "reported" | "not-to-be-reported" | "dismissed";

export type Clock =
  /** nobody has said yet that the body is aware */
  | { readonly kind: "not-begun" }
  | {
      readonly kind: "runs" | "over";
      readonly since: number;
      readonly deadline: number;
      readonly elapsed: number;
      /** negative once it is over */
      readonly left: number;
    }
  | {
      readonly kind: "stopped";
      readonly since: number;
      readonly deadline: number;
      readonly at: number;
      readonly why: StopReason;
    };

/** Since when the body counts as aware. */
export function awareSince({ awareness }: Pick<IncidentState, "awareness">): number | null {
  // The body is aware when it says so, and at the latest when it writes down that it was told. What its host knew
  // before is the host's own time (EDPB 9/2022):
  // it does not begin the 72 hours, but whoever at the body records it knows of it by then.
  const times = awareness.map(({ party, awareAt, recordedAt }) =>
    party === "controller" ? Math.min(awareAt, recordedAt) : recordedAt,
  );
  return times.length === 0 ? null : Math.min(...times);
}

/** Since when the host was aware, if that was recorded. */
export function processorSince({ awareness }: Pick<IncidentState, "awareness">): number | null {
  const times = awareness
    .filter(({ party }) => party === "processor")
    .map(({ awareAt, recordedAt }) => Math.min(awareAt, recordedAt));
  return times.length === 0 ? null : Math.min(...times);
}

export const deadlineOf = (since: number): number => since + DUE_HOURS * HOUR;

/** @param reportedAt when the first report went to the regulator, if it did */
export function clockOf(
  state: IncidentState,
  now: number,
  reportedAt: number | null = firstSent(state.followed),
): Clock {
  const since = awareSince(state);
  if (since === null) return { kind: "not-begun" };
  const deadline = deadlineOf(since);
  if (reportedAt !== null) return { kind: "stopped", since, deadline, at: reportedAt, why: "reported" };
  const stop = stoppedBy(state);
  if (stop) return { kind: "stopped", since, deadline, ...stop };
  return { kind: now < deadline ? "runs" : "over", since, deadline, elapsed: now - since, left: deadline - now };
}

function stoppedBy(state: IncidentState): { readonly at: number; readonly why: StopReason } | null {
  if (state.stage === "dismissed") return { at: state.moves.at(-1)!.recordedAt, why: "dismissed" };
  const decided = standing(state, "regulator");
  return decided?.choice === "no" ? { at: decided.recordedAt, why: "not-to-be-reported" } : null;
}

/**
 * Which reminders are due and not yet dealt with. The last is sent; the ones before it were overtaken, for example when
 * awareness was recorded late.
 */
export function remindersDue(clock: Clock, done: readonly number[]): readonly number[] {
  if (clock.kind !== "runs" && clock.kind !== "over") return [];
  return REMINDER_HOURS.filter((hours) => clock.elapsed >= hours * HOUR && !done.includes(hours));
}
