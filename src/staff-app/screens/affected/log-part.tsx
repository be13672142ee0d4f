/** The access log of another system: which requests reached the exposed addresses, and which hours the log covers. */
import { useState } from "preact/hooks";
import { verdictWords } from "../../../domain/affected/verdict.ts";
import type { LogJudged } from "../../../member/hands/tasks.ts";
import { count, number, realDay, shortMoment } from "../../words/format.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { Button } from "../../parts/button.tsx";
import { DateField, NO_DAY, TextArea, TextField, type Day } from "../../parts/fields.tsx";
import { FileField } from "../../parts/file-field.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Warning, Working } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { Table } from "../../parts/table.tsx";

const SHOWN = 20;
const OUTCOMES = {
  refused: "refused",
  elsewhere: "sent elsewhere",
  headers: "asked for headers only",
  failed: "answered with a fault",
  unclear: "broken off",
} as const;

export function LogPart() {
  const visit = useVisit();
  const act = useAct();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [exposed, setExposed] = useState("");
  const [from, setFrom] = useState<Day>(NO_DAY);
  const [to, setTo] = useState<Day>(NO_DAY);
  const [known, setKnown] = useState("");
  const [own, setOwn] = useState({ agent: "", token: "" });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [judged, setJudged] = useState<LogJudged | null>(null);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setJudged(null);
    const wrong: Problem[] = [];
    const window = {
      from: startOf(from, 0, (text) => wrong.push({ field: "log-from", text })),
      to: startOf(to, 1, (text) => wrong.push({ field: "log-to", text })),
    };
    if (files.length === 0) wrong.unshift({ field: "log-files", text: "Select the files of the access log" });
    setProblems(wrong);
    if (wrong.length > 0) return;
    const question = {
      exposed,
      own: own.agent + own.token === "" ? null : { ...own, address: "" },
      known: known.split("\n"),
      window,
    };
    act.run(async (tell) => {
      const answer = await visit.hands.call("readLog", { files, question }, tell);
      if (answer.ok) setJudged(answer);
      else
        setProblems(
          answer.problems.map((text) => ({ field: /monitor/.test(text) ? "log-agent" : "log-exposed", text })),
        );
    });
  };

  return (
    <section aria-labelledby="log-part">
      <h2 class="govuk-heading-m" id="log-part">
        Who looked: the access log
      </h2>
      <ErrorSummary problems={problems} />
      <form onSubmit={submit} noValidate>
        <FileField
          id="log-files"
          label="Files of the access log"
          hint="All parts of that time, packed or not, in any order. Ask whoever runs the system."
          multiple
          onChange={setFiles}
          problem={problemOf(problems, "log-files")}
        />
        <TextArea
          id="log-exposed"
          label="Which addresses were exposed?"
          hint="One a line, as it stands behind the host. /results/* means everything below."
          rows={3}
          spellcheck={false}
          value={exposed}
          onChange={setExposed}
          problem={problemOf(problems, "log-exposed")}
        />
        <DateField
          id="log-from"
          label="Exposed from (optional)"
          hint="The earliest day that is possible."
          value={from}
          onChange={setFrom}
          problem={problemOf(problems, "log-from")}
        />
        <DateField
          id="log-to"
          label="Exposed until (optional)"
          hint="The last day, which is included."
          value={to}
          onChange={setTo}
          problem={problemOf(problems, "log-to")}
        />
        <TextArea
          id="log-known"
          label="Internet addresses of people who were meant to see it (optional)"
          hint="One a line. 203.0.113.* means all that begin so. They are told apart, not left out."
          rows={2}
          spellcheck={false}
          value={known}
          onChange={setKnown}
        />
        <TextField
          id="log-agent"
          label="A monitor of your own: its user agent (optional)"
          hint="For example Pillarbox-watch."
          width="20"
          value={own.agent}
          onChange={(agent) => setOwn({ ...own, agent })}
          problem={problemOf(problems, "log-agent")}
        />
        <TextField
          id="log-token"
          label="The monitor’s token (optional)"
          hint="What it says when it starts, after “visit”."
          width="20"
          value={own.token}
          onChange={(token) => setOwn({ ...own, token })}
        />
        {act.failure ? <Failed failure={act.failure} /> : null}
        {act.working ? (
          <Working
            text={
              act.progress
                ? `${megabytes(act.progress.done)} of ${megabytes(act.progress.total)} MB read`
                : "Reading the log…"
            }
            {...(act.progress ?? {})}
          />
        ) : null}
        <Button submit working={act.working}>
          Read the log
        </Button>
      </form>
      {judged ? <Judged judged={judged} /> : null}
    </section>
  );
}

const megabytes = (bytes: number): string => number(Math.ceil(bytes / 1e6));

/** Midnight in this browser's own time, at the beginning of a day or at its end; null where none was typed. */
function startOf({ day, month, year }: Day, after: 0 | 1, tell: (text: string) => void): number | null {
  if (day + month + year === "") return null;
  const [d, m, y] = [day, month, year].map(Number) as [number, number, number];
  if (!realDay(y, m, d) || y < 1990) return (tell("The date must be a real date"), null);
  return new Date(y, m - 1, d + after).getTime() - after;
}

function Judged({ judged: { reading, verdict } }: { readonly judged: LogJudged }) {
  const [finding = "", ...coverage] = verdictWords(verdict);
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
              shortMoment(one.first),
              shortMoment(one.last),
              <span class="pb-written pb-cell">{one.agents[0] || "Nothing"}</span>,
            ],
          }))}
        />
      ) : null}
    </div>
  );
}
