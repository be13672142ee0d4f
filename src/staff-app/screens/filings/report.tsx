/**
 * The report to the regulator: every question in the order of its form, what is missing, and the versions that were
 * made.
 */
import { useState } from "preact/hooks";
import { PHASES, type Phase } from "../../../domain/incident/report-choices.ts";
import {
  fieldOf,
  SECTIONS,
  type FieldId,
  type ReportField,
  type Section,
} from "../../../domain/incident/report-fields.ts";
import { nextPhase, standingReport, type Standing } from "../../../domain/incident/report-known.ts";
import { askedFields, type Answers } from "../../../domain/incident/report.ts";
import { firstSent } from "../../../domain/incident/follow-up.ts";
import { count } from "../../words/format.ts";
import { loadFilings, makeVersion, type Filings } from "../../../member/flows/filings.ts";
import { AnswerBlock } from "./answer-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { useNow } from "../../parts/clock.tsx";
import { Choices } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed, Loading } from "../../parts/loading.tsx";
import { Inset, Tag, Warning } from "../../parts/banner.tsx";
import { paths } from "../../route.ts";
import { useAct, useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { PartProps } from "../incidents/part.ts";
import { ReportVersion } from "./report-version.tsx";

export function ReportPart({ incident, rest }: PartProps) {
  const visit = useVisit();
  const loaded = useLoad(() => loadFilings(visit, incident));
  const [wanted] = rest;
  return (
    <Loading loaded={loaded}>
      {(filings) =>
        wanted === undefined ? (
          <Draft incident={incident} filings={filings} />
        ) : (
          <ReportVersion incident={incident} filings={filings} version={wanted} />
        )
      }
    </Loading>
  );
}

type Props = Pick<PartProps, "incident"> & { readonly filings: Filings };

function Draft({ incident, filings }: Props) {
  const visit = useVisit();
  const { state } = incident;
  const [typed, setTyped] = useState<Answers>(filings.typed);
  const now = useNow();
  const standing = standingReport(state, filings.around, typed, now);
  if (standing === null)
    return (
      <Inset>
        Nobody has recorded that this body is aware, so there is nothing to report yet and no clock.{" "}
        <Link to={paths.incident(state.incident, "awareness")}>Record when this body became aware</Link>
      </Inset>
    );
  const phase = nextPhase(state);
  const missing = standing.missing[phase];
  const save = async (id: FieldId, value: Answers[FieldId] | null): Promise<void> => {
    await visit.api.typeAnswer(state.body, state.incident, id, value);
    const { [id]: _, ...others } = typed;
    setTyped(value ? { ...others, [id]: value } : others);
  };
  return (
    <>
      <Where standing={standing} phase={phase} regulator={filings.around.record.regulator} />
      <Versions incident={incident} filings={filings} />
      {(Object.keys(SECTIONS) as Section[])
        .filter((section) => fieldsOf(standing, section, phase).length > 0)
        .map((section) => (
          <section key={section} aria-labelledby={`section-${section}`}>
            <h2 class="govuk-heading-m" id={`section-${section}`}>
              {SECTIONS[section]}
            </h2>
            {fieldsOf(standing, section, phase).map((field) => (
              <AnswerBlock
                key={field.id}
                field={field}
                answer={standing.answers[field.id]}
                typed={typed[field.id] !== undefined}
                missing={missing.includes(field.id)}
                onSave={(value) => save(field.id, value)}
              />
            ))}
          </section>
        ))}
      <Make incident={incident} filings={{ ...filings, typed }} standing={standing} />
    </>
  );
}

const fieldsOf = (
  { answers, late }: Standing,
  section: Section,
  phase: Phase,
): readonly (ReportField & { readonly id: FieldId })[] =>
  askedFields(answers, late).filter(
    (field) =>
      field.section === section && field.id !== "report-type" && (phase !== "initial" || field.id !== "case-reference"),
  );

function Where({
  standing: { missing, late },
  phase,
  regulator,
}: {
  readonly standing: Standing;
  readonly phase: Phase;
  readonly regulator: string | null;
}) {
  const lacks = missing[phase];
  return (
    <>
      <p class="govuk-body">
        {regulator ?? "The regulator"} asks these questions in this order. Its own form cannot be saved halfway: answer
        here, in pieces that stay, then copy each answer across.
      </p>
      {late && phase === "initial" ? (
        <Warning>The 72 hours are over. The report must say why it is late.</Warning>
      ) : null}
      {lacks.length === 0 ? (
        <Inset>Nothing is missing for the {PHASES[phase].toLowerCase()}.</Inset>
      ) : (
        <Inset>
          <p class="govuk-body">
            The {PHASES[phase].toLowerCase()} still lacks {count(lacks.length, "answer")}. What is not known yet may
            follow later.
          </p>
          <ul class="govuk-list govuk-list--bullet">
            {lacks.map((id) => (
              <li key={id}>
                <a class="govuk-link" href={`#field-${id}`} onClick={(event) => jump(event, id)}>
                  {fieldOf(id)?.question}
                </a>
              </li>
            ))}
          </ul>
        </Inset>
      )}
    </>
  );
}

function jump(event: MouseEvent, id: string): void {
  event.preventDefault();
  const block = document.getElementById(`field-${id}`);
  block?.scrollIntoView({ block: "center" });
  block?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
}

function Versions({ incident, filings }: Props) {
  const { state } = incident;
  if (filings.versions.length === 0) return null;
  return (
    <>
      <h2 class="govuk-heading-m">Versions</h2>
      <ul class="govuk-list">
        {filings.versions.map(({ version, report }) => (
          <li key={version}>
            {report ? (
              <Link to={paths.incident(state.incident, "report", String(version))}>
                Version {version}: {PHASES[report.phase].toLowerCase()}
              </Link>
            ) : (
              <>
                Version {version}: <Tag colour="red">Does not fit what was logged</Tag>
              </>
            )}
          </li>
        ))}
      </ul>
      {firstSent(state.followed) === null ? (
        <p class="govuk-body">None is marked as sent yet. The 72 hours go on until one is.</p>
      ) : null}
    </>
  );
}

function Make({ incident, filings, standing }: Props & { readonly standing: Standing }) {
  const visit = useVisit();
  const act = useAct();
  const first = nextPhase(incident.state) === "initial";
  const phases: readonly Phase[] = first ? ["initial"] : ["follow-up", "final"];
  const [chosen, setChosen] = useState<readonly string[]>([phases[0]!]);
  const phase = phases.find((one) => one === chosen[0]) ?? phases[0]!;
  const lacks = standing.missing[phase];
  const blocked = lacks.includes("delay") || (phase === "final" && lacks.length > 0);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (blocked) return jump(event as unknown as MouseEvent, lacks.includes("delay") ? "delay" : lacks[0]!);
    act.run(async () => {
      const version = await makeVersion(visit, incident, filings, phase);
      visit.say(`Version ${version} was made. Its hash is in the log.`);
      visit.go(paths.incident(incident.state.incident, "report", String(version)));
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 class="govuk-heading-m">Make a version</h2>
      <p class="govuk-body">
        A version is kept as it is, with what it lacks marked, and its hash goes into the log. You can make another at
        any time.
      </p>
      {first ? null : (
        <Choices
          id="phase"
          kind="radio"
          label="Which report is it?"
          choices={phases.map((value) => ({ value, label: PHASES[value] }))}
          chosen={chosen}
          onChange={setChosen}
        />
      )}
      {blocked ? (
        <Warning>
          {lacks.includes("delay") ? "Say first why it is late." : "A final report must not lack anything."}
        </Warning>
      ) : null}
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit working={act.working}>
        {act.working ? "Making…" : `Make version ${incident.state.reports.length + 1}`}
      </Button>
    </form>
  );
}
