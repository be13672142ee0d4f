/** By when something is due about a letter, for whoever has its words. */
import { partsOf } from "../clock/day.ts";
import { COMPLAINT } from "../clock/limits.ts";
import type { Status } from "../receipt/status.ts";
import { NOTHING_DONE, type ToldCase } from "../receipt/told.ts";
import { dateWords } from "../time.ts";
import { dueOf, type Due, type Happened } from "./due.ts";

/** Nobody has done anything about it. */
export const toldNothing = (status: Status): ToldCase => ({
  ...NOTHING_DONE,
  due: dueTold(status, { replied: null, step: "new" }),
});

/** Sentences for the page: none where no clock runs. When it was received is the server's word, as on the whole page. */
export function dueTold(
  { times, zone, bodyName, letter }: Pick<Status, "times" | "zone" | "bodyName" | "letter">,
  happened: Omit<Happened, "received">,
): readonly string[] {
  const due = dueOf(times, zone, { ...happened, received: letter.at });
  if (due === null) return [];
  const moves = due.deadline.isKnown ? "" : " Bank holidays so far ahead are not published yet, so this date may move.";
  return [`${sentence(due, bodyName)}${moves}`];
}

function sentence({ what, rule, deadline }: Due, bodyName: string): string {
  const date = dateWords(partsOf(deadline.day));
  if (what === "answer") return `An answer is due by ${date}.`;
  const first = `${bodyName} is to tell you by ${date} that it has your letter.`;
  return rule === "complaint"
    ? `${first} An answer is due within ${COMPLAINT[1].answer} working days after it has told you.`
    : first;
}
