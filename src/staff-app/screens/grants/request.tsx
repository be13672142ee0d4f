/** One request: what it asks, and for an owner exactly what confirming it would do. */
import { Fault } from "../../../domain/problem.ts";
import { count, day, moment, roleName } from "../../words/format.ts";
import { countedFor, readersAfter, whyNotConfirm } from "../../../member/flows/granting.ts";
import { Decide, Withdraw } from "./decide.tsx";
import { Email, NameAndEmail } from "../../parts/email.tsx";
import { BackLink } from "../../parts/link.tsx";
import { Loading } from "../../parts/loading.tsx";
import { HoldsStill, Inset, Tag, Warning } from "../../parts/banner.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { SummaryList, type Row } from "../../parts/summary-list.tsx";
import { Table } from "../../parts/table.tsx";
import { paths } from "../../route.ts";
import { namesakes } from "../../similar.ts";
import { useLoad } from "../../use-load.ts";
import { useVisit } from "../../visit.ts";
import { inWords, PURPOSE_WORDS, SCOPE_WORDS, STATE_COLOURS, STATE_WORDS } from "../../words/words.ts";
import {
  askerOf,
  loadRequests,
  loadWorlds,
  nameOf,
  type Asked,
  type BodyWorld,
  type Found,
  inboxOf,
  holdsDocuments,
} from "../../../member/flows/world.ts";

export type Held = { readonly found: Found; readonly request: Asked };

export function RequestScreen({ request: id }: { readonly request: string }) {
  const visit = useVisit();
  const loaded = useLoad<Held>(async () => {
    const worlds = await loadWorlds(visit);
    const request = (await loadRequests(visit, worlds)).find((one) => one.request === id);
    const world = worlds.find((one) => one.body.id === request?.body);
    const inbox = world && request ? inboxOf(world, request.inbox) : undefined;
    if (!request || !world || !inbox) throw new Fault("REQUEST_UNKNOWN");
    return { found: { world, inbox }, request };
  });
  const title = loaded.at === "ready" ? loaded.value.found.inbox.title : undefined;
  const deciding = loaded.at === "ready" && loaded.value.request.state === "open" && visit.me.role === "owner";
  const heading = deciding
    ? `Let ${count(loaded.value.request.persons.length, "person", "people")} read ${holdsDocuments(loaded.value.found.inbox) ? "these documents" : "this form"}?`
    : "Request for access";
  return (
    <Page
      title={heading}
      caption={title}
      tab="Request for access"
      before={
        <>
          <BackLink to={paths.requests}>Requests</BackLink>
          <Said />
        </>
      }
    >
      <Loading loaded={loaded}>{(held, again) => <Content {...held} again={again} />}</Loading>
    </Page>
  );
}

function Content({ found, request, again }: Held & { readonly again: () => void }) {
  const { me } = useVisit();
  const { world, inbox } = found;
  const now = Date.now();
  const counted = countedFor(request, inbox);
  const owner = me.role === "owner";
  const asker = askerOf(world, request);
  const open = request.state === "open";
  const reasons = open && owner ? whyNotConfirm(world, request, me, now) : [];
  return (
    <>
      {open ? null : <Decided request={request} />}
      {open && owner ? (
        <p class="govuk-body-l">If you confirm, these people and nobody else will be given the key.</p>
      ) : null}
      <SummaryList
        rows={[
          { key: "Who", value: <Who world={world} request={request} /> },
          { key: "What they can read", value: inWords(SCOPE_WORDS, request.scope) },
          ...(holdsDocuments(inbox)
            ? []
            : [
                {
                  key: "Already received",
                  value:
                    request.scope === "all" ? (
                      <strong>{count(counted, "letter")}</strong>
                    ) : (
                      "Nothing that was already received"
                    ),
                },
              ]),
          { key: "Until", value: day(request.until) },
          {
            key: "What it is for",
            value: (
              <>
                {inWords(PURPOSE_WORDS, request.purpose)}
                <br />
                <span class="pb-written">{request.purposeText}</span>
              </>
            ),
          },
          { key: "Asked by", value: `${asker.name}, ${roleName(asker.role)}, on ${moment(request.askedAt)}` },
          { key: "The public", value: "No one" },
          { key: "The host", value: "No one" },
        ]}
      />
      <Namesakes world={world} request={request} />
      {open ? <Afterwards world={world} request={request} now={now} /> : null}
      {open && owner ? (
        <Decide found={found} request={request} counted={counted} reasons={reasons} again={again} />
      ) : null}
      {open && request.asker.person === me.person ? <Withdraw request={request} again={again} /> : null}
      {open && !owner && request.asker.person !== me.person ? (
        <Inset>Only an owner at {world.body.name} can confirm or decline this.</Inset>
      ) : null}
    </>
  );
}

