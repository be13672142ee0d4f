/** The two decisions, with what the law says beside them. Also a no has its reason and its words. */
import { useState } from "preact/hooks";
import {
  CHOICES,
  known,
  QUESTIONS,
  REASONS,
  type Choice,
  type Question,
  type Reason,
} from "../../../domain/incident/codes.ts";
import { CHOICE_WORDS, QUESTION_WORDS, REASON_WORDS } from "../../words/incident.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useRecord } from "../../use-record.ts";
import type { PartProps } from "./part.ts";
import { useDraft } from "../../use-draft.ts";

const LAW: Record<Question, readonly string[]> = {
  regulator: [
    "UK GDPR Art. 33(1): tell the regulator without undue delay and, where feasible, within 72 hours of becoming aware, unless a risk to people’s rights and freedoms is unlikely. After 72 hours, give the reasons for the delay.",
    "Art. 33(4): what is not known yet may follow in phases. Art. 33(5): the breach is documented, reported or not.",
  ],
  people: [
    "UK GDPR Art. 34(1): tell the people without undue delay when the risk to their rights and freedoms is likely to be high.",
    "Art. 34(3): not needed if whoever could reach the data could not read it, if what was done since makes a high risk no longer likely, or if it would take disproportionate effort; then there is a public notice instead.",
  ],
};

export function Decisions({ incident }: PartProps) {
  return (
    <>
      {QUESTIONS.map((about) => (
        <QuestionPart key={about} about={about} incident={incident} />
      ))}
    </>
  );
}

function QuestionPart({ about, incident }: Pick<PartProps, "incident"> & { readonly about: Question }) {
  const { state } = incident;
  const made = state.decisions.filter((one) => one.about === about).toReversed();
  return (
    <section aria-labelledby={`${about}-title`}>
      <h2 class="govuk-heading-m" id={`${about}-title`}>
        {QUESTION_WORDS[about]}
      </h2>
      <Inset>
        {LAW[about].map((text) => (
          <p class="govuk-body" key={text}>
            {text}
          </p>
        ))}
      </Inset>
      {made.length === 0 ? <p class="govuk-body">This is not decided yet.</p> : null}
      {made.map((one, index) => (
        <SummaryList
          key={one.seq}
          rows={[
            { key: index === 0 ? "Decided" : "Decided before", value: <strong>{CHOICE_WORDS[one.choice]}</strong> },
            {
              key: "Reason",
              value: (
                <>
                  {REASON_WORDS[one.reason]}
                  <br />
                  <Words words={one.words} field="why" />
                </>
              ),
            },
            ...recordedRows(incident, one),
          ]}
        />
      ))}
      <Add about={about} incident={incident} again={made.length > 0} />
    </section>
  );
}

function Add({
  about,
  incident,
  again,
}: Pick<PartProps, "incident"> & { readonly about: Question; readonly again: boolean }) {
  const recording = useRecord(incident, about);
  const [choice, setChoice] = useDraft<readonly string[]>(`${about}/choice`, []);
  const [reason, setReason] = useDraft<readonly string[]>(`${about}/reason`, []);
  const [why, setWhy] = useDraft(`${about}/why`, "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const chosen = known(CHOICES, choice[0]);
  const reasons: readonly Reason[] = chosen ? REASONS[about][chosen] : [];
  const field = (name: string): string => `${about}-${name}`;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const because = known(reasons, reason[0]);
    const found: Problem[] = [];
    if (!chosen) found.push({ field: field("choice"), text: "Select yes or no" });
    if (chosen && !because) found.push({ field: field("reason"), text: "Select a reason" });
    if (why.trim() === "") found.push({ field: field("why"), text: "Enter the reason in words" });
    setProblems(found);
    if (chosen && because && found.length === 0)
      recording.send(
        { kind: "incident.decided", about, choice: chosen, reason: because },
        { why },
        "The decision was recorded.",
      );
  };
  const problem = (name: string): string | undefined => problemOf(problems, field(name));
  const choose = (next: readonly string[]) => {
    setChoice(next);
    setReason([]);
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <Choices
        id={field("choice")}
        kind="radio"
        label={again ? "Decide again" : "What is decided?"}
        choices={CHOICES.map((value: Choice) => ({ value, label: CHOICE_WORDS[value] }))}
        chosen={choice}
        onChange={choose}
        problem={problem("choice")}
      />
      {chosen ? (
        <Choices
          id={field("reason")}
          kind="radio"
          label="Why?"
          choices={reasons.map((value) => ({ value, label: REASON_WORDS[value] }))}
          chosen={reason}
          onChange={setReason}
          problem={problem("reason")}
        />
      ) : null}
      <TextArea
        id={field("why")}
        label="The reason in words"
        hint="It must stand also when the answer is no. Name nobody who may be affected: this text is not sealed."
        rows={3}
        value={why}
        onChange={setWhy}
        problem={problem("why")}
      />
      {recording.failure ? <Failed failure={recording.failure} /> : null}
      <Button submit kind="secondary" working={recording.working}>
        {recording.working ? "Recording…" : "Record the decision"}
      </Button>
    </form>
  );
}
