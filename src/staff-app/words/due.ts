/** By when something about a letter is to be done, how urgent that is, and how it was counted: in words. */
import type { Due, Urgency } from "../../domain/case/due.ts";
import type { LeftOut } from "../../domain/clock/calendar.ts";
import { partsOf, weekdayOf, type CivilDay } from "../../domain/clock/day.ts";
import { COMPARED_ON, KNOWN_UNTIL, type Holiday } from "../../domain/clock/holidays.ts";
import type { Part } from "../../domain/form/clock.ts";
import { dateWords } from "../../domain/time.ts";
import { and, count } from "./format.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

const dayText = (day: CivilDay): string => dateWords(partsOf(day));
const longDay = (day: CivilDay): string => `${WEEKDAYS[weekdayOf(day)]} ${dayText(day)}`;

const DOING: Record<Due["what"], string> = { acknowledge: "Acknowledge", answer: "Answer" };

/** "Acknowledge by 4 December 2026" */
export const dueWords = ({ what, deadline }: Due): string => `${DOING[what]} by ${dayText(deadline.day)}`;

/** "Acknowledge by Friday 4 December 2026" */
export const dueWordsLong = ({ what, deadline }: Due): string => `${DOING[what]} by ${longDay(deadline.day)}`;

export const URGENCY_WORDS: Record<Urgency, string | null> = {
  overdue: "Overdue",
  today: "Due today",
  soon: "Due soon",
  later: null,
};
export const URGENCY_COLOURS = { overdue: "red", today: "orange", soon: "yellow", later: "grey" } as const;

const PART_WORDS: Record<Part, string> = {
  "england-and-wales": "England and Wales",
  scotland: "Scotland",
  "northern-ireland": "Northern Ireland",
};

const RULE_WORDS: Record<Due["rule"], (due: Due) => string> = {
  complaint: ({ what }) =>
    what === "acknowledge"
      ? "5 working days from receipt, by the Ombudsman’s Complaint Handling Code. The first reply counts as the acknowledgement."
      : "10 working days from the acknowledgement, by the Ombudsman’s Complaint Handling Code. It is answered when it is closed with its outcome.",
  "data-protection": () =>
    "30 calendar days from receipt, by section 164A of the Data Protection Act 2018; a last day that is no working day moves to the next. The first reply counts as the acknowledgement.",
  information: () =>
    "20 working days from receipt, by section 10 of the Freedom of Information Act 2000. It is answered when it is closed with its outcome.",
  "subject-access": () =>
    "One month from receipt, by Article 12 of the UK GDPR; a last day that is no working day moves to the next. It is answered when it is closed with its outcome.",
  promised: () =>
    "The working days from receipt that the form promises whoever writes. The first reply counts as the answer.",
};

/** How a date was come to: what it was counted from, by which rule, what did not count. Each a sentence. */
export function countedWords(due: Due): readonly string[] {
  const { deadline, acknowledged } = due;
  const { from, parts, left, isKnown } = deadline;
  const began =
    acknowledged === null
      ? `Received on ${longDay(from)}. That day does not count.`
      : `Acknowledged on ${longDay(from)}, by the first reply. That day does not count. It had to be by ${longDay(acknowledged.by)}: ${acknowledged.day <= acknowledged.by ? "that was in time" : "that was late"}.`;
  return [
    began,
    RULE_WORDS[due.rule](due),
    left.length === 0 ? "Every day was counted." : `Not counted: ${and(leftWords(left))}.`,
    parts.length === 1
      ? `Bank holidays are those of ${PART_WORDS[parts[0]!]}, as known on ${dayText(COMPARED_ON)}.`
      : `A bank holiday in any part of the United Kingdom does not count. They are those known on ${dayText(COMPARED_ON)}.`,
    ...(isKnown
      ? []
      : [`Bank holidays are published until ${dayText(KNOWN_UNTIL)}. This date lies behind that, and may still move.`]),
  ];
}

function leftWords(left: readonly LeftOut[]): readonly string[] {
  const of = (why: LeftOut["why"]): number => left.filter((one) => one.why === why).length;
  const [saturdays, sundays] = [of("saturday"), of("sunday")];
  return [
    ...(saturdays === 0 ? [] : [count(saturdays, "Saturday")]),
    ...(sundays === 0 ? [] : [count(sundays, "Sunday")]),
    ...left.flatMap(({ why }) => (typeof why === "string" ? [] : [holidayWords(why)])),
  ];
}

function holidayWords({ day, name, substituteFor, announced }: Holiday): string {
  const aside = [
    ...(substituteFor === null ? [] : [`in place of ${dayText(substituteFor)}`]),
    ...(announced === null ? [] : [`announced on ${dayText(announced)}`]),
  ];
  return `${name} on ${longDay(day)}${aside.length === 0 ? "" : ` (${aside.join("; ")})`}`;
}
