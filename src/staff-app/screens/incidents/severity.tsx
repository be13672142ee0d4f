/**
 * Severity by ENISA's method: every factor chosen by a person, the rule beside it, the sum computed. Earlier
 * assessments stay.
 */
import { useState } from "preact/hooks";
import {
  assess,
  assessedFields,
  BASES,
  LOWERING,
  RAISING,
  scoreFits,
  type Base,
  type Chosen,
  type Factor,
} from "../../../domain/incident/severity.ts";
import { known } from "../../../domain/incident/codes.ts";
import { Button } from "../../parts/button.tsx";
import { Choices, TextArea } from "../../parts/fields.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Tag } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { recordedRows, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { useRecord } from "../../use-record.ts";
import {
  AVAILABILITY_WORDS,
  BASE_WORDS,
  CONFIDENTIALITY_WORDS,
  EASE_WORDS,
  FACTOR_WORDS,
  hundredths,
  INTEGRITY_WORDS,
  levelWords,
  MALICE_WORDS,
} from "./severity-words.ts";
import type { PartProps } from "./part.ts";

const FACTORS: readonly Factor[] = [...RAISING, ...LOWERING];
const nameIn = (scale: readonly (readonly [number, string, string])[], value: number): string =>
  `${scale.find(([one]) => one === value)?.[1] ?? ""} (${hundredths(value)})`;

export function Severity({ incident }: PartProps) {
  const { state } = incident;
  return (
    <>
      <p class="govuk-body">
        Severity = data × ease of identification + circumstances. Below 2 is low, below 3 medium, below 4 high. A person
        chooses each factor; the sum is computed.
      </p>
      {state.assessments.toReversed().map((one, index) => (
        <SummaryList
          key={one.seq}
          rows={[
            { key: index === 0 ? "Severity" : "Severity, before", value: <strong>{levelWords(one)}</strong> },
            {
              key: "Data",
              value: (
                <>
                  {BASE_WORDS[one.base][0]}, scored {one.dpc}
                  {one.factors.length > 0 ? (
                    <>
                      <br />
                      {one.factors.map((factor) => FACTOR_WORDS[factor]).join("; ")}
                    </>
                  ) : null}
                </>
              ),
            },
            { key: "Ease of identification", value: nameIn(EASE_WORDS, one.ei) },
            {
              key: "Circumstances",
              value: (
                <>
                  {nameIn(CONFIDENTIALITY_WORDS, one.confidentiality)}
                  <br />
                  {nameIn(INTEGRITY_WORDS, one.integrity)}
                  <br />
                  {nameIn(AVAILABILITY_WORDS, one.availability)}
                  <br />
                  {nameIn(MALICE_WORDS, one.malice)}
                </>
              ),
            },
            { key: "Flags", value: <Flags over100={one.over100} unintelligible={one.unintelligible} /> },
            ...(one.words["note"] ? [{ key: "Note", value: <Words words={one.words} field="note" /> }] : []),
            ...recordedRows(incident, one),
          ]}
        />
      ))}
      <Add incident={incident} />
    </>
  );
}

const Flags = ({ over100, unintelligible }: Pick<Chosen, "over100" | "unintelligible">) =>
  over100 || unintelligible ? (
    <>
      {over100 ? <Tag colour="orange">More than 100 people</Tag> : null}{" "}
      {unintelligible ? <Tag colour="blue">Unintelligible</Tag> : null}
    </>
  ) : (
    <>None</>
  );

type Scale = readonly (readonly [number, string, string])[];
const scaleChoices = (scale: Scale) =>
  scale.map(([value, label, hint]) => ({
    value: String(value),
    label: `${label} (${hundredths(value)})`,
    ...(hint ? { hint } : {}),
  }));

const SCALES = [
  { id: "ei", label: "How easily can somebody say who the people are?", scale: EASE_WORDS },
  { id: "confidentiality", label: "Who could see it?", scale: CONFIDENTIALITY_WORDS },
  { id: "integrity", label: "Was anything changed?", scale: INTEGRITY_WORDS },
  { id: "availability", label: "Was anything lost?", scale: AVAILABILITY_WORDS },
  { id: "malice", label: "Was it done on purpose?", scale: MALICE_WORDS },
] as const;
type ScaleId = (typeof SCALES)[number]["id"];

