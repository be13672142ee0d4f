/** Who can read a form, by name; from the signed statements alone. */
import { count, day, roleName } from "../../words/format.ts";
import { RequestTable } from "./request-table.tsx";
import { NameAndEmail } from "../../parts/email.tsx";
import { Link, BackLink } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { HoldsStill } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { SummaryList } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import {
  findInbox,
  holdersByName,
  loadRequests,
  type Asked,
  type Found,
  type NamedHolder,
  holdsDocuments,
} from "../../../member/flows/world.ts";

type Held = { readonly found: Found; readonly requests: readonly Asked[] };

export function Access({ inbox }: { readonly inbox: string }) {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const found = await findInbox(visit, inbox);
    const requests = await loadRequests(visit, [found.world]);
    return { found, requests: requests.filter((one) => one.inbox === inbox) };
  });
  const title = loaded.at === "ready" ? loaded.value.found.inbox.title : undefined;
  return (
    <Page
      title="Who can read this"
      caption={title}
      tab="Who can read"
      before={
        <>
          <BackLink to={paths.start}>Start</BackLink>
          <Said />
        </>
      }
    >
      <Loading loaded={loaded}>{(held) => <Content {...held} />}</Loading>
    </Page>
  );
}

function Content({ found, requests }: Held) {
  const { me } = useVisit();
  const { world, inbox } = found;
  const readers = holdersByName(world, inbox.inbox, Date.now());
  const open = requests.filter((one) => one.state === "open");
  const decided = requests.filter((one) => one.state !== "open");
  return (
    <>
      <SummaryList
        rows={[
          { key: "Named people", value: `${count(readers.length, "person", "people")} at ${world.body.name}` },
          { key: "The public", value: "No one" },
          { key: "The host", value: "No one" },
          ...(holdsDocuments(inbox) ? [] : [{ key: "Letters received", value: count(inbox.received, "letter") }]),
        ]}
      />
      <Readers readers={readers} inbox={inbox.inbox} owner={me.role === "owner"} />
      {me.role === "auditor" ? null : (
        <p class="govuk-body">
          <Link to={paths.ask(inbox.inbox)} class="govuk-button">
            Ask for access
          </Link>
        </p>
      )}
      <h2 class="govuk-heading-m">Requests that wait</h2>
      {open.length === 0 ? (
        <p class="govuk-body">No request waits.</p>
      ) : (
        <RequestTable caption="Requests that wait" requests={open} worlds={[world]} />
      )}
      {decided.length > 0 ? (
        <>
          <h2 class="govuk-heading-m">Requests that were decided</h2>
          <RequestTable caption="Requests that were decided" requests={decided} worlds={[world]} />
        </>
      ) : null}
    </>
  );
}

/** Why somebody can read, in words. */
const why = (reader: NamedHolder) =>
  reader.lapsed ? <HoldsStill /> : reader.why === "owner" ? "Owner: holds the key" : "A grant";

function Readers({
  readers,
  inbox,
  owner,
}: {
  readonly readers: readonly NamedHolder[];
  readonly inbox: string;
  readonly owner: boolean;
}) {
  const columns = [
    { id: "name", title: "Name" },
    { id: "role", title: "Role" },
    { id: "since", title: "Since" },
    { id: "until", title: "Until" },
    { id: "why", title: "Why" },
    ...(owner ? [{ id: "act", title: "Action", hiddenTitle: true }] : []),
  ];
  const rows = readers.map((reader) => ({
    id: reader.person,
    cells: [
      <NameAndEmail name={reader.name} email={reader.email} />,
      roleName(reader.role),
      day(reader.since),
      reader.until ? day(reader.until) : "No end",
      why(reader),
      ...(owner
        ? [
            reader.grant ? (
              <Link to={paths.end(inbox, reader.grant, reader.person)} hidden={`of ${reader.name}`}>
                End the grant
              </Link>
            ) : (
              ""
            ),
          ]
        : []),
    ],
  }));
  return <Table caption="Everyone who can read this now" columns={columns} rows={rows} />;
}
