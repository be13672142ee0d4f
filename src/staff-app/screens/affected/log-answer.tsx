/** What an access log says: who reached the exposed addresses, which hours it covers, and what was not counted. */
import { timeOfLog } from "../../../domain/time.ts";
import { verdictWords } from "../../../domain/affected/verdict.ts";
import type { LogJudged } from "../../../member/hands/tasks.ts";
import { Inset, Warning } from "../../parts/banner.tsx";
import { Table } from "../../parts/table.tsx";
import { bodyZone, count, number } from "../../words/format.ts";

const SHOWN = 20;
const OUTCOMES = {
  refused: "refused",
  elsewhere: "sent elsewhere",
  headers: "asked for headers only",
  failed: "answered with a fault",
  unclear: "broken off",
} as const;

export function LogAnswer({ judged: { reading, verdict } }: { readonly judged: LogJudged }) {
  const [finding = "", ...coverage] = verdictWords(verdict, bodyZone());
  const { outcomes, visitors, own, outside } = reading;
  const others = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[])
    .filter((kind) => outcomes[kind] > 0)
    .map((kind) => `${number(outcomes[kind])} ${OUTCOMES[kind]}`);
  return (
    <div role="status" id="log-verdict">
      {verdict.kind === "reached" ? (
        <Warning>{finding}</Warning>
      ) : (
        <p class="govuk-body govuk-!-font-weight-bold">{finding}</p>
      )}
      <Inset>
        {coverage.map((text) => (
          <p class="govuk-body" key={text}>
            {text}
          </p>
        ))}
      </Inset>
      {others.length > 0 ? (
        <p class="govuk-body">Further requests for these addresses, without content: {others.join(", ")}.</p>
      ) : null}
      {own > 0 ? (
        <p class="govuk-body">
          {count(own, "request")} of your own monitor {own === 1 ? "is" : "are"} not counted.
        </p>
      ) : null}
      {outside > 0 ? (
        <p class="govuk-body">
          {count(outside, "request")} before or after that time {outside === 1 ? "is" : "are"} not counted.
        </p>
      ) : null}
      {visitors.length > 0 ? (
        <Table
          caption={
            visitors.length > SHOWN
              ? `The ${SHOWN} addresses with the most requests, of ${number(visitors.length)}`
              : "Who reached them"
          }
          columns={[
            { id: "address", title: "From" },
            { id: "requests", title: "Requests" },
            { id: "first", title: "First" },
            { id: "last", title: "Last" },
            { id: "agent", title: "Says that it is" },
          ]}
          rows={visitors.slice(0, SHOWN).map((one) => ({
            id: one.address,
            cells: [
              <span class="pb-written">
                {one.address}
                {one.known ? " (known)" : ""}
              </span>,
              number(one.requests),
              timeOfLog(one.first, bodyZone()),
              timeOfLog(one.last, bodyZone()),
              <span class="pb-written pb-cell">{one.agents[0] || "Nothing"}</span>,
            ],
          }))}
        />
      ) : null}
    </div>
  );
}