function Add({ incident }: Pick<PartProps, "incident">) {
  const recording = useRecord(incident);
  const [base, setBase] = useState<readonly string[]>([]);
  const [factors, setFactors] = useState<readonly string[]>([]);
  const [dpc, setDpc] = useState<readonly string[]>([]);
  const [scales, setScales] = useState<Record<ScaleId, readonly string[]>>({
    ei: [],
    confidentiality: [],
    integrity: [],
    availability: [],
    malice: [],
  });
  const [flags, setFlags] = useState<readonly string[]>([]);
  const [note, setNote] = useState("");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const kind = known(Object.keys(BASES) as Base[], base[0]);
  const value = (id: ScaleId): number => Number(scales[id][0] ?? NaN);
  const chosen: Chosen | null = kind
    ? {
        base: kind,
        factors: FACTORS.filter((one) => factors.includes(one)),
        dpc: Number(dpc[0] ?? NaN),
        ei: value("ei"),
        confidentiality: value("confidentiality"),
        integrity: value("integrity"),
        availability: value("availability"),
        malice: value("malice"),
        over100: flags.includes("over100"),
        unintelligible: flags.includes("unintelligible"),
      }
    : null;
  const whole = chosen !== null && SCALES.every(({ id }) => scales[id].length > 0) && scoreFits(chosen);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found: Problem[] = [];
    if (!chosen) found.push({ field: "base", text: "Select the kind of data" });
    if (dpc.length === 0) found.push({ field: "dpc", text: "Select the score of the data" });
    else if (chosen && !scoreFits(chosen))
      found.push({
        field: "dpc",
        text: "Select what raises or lowers the score, or the score that the data begins with",
      });
    for (const { id, label } of SCALES)
      if (scales[id].length === 0) found.push({ field: id, text: `Select an answer: ${label}` });
    setProblems(found);
    if (chosen && found.length === 0)
      recording.send(
        { kind: "incident.assessed", ...assessedFields(chosen) },
        { note },
        `The severity was recorded: ${levelWords(assess(chosen))}.`,
      );
  };
  const problem = (field: string): string | undefined => problemOf(problems, field);
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">{incident.state.assessments.length > 0 ? "Assess again" : "Assess"}</h2>
      <ErrorSummary problems={problems} />
      <Choices
        id="base"
        kind="radio"
        label="What kind of data is it?"
        hint="Of several kinds the highest counts."
        choices={Object.entries(BASE_WORDS).map(([one, [label, hint]]) => ({ value: one, label, hint }))}
        chosen={base}
        onChange={(next) => {
          setBase(next);
          const begins = known(Object.keys(BASES) as Base[], next[0]);
          if (begins) setDpc([String(BASES[begins])]);
        }}
        problem={problem("base")}
      />
      <Choices
        id="factors"
        kind="checkbox"
        label="What raises or lowers it?"
        choices={FACTORS.map((one) => ({ value: one, label: FACTOR_WORDS[one] }))}
        chosen={factors}
        onChange={setFactors}
      />
      <Choices
        id="dpc"
        kind="radio"
        label="How is the data scored, all in all?"
        hint="Above or below where it begins only with a reason ticked above."
        choices={[1, 2, 3, 4].map((one) => ({ value: String(one), label: String(one) }))}
        chosen={dpc}
        onChange={setDpc}
        problem={problem("dpc")}
      />
      {SCALES.map(({ id, label, scale }) => (
        <Choices
          key={id}
          id={id}
          kind="radio"
          label={label}
          choices={scaleChoices(scale)}
          chosen={scales[id]}
          onChange={(next) => setScales({ ...scales, [id]: next })}
          problem={problem(id)}
        />
      ))}
      <Choices
        id="flags"
        kind="checkbox"
        label="Flags"
        choices={[
          { value: "over100", label: "More than 100 people are affected" },
          { value: "unintelligible", label: "Whoever could reach the data could not read it" },
        ]}
        chosen={flags}
        onChange={setFlags}
      />
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
