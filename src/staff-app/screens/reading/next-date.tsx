/** By when something about a letter is to be done: in the list a line, with the letter also how it was counted. */
import { urgencyOf, type Due } from "../../../domain/case/due.ts";
import { civilDayAt } from "../../../domain/clock/day.ts";
import { Tag } from "../../parts/banner.tsx";
import { countedWords, dueWords, dueWordsLong, URGENCY_COLOURS, URGENCY_WORDS } from "../../words/due.ts";
import { bodyZone } from "../../words/format.ts";

type Props = { readonly due: Due; readonly now: number };

/** A word, and not a colour alone; nothing for what has time. */
function UrgencyTag({ due, now }: Props) {
  const urgency = urgencyOf(due, civilDayAt(now, bodyZone()));
  const words = URGENCY_WORDS[urgency];
  return words === null ? null : <Tag colour={URGENCY_COLOURS[urgency]}>{words}</Tag>;
}

export const NextDate = ({ due, now }: { readonly due: Due | null; readonly now: number }) =>
  due === null ? (
    <span class="pb-quiet">None</span>
  ) : (
    <span>
      {dueWords(due)} <UrgencyTag due={due} now={now} />
    </span>
  );

export const Counted = ({ due, now }: Props) => (
  <>
    {dueWordsLong(due)} <UrgencyTag due={due} now={now} />
    <details class="govuk-details govuk-!-margin-top-2 govuk-!-margin-bottom-0 pb-no-print">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">How this date was counted</span>
      </summary>
      <div class="govuk-details__text">
        <ul class="govuk-list govuk-list--bullet">
          {countedWords(due).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </details>
  </>
);
