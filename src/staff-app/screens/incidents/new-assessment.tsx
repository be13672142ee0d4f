/** Assessing the severity, once more if need be: earlier assessments stay. */
import { useState } from "preact/hooks";
import { assess, assessedFields, scoreFits, type Chosen } from "../../../domain/incident/severity.ts";
import { Inset } from "../../parts/banner.tsx";
import { Button } from "../../parts/button.tsx";
import { TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { ErrorSummary, type Problem } from "../../parts/problems.tsx";
import { useRecord } from "../../use-record.ts";
import type { PartProps } from "./part.ts";
import {
  baseIn,
  CircumstanceFields,
  DataFields,
  FACTORS,
  NOTHING,
  SCALES,
  type Draft,
  type ScaleId,
} from "./severity-fields.tsx";
import { hundredths, levelWords } from "./severity-words.ts";
import { useDraft } from "../../use-draft.ts";

/** What was picked, as the rule needs it: NaN where nothing is; null before the kind of data is known. */
function chosenIn(draft: Draft): Chosen | null {
  const base = baseIn(draft.base);
  const value = (id: ScaleId | "dpc"): number => Number(draft[id][0] ?? NaN);
  if (!base) return null;
  return {
    base,
    factors: FACTORS.filter((one) => draft.factors.includes(one)),
    dpc: value("dpc"),
    ei: value("ei"),
    confidentiality: value("confidentiality"),
    integrity: value("integrity"),
    availability: value("availability"),
    malice: value("malice"),
    over100: draft.flags.includes("over100"),
    unintelligible: draft.flags.includes("unintelligible"),
  };
}

function problemsIn(draft: Draft, chosen: Chosen | null): Problem[] {
  const found: Problem[] = [];
  if (!chosen) found.push({ field: "base", text: "Select the kind of data" });
  if (draft.dpc.length === 0) found.push({ field: "dpc", text: "Select the score of the data" });
  else if (chosen && !scoreFits(chosen))
    found.push({
      field: "dpc",
      text: "Select what raises or lowers the score, or the score that the data begins with",
    });
  for (const { id, label } of SCALES)
    if (draft[id].length === 0) found.push({ field: id, text: `Select an answer: ${label}` });
  return found;
}

export function NewAssessment({ incident }: Pick<PartProps, "incident">) {
  const recording = useRecord(incident, "assess");
  const [draft, setDraft] = useDraft("assess/draft", NOTHING);
  const [note, setNote] = useDraft("assess/note", "");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const chosen = chosenIn(draft);
  const whole = chosen !== null && SCALES.every(({ id }) => draft[id].length > 0) && scoreFits(chosen);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemsIn(draft, chosen);
    setProblems(found);
    if (chosen && found.length === 0)
      recording.send(
        { kind: "incident.assessed", ...assessedFields(chosen) },
        { note },
        `The severity was recorded: ${levelWords(assess(chosen))}.`,
      );
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">{incident.state.assessments.length > 0 ? "Assess again" : "Assess"}</h2>
      <ErrorSummary problems={problems} />
      <DataFields draft={draft} set={set} problems={problems} />
      <CircumstanceFields draft={draft} set={set} problems={problems} />
      <TextArea
        id="note"
        label="Note"
        hint="Name nobody who may be affected: this text is not sealed."
        rows={2}
        value={note}
        onChange={setNote}
      />
      {chosen && whole ? (
        <Inset>
          As chosen: <strong>{levelWords(assess(chosen))}</strong> = {chosen.dpc} × {hundredths(chosen.ei)} +{" "}
          {hundredths(chosen.confidentiality + chosen.integrity + chosen.availability + chosen.malice)}
        </Inset>
      ) : null}
      {recording.failure ? <Failed failure={recording.failure} /> : null}
      <Button submit kind="secondary" working={recording.working}>
        {recording.working ? "Recording…" : "Record the severity"}
      </Button>
    </form>
  );
}
