/** All incidents of a body: nothing that ever was one goes from this list (UK GDPR Art. 33(5)). */
import { clockOf } from "../../../domain/incident/clock.ts";
import { incidentReference } from "../../../domain/incident/document.ts";
import { sentence } from "../../../domain/problem.ts";
import type { ReadIncident } from "../../../member/hands/tasks.ts";
import { clockWords, KINDS, STAGE_COLOURS, STAGE_WORDS } from "../../words/incident.ts";
import { loadIncidents } from "../../../member/flows/incidents.ts";
import { useNow } from "../../parts/clock.tsx";
import { Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { inZone } from "../../words/format.ts";

export function Incidents() {
  const visit = useVisit();
  const loaded = useLoad(() => loadIncidents(visit));
  return (
    <Page title="Incidents" before={<Said />}>
      <p class="govuk-body">
        When somebody could read what was not meant for them, or might have been able to, open an incident. It keeps the
        72 hours, the facts and the decisions, and it cannot be taken back.
      </p>
      <p class="govuk-body">
        <Link to={paths.newIncident()} class="govuk-button">
          Open an incident
        </Link>
      </p>
      <p class="govuk-body">
        <Link to={paths.register}>Register of breaches, with yearly figures</Link>
      </p>
      <Loading loaded={loaded}>{({ incidents }) => <List incidents={incidents} />}</Loading>
    </Page>
  );
}

const opened = ({ held }: ReadIncident): number => held?.state.opened.recordedAt ?? Infinity;

function List({ incidents }: { readonly incidents: readonly ReadIncident[] }) {
  const now = useNow();
  if (incidents.length === 0) return <p class="govuk-body">There has been no incident yet.</p>;
  const columns = [
    { id: "incident", title: "Incident" },
    { id: "what", title: "What happened" },
    { id: "opened", title: "Opened" },
    { id: "state", title: "State" },
    { id: "clock", title: "72 hours" },
  ];
  const rows = incidents
    .toSorted((a, b) => opened(b) - opened(a))
    .map((one) => ({ id: one.incident, cells: cellsOf(one, now) }));
  return <Table caption="Incidents" captionHidden columns={columns} rows={rows} />;
}

function cellsOf({ incident, held, code }: ReadIncident, now: number) {
  const name = <Link to={paths.incident(incident)}>{incidentReference(incident)}</Link>;
  if (!held)
    return [
      name,
      <>
        <Tag colour="red">Does not fit</Tag> {sentence(code ?? "INCIDENT_BROKEN")}
      </>,
      "",
      "",
      "",
    ];
  const {
    opened: { what, recordedAt },
    stage,
  } = held.state;
  return [
    name,
    KINDS[what],
    inZone(recordedAt),
    <Tag colour={STAGE_COLOURS[stage]}>{STAGE_WORDS[stage]}</Tag>,
    clockWords(clockOf(held.state, now)),
  ];
}
