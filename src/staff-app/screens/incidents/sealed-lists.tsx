/** The lists of affected people that were sealed; opened for a key holder, as an entry in the log. */
import { useState } from "preact/hooks";
import { parseList } from "../../../domain/affected/list.ts";
import type { AffectedPerson, Channel } from "../../../domain/affected/person.ts";
import type { Recorded, Sealed } from "../../../domain/incident/state.ts";
import { and, count, inZone, number } from "../../words/format.ts";
import type { Incident } from "../../../member/flows/incidents.ts";
import { openDocument } from "../../../member/flows/documents.ts";
import { Button } from "../../parts/button.tsx";
import { Failed } from "../../parts/loading.tsx";
import { Tag } from "../../parts/banner.tsx";
import { whoOf } from "../../parts/recorded.tsx";
import { Table } from "../../parts/table.tsx";
import { useAct } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";

export function SealedLists({ incident }: { readonly incident: Incident }) {
  const lists = incident.state.documents.filter(({ what }) => what === "affected").toReversed();
  if (lists.length === 0) return <p class="govuk-body">No list of affected people was sealed yet.</p>;
  return (
    <>
      {lists.map((one, index) => (
        <SealedList key={one.document} incident={incident} sealed={one} newest={index === 0} />
      ))}
    </>
  );
}

function SealedList({
  incident,
  sealed,
  newest,
}: {
  readonly incident: Incident;
  readonly sealed: Recorded<Sealed>;
  readonly newest: boolean;
}) {
  const visit = useVisit();
  const act = useAct();
  const [people, setPeople] = useState<readonly AffectedPerson[] | null>(null);
  const open = () => act.run(async () => setPeople(parseList(await openDocument(visit, incident, sealed))));
  return (
    <section aria-label={newest ? "Newest list" : "Earlier list"}>
      <p class="govuk-body">
        <strong>
          {newest ? "Newest list" : "Earlier list"}: {count(sealed.count, "person", "people")}.
        </strong>{" "}
        Sealed {inZone(sealed.recordedAt)} by {whoOf(incident.world, sealed.person)}.
      </p>
      {act.failure ? <Failed failure={act.failure} /> : null}
      {people ? (
        <People people={people} />
      ) : (
        <Button kind="secondary" working={act.working} onPress={open}>
          {act.working ? "Opening…" : "Open the list"}
        </Button>
      )}
    </section>
  );
}

const CHANNELS: Record<Channel, string> = { email: "email", post: "post", phone: "telephone" };
const PAGE = 50;

function People({ people }: { readonly people: readonly AffectedPerson[] }) {
  const [shown, setShown] = useState(PAGE);
  const columns = [
    { id: "name", title: "Name" },
    { id: "reach", title: "How to reach them" },
    { id: "safe", title: "Safe" },
    { id: "records", title: "Letters" },
  ];
  // Those in danger first: somebody rings them, if that is safe, before anything is sent.
  const sorted = people.toSorted((a, b) => Number(b.inDanger) - Number(a.inDanger));
  const rows = sorted.slice(0, shown).map((one) => ({
    id: one.person,
    cells: [
      <>
        {one.name || "Not known"}
        {one.inDanger ? (
          <>
            {" "}
            <Tag colour="red">Look first</Tag>
          </>
        ) : null}
      </>,
      <span class="pb-written">
        {[one.email, one.phone, one.post?.join("\n")].filter(Boolean).join("\n") || "Nothing was given"}
      </span>,
      one.safe === null
        ? "Never asked"
        : one.safe.length === 0
          ? "No channel"
          : and(one.safe.map((channel) => CHANNELS[channel])),
      number(one.records.length),
    ],
  }));
  return (
    <>
      <p class="govuk-body pb-recorded" role="status">
        This opening is in the log.
      </p>
      <Table caption={`Affected: ${count(people.length, "person", "people")}`} columns={columns} rows={rows} />
      {people.length > shown ? (
        <Button kind="secondary" onPress={() => setShown(shown + PAGE)}>
          Show more
        </Button>
      ) : null}
    </>
  );
}
