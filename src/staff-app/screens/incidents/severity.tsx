/**
 * Severity by ENISA's method: every factor chosen by a person, the rule beside it, the sum computed. Earlier
 * assessments stay.
 */
import type { Chosen } from "../../../domain/incident/severity.ts";
import { Tag } from "../../parts/banner.tsx";
import { recordedRows, Words } from "../../parts/recorded.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { NewAssessment } from "./new-assessment.tsx";
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
      <NewAssessment incident={incident} />
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
