/**
 * What is to be done about a letter next, and by when: from its entries and the form that it was written by, anew each
 * time. Nothing of it is kept, so what a calendar learns moves what runs (docs/decisions/0071-clocks.md).
 */
import { workingDaysAfter, type Calendar, type Deadline } from "../clock/calendar.ts";
import { civilDayAt, type CivilDay } from "../clock/day.ts";
import {
  acknowledgeComplaintBy,
  acknowledgeDataComplaintBy,
  answerComplaintBy,
  answerInformationBy,
  answerPromisedBy,
  answerSubjectAccessBy,
  calendarIn,
  EVERYWHERE,
} from "../clock/limits.ts";
import type { FormTimes, Rule } from "../form/clock.ts";
import type { Form } from "../form/form.ts";
import type { Zone } from "../time.ts";
import type { CaseState, CaseStep } from "./fold.ts";

export const timesOf = ({ clock, next }: Form): FormTimes => ({ clock: clock ?? null, days: next.days });

/** What has happened to a letter, as far as time is concerned. `replied`: the first reply, null before. Milliseconds. */
export type Happened = { readonly received: number; readonly replied: number | null; readonly step: CaseStep };

/** When the writer was answered for the first time; null before. */
export const firstReply = ({ acts }: CaseState): number | null =>
  acts.find(({ kind }) => kind === "case.replied")?.at ?? null;

export type Due = {
  readonly what: "acknowledge" | "answer";
  readonly rule: Rule | "promised";
  readonly deadline: Deadline;
  /** of a complaint that was acknowledged: on which day, and by when it had to be */
  readonly acknowledged: { readonly day: CivilDay; readonly by: CivilDay } | null;
};

/** Letters of one form and one day have one date: it is counted once, and forgotten with what the form says of time. */
const counted = new WeakMap<FormTimes, Map<string, Due | null>>();

/**
 * Null where no clock runs: of a closed letter, and of one of which everything that has a date was done. A letter that
 * is opened again has the date that it had.
 * @param zone of the body: whose calendar says which day it was
 */
export function dueOf(times: FormTimes, zone: Zone, { received, replied, step }: Happened): Due | null {
  if (step === "closed") return null;
  const from = civilDayAt(received, zone);
  const answered = replied === null ? null : civilDayAt(replied, zone);
  const known = counted.get(times) ?? new Map<string, Due | null>();
  counted.set(times, known);
  const key = `${from} ${answered}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const due = dueOnDays(times, from, answered);
  known.set(key, due);
  return due;
}

function dueOnDays({ clock, days }: FormTimes, from: CivilDay, replied: CivilDay | null): Due | null {
  const calendar = calendarIn(clock?.part ?? "england-and-wales");
  const plain = (what: Due["what"], rule: Due["rule"], deadline: Deadline): Due => ({
    what,
    rule,
    deadline,
    acknowledged: null,
  });
  switch (clock?.rule) {
    case undefined:
      return replied === null ? plain("answer", "promised", answerPromisedBy(calendar, from, days)) : null;
    case "complaint":
      return complaintDue(calendar, from, replied);
    case "data-protection":
      return replied === null
        ? plain("acknowledge", "data-protection", acknowledgeDataComplaintBy(calendar, from))
        : null;
    case "information":
      return plain("answer", "information", answerInformationBy(from));
    case "subject-access":
      return plain("answer", "subject-access", answerSubjectAccessBy(calendar, from));
  }
}

/** The first reply is the acknowledgement; the answer is there when the letter is closed with its outcome. */
function complaintDue(calendar: Calendar, received: CivilDay, acknowledged: CivilDay | null): Due {
  const first = acknowledgeComplaintBy(calendar, 1, received);
  if (acknowledged === null) return { what: "acknowledge", rule: "complaint", deadline: first, acknowledged: null };
  return {
    what: "answer",
    rule: "complaint",
    deadline: answerComplaintBy(calendar, 1, acknowledged),
    acknowledged: { day: acknowledged, by: first.day },
  };
}

/** Working days of which something is due soon. */
export const SOON = 5;

export type Urgency = "overdue" | "today" | "soon" | "later";

/** How urgent something is on a day, by the calendar that its deadline was counted in. */
export function urgencyOf({ deadline: { day, parts } }: Due, today: CivilDay): Urgency {
  if (today > day) return "overdue";
  if (today === day) return "today";
  const [part, ...more] = parts;
  const calendar = part !== undefined && more.length === 0 ? calendarIn(part) : EVERYWHERE;
  return day < workingDaysAfter(calendar, today, SOON + 1).day ? "soon" : "later";
}
