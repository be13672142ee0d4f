/**
 * An exposure of another system: its access log and its table of people are read here, and the list is sealed to the
 * incident's documents.
 */
import type { AffectedPerson } from "../../../domain/affected/person.ts";
import { listBytes } from "../../../domain/affected/list.ts";
import { count } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { documentsOf, sealDocument } from "../../../member/flows/documents.ts";
import { FindAffected } from "../affected/find-affected.tsx";
import { BackLink, Link } from "../../parts/link.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Inset, Working } from "../../parts/banner.tsx";
import { paths } from "../../route.ts";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

export const ELSEWHERE = "elsewhere";

export function Elsewhere({ incident }: { readonly incident: Incident }) {
  const visit = useVisit();
  const act = useAct();
  const { incident: id } = incident.state;
  const seal = (people: readonly AffectedPerson[]) =>
    act.run(async () => {
      await sealDocument(visit, id, "affected", listBytes(people), people.length);
      for (const form of ["table", "log"]) visit.drafts.forget(window.location.pathname, form);
      visit.say(`A list of ${count(people.length, "person", "people")} was sealed to the incident.`);
      visit.go(paths.incident(id, "affected"));
    });
  return (
    <>
      <BackLink to={paths.incident(id, "affected")}>Who was affected</BackLink>
      {documentsOf(incident) ? null : (
        <Inset>
          The list of people is sealed to the incident’s own documents, which nobody has made yet.{" "}
          <Link to={paths.incident(id, "documents")}>Make the documents</Link> before you go on. The access log can be
          read without them.
        </Inset>
      )}
      <FindAffected onDone={seal} />
      {act.failure ? <Failed failure={act.failure} /> : null}
      {act.working ? <Working text="Sealing the list…" /> : null}
    </>
  );
}
