/**
 * The register of all breaches (UK GDPR Art. 33(5)): reported or not, with facts, effects and remedial action, and
 * figures of each year.
 */
import { awareSince, deadlineOf } from "../../../domain/incident/clock.ts";
import { firstSent, ITEM_KINDS, newest } from "../../../domain/incident/follow-up.ts";
import { incidentReference } from "../../../domain/incident/document.ts";
import { affectedCount } from "../../../domain/incident/report-known.ts";
import { SEVERITIES } from "../../../domain/incident/report-choices.ts";
import type { Answers } from "../../../domain/incident/report.ts";
import {
  registerCsv,
  yearFigures,
  type RegisterRow,
  type RegisterWords,
  type Verdict,
} from "../../../domain/incident/register.ts";
import { standing, type IncidentState } from "../../../domain/incident/state.ts";
import { saveFile } from "../../download.ts";
import { bodyZone, inZone, number } from "../../words/format.ts";
import { KINDS, REASON_WORDS, STAGE_WORDS } from "../../words/incident.ts";
import { loadIncidents } from "../../../member/flows/incidents.ts";
import { typedIn } from "../../../member/flows/filings.ts";
import { Button } from "../../parts/button.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { inWords } from "../../words/words.ts";

const WORDS: RegisterWords = {
  kind: (code) => inWords(KINDS, code),
  stage: (code) => inWords(STAGE_WORDS, code),
  reason: (code) => inWords(REASON_WORDS, code),
  level: (code) => inWords(SEVERITIES, code),
  outcome: (code) => inWords(ITEM_KINDS.outcome.codes, code),
};

type Held = {
  readonly rows: readonly RegisterRow[] /** incidents that do not hold, and so are not told */;
  readonly broken: readonly string[];
};

export function Register() {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const { incidents, world } = await loadIncidents(visit);
    const answers = await visit.api.register(world.body.id);
    const rows = incidents.flatMap(({ incident, held }) =>
      held ? [rowOf(held.state, typedIn(answers.filter((one) => one.incident === incident)))] : [],
    );
    return {
      rows: rows.toSorted((a, b) => b.aware - a.aware),
      broken: incidents.filter(({ held }) => held === null).map(({ incident }) => incident),
    };
  });
  return (
    <Page title="Register of breaches" before={<BackLink to={paths.incidents}>Incidents</BackLink>}>
      <p class="govuk-body">
        Every incident is here, reported to the regulator or not, with the reason for each decision. The words come from
        the answers to the regulator’s questions, and before those are written, from the opening.
      </p>
      <Loading loaded={loaded}>{(held) => <Content {...held} />}</Loading>
    </Page>
  );
}

function Content({ rows, broken }: Held) {
  if (rows.length + broken.length === 0) return <p class="govuk-body">There has been no incident yet.</p>;
  const years = yearFigures(rows, bodyZone()).map((one) => ({
    id: String(one.year),
    cells: [
      String(one.year),
      ...[one.breaches, one.reported, one.late, one.decidedNot, one.undecided, one.peopleTold, one.people].map(number),
    ],
  }));
  const columns = [
    "Year",
    "Incidents",
    "Reported",
    "Of these late",
    "Decided not to",
    "Not decided",
    "People told in",
    "People affected",
  ].map((title) => ({ id: title, title }));
  return (
    <>
      {broken.length === 0 ? null : (
        <Warning>
          {broken.map(incidentReference).join(", ")}: what is stored does not fit what was signed and logged, so it is
          not shown here. Tell your data protection officer.
        </Warning>
      )}
      <div class="pb-no-print">
        <Button
          kind="secondary"
          onPress={() =>
            saveFile(
              "register.csv",
              "text/csv;charset=utf-8",
              registerCsv(
                rows.map((row) => ({ ...row, incident: incidentReference(row.incident) })),
                WORDS,
                bodyZone(),
              ),
            )
          }
        >
          Save as CSV
        </Button>
      </div>
      <Table caption="By the year in which the body became aware" columns={columns} rows={years} />
      {rows.map((row) => (
        <One key={row.incident} row={row} />
      ))}
    </>
  );
}

function One({ row }: { readonly row: RegisterRow }) {
  const verdict = (one: Verdict | null): string =>
    one === null
      ? "Not decided yet"
      : `${one.choice === "yes" ? "Yes" : "No"}. ${WORDS.reason(one.reason)}.${one.text ? ` ${one.text}` : ""}`;
  const sent =
    row.reportedAt === null
      ? "Not reported"
      : `${inZone(row.reportedAt)}, ${row.reportedAt <= row.deadline ? "within 72 hours" : "after the 72 hours"}`;
  return (
    <section aria-labelledby={`row-${row.incident}`}>
      <h2 class="govuk-heading-m" id={`row-${row.incident}`}>
        <Link to={paths.incident(row.incident)}>{incidentReference(row.incident)}</Link>: {WORDS.kind(row.what)}
      </h2>
      <SummaryList
        rows={[
          { key: "Aware", value: inZone(row.aware) },
          { key: "State", value: WORDS.stage(row.stage) },
          {
            key: "When",
            value:
              row.window === null
                ? "Not known yet"
                : `From ${inZone(row.window.from)} ${row.window.to === null ? "on" : `to ${inZone(row.window.to)}`}`,
          },
          {
            key: "People and records",
            value: `${row.people === null ? "Not known yet" : number(row.people)} people, ${row.records === null ? "not known yet" : number(row.records)} records`,
          },
          { key: "Severity", value: row.level === null ? "Not assessed yet" : WORDS.level(row.level) },
          { key: "Facts", value: <span class="pb-written">{row.facts || "Not written yet"}</span> },
          { key: "Effects", value: <span class="pb-written">{row.effects || "Not written yet"}</span> },
          { key: "Remedial action", value: <span class="pb-written">{row.remedy || "Not written yet"}</span> },
          { key: "Tell the regulator?", value: verdict(row.regulator) },
          { key: "Reported", value: sent },
          { key: "Tell the people?", value: verdict(row.peopleTold) },
          { key: "Outcome", value: row.outcome === null ? "None yet" : WORDS.outcome(row.outcome) },
        ]}
      />
    </section>
  );
}

function rowOf(state: IncidentState, typed: Answers): RegisterRow {
  const words = (field: "what" | "consequences" | "taken"): string => {
    const answer = typed[field];
    return answer?.kind === "words" ? answer.words : "";
  };
  const counted = (field: "people" | "records"): number | null => {
    const answer = typed[field];
    return answer?.kind === "count" ? answer.count : null;
  };
  const verdict = (about: "regulator" | "people"): Verdict | null => {
    const made = standing(state, about);
    return made
      ? { choice: made.choice, reason: made.reason, text: made.words["why"] ?? "", at: made.recordedAt }
      : null;
  };
  const [aware, window] = [awareSince(state) ?? state.opened.recordedAt, state.windows.at(-1)];
  return {
    incident: state.incident,
    aware,
    what: state.opened.what,
    stage: state.stage,
    window: window ? { from: window.earliest, to: window.end ?? null } : null,
    people: counted("people") ?? affectedCount(state),
    records: counted("records"),
    level: state.assessments.at(-1)?.level ?? null,
    facts: words("what") || (state.opened.words["summary"] ?? ""),
    effects: words("consequences"),
    remedy: words("taken"),
    regulator: verdict("regulator"),
    peopleTold: verdict("people"),
    reportedAt: firstSent(state.followed),
    deadline: deadlineOf(aware),
    outcome: newest(state.followed).findLast(({ what }) => what === "outcome")?.code ?? null,
  };
}
