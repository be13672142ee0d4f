/** One incident: which part of it, under one heading. */
import { incidentReference } from "../../../domain/incident/document.ts";
import { KINDS } from "../../words/incident.ts";
import { loadIncident } from "../../../member/flows/incidents.ts";
import { BackLink, Link } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import type { IncidentPart } from "./part.ts";
import { INCIDENT_PARTS } from "./parts.ts";
import { NotFound } from "../start/not-found.tsx";

type Props = { readonly incident: string; readonly part: string; readonly rest: readonly string[] };

export function IncidentScreen({ incident, part, rest }: Props) {
  const found = INCIDENT_PARTS.find((one) => one.part === part);
  return found ? <Part incident={incident} part={found} rest={rest} /> : <NotFound />;
}

function Part({
  incident: id,
  part,
  rest,
}: {
  readonly incident: string;
  readonly part: IncidentPart;
  readonly rest: readonly string[];
}) {
  const visit = useVisit();
  const loaded = useLoad(() => loadIncident(visit, id));
  const Component = part.component;
  const title = loaded.at === "ready" ? KINDS[loaded.value.state.opened.what] : "Incident";
  return (
    <Page
      title={part.part === "" ? title : part.title}
      caption={`Incident ${incidentReference(id)}`}
      tab={`Incident ${incidentReference(id)}: ${part.title}`}
      before={
        <>
          <BackLink to={paths.incidents}>Incidents</BackLink>
          <Said />
        </>
      }
    >
      <nav class="pb-subnav" aria-label="Parts of this incident">
        <ul class="pb-subnav__list">
          {INCIDENT_PARTS.map((one) => (
            <li key={one.part}>
              <Link
                to={paths.incident(id, ...(one.part === "" ? [] : [one.part]))}
                class="pb-subnav__link"
                current={one === part ? "page" : false}
              >
                {one.title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Loading loaded={loaded}>
        {(incident, again) => <Component incident={incident} again={again} rest={rest} />}
      </Loading>
    </Page>
  );
}
