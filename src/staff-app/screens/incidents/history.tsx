/**
 * Everything that was recorded, newest first. Each entry was signed by who recorded it; signature and place in the log
 * were checked in this browser.
 */
import type { Act } from "../../../domain/incident/verify.ts";
import { titleOfKind } from "../../words/events.ts";
import { number } from "../../words/format.ts";
import { whoOf } from "../../parts/recorded.tsx";
import { Timeline } from "../../parts/timeline.tsx";
import type { PartProps } from "./part.ts";

export function History({ incident }: PartProps) {
  const { state, world } = incident;
  const item = (act: Act) => ({
    id: String(act.event.seq),
    title: titleOfKind(act.event),
    by: `by ${whoOf(world, act.person)}`,
    at: act.at,
    more: (
      <dl class="pb-facts">
        {act.leaf === null ? null : (
          <div>
            <dt>Entry:</dt> <dd>{number(act.leaf)}</dd>
          </div>
        )}
        {Object.entries(act.texts).map(([field, text]) => (
          <div key={field}>
            <dt>{field}:</dt>{" "}
            <dd>
              <span class="pb-written">{text}</span>
            </dd>
          </div>
        ))}
      </dl>
    ),
  });
  return (
    <>
      <p class="govuk-body">
        Nothing here can be changed or taken back. Each entry was signed by the person who recorded it and stands in the
        log; both were checked in this browser.
      </p>
      <Timeline items={state.acts.toReversed().map(item)} />
    </>
  );
}
