/**
 * The time limits themselves. Each is counted from the day of something that happened; that day does not count. None is
 * ever stored, so a holiday that is made later moves what runs (docs/decisions/0071-clocks.md).
 */
import { PARTS, type Part } from "../form/clock.ts";
import { Fault } from "../problem.ts";
import { calendarOf, movedToWorkingDay, workingDaysAfter, type Calendar, type Deadline } from "./calendar.ts";
import { monthsAfter, type CivilDay } from "./day.ts";

export type Stage = 1 | 2;

/** Working days by the Local Government and Social Care Ombudsman's Complaint Handling Code. */
export const COMPLAINT: {
  readonly [stage in Stage]: { readonly [limit in "acknowledge" | "answer" | "more"]: number };
} = {
  1: { acknowledge: 5, answer: 10, more: 10 },
  2: { acknowledge: 5, answer: 20, more: 20 },
};

/** From when a complaint was received; of stage 2 from when it was asked for. */
export const acknowledgeComplaintBy = (calendar: Calendar, stage: Stage, received: CivilDay): Deadline =>
  workingDaysAfter(calendar, received, COMPLAINT[stage].acknowledge);

/**
 * From the acknowledgement, on whichever day that was: too late, it has been too late, and moves nothing else.
 * @param more working days of extension
 * @throws `BAD_REQUEST` for more of them than the code knows
 */
export function answerComplaintBy(calendar: Calendar, stage: Stage, acknowledged: CivilDay, more = 0): Deadline {
  const limit = COMPLAINT[stage];
  if (!Number.isInteger(more) || more < 0 || more > limit.more)
    throw new Fault("BAD_REQUEST", `an extension is at most ${limit.more} working days`);
  return workingDaysAfter(calendar, acknowledged, limit.answer + more);
}

/** Calendar days: section 164A of the Data Protection Act 2018. A last day that is no working day moves on. */
export const acknowledgeDataComplaintBy = (calendar: Calendar, received: CivilDay): Deadline =>
  movedToWorkingDay(calendar, received, received + 30);

/** The calendar of one part, as it is known to this release. */
export const calendarIn = (part: Part): Calendar => OWN.get(part)!;
/** In which a holiday of any part of the United Kingdom is no working day. */
export const EVERYWHERE: Calendar = calendarOf(PARTS);
const OWN = new Map(PARTS.map((part) => [part, calendarOf([part])]));

/** Section 10 of the Freedom of Information Act 2000. @param everywhere `EVERYWHERE`, but for a test */
export const answerInformationBy = (received: CivilDay, everywhere: Calendar = EVERYWHERE): Deadline =>
  workingDaysAfter(everywhere, received, 20);

/** Article 12(3) of the UK GDPR: one month, or three where the request is complex and the person was told why. */
export const answerSubjectAccessBy = (calendar: Calendar, received: CivilDay, months: 1 | 3 = 1): Deadline =>
  movedToWorkingDay(calendar, received, monthsAfter(received, months));

/** What a form promises by itself: working days from receipt. */
export const answerPromisedBy = (calendar: Calendar, received: CivilDay, days: number): Deadline =>
  workingDaysAfter(calendar, received, days);
