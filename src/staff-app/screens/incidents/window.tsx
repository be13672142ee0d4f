/** The window: from when until when it could happen. Its earliest start decides who is affected. Every record stays. */
import { useState } from "preact/hooks";
import { known, WINDOW_BASES } from "../../../domain/incident/codes.ts";
import type { Recorded } from "../../../domain/incident/state.ts";
import type { Window } from "../../../domain/incident/window.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { BASIS_WORDS } from "../../words/incident.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { instantIn, isEmpty, momentAt, MomentField, NO_MOMENT, type Moment } from "../../parts/moment-field.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useRecord } from "../../use-record.ts";
import type { PartProps } from "./part.ts";
import { useDraft } from "../../use-draft.ts";
import { inZone } from "../../words/format.ts";

export function WindowPart({ incident }: PartProps) {
  const { state } = incident;
  const [current, ...earlier] = state.windows.toReversed();
  return (
    <>
      <p class="govuk-body">
        Whoever could be reached from the earliest start on counts as affected: in doubt people are told, not left out.
      </p>
      {current ? <Shown incident={incident} window={current} /> : <p class="govuk-body">No window was recorded yet.</p>}
      {earlier.length > 0 ? (
        <>
          <h2 class="govuk-heading-m">Recorded before</h2>
          {earlier.map((one) => (
            <Shown key={one.seq} incident={incident} window={one} />
          ))}
        </>
      ) : null}
      <Add incident={incident} current={current} />
    </>
  );
}

const Shown = ({ incident, window }: { readonly incident: Incident; readonly window: Recorded<Window> }) => (
  <SummaryList
    rows={[
      {
        key: "Began, at the earliest",
        value: (
          <>
            {inZone(window.earliest)}
            <br />
            {BASIS_WORDS[window.earliestBasis]}: <Words words={window.words} field="earliest" />
          </>
        ),
      },
      {
        key: "Had begun, at the latest",
        value: (
          <>
            {inZone(window.latest)}
            <br />
            {BASIS_WORDS[window.latestBasis]}: <Words words={window.words} field="latest" />
          </>
        ),
      },
      {
        key: "Ended",
        value:
          window.end === undefined || !window.endBasis ? (
            "It goes on"
          ) : (
            <>
              {inZone(window.end)}
              <br />
              {BASIS_WORDS[window.endBasis]}: <Words words={window.words} field="end" />
            </>
          ),
      },
      ...recordedRows(incident, window),
    ]}
  />
);

type Edge = "earliest" | "latest" | "end";
type Entered = { readonly at: Moment; readonly basis: readonly string[]; readonly words: string };
const LABELS: Record<Edge, string> = {
  earliest: "When did it begin, at the earliest?",
  latest: "When had it certainly begun?",
  end: "When did it end?",
};

function Add({ incident, current }: Pick<PartProps, "incident"> & { readonly current: Recorded<Window> | undefined }) {
  const recording = useRecord(incident, "window");
  const entered = (at: number | undefined, basis: string | undefined, words: string | undefined): Entered => ({
    at: at === undefined ? NO_MOMENT : momentAt(at),
    basis: basis === undefined ? [] : [basis],
    words: words ?? "",
  });
  const [edges, setEdges] = useDraft<Record<Edge, Entered>>("window/edges", {
    earliest: entered(current?.earliest, current?.earliestBasis, current?.words["earliest"]),
    latest: entered(current?.latest, current?.latestBasis, current?.words["latest"]),
    end: entered(current?.end, current?.endBasis, current?.words["end"]),
  });
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemsOf(edges);
    setProblems(found);
    if (found.length > 0) return;
    const [earliest, latest] = [instantIn(edges.earliest.at) ?? 0, instantIn(edges.latest.at) ?? 0];
    const end = isEmpty(edges.end.at) ? null : instantIn(edges.end.at);
    recording.send(
      {
        kind: "incident.window",
        earliest,
        earliestBasis: edges.earliest.basis[0] ?? "",
        latest,
        latestBasis: edges.latest.basis[0] ?? "",
        ...(end === null ? {} : { end, endBasis: edges.end.basis[0] ?? "" }),
      },
      { earliest: edges.earliest.words, latest: edges.latest.words, ...(end === null ? {} : { end: edges.end.words }) },
      "The window was recorded. What was recorded before stays below it.",
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">{current ? "Record the window again" : "Record the window"}</h2>
      <ErrorSummary problems={problems} />
      {(["earliest", "latest", "end"] as const).map((edge) => (
        <EdgeFields
          key={edge}
          edge={edge}
          value={edges[edge]}
          onChange={(value) => setEdges({ ...edges, [edge]: value })}
          problems={problems}
        />
      ))}
      {recording.failure ? <Failed failure={recording.failure} /> : null}
      <Button submit kind="secondary" working={recording.working}>
        {recording.working ? "Recording…" : "Record the window"}
      </Button>
    </form>
  );
}

type EdgeProps = {
  readonly edge: Edge;
  readonly value: Entered;
  readonly onChange: (value: Entered) => void;
  readonly problems: readonly Problem[];
};

const EdgeFields = ({ edge, value, onChange, problems }: EdgeProps) => (
  <div class="pb-edge">
    <MomentField
      id={edge}
      label={LABELS[edge]}
      {...(edge === "end" ? { hint: "Leave it empty while it goes on." } : {})}
      value={value.at}
      onChange={(at) => onChange({ ...value, at })}
      problem={problemOf(problems, edge)}
    />
    <Choices
      id={`${edge}-basis`}
      kind="radio"
      label="What does this time rest on?"
      choices={WINDOW_BASES.map((one) => ({ value: one, label: BASIS_WORDS[one] }))}
      chosen={value.basis}
      onChange={(basis) => onChange({ ...value, basis })}
      problem={problemOf(problems, `${edge}-basis`)}
    />
    <TextArea
      id={`${edge}-words`}
      label="In words"
      hint="For example who said so, or which entry of the log. Name nobody who may be affected."
      rows={2}
      value={value.words}
      onChange={(words) => onChange({ ...value, words })}
      problem={problemOf(problems, `${edge}-words`)}
    />
  </div>
);

function problemsOf(edges: Record<Edge, Entered>): Problem[] {
  const found: Problem[] = [];
  const at = {
    earliest: instantIn(edges.earliest.at),
    latest: instantIn(edges.latest.at),
    end: instantIn(edges.end.at),
  };
  for (const edge of ["earliest", "latest", "end"] as const) {
    if (edge === "end" && isEmpty(edges.end.at)) continue;
    if (at[edge] === null) found.push({ field: edge, text: `${LABELS[edge]} Enter a day and a time that exist` });
    else if (at[edge] > Date.now())
      found.push({ field: edge, text: `${LABELS[edge]} Enter a time that is not in the future` });
    if (!known(WINDOW_BASES, edges[edge].basis[0]))
      found.push({ field: `${edge}-basis`, text: `${LABELS[edge]} Select what the time rests on` });
    if (edges[edge].words.trim() === "")
      found.push({ field: `${edge}-words`, text: `${LABELS[edge]} Enter in words what it rests on` });
  }
  if (at.earliest !== null && at.latest !== null && at.earliest > at.latest)
    found.push({ field: "latest", text: "It had certainly begun no earlier than at its earliest start" });
  if (at.latest !== null && at.end !== null && at.end < at.latest)
    found.push({ field: "end", text: "It ended after it had begun" });
  return found;
}
