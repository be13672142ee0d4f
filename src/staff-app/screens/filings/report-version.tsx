/** One version of the report as a document: to read, to print, to keep as a file, and to mark as sent. */
import { useState } from "preact/hooks";
import { canonicalJson } from "../../../domain/canonical.ts";
import { newest } from "../../../domain/incident/follow-up.ts";
import { incidentReference } from "../../../domain/incident/document.ts";
import { PHASES } from "../../../domain/incident/report-choices.ts";
import { fieldOf, SECTIONS, type Section } from "../../../domain/incident/report-fields.ts";
import { askedFields, isLate, type Report } from "../../../domain/incident/report.ts";
import { newId } from "../../../domain/seal/random.ts";
import { saveFile } from "../../download.ts";
import { count, inZone } from "../../words/format.ts";
import { followUp, type Filings } from "../../../member/flows/filings.ts";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { instantIn, momentAt, MomentField } from "../../parts/moment-field.tsx";
import { Tag, Warning } from "../../parts/banner.tsx";
import { ErrorSummary, problemOf, type Problem } from "../../parts/problems.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { answerWords } from "../../words/report.ts";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { NotFound } from "../start/not-found.tsx";
import type { PartProps } from "../incidents/part.ts";

type Props = Pick<PartProps, "incident"> & { readonly filings: Filings; readonly version: string };

export function ReportVersion({ incident, filings, version }: Props) {
  const found = filings.versions.find((one) => String(one.version) === version);
  if (!found) return <NotFound />;
  if (found.report === null)
    return (
      <Warning>
        This version does not fit what was signed and logged, so it is not shown. Tell your data protection officer.
      </Warning>
    );
  const { report } = found;
  const name = `report-${incidentReference(incident.state.incident)}-${report.version}.json`;
  return (
    <>
      <p class="govuk-body pb-no-print">
        <Link to={paths.incident(incident.state.incident, "report")}>All answers and versions</Link>
      </p>
      <Document report={report} body={incident.world.body.name} />
      <div class="govuk-button-group pb-no-print">
        <Button kind="secondary" onPress={() => window.print()}>
          Print
        </Button>
        <Button kind="secondary" onPress={() => saveFile(name, "application/json", canonicalJson(report))}>
          Save as JSON
        </Button>
      </div>
      <Sent incident={incident} report={report} />
    </>
  );
}

function Document({ report, body }: { readonly report: Report; readonly body: string }) {
  const asked = askedFields(report.answers, isLate(report));
  return (
    <article class="pb-document" aria-labelledby="document-title">
      <h2 class="govuk-heading-l" id="document-title">
        {PHASES[report.phase]} to the {report.regulator}
      </h2>
      <p class="govuk-body">
        {body}. Incident {incidentReference(report.incident)}, version {report.version}, made {inZone(report.madeAt)}.{" "}
        {report.missing.length === 0
          ? "Nothing that this report needs is missing."
          : `${count(report.missing.length, "answer is", "answers are")} missing and marked.`}
      </p>
      {(Object.keys(SECTIONS) as Section[]).map((section) => {
        const fields = asked.filter(
          (field) =>
            field.section === section && (report.answers[field.id] !== undefined || report.missing.includes(field.id)),
        );
        return fields.length === 0 ? null : (
          <section key={section} aria-labelledby={`document-${section}`}>
            <h3 class="govuk-heading-m" id={`document-${section}`}>
              {SECTIONS[section]}
            </h3>
            <SummaryList
              rows={fields.map((field) => ({ key: field.question, value: <AnswerOf report={report} id={field.id} /> }))}
            />
          </section>
        );
      })}
    </article>
  );
}

function AnswerOf({ report, id }: { readonly report: Report; readonly id: keyof Report["answers"] }) {
  const [answer, field] = [report.answers[id], fieldOf(id)];
  const lacks = report.missing.includes(id);
  return (
    <>
      {answer && field ? <span class="pb-written">{answerWords(field, answer)}</span> : null}
      {lacks ? (
        <>
          {" "}
          <Tag colour="red">{answer ? "To follow" : "Missing"}</Tag>
        </>
      ) : null}
    </>
  );
}

function Sent({ incident, report }: Pick<Props, "incident"> & { readonly report: Report }) {
  const visit = useVisit();
  const act = useAct();
  const [at, setAt] = useState(() => momentAt(Date.now()));
  const [reference, setReference] = useState("");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const sent = newest(incident.state.followed).find(
    ({ what, words }) => what === "report-sent" && words["version"] === String(report.version),
  );
  if (sent)
    return (
      <p class="govuk-body pb-no-print">
        Marked as sent on {inZone(sent.on)}
        {sent.words["reference"] ? `, case reference ${sent.words["reference"]}` : ""}.{" "}
        <Link to={paths.incident(incident.state.incident, "followed", sent.item)}>Change</Link>
      </p>
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const on = instantIn(at);
    const found: Problem[] =
      on === null
        ? [{ field: "sent", text: "Enter a day and a time that exist" }]
        : on > Date.now()
          ? [{ field: "sent", text: "Enter a time that is not in the future" }]
          : [];
    setProblems(found);
    if (on === null || found.length > 0) return;
    act.run(async () => {
      await followUp(
        visit,
        incident,
        { what: "report-sent", item: newId(), revision: 1, on, due: null, done: null, code: null },
        { version: String(report.version), reference },
      );
      visit.say("It was recorded that the report was sent.");
      visit.go(window.location.pathname);
    });
  };
  return (
    <form onSubmit={submit} noValidate class="pb-no-print">
      <h2 class="govuk-heading-m">Mark this version as sent</h2>
      <p class="govuk-body">
        Pillarbox sends nothing to the regulator. When you have sent it, write down when, and the case reference in the
        answer. The first one stops the 72 hours.
      </p>
      <ErrorSummary problems={problems} />
      <MomentField
        id="sent"
        label="When was it sent?"
        value={at}
        onChange={setAt}
        problem={problemOf(problems, "sent")}
      />
      <TextField
        id="reference"
        label="The regulator’s case reference"
        hint="It can be added later."
        value={reference}
        onChange={setReference}
        width="20"
      />
      {act.failure ? <Failed failure={act.failure} /> : null}
      <Button submit kind="secondary" working={act.working}>
        {act.working ? "Recording…" : "Mark as sent"}
      </Button>
    </form>
  );
}