function Decided({ request }: { readonly request: Asked }) {
  const rows: Row[] = [
    { key: "State", value: <Tag colour={STATE_COLOURS[request.state]}>{STATE_WORDS[request.state]}</Tag> },
  ];
  if (request.decidedAt !== null)
    rows.push({
      key: "Decided",
      value: `${moment(request.decidedAt)}${request.decidedBy ? `, by ${request.decidedBy.name}` : ""}`,
    });
  if (request.reason) rows.push({ key: "Reason", value: <span class="pb-written">{request.reason}</span> });
  return <SummaryList rows={rows} />;
}

const Who = ({ world, request }: { readonly world: BodyWorld; readonly request: Asked }) => (
  <ul class="govuk-list pb-people">
    {request.persons.map((id) => {
      const { name, email, role } = nameOf(world, id);
      return (
        <li key={id}>
          <strong>{name}</strong>
          <br />
          <Email address={email} />
          {email ? ", " : ""}
          {roleName(role)}
        </li>
      );
    })}
  </ul>
);

/** People with similar names side by side: the wrong colleague is the likeliest mistake. */
function Namesakes({ world, request }: { readonly world: BodyWorld; readonly request: Asked }) {
  const chosen = world.people.filter((row) => request.persons.includes(row.person));
  const groups = namesakes(chosen, world.people);
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="namesakes">
      <h2 class="govuk-heading-m" id="namesakes">
        Check the names
      </h2>
      <Warning>
        Somebody else here has the same name or a similar one. Make sure that the right person is chosen.
      </Warning>
      {groups.map((group) => (
        <ul class="pb-side-by-side" key={group[0]?.person}>
          {group.map((one) => (
            <li class="pb-side-by-side__one" key={one.person}>
              <strong>{one.name}</strong>
              <Email address={one.email} />
              <span>{roleName(one.role)}</span>
              <Tag colour={request.persons.includes(one.person) ? "yellow" : "grey"}>
                {request.persons.includes(one.person) ? "Would be let in" : "Not in this request"}
              </Tag>
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
}

function Afterwards({
  world,
  request,
  now,
}: {
  readonly world: BodyWorld;
  readonly request: Asked;
  readonly now: number;
}) {
  const columns = [
    { id: "name", title: "Name" },
    { id: "role", title: "Role" },
    { id: "until", title: "Until" },
    { id: "new", title: "Change" },
  ];
  const rows = readersAfter(world, request, (person) => nameOf(world, person), now).map((reader) => ({
    id: reader.person,
    cells: [
      <NameAndEmail name={reader.name} email={reader.email} />,
      roleName(reader.role),
      reader.until === null ? "No end" : day(reader.until),
      reader.added ? <Tag colour="yellow">Let in</Tag> : reader.lapsed ? <HoldsStill /> : "As before",
    ],
  }));
  return (
    <Table
      caption={`Everyone who can read afterwards: ${count(rows.length, "person", "people")}`}
      columns={columns}
      rows={rows}
    />
  );
}
