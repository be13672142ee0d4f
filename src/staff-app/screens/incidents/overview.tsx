/** An incident at a glance: where it stands, what is known, what comes next. */
import { useState } from "preact/hooks";
import { awareSince, clockOf } from "../../../domain/incident/clock.ts";
import type { Stage } from "../../../domain/incident/codes.ts";
import { lacksFor, MOVES, standing, type IncidentState } from "../../../domain/incident/state.ts";
import {
  CHOICE_WORDS,
  clockWords,
  LACK_WORDS,
  MOVE_WORDS,
  QUESTION_WORDS,
  REASON_WORDS,
  STAGE_COLOURS,
  STAGE_WORDS,
} from "../../words/incident.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { Button } from "../../parts/button.tsx";
import { useNow } from "../../parts/clock.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Important, Tag } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { whoOf, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { paths } from "../../route.ts";
import { useRecord } from "../../use-record.ts";
import { levelWords } from "./severity-words.ts";
import type { PartProps } from "./part.ts";
import { useDraft } from "../../use-draft.ts";
import { inZone } from "../../words/format.ts";

export function Overview({ incident }: PartProps) {
  const now = useNow();
  const { state, world } = incident;
  const { opened, stage } = state;
  const clock = clockOf(state, now);
  const window = state.windows.at(-1);
  const severity = state.assessments.at(-1);
  const decision = (about: "regulator" | "people"): string => {
    const made = standing(state, about);
    return made ? `${CHOICE_WORDS[made.choice]}. ${REASON_WORDS[made.reason]}.` : "Not decided yet";
  };
  return (
    <>
      <NextStep state={state} />
      <SummaryList
        rows={[
          { key: "State", value: <Tag colour={STAGE_COLOURS[stage]}>{STAGE_WORDS[stage]}</Tag> },
          { key: "What happened", value: <Words words={opened.words} field="summary" /> },
          { key: "Opened", value: `${inZone(opened.recordedAt)}, by ${whoOf(world, opened.person)}` },
          {
            key: "72 hours",
            value:
              clock.kind === "not-begun" ? (
                clockWords(clock)
              ) : (
                <>
                  {clockWords(clock)}.<br />
                  Aware since {inZone(clock.since)}, due {inZone(clock.deadline)}
                </>
              ),
          },
          {
            key: "Window",
            value: window ? (
              <>
                From {inZone(window.earliest)} at the earliest
                <br />
                {window.end === undefined ? "It goes on" : `Ended ${inZone(window.end)}`}
              </>
            ) : (
              "Not known yet"
            ),
          },
          { key: "Severity", value: severity ? levelWords(severity) : "Not assessed yet" },
          { key: QUESTION_WORDS.regulator, value: decision("regulator") },
          { key: QUESTION_WORDS.people, value: decision("people") },
        ]}
      />
      <MoveOn incident={incident} />
    </>
  );
}

type Step = { readonly text: string; readonly part: string; readonly link: string };

/** The one thing to do now. */
function nextStep(state: IncidentState): Step | null {
  if (state.stage === "closed" || state.stage === "dismissed" || state.stage === "answered") return null;
  if (awareSince(state) === null)
    return { text: "No clock runs yet.", part: "awareness", link: "Record when this body became aware" };
  if (state.windows.length === 0)
    return { text: "It is not known yet when it began.", part: "window", link: "Record the window" };
  if (state.assessments.length === 0)
    return { text: "The severity decides who must be told.", part: "severity", link: "Assess the severity" };
  if (!standing(state, "regulator") || !standing(state, "people"))
    return {
      text: "It must be decided who is told, also when the answer is no.",
      part: "decisions",
      link: "Make the decisions",
    };
  if (state.windows.at(-1)?.end === undefined)
    return { text: "It goes on, as far as is known.", part: "window", link: "Record when it ended" };
  return null;
}

function NextStep({ state }: { readonly state: IncidentState }) {
  const next = nextStep(state);
  if (!next) return null;
  return (
    <Important id="next-step" title="Next step">
      <p class="govuk-notification-banner__heading">
        {next.text}{" "}
        <Link to={paths.incident(state.incident, next.part)} class="govuk-notification-banner__link">
          {next.link}
        </Link>
      </p>
    </Important>
  );
}

function MoveOn({ incident }: { readonly incident: Incident }) {
  const { state } = incident;
  const recording = useRecord(incident, "move");
  const [chosen, setChosen] = useDraft<readonly string[]>("move/chosen", []);
  const [why, setWhy] = useDraft("move/why", "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const to = MOVES[state.stage].find((one) => one === chosen[0]);
    const lacks = to ? lacksFor(state, to, why.trim() !== "") : [];
    const found: Problem[] = to
      ? lacks.map((lack) => ({ field: lack === "words" ? "why" : "to", text: LACK_WORDS[lack] }))
      : [{ field: "to", text: "Select where it moves on to" }];
    setProblems(found);
    if (to && found.length === 0)
      recording.send(
        { kind: "incident.moved", from: state.stage, to },
        { why },
        `The incident is now: ${STAGE_WORDS[to]}.`,
      );
  };
  const choice = (to: Stage) => ({ value: to, label: MOVE_WORDS[to] });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <Choices
        id="to"
        kind="radio"
        label="Where does the work move on to?"
        choices={MOVES[state.stage].map(choice)}
        chosen={chosen}
        onChange={setChosen}
        problem={problemOf(problems, "to")}
      />
      <TextArea
        id="why"
        label="Why"
        hint="Name nobody who may be affected: this text is not sealed."
        rows={2}
        value={why}
        onChange={setWhy}
        problem={problemOf(problems, "why")}
      />
      {recording.failure ? <Failed failure={recording.failure} /> : null}
      <Button submit kind="secondary" working={recording.working}>
        {recording.working ? "Recording…" : "Move on"}
      </Button>
    </form>
  );
}
