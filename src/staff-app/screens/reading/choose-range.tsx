/** Before a very long list: which days of it to load. */
import { useState } from "preact/hooks";
import { filterProblems, rangeOf } from "./filtering.ts";
import { count, dayNumbers } from "../../words/format.ts";
import { NO_FILTER } from "../../list-memory.ts";
import type { Range } from "../../../member/flows/reading.ts";
import { Button } from "../../parts/button.tsx";
import { DateField } from "../../parts/fields.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";

const DAYS_AT_FIRST = 30;

export function ChooseRange({
  received,
  onChoose,
}: {
  readonly received: number;
  readonly onChoose: (range: Range) => void;
}) {
  const now = Date.now();
  const [from, setFrom] = useState(dayNumbers(now, 0, -DAYS_AT_FIRST));
  const [to, setTo] = useState(dayNumbers(now));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = filterProblems({ ...NO_FILTER, from, to });
    setProblems(found);
    const range = rangeOf(from, to);
    if (found.length === 0 && range) onChoose(range);
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <h2 class="govuk-heading-m">Which letters do you want to load?</h2>
      <p class="govuk-body">
        This form has received {count(received, "letter")}. Each is opened in this browser, so choose the days that you
        need.
      </p>
      <DateField
        id="from"
        label="Received from"
        value={from}
        onChange={setFrom}
        problem={problemOf(problems, "from")}
      />
      <DateField id="to" label="Received to" value={to} onChange={setTo} problem={problemOf(problems, "to")} />
      <Button submit>Load these letters</Button>
    </form>
  );
}
